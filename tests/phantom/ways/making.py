"""Tensors that are made inside a function must be made where its arguments are."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from tests.phantom.ways import Caught, mistake, right

REFUSED, PLACE = Caught.REFUSED, Caught.PLACE
TWO = "on the same device"


def _lengths(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.arange(1.0, 13.0).reshape(3, 4).to(dev), torch.tensor([1, 4, 0]).to(dev)


@right("mask by lengths")
def arange_there(dev: str) -> Any:
    """arange(n, device=x.device)"""
    x, lengths = _lengths(dev)
    return x * (torch.arange(4, device=x.device) < lengths[:, None])


@right("mask by lengths")
def arange_moved(dev: str) -> Any:
    """arange(n).to(x.device)"""
    x, lengths = _lengths(dev)
    return x.masked_fill(torch.arange(4).to(x.device)[None] >= lengths[:, None], 0.0)


@right("mask by lengths")
def counted_up(dev: str) -> Any:
    """positions are a cumulative sum of ones like x"""
    x, lengths = _lengths(dev)
    return torch.where(torch.ones_like(x).cumsum(1) <= lengths[:, None], x, 0.0)


@right("mask by lengths")
def arange_in_context(dev: str) -> Any:
    """with x.device: arange(n)"""
    x, lengths = _lengths(dev)
    with x.device:
        steps = torch.arange(4)
    return x * (steps < lengths[:, None])


@right("mask by lengths")
def zero_is_a_number(dev: str) -> Any:
    """where(mask, x, torch.tensor(0.0)): a CPU tensor without dimensions passes for a number"""
    x, lengths = _lengths(dev)
    return torch.where(torch.arange(4, device=x.device) < lengths[:, None], x, torch.tensor(0.0))


@mistake("mask by lengths", REFUSED, TWO)
def arange_on_cpu(dev: str) -> Any:
    """arange(n) without a device, compared with lengths"""
    x, lengths = _lengths(dev)
    return x * (torch.arange(4) < lengths[:, None])


@mistake("mask by lengths", REFUSED, TWO)
def arange_on_hard_coded_cpu(dev: str) -> Any:
    """device="cpu" is written into the function"""
    x, lengths = _lengths(dev)
    return x * (torch.arange(4, device="cpu") < lengths[:, None])


@mistake("mask by lengths", REFUSED, TWO)
def tensor_of_a_range(dev: str) -> Any:
    """torch.tensor(range(n)) without a device"""
    x, lengths = _lengths(dev)
    return torch.where(torch.tensor(range(4)) < lengths[:, None], x, 0.0)


@mistake("mask by lengths", REFUSED, TWO)
def mask_of_numpy(dev: str) -> Any:
    """a mask made with numpy stays on the CPU"""
    x, _ = _lengths(dev)
    mask = np.arange(4)[None] < np.array([[1], [4], [0]])
    return x.masked_fill(~torch.from_numpy(mask), 0.0)


@mistake("mask by lengths", REFUSED, TWO)
def zero_in_a_list(dev: str) -> Any:
    """where(mask, x, torch.tensor([0.0])): with a dimension it is no number"""
    x, lengths = _lengths(dev)
    return torch.where(torch.arange(4, device=x.device) < lengths[:, None], x, torch.tensor([0.0]))


@mistake("mask by lengths", PLACE)
def answer_built_on_cpu(dev: str) -> Any:
    """rows are written into zeros(...) on the CPU"""
    x, _ = _lengths(dev)
    out = torch.zeros(3, 4)
    out[0, :1], out[1] = x[0, :1], x[1]
    return out


@right("one-hot labels")
def one_hot(dev: str) -> Any:
    """F.one_hot of labels on the device"""
    return F.one_hot(torch.tensor([2, 0]).to(dev), 3).float()


@right("one-hot labels")
def scattered(dev: str) -> Any:
    """zeros on the labels' device, scattered into"""
    y = torch.tensor([2, 0]).to(dev)
    return torch.zeros(2, 3, device=y.device).scatter_(1, y[:, None], 1.0)


@right("one-hot labels")
def rows_of_eye(dev: str) -> Any:
    """rows of eye(n, device=y.device)"""
    y = torch.tensor([2, 0]).to(dev)
    return torch.eye(3, device=y.device)[y]


@right("one-hot labels")
def rows_by_cpu_index(dev: str) -> Any:
    """a CPU index tensor may index a tensor on the device"""
    return torch.eye(3, device=dev)[torch.tensor([2, 0])]


