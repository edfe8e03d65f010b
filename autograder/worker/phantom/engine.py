"""Backward on the device: where it runs, and the gradients it refuses or brings home."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.autograd.graph
from torch.autograd.function import BackwardCFunction, Function

from . import errors, ledger
from .tensor import HOST, DeviceTensor, cuda

_HOME = "_gradient_comes_home"


def bring_home(tensor: torch.Tensor) -> None:
    """Let the gradient of a host number that met device tensors arrive on the host."""
    if _HOME in tensor.__dict__:
        return
    tensor.__dict__[_HOME] = True
    tensor.register_hook(lambda grad: _moved(grad, False))


def _moved(grad: torch.Tensor, to_device: bool) -> torch.Tensor:
    if (type(grad) is DeviceTensor) == to_device:
        return grad
    with ledger.muted():
        return grad.to(cuda(0) if to_device else HOST)


def _fitted(grad: Any, expected: bool, function: str, index: int) -> Any:
    """A gradient as the engine takes it: a number may change device, nothing else may."""
    if not isinstance(grad, torch.Tensor) or (type(grad) is DeviceTensor) == expected:
        return grad
    if grad.dim() == 0:
        return _moved(grad, expected)
    raise errors.wrong_gradient(function, index, on_device=expected)


def _run(original: Callable[..., Any], outputs: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
    if args and isinstance(args[0], (tuple, list)):
        grads = tuple(
            _fitted(grad, type(output) is DeviceTensor, _name(output), 0) if isinstance(output, torch.Tensor) else grad
            for output, grad in zip(outputs, args[0], strict=False)
        )
        args = (grads, *args[1:])
    # no thread of the engine serves the device, so each backward runs where it was called
    with torch.autograd.set_multithreading_enabled(False):
        return reworded(original)(outputs, *args, **kwargs)


def _name(output: torch.Tensor) -> str:
    return "AccumulateGrad" if output.grad_fn is None else str(output.grad_fn.name())


def reworded(original: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose errors call the device by its public name."""

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except RuntimeError as error:
            told = errors.reworded(error)
            if told is None:
                raise
            raise told from None

    return call


def _apply_function(cls: Any, *args: Any, **kwargs: Any) -> Any:
    results = _apply.__get__(None, cls)(*args, **kwargs)
    for result in results if isinstance(results, tuple) else (results,):
        node = result.grad_fn if isinstance(result, torch.Tensor) else None
        if isinstance(node, BackwardCFunction):
            places = [type(a) is DeviceTensor if isinstance(a, torch.Tensor) else None for a in args]
            node.__dict__["_places"] = places
            break
    return results


def _apply_backward(self: Any, *args: Any) -> Any:
    grads = _backward(self, *args)
    places = self.__dict__.get("_places")
    if places is None:
        return grads
    listed = grads if isinstance(grads, tuple) else (grads,)
    return tuple(
        grad if place is None else _fitted(grad, place, type(self).__name__, index)
        for index, (grad, place) in enumerate(
            zip(listed, [*places, *[None] * (len(listed) - len(places))], strict=False)
        )
    )


_apply: Any = Function.__dict__["apply"]
_backward: Callable[..., Any] = BackwardCFunction.apply


def install() -> None:
    """Put the engine's entry points in place."""
    run = functools.partial(_run, torch.autograd.graph._engine_run_backward)
    for module in (torch.autograd, torch.autograd.graph):
        setattr(module, "_engine_run_backward", run)  # noqa: B010
    setattr(Function, "apply", classmethod(_apply_function))  # noqa: B010
    setattr(BackwardCFunction, "apply", _apply_backward)  # noqa: B010
    for name in (
        "lstm",
        "gru",
        "rnn_tanh",
        "rnn_relu",
        "lstm_cell",
        "gru_cell",
        "rnn_tanh_cell",
        "rnn_relu_cell",
    ):
        setattr(torch._VF, name, reworded(getattr(torch._VF, name)))
