"""Do gradients fit answers that are random? After the same seed a module draws the same again, so that the slopes of
its answers can be measured and its gradients be held against them, whatever it draws and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.exercise import Case, Finding

STEP, NEAR = 2.0**-28, 1e-3
SLOPES: dict[str, Any] = {
    "training": True, "options": {"laws": True, "slopes": True}, "runs": ("plain", "phantom")
}  # fmt: skip
"""What makes a case one whose gradients are held against its slopes; the code runs on a device too."""


def asked_for(call: Any) -> bool:
    """Whether this run of the case is to be answered with slopes."""
    return call.run == "plain" and bool(call.options.get("slopes"))


def slopes(module: Any, call: Any, answer: Callable[..., Any]) -> dict[str, Any]:
    """The slope of `answer(*args)`, which calls the module, along one direction of all its arguments and parameters: by
    gradients, and as it is. Where the two differ, such a pair for each of them. Measured in float64; what cannot
    compute there, or does not draw the same after the same seed, has no slopes."""
    import torch

    _found(module, call.args, answer)  # in float32, where an error is the student's
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        widened = [value.double() if _floats(value) else value for value in call.args]
        return {"slopes": _slopes(module.double(), widened, call.named, answer)}
    except Exception:
        return {"slopes": {}}
    finally:
        torch.set_default_dtype(usual)


def _floats(value: Any) -> bool:
    import torch

    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _found(module: Any, args: Iterable[Any], answer: Callable[..., Any]) -> tuple[list[Any], list[Any]]:
    """The arguments and parameters that have gradients, and these."""
    import torch

    given = [value.detach().requires_grad_() if _floats(value) else value for value in args]
    leaves = [*filter(_floats, given), *(value for value in module.parameters() if value.requires_grad)]
    product = _product(given, answer)
    if not product.requires_grad:
        return leaves, [None for _ in leaves]
    return leaves, list(torch.autograd.grad(product, leaves, allow_unused=True))


def _product(args: Iterable[Any], answer: Callable[..., Any]) -> Any:
    """The inner product of what is answered after the seed with numbers of its own."""
    import random

    import numpy as np
    import torch

    from autograder.worker.values import cotangent, tensors

    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    outputs = filter(_floats, tensors(answer(*args)))
    return sum(((output * cotangent(output, index)).sum() for index, output in enumerate(outputs)), torch.zeros(()))


def _slopes(
    module: Any, args: list[Any], named: dict[str, Any], answer: Callable[..., Any]
) -> dict[str, tuple[float, float]]:
    import torch

    from autograder.worker.values import cotangent

    leaves, gradients = _found(module, args, answer)
    given = iter(leaves)
    args = [next(given) if _floats(value) else value for value in args]
    names = [name for name, value in named.items() if _floats(value)]
    names += [name for name, value in module.named_parameters() if value.requires_grad]
    ways = [cotangent(leaf.detach(), index + 7) for index, leaf in enumerate(leaves)]
    analytic = [
        0.0 if gradient is None else float((gradient * way).sum())
        for gradient, way in zip(gradients, ways, strict=True)
    ]

    @torch.no_grad()
    def measured(which: Iterable[int]) -> float:
        products = []
        for step in (STEP, -STEP):
            kept = {index: leaves[index].detach().clone() for index in which}
            for index in kept:
                leaves[index].data.add_(ways[index], alpha=step)
            products.append(float(_product(args, answer)))
            for index, value in kept.items():
                leaves[index].data.copy_(value)
        return (products[0] - products[1]) / (2 * STEP)

    with torch.no_grad():
        if not torch.equal(_product(args, answer), _product(args, answer)):
            return {}
    together = (sum(analytic), measured(range(len(leaves))))
    if _near(*together):
        return {"all together": together}
    return {name: (analytic[index], measured([index])) for index, name in enumerate(names)}


def _near(analytic: float, measured: float) -> bool:
    return abs(analytic - measured) <= NEAR * max(1.0, abs(analytic), abs(measured))


def slopes_law(case: Case, value: Any) -> Iterable[Finding]:
    """Gradients in training mode are the slopes of the answers."""
    if not case.options.get("slopes"):
        return
    off = {name: pair for name, pair in value["slopes"].items() if not _near(*pair)}
    lost = [name for name, (analytic, _) in off.items() if analytic == 0]
    if lost:
        shown = ", ".join(lost[:4]) + (f" and {len(lost) - 4} more" if len(lost) > 4 else "")
        yield Finding("no_gradient", f"in training mode no gradient reaches {shown}")
    elif off:
        name, (analytic, measured) = next(iter(off.items()))
        message = f"in training mode the gradient of {name} says that the answers change by {analytic:.4g} along one "
        yield Finding("gradient", f"{message}direction, and they change by {measured:.4g}")