@mistake("one-hot labels", REFUSED, "indices should be either on cpu or on the same device as the indexed tensor (cpu)")
def rows_of_cpu_eye(dev: str) -> Any:
    """eye(n) on the CPU, indexed with labels on the device"""
    return torch.eye(3)[torch.tensor([2, 0]).to(dev)]


@mistake("one-hot labels", REFUSED, TWO)
def scattered_by_cpu_index(dev: str) -> Any:
    """scatter_ with an index on the CPU"""
    return torch.zeros(2, 3, device=dev).scatter_(1, torch.tensor([[2], [0]]), 1.0)


@mistake("one-hot labels", REFUSED, TWO)
def scattered_into_cpu(dev: str) -> Any:
    """scatter_ into zeros on the CPU"""
    return torch.zeros(2, 3).scatter_(1, torch.tensor([[2], [0]]).to(dev), 1.0)


@mistake("one-hot labels", PLACE)
def one_hot_of_cpu_labels(dev: str) -> Any:
    """the labels were never moved"""
    return F.one_hot(torch.tensor([2, 0]), 3).float()


@right("causal scores")
def tril_there(dev: str) -> Any:
    """ones(n, n, device=...).tril()"""
    s = _scores(dev)
    return s.masked_fill(torch.ones(3, 3, dtype=torch.bool, device=s.device).triu(1), float("-inf")).softmax(-1)


@right("causal scores")
def tril_like(dev: str) -> Any:
    """ones_like(scores).tril()"""
    s = _scores(dev)
    return s.masked_fill(torch.ones_like(s).tril() == 0, float("-inf")).softmax(-1)


@right("causal scores")
def tril_new(dev: str) -> Any:
    """scores.new_full(...).triu(1), added"""
    s = _scores(dev)
    return (s + s.new_full((3, 3), float("-inf")).triu(1)).softmax(-1)


@right("causal scores")
def positions_compared(dev: str) -> Any:
    """two aranges on the device, compared"""
    s = _scores(dev)
    steps = torch.arange(3, device=s.device)
    return torch.where(steps[:, None] >= steps, s, float("-inf")).softmax(-1)


@right("causal scores")
def written_at_indices(dev: str) -> Any:
    """triu_indices on the CPU is an index, which may be there"""
    s = _scores(dev).clone()
    rows, columns = torch.triu_indices(3, 3, 1)
    s[:, rows, columns] = float("-inf")
    return s.softmax(-1)


@mistake("causal scores", REFUSED, TWO)
def tril_on_cpu(dev: str) -> Any:
    """ones(n, n).tril() on the CPU, in masked_fill"""
    return _scores(dev).masked_fill(torch.ones(3, 3).tril() == 0, float("-inf")).softmax(-1)


@mistake("causal scores", REFUSED, TWO)
def triu_added_on_cpu(dev: str) -> Any:
    """full(..., -inf).triu(1) on the CPU, added"""
    return (_scores(dev) + torch.full((3, 3), float("-inf")).triu(1)).softmax(-1)


_cached: dict[int, torch.Tensor] = {}


@mistake("causal scores", REFUSED, TWO)
def cached_by_size(dev: str) -> Any:
    """a mask kept by its size was made for the CPU and is left behind"""
    for s in (_scores("cpu"), _scores(dev)):
        if s.shape[-1] not in _cached:
            _cached[s.shape[-1]] = torch.ones(3, 3, dtype=torch.bool, device=s.device).triu(1)
        answer = s.masked_fill(_cached[s.shape[-1]], float("-inf")).softmax(-1)
    return answer


_kept: dict[tuple[int, torch.device], torch.Tensor] = {}


@right("causal scores")
def cached_by_size_and_device(dev: str) -> Any:
    """a mask kept by its size and device"""
    for s in (_scores("cpu"), _scores(dev)):
        key = s.shape[-1], s.device
        if key not in _kept:
            _kept[key] = torch.ones(3, 3, dtype=torch.bool, device=s.device).triu(1)
        answer = s.masked_fill(_kept[key], float("-inf")).softmax(-1)
    return answer


def _scores(dev: str) -> torch.Tensor:
    return torch.arange(18.0).reshape(2, 3, 3).sin().to(dev)


@right("attention with a mask")
def mask_there(dev: str) -> Any:
    """attn_mask on the device"""
    q = _scores(dev)[:, None]
    return F.scaled_dot_product_attention(q, q, q, attn_mask=torch.ones(3, 3, dtype=torch.bool, device=q.device).tril())


