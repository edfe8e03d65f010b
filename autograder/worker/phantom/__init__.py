"""A device named "cuda" that computes on the host and refuses what a GPU would refuse."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable

import torch

from .ledger import Event, recording
from .state import active

__all__ = ["Event", "active", "install", "on_device", "preload", "recording", "to_device", "to_host"]

_installed = False


def preload() -> None:
    """Import, in a parent that will fork, what the first operator would import in every worker."""
    # torch's Python dispatcher looks here for a class before it calls any __torch_dispatch__
    with contextlib.suppress(ImportError):
        importlib.import_module("torch.distributed.tensor")


def install(is_student_file: Callable[[str], bool]) -> None:
    """Make "cuda" mean the phantom in this process, for good. Idempotent."""
    global _installed
    from . import autocast, backend, cuda_api, dispatch, engine, factories, ledger, methods, saving, tensor

    ledger.set_student_files(is_student_file)
    if _installed:
        return
    _installed = True
    preload()
    backend.install()
    tensor.configure(backend.DEVICE, dispatch.dispatch)
    engine.install()
    methods.install()
    factories.install()
    saving.install()
    autocast.install()
    cuda_api.install()


def to_device(tensor: torch.Tensor) -> torch.Tensor:
    """A new leaf on the device with these values and this requires_grad; not recorded."""
    from .tensor import host_values, wrap

    return wrap(host_values(tensor), tensor.requires_grad)


def to_host(tensor: torch.Tensor) -> torch.Tensor:
    """The values as a plain, detached host tensor; not recorded."""
    from .tensor import host_values

    return host_values(tensor)


def on_device(tensor: torch.Tensor) -> bool:
    """Whether the tensor lives on the device."""
    from .tensor import DeviceTensor

    return isinstance(tensor, DeviceTensor)
