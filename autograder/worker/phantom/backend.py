"""The backend below Python: its name, its device and the kernels torch reaches without a device tensor."""

from __future__ import annotations

import types
from typing import Any

import torch

from . import rng
from .dispatch import dispatch

NAME = "simcuda"  # nothing that a student may take for a device: torch.device("gpu") is to be refused
DEVICE = torch.device("cpu")
_libraries: list[torch.library.Library] = []
# Kernels which torch would otherwise pick itself, here or in a build with CUDA but no GPU.
_FACTORIES = ("empty.memory_format", "empty_strided", "tril_indices", "triu_indices", "_efficientzerotensor")


class _Hooks(torch._C._acc.PrivateUse1Hooks):
    def is_available(self) -> bool:
        return True

    def has_primary_context(self, dev_id: int) -> bool:
        return True

    def is_built(self) -> bool:
        return True


class _Guard(torch._C._acc.DeviceGuard):
    def type_(self) -> Any:
        return torch._C._autograd.DeviceType.PrivateUse1


def install() -> None:
    """Register the backend; cannot be undone."""
    global DEVICE
    # The engine counts devices at its first backward. Counting before there is one leaves it without a
    # thread for the device, and a process without such threads may still fork.
    torch.ones((), requires_grad=True).backward()
    torch.utils.rename_privateuse1_backend(NAME)
    module = types.SimpleNamespace(
        is_available=lambda: True,
        is_initialized=lambda: True,
        current_device=lambda: 0,
        device_count=lambda: 1,
        manual_seed_all=lambda seed: None,
        manual_seed=lambda seed: None,
        _is_in_bad_fork=lambda: False,
        get_amp_supported_dtype=lambda: [torch.float16, torch.bfloat16, torch.float32],
    )
    torch._register_device_module(NAME, module)
    torch._C._acc.register_python_privateuseone_hook(_Hooks())
    torch._C._acc.register_python_privateuseone_device_guard(_Guard())
    DEVICE = torch.device(NAME, 0)
    fallback = torch.library.Library("_", "IMPL")
    aten = torch.library.Library("aten", "IMPL")
    for key in ("CUDA", "PrivateUse1"):
        fallback.fallback(_boxed, key)
        for name in _FACTORIES:
            aten.impl(name, _kernel(name), key)
    for name in ("copy_", "_to_copy", "_local_scalar_dense"):
        aten.impl(name, _kernel(name), "PrivateUse1")
    _libraries.extend((fallback, aten))
    rng.default.manual_seed(torch.initial_seed())


def _boxed(operator: Any, *args: Any, **kwargs: Any) -> Any:
    return dispatch(operator, args, kwargs)


def _kernel(name: str) -> Any:
    packet, _, overload = name.partition(".")
    operator = getattr(getattr(torch.ops.aten, packet), overload or "default")
    return lambda *args, **kwargs: dispatch(operator, args, kwargs)