@right("attention with a mask")
def mask_by_flag(dev: str) -> Any:
    """is_causal=True"""
    q = _scores(dev)[:, None]
    return F.scaled_dot_product_attention(q, q, q, is_causal=True)


@mistake("attention with a mask", REFUSED, "device")
def mask_on_cpu(dev: str) -> Any:
    """attn_mask on the CPU"""
    q = _scores(dev)[:, None]
    return F.scaled_dot_product_attention(q, q, q, attn_mask=torch.ones(3, 3, dtype=torch.bool).tril())


@right("taking rows")
def rows_by_index(dev: str) -> Any:
    """x[i] with i on the device"""
    return _scores(dev)[torch.tensor([1, 0], device=dev)]


@right("taking rows")
def rows_by_list(dev: str) -> Any:
    """x[[1, 0]]"""
    return _scores(dev)[[1, 0]]


@right("taking rows")
def rows_by_array(dev: str) -> Any:
    """x[numpy array]"""
    return _scores(dev)[np.array([1, 0])]


@right("taking rows")
def rows_selected(dev: str) -> Any:
    """index_select with the index on the device"""
    return _scores(dev).index_select(0, torch.tensor([1, 0], device=dev))


@right("taking rows")
def rows_gathered(dev: str) -> Any:
    """gather with the index on the device"""
    x = _scores(dev)
    return x.gather(0, torch.tensor([1, 0], device=dev)[:, None, None].expand(2, 3, 3))


@mistake("taking rows", REFUSED, TWO)
def rows_selected_by_cpu(dev: str) -> Any:
    """index_select, unlike x[i], wants its index on the device"""
    return _scores(dev).index_select(0, torch.tensor([1, 0]))


@mistake("taking rows", REFUSED, TWO)
def rows_gathered_by_cpu(dev: str) -> Any:
    """gather wants its index on the device"""
    return _scores(dev).gather(0, torch.tensor([1, 0])[:, None, None].expand(2, 3, 3))


@mistake("taking rows", REFUSED, TWO)
def rows_embedded_by_cpu(dev: str) -> Any:
    """F.embedding wants its tokens on the device"""
    return F.embedding(torch.tensor([1, 0]), _scores(dev).flatten(1)).reshape(2, 3, 3)


@mistake("taking rows", REFUSED, "Expected tensor to have cuda:0 Device, but got tensor with cpu Device")
def rows_taken_along_by_cpu(dev: str) -> Any:
    """take_along_dim wants its index on the device"""
    return torch.take_along_dim(_scores(dev), torch.tensor([1, 0])[:, None, None], 0)


@right("collecting results")
def stacked(dev: str) -> Any:
    """torch.stack of the results"""
    return torch.stack([row.sum() for row in _scores(dev)[0]])


@right("collecting results")
def written_into_new(dev: str) -> Any:
    """written into x.new_empty(n)"""
    x = _scores(dev)[0]
    out = x.new_empty(3)
    for i, row in enumerate(x):
        out[i] = row.sum()
    return out


@right("collecting results")
def written_with_out(dev: str) -> Any:
    """out= is a tensor on the device"""
    x = _scores(dev)[0]
    return torch.sum(x, 1, out=torch.empty(3, device=x.device))


@mistake("collecting results", PLACE)
def written_into_cpu(dev: str) -> Any:
    """written into torch.empty(n), which is on the CPU, number by number"""
    out = torch.empty(3)
    for i, row in enumerate(_scores(dev)[0]):
        out[i] = row.sum()
    return out


@mistake("collecting results", PLACE)
def tensor_of_results(dev: str) -> Any:
    """torch.tensor([...]) of results reads each and makes a CPU tensor"""
    return torch.tensor([row.sum() for row in _scores(dev)[0]])


@mistake("collecting results", REFUSED, "device")
def out_on_cpu(dev: str) -> Any:
    """out= is a tensor on the CPU"""
    return torch.sum(_scores(dev)[0], 1, out=torch.empty(3))


@mistake("collecting results", REFUSED, TWO)
def stacked_with_cpu(dev: str) -> Any:
    """stack wants all on the device: a number made on the CPU is none here"""
    x = _scores(dev)[0]
    return torch.stack([x[0].sum(), x[1].sum(), torch.tensor(1.0)])


@mistake("collecting results", Caught.WAITS)
def sums_as_python_numbers(dev: str) -> Any:
    """torch.tensor([s.item() ...], device=...): every item waits"""
    x = _scores(dev)[0]
    return torch.tensor([row.sum().item() for row in x], device=x.device)
