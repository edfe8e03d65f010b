"""The functions that derivatives are taken of, and what is asked of them.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.worker.values import cotangent


def _matrix(x: torch.Tensor) -> torch.Tensor:
    """Three rows of small numbers, no two of them equal, and as many columns as x has elements."""
    numbers = torch.arange(3 * x.numel(), dtype=x.dtype, device=x.device).reshape(3, -1)
    return (numbers * numbers - 5 * numbers + 1) / 8


def _repeated(x: torch.Tensor, rows: int) -> torch.Tensor:
    return (x * x).repeat(rows)


FUNCTIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "x": lambda x: x * 1,
    "3 x - 2": lambda x: 3 * x - 2,
    "x squared": lambda x: x * x,
    "x cubed": lambda x: x**3,
    "x to the fourth, minus x": lambda x: x**4 - x,
    "exp x": torch.exp,
    "sin x": torch.sin,
    "x sin x": lambda x: x * torch.sin(x),
    "1 / (1 + x squared)": lambda x: 1 / (1 + x * x),
    "x cubed where x > 0, else x squared": lambda x: torch.where(x > 0, x**3, x * x),
    "a constant": torch.ones_like,
    "a matrix times x": lambda x: _matrix(x) @ x.reshape(-1),
    "products of all pairs": lambda x: x[:, None] * x[None, :],
    "the sum of squares": lambda x: (x * x).sum(),
    "the first two elements squared": lambda x: x[:2] ** 2,
    "x transposed, cubed": lambda x: x.T**3,
    "x squared, 16 times": lambda x: _repeated(x, 16),
    "x squared, 64 times": lambda x: _repeated(x, 64),
    "x squared, 256 times": lambda x: _repeated(x, 256),
}


class _Held:
    """A function with a parameter of its own, which may get no gradient."""

    def __init__(self, uses_x: bool, x: torch.Tensor) -> None:
        self.weight = torch.full((), 1.5, dtype=x.dtype, device=x.device, requires_grad=True)
        self._uses_x = uses_x

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return self.weight * (x**3 if self._uses_x else torch.ones_like(x))


def _function(call: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    name = call.options["f"]
    if name in ("a parameter times x cubed", "a parameter"):
        return _Held("x" in name.split(), call.args[0])
    return FUNCTIONS[name]


def of(function: Callable[..., Any], call: Any) -> Any:
    """What the function answers for the case's f and the rest of its arguments; where the case asks for it, what has
    become of x and of f's parameter."""
    f = _function(call)
    x, *rest = call.args
    options = call.options
    if not options.get("facts"):
        return function(f, x, *rest)
    if options.get("leaf"):
        x.requires_grad_(True)
        x.grad = torch.ones_like(x)
    answer = function(f, x, *rest)
    facts: dict[str, Any] = {
        "answer": answer.detach() if isinstance(answer, torch.Tensor) else answer,
        "flag “the answer requires a gradient”": isinstance(answer, torch.Tensor) and answer.requires_grad,
        "x requires a gradient": x.requires_grad,
        "x.grad": x.grad,
        "flag “a parameter of f has got a gradient”": isinstance(f, _Held) and f.weight.grad is not None,
    }
    return {name: facts[name] for name in options["facts"]}


def product(function: Callable[[torch.Tensor], Any], call: Any) -> dict[str, Any]:
    """Values and gradients of y and z, as far as the case asks for them."""
    (x,) = call.args
    options = call.options
    x.requires_grad_(options.get("leaf", True))
    found = function(x)
    if not (isinstance(found, (tuple, list)) and len(found) == 2):
        return {"what detach_product returns": f"a {type(found).__name__}"}
    y, z = found
    weights = cotangent(x.detach(), 0).to(x.device)
    facts: dict[str, Callable[[], Any]] = {
        "y": lambda: y,
        "z": lambda: z,
        "gradient of y": lambda: _gradient(y, x, weights),
        "gradient of z": lambda: _gradient(z, x, weights),
        "gradient of a loss of both": lambda: _gradient(_loss(y, z), x, weights),
    }
    return {name: facts[name]() for name in options["report"]}


def _gradient(of: Any, x: torch.Tensor, weights: torch.Tensor) -> Any:
    """The vector-Jacobian product; nothing where the answer is not part of the graph."""
    if not isinstance(of, torch.Tensor) or not of.requires_grad:
        return None
    return torch.autograd.grad((of * weights).sum(), x, retain_graph=True, allow_unused=True)[0]


def _loss(y: Any, z: Any) -> Any:
    return y * y + 2 * z if isinstance(y, torch.Tensor) and isinstance(z, torch.Tensor) else None
