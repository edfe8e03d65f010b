"""Whether "cuda" means the phantom at the moment; shared by all threads of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from . import errors

CUDA_VERSION = "12.8"
_depth = 0
_devices = 1
_current = 0


def is_active() -> bool:
    """Whether student code is to see the device."""
    return _depth > 0


def device_count() -> int:
    """How many devices there are."""
    return _devices


def current_device() -> int:
    """The number of the device that "cuda" alone means."""
    return _current


def set_current_device(index: int) -> None:
    """Let "cuda" alone mean this device."""
    global _current
    _current = index


@contextmanager
def active(devices: int = 1) -> Iterator[None]:
    """Let "cuda" be the phantom while inside, and so many of it. An error that leaves calls the device by its name."""
    global _depth, _devices, _current
    _depth += 1
    before, _devices = (_devices, _current), devices
    # torch.utils.checkpoint reads this flag to decide whether there is a device stream to restore
    torch.cuda._initialized = True
    built, torch.version.cuda = torch.version.cuda, CUDA_VERSION
    try:
        yield
    except RuntimeError as error:
        errors.reword(error)
        raise
    finally:
        _depth -= 1
        _devices, _current = before
        torch.cuda._initialized = _depth > 0
        torch.version.cuda = built
