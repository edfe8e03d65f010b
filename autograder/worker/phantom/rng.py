"""The device's random numbers: a stream apart from the host's, and generators that belong to the device."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from . import errors

_Base = torch._C.Generator
# The dispatcher hands over another object for the same generator; its address is what stays.
_addresses: set[int] = set()


class DeviceGenerator(_Base):
    """A generator whose device is the phantom."""

    index = 0

    def __init__(self) -> None:
        super().__init__()
        address = self._cdata  # type: ignore[attr-defined]
        _addresses.add(address)
        weakref.finalize(self, _addresses.discard, address)

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return torch.device("cuda", self.index)


class _GeneratorType(type(_Base)):  # type: ignore[misc]
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _Base)


class Generator(_Base, metaclass=_GeneratorType):
    """torch.Generator, with "cuda" understood."""

    def __new__(cls, device: Any = "cpu") -> Any:
        from .state import is_active
        from .tensor import device_ordinal

        place = torch.device(device)
        if place.type == "cuda":
            if not is_active():
                raise errors.not_compiled()
            made = DeviceGenerator()
            made.index = device_ordinal(place)
            return made
        return _Base(device)


Generator.__name__ = Generator.__qualname__ = DeviceGenerator.__name__ = DeviceGenerator.__qualname__ = "Generator"
Generator.__module__ = DeviceGenerator.__module__ = "torch"

default = DeviceGenerator()


@contextmanager
def device_stream() -> Iterator[None]:
    """Draw from the device's default generator where none is named."""
    host = torch.default_generator
    kept = host.get_state()
    host.set_state(default.get_state())
    try:
        yield
    finally:
        default.set_state(host.get_state())
        host.set_state(kept)


def is_device_generator(generator: Any) -> bool:
    """Whether the generator belongs to the device."""
    return generator._cdata in _addresses


def check(generator: Any, on_device: bool) -> None:
    """Refuse the generator of the other device."""
    if generator is None or is_device_generator(generator) == on_device:
        return
    if on_device:
        raise errors.wrong_generator("cuda", "cpu")
    raise errors.wrong_generator("cpu", "cuda")
