"""Mixed precision: which dtype comes out, and what half precision cannot hold."""

from __future__ import annotations

import functools
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from tests.phantom.ways import Caught, mistake, right

REFUSED, DTYPE, VALUES = Caught.REFUSED, Caught.DTYPE, Caught.VALUES
HALF, LOGITS, MASK, LOSS, ROWS, OWN, PROBABILITY = (
    "a product in half precision",
    "logits in float32",
    "masked scores in half precision",
    "a loss under autocast",
    "rows written under autocast",
    "an own function under autocast",
    "a binary loss under autocast",
)


def _x(dev: str) -> torch.Tensor:
    return torch.linspace(-1, 1, 12).reshape(3, 4).to(dev)


@right(HALF)
def autocast(dev: str) -> Any:
    """with torch.autocast(device_type, torch.float16)"""
    with torch.autocast(dev, torch.float16):
        return _x(dev) @ _x(dev).T


@right(HALF)
def autocast_of_type(dev: str) -> Any:
    """with torch.autocast(x.device.type, dtype=torch.float16)"""
    x = _x(dev)
    with torch.autocast(device_type=x.device.type, dtype=torch.float16):
        return F.linear(x, x)


@right(HALF)
def autocast_decorator(dev: str) -> Any:
    """@torch.autocast(...) above the function"""

    @torch.autocast(dev, dtype=torch.float16)
    def product(x: torch.Tensor) -> torch.Tensor:
        return torch.einsum("ij,kj->ik", x, x)

    return product(_x(dev))


@right(HALF)
def cast_by_hand(dev: str) -> Any:
    """x.half() @ x.half().T"""
    return _x(dev).half() @ _x(dev).half().T


@mistake(HALF, DTYPE)
def autocast_of_cpu(dev: str) -> Any:
    """torch.autocast("cpu") does nothing for tensors on the GPU"""
    with torch.autocast("cpu", torch.bfloat16):
        return _x(dev) @ _x(dev).T


@mistake(HALF, DTYPE)
def autocast_not_entered(dev: str) -> Any:
    """torch.autocast(...) without with"""
    torch.autocast(dev, torch.float16)
    return _x(dev) @ _x(dev).T


@mistake(HALF, DTYPE)
def doubles_under_autocast(dev: str) -> Any:
    """autocast leaves float64 alone"""
    x = _x(dev).double()
    with torch.autocast(dev, torch.float16):
        return x @ x.T


@mistake(HALF, REFUSED, "dtype")
def half_times_float(dev: str) -> Any:
    """half times float without autocast"""
    return _x(dev).half() @ _x(dev).T


@right(LOGITS)
def cast_after(dev: str) -> Any:
    """.float() of what came out"""
    with torch.autocast(dev, torch.bfloat16):
        out = F.linear(_x(dev), torch.eye(4, device=dev))
    return out.float()


@right(LOGITS)
def cast_inside(dev: str) -> Any:
    """.float() inside the region"""
    with torch.autocast(dev, torch.bfloat16):
        return F.linear(_x(dev), torch.eye(4, device=dev)).float()


@right(LOGITS)
def switched_off(dev: str) -> Any:
    """with autocast(enabled=False) around the last layer"""
    with torch.autocast(dev, torch.bfloat16):
        x = _x(dev) + 0
        with torch.autocast(dev, enabled=False):
            return F.linear(x, torch.eye(4, device=dev))


@mistake(LOGITS, DTYPE)
def left_in_half(dev: str) -> Any:
    """the region's dtype is kept"""
    with torch.autocast(dev, torch.bfloat16):
        return F.linear(_x(dev), torch.eye(4, device=dev))


