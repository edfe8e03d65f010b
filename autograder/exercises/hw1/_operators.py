"""How operators with a backward pass of their own are tried: what comes out, and how they go about it.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.autograd.function import BackwardCFunction

from autograder.worker.observe import Dispatched
from autograder.worker.values import cotangent

PRODUCTS = ("mm", "bmm", "addmm", "baddbmm", "mv", "addmv", "dot", "einsum")
POWERS = {"exp", "exp_", "exp2", "expm1", "pow"}


def run(operator: Any, call: Any) -> Any:
    """Applies the operator, or tries it in the way that the case asks for. `of` are the arguments that require a
    gradient; in the gradient run the case says so itself."""
    if call.run != "gradient":
        for name in call.options.get("of", ()):
            call.named[name].requires_grad_(True)
    way = call.options.get("way")
    return operator.apply(*call.args) if way is None else WAYS[way](operator, call)


def _wanted(call: Any) -> dict[str, torch.Tensor]:
    """The tensors among the arguments that require a gradient."""
    return {name: t for name, t in call.named.items() if isinstance(t, torch.Tensor) and t.requires_grad}


def _with_gradients(operator: Any, call: Any) -> dict[str, Any]:
    """The answer and the gradients of all that require one, as values."""
    y = operator.apply(*call.args)
    leaves = _wanted(call)
    return {"output": y, "gradients": dict(zip(leaves, _back(y, list(leaves.values())), strict=True))}


def _back(y: Any, leaves: Sequence[torch.Tensor]) -> Sequence[Any]:
    """The vector-Jacobian products; nothing where the answer is not part of the graph."""
    if not isinstance(y, torch.Tensor) or not y.requires_grad:
        return [None] * len(leaves)
    # Handing the weights to grad() imports sympy.
    return torch.autograd.grad((_weights(y) * y).sum(), leaves, allow_unused=True)


def _weights(y: torch.Tensor) -> torch.Tensor:
    return cotangent(y.detach(), 0).to(y.device)


def _twice(operator: Any, call: Any) -> dict[str, Any]:
    """The gradients of a loss that is not linear in the answer, as part of the graph: what the gradient run
    differentiates once more."""
    y = operator.apply(*call.args)
    leaves = list(_wanted(call).values())
    if not y.requires_grad:
        return {"output": [None] * len(leaves)}
    loss = (_weights(y) * y * y).sum()
    return {"output": list(torch.autograd.grad(loss, leaves, create_graph=True, allow_unused=True))}


def _twice_as_values(operator: Any, call: Any) -> dict[str, Any]:
    """These gradients, and those of their weighted sum."""
    leaves = list(_wanted(call).values())
    (first,) = _twice(operator, call)["output"]
    return {"first": first, "second": _back(first, leaves)}


def _keeps_grad_output(operator: Any, call: Any) -> dict[str, bool]:
    y = operator.apply(*call.args)
    given: list[tuple[torch.Tensor, torch.Tensor]] = []

    def note(gradient: torch.Tensor) -> None:
        given.append((gradient, gradient.clone()))

    if y.requires_grad:
        y.register_hook(note)
    _back(y, list(_wanted(call).values()))
    return {"flag “grad_output was changed”": any(not torch.equal(now, before) for now, before in given)}


def _overwritten_argument(operator: Any, call: Any) -> dict[str, bool]:
    """Whether a wrong gradient comes out when the argument that the case names is overwritten before the way back."""
    leaves = list(_wanted(call).values())

    def gradients(spoilt: bool) -> Sequence[Any]:
        named = {name: t * 1 if isinstance(t, torch.Tensor) else t for name, t in call.named.items()}
        y = operator.apply(*named.values())
        if spoilt:
            with torch.no_grad():
                named[call.options["overwritten"]].mul_(-3)
        return _back(y, leaves)

    return _differ(gradients, "an argument was overwritten, and a wrong gradient came out")


def _overwritten_output(operator: Any, call: Any) -> dict[str, bool]:
    """The same for the output, which is not used any further after that."""
    leaves = list(_wanted(call).values())

    def gradients(spoilt: bool) -> Sequence[Any]:
        y = operator.apply(*call.args)
        loss = (_weights(y) * y).sum()
        if spoilt:
            with torch.no_grad():
                y.mul_(-3)
        return torch.autograd.grad(loss, leaves, allow_unused=True)

    return _differ(gradients, "the output was overwritten, and a wrong gradient came out")


def _differ(gradients: Callable[[bool], Sequence[Any]], what: str) -> dict[str, bool]:
    right = gradients(False)
    try:
        spoilt = gradients(True)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        spoilt = right
    same = all(
        one is other or (one is not None and other is not None and torch.equal(one, other))
        for one, other in zip(right, spoilt, strict=True)
    )
    return {f"flag “{what}”": not same}


def _computed_again(operator: Any, call: Any) -> dict[str, Any]:
    y = operator.apply(*call.args)
    with Dispatched() as seen:
        _back(y, list(_wanted(call).values()))
    return {"computed on the way back": sorted(POWERS & seen.names.keys())}


def _forgotten(operator: Any, call: Any) -> dict[str, bool]:
    gc.collect()
    gc.disable()
    try:
        y = operator.apply(*call.args)
        held = weakref.ref(y.untyped_storage())
        del y
        alive = held() is not None
    finally:
        gc.enable()
    return {"flag “the answer is kept alive”": alive}


def _two_at_once(operator: Any, call: Any) -> dict[str, Any]:
    """Two calls with different numbers, and only then the way back from both."""
    x, scale = call.args
    first, second = operator.apply(x, scale), operator.apply(x, call.options["other"])
    return {"gradients": [*_back(first, [x]), *_back(second, [x])]}


def _asked(operator: Any, call: Any) -> dict[str, Any]:
    """Of which shapes the gradients are that `backward` returns, and how many products it computes for them."""
    returned: list[list[int] | None] = []
    products: list[int] = []

    class Seen(operator):
        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            with Dispatched() as seen:
                found = operator.backward(ctx, *gradients)
            parts = found if isinstance(found, tuple) else (found,)
            returned.extend(list(part.shape) if isinstance(part, torch.Tensor) else None for part in parts)
            products.append(sum(count for name, count in seen.names.items() if name in PRODUCTS))
            return found

    _back(Seen.apply(*call.args), list(_wanted(call).values()))
    return {"returned": returned, "products": sum(products)}


def _whose(operator: Any, call: Any) -> dict[str, bool]:
    """Whether the operator is a Function, and the answer knows its way back by it."""
    y = operator.apply(*call.args)
    made = isinstance(operator, type) and issubclass(operator, torch.autograd.Function)
    return {"a Function": made, "its own way back": isinstance(y.grad_fn, BackwardCFunction)}


WAYS: dict[str, Callable[[Any, Any], Any]] = {
    "with gradients": _with_gradients,
    "twice": _twice,
    "twice, as values": _twice_as_values,
    "grad_output": _keeps_grad_output,
    "overwritten argument": _overwritten_argument,
    "overwritten output": _overwritten_output,
    "computed again": _computed_again,
    "forgotten": _forgotten,
    "two at once": _two_at_once,
    "asked": _asked,
    "whose": _whose,
}
