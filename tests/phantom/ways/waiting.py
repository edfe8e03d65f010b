"""Lines that make the host wait for the device, and measurements that must."""

from __future__ import annotations

import time
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from tests.phantom.ways import Caught, mistake, right

REFUSED, WAITS, PLACE = Caught.REFUSED, Caught.WAITS, Caught.PLACE
LOSS, COUNT, POOL, NORM, CLOCK, HELD, QUIET = (
    "the sum of losses",
    "accuracy",
    "a mean over steps that count",
    "the norm of all gradients",
    "a measured time",
    "losses that are kept",
    "evaluation",
)


def _losses(dev: str) -> Any:
    w = torch.linspace(-1, 1, 4, device=dev, requires_grad=True)
    for step in range(4):
        yield ((w * step).sin() - 0.5).square().mean()


@right(LOSS)
def summed_there(dev: str) -> Any:
    """total += loss.detach(), read once at the end"""
    total = torch.zeros((), device=dev)
    for loss in _losses(dev):
        total += loss.detach()
    return total.item()


@right(LOSS)
def summed_with_python(dev: str) -> Any:
    """sum of detached losses, read once at the end"""
    return float(sum(loss.detach() for loss in _losses(dev)))


@right(LOSS)
def stacked_at_the_end(dev: str) -> Any:
    """a list of detached losses, stacked and read once"""
    return torch.stack([loss.detach() for loss in _losses(dev)]).sum().item()


@right(LOSS)
def added_to_cpu_number(dev: str) -> Any:
    """total = total + loss, where total began as a CPU number"""
    total = torch.tensor(0.0)
    for loss in _losses(dev):
        total = total + loss.detach()
    return total.item()


@mistake(LOSS, WAITS)
def item_each_step(dev: str) -> Any:
    """total += loss.item() in every step"""
    total = 0.0
    for loss in _losses(dev):
        total += loss.item()
    return total


@mistake(LOSS, WAITS)
def float_each_step(dev: str) -> Any:
    """float(loss) in every step"""
    return sum(float(loss) for loss in _losses(dev))


@mistake(LOSS, WAITS)
def printed_each_step(dev: str) -> Any:
    """a progress text with {loss:.3f} in every step"""
    total, texts = torch.zeros((), device=dev), []
    for loss in _losses(dev):
        total += loss.detach()
        texts.append(f"{loss.detach():.3f}")
    return total.item()


@mistake(LOSS, WAITS)
def asked_each_step(dev: str) -> Any:
    """if isnan(loss): in every step"""
    total = torch.zeros((), device=dev)
    for loss in _losses(dev):
        if torch.isnan(loss):
            break
        total += loss.detach()
    return total.item()


@mistake(LOSS, WAITS)
def home_each_step(dev: str) -> Any:
    """loss.cpu() in every step"""
    total = torch.zeros(())
    for loss in _losses(dev):
        total += loss.detach().cpu()
    return total.item()


@mistake(LOSS, WAITS)
def best_each_step(dev: str) -> Any:
    """max(best, loss) of Python compares in every step"""
    total, best = torch.zeros((), device=dev), torch.zeros((), device=dev)
    for loss in _losses(dev):
        best = max(best, loss.detach())
        total += loss.detach()
    return total.item()


@mistake(LOSS, REFUSED, "on the same device")
def added_into_cpu_number(dev: str) -> Any:
    """total += loss, where total is a CPU number: in place it cannot move"""
    total = torch.tensor(0.0)
    for loss in _losses(dev):
        total += loss.detach()
    return total.item()


@mistake(LOSS, REFUSED, "Tensor.cpu()")
def numpy_each_step(dev: str) -> Any:
    """loss.detach().numpy() in the step"""
    return float(sum(loss.detach().numpy() for loss in _losses(dev)))


def _batches(dev: str) -> Any:
    for start in range(3):
        logits = (torch.arange(12.0).reshape(4, 3) + start).sin().to(dev)
        yield logits, torch.tensor([0, 1, 2, 1]).to(dev)


@right(COUNT)
def counted_there(dev: str) -> Any:
    """the number of hits stays on the device until the end"""
    hits = torch.zeros((), dtype=torch.long, device=dev)
    for logits, y in _batches(dev):
        hits += (logits.argmax(1) == y).sum()
    return hits.item() / 12


@right(COUNT)
def concatenated(dev: str) -> Any:
    """answers of all batches, compared once"""
    logits, labels = zip(*_batches(dev), strict=True)
    return (torch.cat(logits).argmax(1) == torch.cat(labels)).float().mean().item()