def _half_scores(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    scores = torch.linspace(-2, 2, 9).reshape(3, 3).half().to(dev)
    return scores, torch.ones(3, 3, dtype=torch.bool, device=dev).triu(1)


@right(MASK)
def least_number(dev: str) -> Any:
    """masked_fill with torch.finfo(scores.dtype).min"""
    scores, mask = _half_scores(dev)
    return scores.masked_fill(mask, torch.finfo(scores.dtype).min).float().softmax(-1)


@right(MASK)
def minus_infinity(dev: str) -> Any:
    """masked_fill with -inf"""
    scores, mask = _half_scores(dev)
    return scores.masked_fill(mask, float("-inf")).float().softmax(-1)


@right(MASK)
def widened_first(dev: str) -> Any:
    """scores.float(), then a large number"""
    scores, mask = _half_scores(dev)
    return scores.float().masked_fill(mask, -1e9).softmax(-1)


@mistake(MASK, REFUSED, "overflow")
def too_large_for_half(dev: str) -> Any:
    """masked_fill with -1e9, which half precision does not have"""
    scores, mask = _half_scores(dev)
    return scores.masked_fill(mask, -1e9).float().softmax(-1)


@mistake(MASK, DTYPE)
def softmax_in_half(dev: str) -> Any:
    """the softmax stays in half precision"""
    scores, mask = _half_scores(dev)
    return scores.masked_fill(mask, float("-inf")).softmax(-1)


def _prediction(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Predictions around 300: their squares do not fit into half precision."""
    return torch.full((4, 4), 15.0, device=dev), torch.zeros(4, 4, device=dev)


@right(LOSS)
def loss_by_torch(dev: str) -> Any:
    """F.mse_loss, which autocast gives float32"""
    x, y = _prediction(dev)
    with torch.autocast(dev, torch.float16):
        return F.mse_loss(x @ x, y)


@right(LOSS)
def loss_outside(dev: str) -> Any:
    """the loss of .float() outside the region"""
    x, y = _prediction(dev)
    with torch.autocast(dev, torch.float16):
        out = x @ x
    return (out.float() - y).square().mean()


@right(LOSS)
def loss_by_pow(dev: str) -> Any:
    """pow, which autocast gives float32"""
    x, y = _prediction(dev)
    with torch.autocast(dev, torch.float16):
        return (x @ x - y).pow(2).mean()


@mistake(LOSS, DTYPE)
def loss_in_half(dev: str) -> Any:
    """products of half precision overflow"""
    x, y = _prediction(dev)
    with torch.autocast(dev, torch.float16):
        difference = x @ x - y.half()
        return (difference * difference).mean()


@mistake(LOSS, VALUES)
def loss_widened_late(dev: str) -> Any:
    """.float() after the overflow"""
    x, y = _prediction(dev)
    with torch.autocast(dev, torch.float16):
        difference = x @ x - y.half()
        return (difference * difference).float().mean()


@right(ROWS)
def rows_of_the_same_kind(dev: str) -> Any:
    """out[i] = h.to(out.dtype)"""
    x = _x(dev)
    out, rows = torch.zeros(3, 3, device=dev), torch.tensor([2, 0], device=dev)
    with torch.autocast(dev, torch.float16):
        out[rows] = (x @ x.T)[rows].to(out.dtype)
    return out


@right(ROWS)
def rows_put_out_of_place(dev: str) -> Any:
    """index_put of matching dtypes"""
    x = _x(dev)
    rows = torch.tensor([2, 0], device=dev)
    with torch.autocast(dev, torch.float16):
        return torch.zeros(3, 3, device=dev).index_put((rows,), (x @ x.T)[rows].float())


@right(ROWS)
def rows_copied(dev: str) -> Any:
    """out[2] = h[2] copies, and casts as it does"""
    x = _x(dev)
    out = torch.zeros(3, 3, device=dev)
    with torch.autocast(dev, torch.float16):
        h = x @ x.T
        out[2], out[0] = h[2], h[0]
    return out


@mistake(ROWS, REFUSED, "dtypes match")
def rows_of_another_kind(dev: str) -> Any:
    """out[index] = h: float32 rows get half precision ones"""
    x = _x(dev)
    out, rows = torch.zeros(3, 3, device=dev), torch.tensor([2, 0], device=dev)
    with torch.autocast(dev, torch.float16):
        out[rows] = (x @ x.T)[rows]
    return out


@mistake(ROWS, REFUSED, "type")
def rows_added_of_another_kind(dev: str) -> Any:
    """index_add_ of half precision rows to float32"""
    x = _x(dev)
    out, rows = torch.zeros(3, 3, device=dev), torch.tensor([2, 0], device=dev)
    with torch.autocast(dev, torch.float16):
        out.index_add_(0, rows, (x @ x.T)[rows])
    return out


def _custom(cast: Any) -> Any:
    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(x, w)
            return x @ w

        @staticmethod
        def backward(ctx: Any, grad: torch.Tensor) -> Any:
            x, w = ctx.saved_tensors
            return grad @ w.T, x.T @ grad

    if cast is None:
        return Product
    methods = {name: staticmethod(wrap(getattr(Product, name))) for name, wrap in cast.items()}
    return type("Cast", (torch.autograd.Function,), methods)


def _own(dev: str, cast: Any) -> Any:
    x, w = _x(dev).requires_grad_(), torch.eye(4, device=dev, requires_grad=True)
    with torch.autocast(dev, torch.float16):
        out = _custom(cast).apply(x, w)
    out.float().sum().backward()
    return [x.grad, w.grad]


@right(OWN)
def cast_to_float(dev: str) -> Any:
    """@custom_fwd(cast_inputs=torch.float32) and @custom_bwd"""
    fwd = functools.partial(torch.amp.custom_fwd, device_type=dev, cast_inputs=torch.float32)
    return _own(dev, {"forward": fwd, "backward": functools.partial(torch.amp.custom_bwd, device_type=dev)})


@right(OWN)
def cast_as_autocast_does(dev: str) -> Any:
    """@custom_fwd without cast: the backward runs under the same autocast"""
    fwd = functools.partial(torch.amp.custom_fwd, device_type=dev)
    return _own(dev, {"forward": fwd, "backward": functools.partial(torch.amp.custom_bwd, device_type=dev)})


@mistake(OWN, REFUSED, "dtype")
def function_without_casts(dev: str) -> Any:
    """the backward of an own function meets half and float32"""
    return _own(dev, None)


@right(PROBABILITY)
def with_logits(dev: str) -> Any:
    """F.binary_cross_entropy_with_logits"""
    x = _x(dev)
    with torch.autocast(dev, torch.float16):
        return F.binary_cross_entropy_with_logits(x @ x.T, torch.ones(3, 3, device=dev))


@right(PROBABILITY)
def module_with_logits(dev: str) -> Any:
    """nn.BCEWithLogitsLoss"""
    x = _x(dev)
    with torch.autocast(dev, torch.float16):
        return nn.BCEWithLogitsLoss()(x @ x.T, torch.ones(3, 3, device=dev))


@right(PROBABILITY)
def outside_autocast(dev: str) -> Any:
    """F.binary_cross_entropy of float32 outside the region"""
    x = _x(dev)
    with torch.autocast(dev, torch.float16):
        out = x @ x.T
    return F.binary_cross_entropy(out.float().sigmoid(), torch.ones(3, 3, device=dev))


@mistake(PROBABILITY, REFUSED, "unsafe to autocast")
def of_probabilities(dev: str) -> Any:
    """F.binary_cross_entropy under autocast"""
    x = _x(dev)
    with torch.autocast(dev, torch.float16):
        return F.binary_cross_entropy((x @ x.T).sigmoid(), torch.ones(3, 3, device=dev))


@mistake(PROBABILITY, REFUSED, "unsafe to autocast")
def module_of_probabilities(dev: str) -> Any:
    """nn.BCELoss under autocast"""
    x = _x(dev)
    with torch.autocast(dev, torch.float16):
        return nn.BCELoss()((x @ x.T).sigmoid(), torch.ones(3, 3, device=dev))
