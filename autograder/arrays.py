"""Tensors as the judge sees them: numpy arrays with torch's dtype names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercise import Device, Generator, Tensor
from autograder.wire import Leaf

INTEGER = ("int64", "int32", "int16", "int8", "uint8")
FLOATING = ("float64", "float32", "float16", "bfloat16")
COMPLEX = ("complex64", "complex128")


@dataclass(frozen=True, eq=False)
class Array:
    """A tensor that came out of a worker. `bfloat16` is held widened to float32 in `data`."""

    dtype: str
    data: np.ndarray
    meta: dict[str, Any]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def floating(self) -> bool:
        return self.dtype in FLOATING or self.dtype in COMPLEX


def to_leaf(value: Any) -> Leaf | None:
    """Encodes what cases are made of, and arrays."""
    if isinstance(value, Tensor):
        meta = {"layout": value.layout, "grad": value.requires_grad}
        return Leaf(value.dtype, value.data.shape, _to_bytes(value.data, value.dtype), meta)
    if isinstance(value, Array):
        return Leaf(value.dtype, value.shape, _to_bytes(value.data, value.dtype), value.meta)
    if isinstance(value, Generator):
        return Leaf("int64", (1,), np.array([value.seed], "<i8").tobytes(), {"generator": value.kind})
    if isinstance(value, Device):
        return Leaf("int64", (0,), b"", {"device": True})
    return None


def from_leaf(leaf: Leaf) -> Array:
    if leaf.dtype == "bfloat16":
        bits = np.frombuffer(leaf.data, "<u2").astype(np.uint32) << 16
        data = bits.view(np.float32)
    else:
        data = np.frombuffer(leaf.data, np.dtype(leaf.dtype).newbyteorder("<"))
    return Array(leaf.dtype, data.reshape(leaf.shape), leaf.meta)


def _to_bytes(data: np.ndarray, dtype: str) -> bytes:
    if dtype == "bfloat16":
        bits = np.ascontiguousarray(data, dtype="<f4").view(np.uint32)
        rounded = bits + 0x7FFF + ((bits >> 16) & 1)
        return (rounded >> 16).astype("<u2").tobytes()
    return np.ascontiguousarray(data, dtype=np.dtype(dtype).newbyteorder("<")).tobytes()