@mistake(COUNT, WAITS)
def counted_each_batch(dev: str) -> Any:
    """.sum().item() in every batch"""
    return sum((logits.argmax(1) == y).sum().item() for logits, y in _batches(dev)) / 12


@mistake(COUNT, WAITS)
def listed_each_batch(dev: str) -> Any:
    """lists of answers in every batch"""
    hits = 0
    for logits, y in _batches(dev):
        hits += sum(a == b for a, b in zip(logits.argmax(1).tolist(), y.tolist(), strict=True))
    return hits / 12


@mistake(COUNT, REFUSED, "on the same device")
def labels_at_home(dev: str) -> Any:
    """answers on the device, compared with labels on the CPU"""
    hits = torch.zeros((), dtype=torch.long, device=dev)
    for logits, y in _batches(dev):
        hits += (logits.argmax(1) == y.cpu()).sum()
    return hits.item() / 12


@mistake(COUNT, REFUSED, "Tensor.cpu()")
def numpy_of_answers(dev: str) -> Any:
    """predictions handed to a function of numpy"""
    import numpy as np

    return float(np.mean([np.asarray(logits.argmax(1)) == np.asarray(y) for logits, y in _batches(dev)]))


def _steps(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.arange(8.0).reshape(2, 4).to(dev), torch.tensor([3, 2]).to(dev)


@right(POOL)
def weighted(dev: str) -> Any:
    """(x * mask).sum() / mask.sum()"""
    x, lengths = _steps(dev)
    mask = torch.arange(4, device=x.device) < lengths[:, None]
    return (x * mask).sum() / mask.sum()


@right(POOL)
def filled_with_nan(dev: str) -> Any:
    """masked_fill with NaN and nanmean"""
    x, lengths = _steps(dev)
    return x.masked_fill(torch.arange(4, device=x.device) >= lengths[:, None], float("nan")).nanmean()


@right(POOL)
def zero_by_mask(dev: str) -> Any:
    """x[mask] = 0 fills without counting the mask"""
    x, lengths = _steps(dev)
    x = x.clone()
    x[torch.arange(4, device=x.device) >= lengths[:, None]] = 0.0
    return x.sum() / lengths.sum()


@mistake(POOL, WAITS)
def picked_by_mask(dev: str) -> Any:
    """x[mask] must know how many there are"""
    x, lengths = _steps(dev)
    return x[torch.arange(4, device=x.device) < lengths[:, None]].mean()


@mistake(POOL, WAITS)
def masked_selected(dev: str) -> Any:
    """masked_select must know how many there are"""
    x, lengths = _steps(dev)
    return x.masked_select(torch.arange(4, device=x.device) < lengths[:, None]).mean()


@mistake(POOL, WAITS)
def picked_by_positions(dev: str) -> Any:
    """nonzero must know how many there are"""
    x, lengths = _steps(dev)
    rows, columns = torch.nonzero(torch.arange(4, device=x.device) < lengths[:, None], as_tuple=True)
    return x[rows, columns].mean()


@mistake(POOL, WAITS)
def sliced_by_lengths(dev: str) -> Any:
    """a loop over rows with x[i, :n]: every n is read"""
    x, lengths = _steps(dev)
    return torch.cat([x[i, : int(n)] for i, n in enumerate(lengths)]).mean()


@mistake(POOL, WAITS)
def lengths_as_list(dev: str) -> Any:
    """lengths.tolist()"""
    x, lengths = _steps(dev)
    return torch.cat([row[:n] for row, n in zip(x, lengths.tolist(), strict=True)]).mean()


def _grads(dev: str) -> list[torch.Tensor]:
    return [torch.full((3,), value, device=dev) for value in (1.0, 2.0, 2.0)]


@right(NORM)
def norm_of_norms(dev: str) -> Any:
    """the norm of the stacked norms"""
    return torch.stack([g.norm() for g in _grads(dev)]).norm()


@right(NORM)
def squares_added(dev: str) -> Any:
    """squares, added beginning with the number 0"""
    return sum((g.square().sum() for g in _grads(dev)), start=torch.tensor(0.0)).sqrt()


@right(NORM)
def norm_by_torch(dev: str) -> Any:
    """nn.utils.get_total_norm"""
    return nn.utils.get_total_norm(_grads(dev))


@mistake(NORM, WAITS)
def norm_of_items(dev: str) -> Any:
    """.item() of every norm"""
    return torch.tensor(sum(g.norm().item() ** 2 for g in _grads(dev)) ** 0.5, device=dev)


@mistake(NORM, PLACE)
def norm_of_cpu_copies(dev: str) -> Any:
    """every gradient is copied to the CPU"""
    return torch.stack([g.cpu().norm() for g in _grads(dev)]).norm()


@mistake(NORM, REFUSED, "on the same device")
def norm_into_cpu_vector(dev: str) -> Any:
    """squares added to zeros(1) on the CPU"""
    total = torch.zeros(1)
    for g in _grads(dev):
        total = total + g.square().sum()
    return total.sqrt()


def _work(dev: str) -> torch.Tensor:
    x = torch.ones(64, 64, device=dev)
    return x @ x


@right(CLOCK)
def synchronised(dev: str) -> Any:
    """torch.cuda.synchronize() before both looks at the clock"""
    _wait(dev)
    start = time.perf_counter()
    _work(dev)
    _wait(dev)
    return time.perf_counter() - start > 0


@right(CLOCK)
def by_accelerator(dev: str) -> Any:
    """torch.accelerator.synchronize()"""
    if dev == "cpu":
        return True
    torch.accelerator.synchronize()
    start = time.perf_counter()
    _work(dev)
    torch.accelerator.synchronize()
    return time.perf_counter() - start > 0


@right(CLOCK)
def by_events(dev: str) -> Any:
    """two events on the stream; the second is waited for, and the stream before"""
    if dev == "cpu":
        return True
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    torch.cuda.current_stream().synchronize()
    start.record()
    _work(dev)
    end.record()
    end.synchronize()
    return start.elapsed_time(end) > 0


@mistake(CLOCK, Caught.HURRIES)
def launch_only(dev: str) -> Any:
    """nobody waits: only the launch is measured"""
    start = time.perf_counter()
    _work(dev)
    return time.perf_counter() - start > 0


@mistake(CLOCK, Caught.HURRIES)
def synchronised_before_only(dev: str) -> Any:
    """synchronize() before the start, none before the end"""
    _wait(dev)
    start = time.perf_counter()
    _work(dev)
    return time.perf_counter() - start > 0


@mistake(CLOCK, REFUSED, "enable_timing")
def events_without_timing(dev: str) -> Any:
    """events that were not made with enable_timing=True"""
    start, end = torch.cuda.Event(), torch.cuda.Event()
    _wait(dev)
    start.record()
    _work(dev)
    end.record()
    end.synchronize()
    return start.elapsed_time(end) > 0


def _wait(dev: str) -> None:
    if dev != "cpu":
        torch.cuda.synchronize()


def _wide(dev: str) -> Any:
    w = torch.ones(20000, device=dev, requires_grad=True)
    for step in range(8):
        yield F.softplus((w * step).exp()).mean()


@right(HELD)
def kept_detached(dev: str) -> Any:
    """a list of loss.detach()"""
    return sum([loss.detach() for loss in _wide(dev)])


@right(HELD)
def kept_as_numbers(dev: str) -> Any:
    """a tensor on the device, written into without a graph"""
    out = torch.zeros(8, device=dev)
    for step, loss in enumerate(_wide(dev)):
        out[step] = loss.detach()
    return out.sum()


@mistake(HELD, Caught.MEMORY)
def kept_with_graph(dev: str) -> Any:
    """total += loss keeps the graph of every step"""
    total = torch.zeros((), device=dev)
    for loss in _wide(dev):
        total = total + loss
    return total.detach()


@mistake(HELD, Caught.MEMORY)
def listed_with_graph(dev: str) -> Any:
    """a list of losses keeps the graph of every step"""
    return sum([loss for loss in _wide(dev)]).detach()  # type: ignore[union-attr,unused-ignore]  # noqa: C416


def _deep(dev: str) -> tuple[nn.Module, torch.Tensor]:
    model = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.Tanh()) for _ in range(6)]).to(dev)
    return model, torch.ones(2000, 8, device=dev)


@right(QUIET)
def under_no_grad(dev: str) -> Any:
    """with torch.no_grad()"""
    model, x = _deep(dev)
    with torch.no_grad():
        return model(x).mean()


@right(QUIET)
def under_inference_mode(dev: str) -> Any:
    """with torch.inference_mode()"""
    model, x = _deep(dev)
    with torch.inference_mode():
        return model(x).mean()


@mistake(QUIET, Caught.MEMORY)
def with_graph(dev: str) -> Any:
    """an evaluation that records a graph"""
    model, x = _deep(dev)
    return model(x).mean().detach()
