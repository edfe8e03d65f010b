"""What the cases of the attention exercises share."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Tensor

# A vectorised answer takes the same number of operations at every size, so the exponent may be small.
VECTORISED = 0.1
LOG_3 = 1.0986122886681098


def random_lengths(draw: Draw, batch: int, queries: int, keys: int) -> Tensor:
    return draw.integers((batch, queries), 1, keys)


def far(draw: Draw, *shape: int) -> Tensor:
    """Integers from 32 to 64. As queries, with keys that differ by 1 or more, they give scores so far apart that each
    query takes one key, whether the scale is right or wrong, and every product and sum is exact."""
    return replace(draw.integers(shape, 32, 64, "float32"), requires_grad=True)


def unlike(draw: Draw, *shape: int) -> Tensor:
    """Integers from -64 to 63, no two of which are equal."""
    numbers = tensor(draw.permutation(range(-64, 64))[: prod(shape)], "float32", requires_grad=True)
    return replace(numbers, data=numbers.data.reshape(shape))


def dropout_case(name: str, aspect: str, queries: Tensor, keys: Tensor, values: Tensor, **rest: Any) -> Case:
    """The keys carry 1/4 and 3/4 of the weight and the values are 4 and 8: an answer is a sum of some of 1 and 6,
    by which the law sees which weights were dropped. Random answers have no gradient to compare."""
    options = {"laws": True, "values": [4, 8], "parts": [1, 6]}
    return Case(name, aspect, (queries, keys, values), runs=("plain",), training=True, options=options, **rest)
