"""Trivial answers made from a solution, by which the audit proves that they earn next to nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from autograder.worker.values import tensors

TRANSFORMS = ("zeros", "input", "detached", "constant", "half")
KEPT = "kept"  # the first answer ever after, at no cost: it shows how long an answer is on its way


def apply(transform: str, target: Any) -> Any:
    """The function or class, changed so that it gives a trivial answer (or the solution's in half precision)."""
    if isinstance(target, type) and issubclass(target, torch.autograd.Function):
        return type(target.__name__, (target,), {"apply": staticmethod(_function(transform, target.apply))})
    if isinstance(target, type):
        return _class(transform, target)
    return _function(transform, target)


def _function(transform: str, target: Any) -> Any:
    first: list[Any] = []

    def changed(*args: Any, **kwargs: Any) -> Any:
        return _answer(transform, target, args, kwargs, first)

    return changed


def _class(transform: str, target: type) -> type:
    name = "forward" if issubclass(target, torch.nn.Module) else None
    first: list[Any] = []
    members: dict[str, Any] = {}
    for attribute in [name] if name else [n for n in vars(target) if callable(vars(target)[n]) and n != "__init__"]:
        original = getattr(target, attribute)

        def changed(self: Any, *args: Any, _original: Any = original, **kwargs: Any) -> Any:
            bound = lambda *a, **k: _original(self, *a, **k)
            if transform == "half" and isinstance(self, torch.nn.Module):
                return _half_module(self, bound, args, kwargs)
            return _answer(transform, bound, args, kwargs, first)

        members[attribute] = changed
    return type(target.__name__, (target,), members)


def _answer(transform: str, target: Any, args: Any, kwargs: Any, first: list[Any]) -> Any:
    if transform == "input":
        return args[0] if args else next(iter(kwargs.values()), None)
    if transform == "half":
        answer = target(*_cast(args, torch.float16), **_cast(kwargs, torch.float16))
        return _made(transform, answer, args, kwargs) or _cast(answer, torch.float32)
    if transform == KEPT and first:
        return first[0]
    undo = _undoing([args, kwargs])
    answer = target(*args, **kwargs)
    if answer is None:
        undo()
    if transform == "detached":
        return _made(transform, answer, args, kwargs) or _map(answer, lambda t: t.detach())
    if transform == "zeros":
        return _map(answer, torch.zeros_like)
    if not first:
        first.append(_map(answer, lambda t: t.detach().clone()))
    return first[0]


def _made(transform: str, answer: Any, args: Any, kwargs: Any) -> torch.nn.Module | None:
    """The module that a function has made, changed so that it gives a trivial answer. None where it has made none."""
    given = any(answer is value for value in (*args, *kwargs.values()))
    if given or not isinstance(answer, torch.nn.Module):
        return None
    answer.__class__ = _class(transform, type(answer))
    return answer


def _undoing(arguments: Any) -> Callable[[], None]:
    """What undoes the work of a function that answers nothing and works by what it changes, tensors among its arguments
    or the global generators, so that a trivial answer leaves all as it was."""
    before = [(t, t.detach().clone(), None if t.grad is None else t.grad.clone()) for t in tensors(arguments)]
    states = random.getstate(), np.random.get_state(), torch.default_generator.get_state()

    def undo() -> None:
        for tensor, values, gradient in before:
            tensor.data.copy_(values)
            tensor.grad = gradient
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.default_generator.set_state(states[2])

    return undo


def _half_module(module: torch.nn.Module, target: Any, args: Any, kwargs: Any) -> Any:
    module.half()
    try:
        return _cast(target(*_cast(args, torch.float16), **_cast(kwargs, torch.float16)), torch.float32)
    finally:
        module.float()


def _cast(value: Any, dtype: torch.dtype) -> Any:
    return _map(value, lambda t: t.to(dtype) if t.is_floating_point() else t)


def _map(value: Any, change: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, (np.ndarray, np.number)):
        return change(torch.from_numpy(np.asarray(value))).numpy()
    if isinstance(value, (list, tuple)):
        return type(value)(_map(item, change) for item in value) if type(value) in (list, tuple) else value
    if isinstance(value, dict):
        return {key: _map(item, change) for key, item in value.items()}
    if isinstance(value, Iterator):
        return (_map(item, change) for item in value)
    if change is torch.zeros_like:
        if isinstance(value, torch.device):
            return torch.device("cpu")
        if isinstance(value, torch.nn.Module):
            return None
        return type(value)() if isinstance(value, (int, float, str)) else value
    return value
