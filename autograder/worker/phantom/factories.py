"""The functions that make tensors: torch.tensor, and those which take a generator or pin what they make."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
import torch.utils._device

from . import ledger, methods, rng
from .state import is_active
from .tensor import DeviceTensor, cuda, device_ordinal

_FACTORIES = [
    "arange",
    "empty",
    "empty_like",
    "empty_strided",
    "eye",
    "full",
    "full_like",
    "linspace",
    "logspace",
    "ones",
    "ones_like",
    "rand",
    "rand_like",
    "randint",
    "randint_like",
    "randn",
    "randn_like",
    "randperm",
    "range",
    "zeros",
    "zeros_like",
    "tril_indices",
    "triu_indices",
    "normal",
    "bernoulli",
    "multinomial",
    "poisson",
]


def _factory(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def make(*args: Any, **kwargs: Any) -> Any:
        if not kwargs or not is_active():
            return original(*args, **kwargs)
        pinned = kwargs.pop("pin_memory", False)
        made = original(*args, **kwargs)
        if kwargs.get("generator") is not None:
            rng.check(kwargs["generator"], type(made) is DeviceTensor)
        return methods.pin_memory(made) if pinned else made

    return make


def _tensor(original: Callable[..., Any], quiet: bool) -> Callable[..., Any]:
    @functools.wraps(original)
    def make(data: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_active():
            return original(data, *args, **kwargs)
        pinned = kwargs.pop("pin_memory", False)
        wanted = kwargs.get("device")
        if wanted is not None:
            place = torch.device("cuda", wanted) if isinstance(wanted, int) else torch.device(wanted)
            if place.type == "cuda":
                place = cuda(device_ordinal(place))
            kwargs["device"] = place
        if isinstance(data, torch.Tensor) and not quiet:
            return _as_tensor(data, *args, **kwargs)
        made = original(_plain(data), *args, **kwargs)
        return methods.pin_memory(made) if pinned else made

    return make


def _as_tensor(data: torch.Tensor, dtype: Any = None, device: Any = None) -> torch.Tensor:
    if device is None:
        # a default device moves the tensor too
        current = torch.get_default_device()
        device = current if current.type == "cuda" and _default_is_set() else data.device
    return methods.move(data, "as_tensor", (device, dtype or data.dtype), {})


def _default_is_set() -> bool:
    return torch.get_default_device().type != "cpu"


def _plain(data: Any) -> Any:
    """The data with device tensors read out, as torch.tensor reads them one by one."""
    if type(data) is DeviceTensor:
        return data
    if isinstance(data, (list, tuple)) and data:
        return [_number(item) if type(item) is DeviceTensor else _plain(item) for item in data]
    return data


def _number(item: DeviceTensor) -> Any:
    return item.item() if item.dim() == 0 else [_number(part) for part in item]


def _silent(original: Callable[..., Any]) -> Callable[..., Any]:
    """Values written in the program go to the device with it; that is no transfer."""

    @functools.wraps(original)
    def make(data: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(data, torch.Tensor) or not is_active():
            return original(data, *args, **kwargs)
        data = _plain(data)
        with ledger.muted():
            return original(data, *args, **kwargs)

    return make


def _counted(original: Callable[..., Any]) -> Callable[..., Any]:
    """torch.ctc_loss counts on the host; given tensor subclasses torch would count on the device."""

    @functools.wraps(original)
    def loss(values: Any, targets: Any, *args: Any, **kwargs: Any) -> Any:
        if type(values) is DeviceTensor:
            with ledger.muted():
                args = tuple(a.tolist() if isinstance(a, torch.Tensor) else a for a in args)
        return original(values, targets, *args, **kwargs)

    return loss


def _dense(original: Callable[..., Any]) -> Callable[..., Any]:
    """torch.embedding without sparse gradients, which the device has not got."""

    @functools.wraps(original)
    def embedding(
        weight: torch.Tensor,
        indices: torch.Tensor,
        padding_idx: int = -1,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Any:
        sparse = sparse and type(weight) is not DeviceTensor
        return original(weight, indices, padding_idx, scale_grad_by_freq, sparse)

    return embedding


def _replace(name: str, function: Callable[..., Any]) -> None:
    # torch.jit knows the builtins by their identity
    builtin = torch.jit._builtins._find_builtin(getattr(torch, name))
    if builtin is not None:
        torch.jit._builtins._register_builtin(function, builtin)
    setattr(torch, name, function)


def install() -> None:
    """Put the functions in place."""
    # computed once: a default device must keep meeting torch's own functions, which ours call
    torch.utils._device._device_constructors()
    for name in _FACTORIES:
        _replace(name, _factory(getattr(torch, name)))
    _replace("tensor", _silent(_tensor(torch.tensor, quiet=True)))
    _replace("as_tensor", _silent(_tensor(torch.as_tensor, quiet=False)))
    _replace("asarray", _silent(_tensor(torch.asarray, quiet=False)))
    _replace("ctc_loss", _counted(torch.ctc_loss))
    _replace("embedding", _dense(torch.embedding))
    context = torch.utils._device.DeviceContext
    original = context.__init__

    @functools.wraps(original)
    def init(self: Any, device: Any) -> None:
        original(self, device)
        if self.device.type == "cuda" and is_active():
            self.device = cuda(device_ordinal(self.device))

    context.__init__ = init  # type: ignore[method-assign]
