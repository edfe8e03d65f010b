"""Between the wire and torch: builds the arguments of a case, encodes what came out."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.wire import ITEM_SIZE, Leaf

DTYPES = {name: getattr(torch, name) for name in ITEM_SIZE}
_PLAIN = (torch.Tensor, torch.nn.Parameter)
NAMES = {dtype: name for name, dtype in DTYPES.items()}


class Build:
    """Makes fresh arguments for one call; every tensor passes through `place`, which may move it to a device."""

    def __init__(self, device: str, place: Callable[[torch.Tensor], torch.Tensor], gradient: bool) -> None:
        self._device = device
        self._place = place
        self._gradient = gradient

    def __call__(self, leaf: Leaf) -> Any:
        if leaf.meta.get("device"):
            return torch.device(self._device)
        values = torch.frombuffer(bytearray(leaf.data), dtype=DTYPES[leaf.dtype]) if leaf.data else None
        if "generator" in leaf.meta:
            assert values is not None
            return _generator(leaf.meta["generator"], int(values[0]))
        if values is None:
            values = torch.empty(0, dtype=DTYPES[leaf.dtype])
        tensor = self._place(_lay_out(values.reshape(leaf.shape).clone(), leaf.meta.get("layout", "contiguous")))
        if self._gradient and leaf.meta.get("grad"):
            tensor.requires_grad_(True)
        return tensor


def _generator(kind: str, seed: int) -> Any:
    if kind == "python":
        return random.Random(seed)
    if kind == "numpy":
        return np.random.default_rng(seed)
    return torch.Generator().manual_seed(seed)


def _lay_out(tensor: torch.Tensor, layout: str) -> torch.Tensor:
    if layout == "transposed" and tensor.dim() >= 2:
        return tensor.transpose(-1, -2).contiguous().transpose(-1, -2)
    if layout == "strided" and tensor.dim() >= 1:
        wide = torch.full((*tensor.shape[:-1], tensor.shape[-1] * 2), 77, dtype=tensor.dtype)
        wide[..., ::2] = tensor
        return wide[..., ::2]
    if layout == "expanded" and tensor.dim() >= 1 and tensor.shape[0] > 1:
        return tensor[:1].clone().expand(tensor.shape)
    return tensor


def to_leaf(value: Any, to_host: Callable[[torch.Tensor], torch.Tensor] = lambda t: t) -> Leaf | None:
    """Encodes a tensor or numpy array; None for everything else, also for a tensor of a class of the student's, which
    could work when nobody looks any more."""
    if isinstance(value, torch.Tensor):
        host = to_host(value) if value.device.type != "cpu" else value
        if type(host) not in _PLAIN:
            return None
        host = host.detach()
        meta = {
            "strides": list(value.stride()) if value.layout == torch.strided else [],
            "requires_grad": bool(value.requires_grad),
        }
        return _leaf(host, meta)
    if isinstance(value, np.ndarray) and value.dtype.name in ITEM_SIZE:
        return Leaf(value.dtype.name, value.shape, np.ascontiguousarray(value).tobytes(), {"numpy": True})
    if isinstance(value, np.generic) and value.dtype.name in ITEM_SIZE:
        return Leaf(value.dtype.name, (), value.tobytes(), {"numpy": True})
    return None


def _leaf(host: torch.Tensor, meta: dict[str, Any]) -> Leaf | None:
    if host.dtype not in NAMES or host.layout != torch.strided:
        return None
    # Not contiguous(): it leaves the stride of an axis of length 1 as it is, and view() refuses that.
    plain = host.resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)
    data = b""
    if plain.numel():
        data = plain.reshape(-1).view(torch.uint8).numpy().tobytes()
    return Leaf(NAMES[host.dtype], tuple(host.shape), data, meta)


ATOMS = frozenset({int, str, float, bool, bytes, type(None)})


def tensors(value: Any) -> list[torch.Tensor]:
    """All tensors in a nested value, in order."""
    found: list[torch.Tensor] = []
    _collect(value, found, 0)
    return found


def _collect(value: Any, found: list[torch.Tensor], depth: int) -> None:
    if isinstance(value, torch.Tensor):
        found.append(value)
    elif isinstance(value, (list, tuple, dict)) and depth < 16:
        for item in value.values() if isinstance(value, dict) else value:
            if type(item) not in ATOMS:
                _collect(item, found, depth + 1)


def cotangent(output: torch.Tensor, index: int) -> torch.Tensor:
    """A fixed vector of dyadic numbers in [-1, 1], the same for the same shape: what the Jacobian is multiplied by.
    Neighbours differ, so that a transposed or shifted gradient shows."""
    return torch.tensor(_sixteenths(output.numel(), index), dtype=output.dtype).reshape(output.shape)


@functools.lru_cache(maxsize=64)
def _sixteenths(count: int, index: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    position = np.arange(count, dtype=np.int64)
    mixed = (position * 2654435761 + (index + 1) * 40503) % 4294967296
    return ((mixed >> 16) % 33 - 16) / 16
