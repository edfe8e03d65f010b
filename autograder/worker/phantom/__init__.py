"""A device named "cuda" that computes on the host and refuses what a GPU would refuse."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch

from .ledger import Event, recording
from .state import active

__all__ = ["Event", "active", "install", "on_device", "recording", "to_device", "to_host"]

_installed = False


def _spare_distributed() -> None:
    """Spare every process what its first operator would import.

    Before it calls any `__torch_dispatch__`, torch asks once whether an argument is a `DTensor` and imports
    `torch.distributed.tensor`, and with it sympy, to know that class. No tensor in a worker is one: for the time of
    that question a class of no tensors stands in its place. Where torch asks in another way, it just imports.
    """
    import torch.distributed

    name = "torch.distributed.tensor"
    if name in sys.modules or not torch.distributed.is_available():
        return
    module = ModuleType(name)
    module.DTensor = type("DTensor", (), {})  # type: ignore[attr-defined]
    sys.modules[name] = torch.distributed.tensor = module
    try:
        _ = torch.zeros(1).as_subclass(_Asking) + 1
    finally:
        del sys.modules[name], torch.distributed.tensor


class _Asking(torch.Tensor):
    """A tensor whose operators go through Python."""

    @classmethod
    def __torch_dispatch__(cls, *_: Any, **__: Any) -> torch.Tensor:
        return torch.zeros(1)


def install(is_student_file: Callable[[str], bool]) -> None:
    """Make "cuda" mean the phantom in this process, for good. Idempotent."""
    global _installed
    from . import autocast, backend, cuda_api, dispatch, engine, factories, ledger, methods, saving, tensor

    ledger.set_student_files(is_student_file)
    if _installed:
        return
    _installed = True
    _spare_distributed()
    backend.install()
    tensor.configure(backend.DEVICE, dispatch.dispatch)
    engine.install()
    methods.install()
    factories.install()
    saving.install()
    autocast.install()
    cuda_api.install()


def to_device(tensor: torch.Tensor) -> torch.Tensor:
    """A new leaf on the current device with these values and this requires_grad; not recorded."""
    from .state import current_device
    from .tensor import host_values, wrap

    return wrap(host_values(tensor), current_device(), tensor.requires_grad)


def to_host(tensor: torch.Tensor) -> torch.Tensor:
    """The values as a plain, detached host tensor; not recorded."""
    from .tensor import host_values

    return host_values(tensor)


def on_device(tensor: torch.Tensor) -> bool:
    """Whether the tensor lives on the device."""
    from .tensor import DeviceTensor

    return isinstance(tensor, DeviceTensor)
