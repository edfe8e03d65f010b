"""Machines that are not there: for the time of a call torch answers as if it ran on one with other devices.

Only questions are answered; nothing can be computed on the devices. Imported by the probes, beside student code, and
by nothing else: it imports torch.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

_MISSING = object()
_HAS_CLASSES = {"CUDA": "cuda", "MPS": "mps"}


class Asked:
    """What was done to the machine beside asking."""

    def __init__(self) -> None:
        self.current_gpu_set = False
        self.default_device_set = False


@contextmanager
def machine(gpus: int, mps: bool, built: str) -> Iterator[Asked]:
    """Inside, torch is built for `built` ("CPU", "CUDA" or "MPS"), sees so many CUDA GPUs, and MPS or none."""
    asked = Asked()
    changed = [
        (place, name, vars(place).get(name, _MISSING), value)
        for place, name, value in _answers(gpus, mps, built, asked)
    ]
    default = _default_device()
    for place, name, _, value in changed:
        setattr(place, name, value)
    _forget()
    try:
        yield asked
    finally:
        asked.default_device_set = _default_device() is not default
        torch.set_default_device(None)
        for place, name, before, _ in changed:
            if before is _MISSING:
                delattr(place, name)
            else:
                setattr(place, name, before)
        _forget()


def _answers(gpus: int, mps: bool, built: str, asked: Asked) -> Iterator[tuple[Any, str, Any]]:
    """Where torch's answers come from. Below its public functions, so that a function which student code has imported
    by its name answers alike; the public ones only where there is nothing below them without a device."""
    accelerator = torch.device(_HAS_CLASSES[built]) if built in _HAS_CLASSES else None
    yield torch._C, "_cuda_getDeviceCount", lambda: gpus
    yield torch._C, "_has_cuda", built == "CUDA"
    yield torch._C, "_has_mps", built == "MPS" or mps
    yield torch._C, "_mps_is_available", lambda: mps
    yield torch._C, "_accelerator_getAccelerator", lambda: accelerator
    yield torch._C, "_accelerator_getDeviceIndex", lambda: 0
    yield torch.version, "cuda", "12.8" if built == "CUDA" else None
    yield torch.cuda, "_is_compiled", lambda: built == "CUDA"
    yield torch.cuda, "_device_count_nvml", lambda: -1
    yield torch.cuda, "_cached_device_count", None
    yield torch.cuda, "_initialized", False
    yield torch.cuda, "_lazy_init", _refuse
    yield torch.cuda, "current_device", lambda: _known(0, gpus)
    yield torch.cuda, "get_device_name", lambda device=None: f"GPU {_known(device, gpus)}"
    yield torch.cuda, "get_device_capability", lambda device=None: (8, 0) if _known(device, gpus) >= 0 else None
    yield torch.cuda, "get_device_properties", _properties(gpus)

    def set_device(device: Any) -> None:
        asked.current_gpu_set = _known(device, gpus) >= 0

    yield torch.cuda, "set_device", set_device
    yield torch.accelerator, "set_device_index", set_device


def _refuse() -> None:
    raise RuntimeError("this machine only answers which devices it has: no tensor can be made on them")


def _known(device: Any, gpus: int) -> int:
    index = device if isinstance(device, int) else torch.device("cuda" if device is None else device).index or 0
    if not 0 <= index < gpus:
        raise AssertionError("Invalid device id")
    return index


def _properties(gpus: int) -> Callable[..., Any]:
    def answer(device: Any = None) -> Any:
        return types.SimpleNamespace(name=f"GPU {_known(device, gpus)}", major=8, minor=0, total_memory=16 * 2**30)

    return answer


def _default_device() -> Any:
    """What holds torch's default device; to ask for the device itself may make a tensor on it."""
    return getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)


def _forget() -> None:
    """What torch remembers of earlier answers."""
    forget = getattr(torch.backends.mps.is_available, "cache_clear", None)
    if forget is not None:
        forget()


def shown(value: Any) -> Any:
    """Devices as text, so that they can be compared; a text is told from the device that it names. The first of a kind
    of which there is only one may have its number or not."""
    if isinstance(value, torch.device):
        only = value.type in ("cpu", "mps") and value.index in (None, 0)
        return f"device {value.type if only else value}"
    if isinstance(value, str):
        return f"text {value}"
    if isinstance(value, list):
        return [shown(item) for item in value]
    return tuple(shown(item) for item in value) if type(value) is tuple else value


def ask(function: Callable[..., Any], call: Any) -> Any:
    """What the function answers on the machine of a case, or what it did beside answering."""
    described, *arguments = call.args
    with machine(described["CUDA GPUs"], described["MPS"], described["torch is built for"]) as asked:
        answer = function(*arguments, **call.kwargs)
        if call.options.get("again"):
            if isinstance(answer, list):
                answer[:] = [torch.device("meta")]
            answer = function(*arguments, **call.kwargs)
    if call.options.get("settings"):
        return {
            "flag “the current GPU was changed”": asked.current_gpu_set,
            "flag “torch's default device was changed”": asked.default_device_set,
        }
    return shown(answer)
