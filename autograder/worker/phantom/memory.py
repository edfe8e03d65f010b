"""How many bytes the device holds, counted per storage as CUDA's allocator counts them."""

from __future__ import annotations

import weakref

import torch

_BLOCK = 512
_live: dict[int, weakref.ref[torch.UntypedStorage]] = {}
_current = 0
_peak = 0


def track(inner: torch.Tensor) -> None:
    """Count the storage of a tensor on the device until it is freed."""
    _count(inner.untyped_storage())


def _count(storage: torch.UntypedStorage) -> None:
    global _current, _peak
    key = storage._cdata
    if key in _live:
        return
    size = -(-storage.nbytes() // _BLOCK) * _BLOCK

    def freed(_: weakref.ref[torch.UntypedStorage], key: int = key, size: int = size) -> None:
        global _current
        _current -= size
        _live.pop(key, None)

    _live[key] = weakref.ref(storage, freed)
    _current += size
    _peak = max(_peak, _current)


def allocated() -> int:
    """Bytes held now."""
    return _current


def peak() -> int:
    """Most bytes held since the last reset."""
    return _peak


def reset_peak() -> None:
    """Start the peak from what is held now."""
    global _peak
    _peak = _current


def claim(storage: torch.UntypedStorage) -> None:
    """Count a storage which was read from a file straight onto the device."""
    _count(storage)


def owns(storage: torch.UntypedStorage) -> bool:
    """Whether a storage belongs to the device."""
    return storage._cdata in _live
