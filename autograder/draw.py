"""Seeded inputs that are the same on every machine: integers and dyadic fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograder.exercise import Layout, Tensor


class Draw:
    """Draws the inputs of cases. Every draw is a pure function of the seed, the exercise and the order of calls."""

    def __init__(self, seed: int, stream: str = "") -> None:
        import numpy as np  # here, not above: declarations are listed long before anything is drawn

        self.seed = seed
        self._rng = np.random.Generator(np.random.PCG64([seed, *stream.encode()]))

    def integer(self, low: int, high: int) -> int:
        """One integer from low to high, both included."""
        return int(self._rng.integers(low, high + 1))

    def integers(self, shape: Sequence[int], low: int, high: int, dtype: str = "int64") -> Tensor:
        """A tensor of integers from low to high, both included."""
        return Tensor(self._rng.integers(low, high + 1, size=tuple(shape)).astype(dtype), dtype)

    def floats(
        self,
        shape: Sequence[int],
        scale: float = 2.0,
        *,
        dtype: str = "float32",
        layout: Layout = "contiguous",
        requires_grad: bool = False,
    ) -> Tensor:
        """Dyadic numbers k / 2048 * scale with |k| <= 2048, never 0: twelve significant bits, so that half
        precision cannot hold them, while products of two are exact in single precision. In float64 they have bits
        that single precision cannot hold."""
        import numpy as np

        size = tuple(shape)
        magnitude = self._rng.integers(1, 2049, size=size)
        sign = self._rng.integers(0, 2, size=size) * 2 - 1
        data = (magnitude * sign).astype(np.float64) * (scale / 2048)
        if dtype == "float64":
            data += self._rng.integers(1, 1024, size=size) * (scale * 2.0**-34)
        if layout == "expanded" and size and size[0] > 1:
            data = np.broadcast_to(data[:1], size).copy()
        return Tensor(
            data.astype(dtype if dtype in ("float32", "float64") else "float32"), dtype, layout, requires_grad
        )

    def distinct(self, shape: Sequence[int], *, requires_grad: bool = False) -> Tensor:
        """Floats no two of which are equal, for maxima and sorting without ties."""
        import numpy as np

        count = math.prod(shape)
        data = (self._rng.permutation(count) - count // 2).astype(np.float32) * 0.125 + np.float32(0.0625)
        return Tensor(data.reshape(tuple(shape)), "float32", requires_grad=requires_grad)

    def choice(self, items: Sequence[Any]) -> Any:
        return items[int(self._rng.integers(len(items)))]

    def words(self, count: int, vocabulary: Sequence[str]) -> list[str]:
        return [vocabulary[i] for i in self._rng.integers(len(vocabulary), size=count)]

    def permutation(self, items: Sequence[Any]) -> list[Any]:
        return [items[i] for i in self._rng.permutation(len(items))]


def tensor(values: Any, dtype: str | None = None, *, requires_grad: bool = False) -> Tensor:
    """A tensor with the given values; float32 or int64 or bool as the values are."""
    import numpy as np

    array = np.asarray(values)
    if dtype is None:
        dtype = "bool" if array.dtype == bool else "int64" if array.dtype.kind in "iu" else "float32"
    held = dtype if dtype not in ("bfloat16",) else "float32"
    return Tensor(array.astype(held), dtype, requires_grad=requires_grad)
