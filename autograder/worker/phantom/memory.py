"""How many bytes the device holds, counted per storage as CUDA's allocator counts them, and how many it reserves."""

from __future__ import annotations

import weakref

import torch

_BLOCK = 512
_SEGMENT = 2 * 2**20
_live: dict[int, weakref.ref[torch.UntypedStorage]] = {}
_where: dict[int, int] = {}
_current = 0
_peak = 0
_reserved = 0
_reserved_peak = 0


def track(inner: torch.Tensor, index: int) -> None:
    """Count the storage of a tensor on the device until it is freed."""
    claim(inner.untyped_storage(), index)


def claim(storage: torch.UntypedStorage, index: int) -> None:
    """Count a storage on the device, one which was read from a file straight onto it, say."""
    global _current, _peak, _reserved, _reserved_peak
    key = storage._cdata
    if key in _live:
        return
    size = -(-storage.nbytes() // _BLOCK) * _BLOCK

    def freed(_: weakref.ref[torch.UntypedStorage], key: int = key, size: int = size) -> None:
        global _current
        _current -= size
        _live.pop(key, None)
        _where.pop(key, None)

    _where[key] = index
    _live[key] = weakref.ref(storage, freed)
    _current += size
    _peak = max(_peak, _current)
    _reserved = max(_reserved, _in_segments(_current))
    _reserved_peak = max(_reserved_peak, _reserved)


def _in_segments(size: int) -> int:
    return -(-size // _SEGMENT) * _SEGMENT


def allocated() -> int:
    """Bytes held now."""
    return _current


def peak() -> int:
    """Most bytes held since the last reset."""
    return _peak


def reserved() -> int:
    """Bytes that the allocator has taken from the device: what is held, and what it keeps for later."""
    return _reserved


def reserved_peak() -> int:
    """Most bytes reserved since the last reset."""
    return _reserved_peak


def give_back() -> None:
    """Reserve no more than what is held needs."""
    global _reserved
    _reserved = _in_segments(_current)


def reset_peak() -> None:
    """Start the peaks from what is held and reserved now."""
    global _peak, _reserved_peak
    _peak, _reserved_peak = _current, _reserved


def place(storage: torch.UntypedStorage) -> int | None:
    """The number of the device that a storage is on; None on the host."""
    return _where.get(storage._cdata)
