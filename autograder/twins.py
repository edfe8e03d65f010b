"""Twins: a case's shapes with other numbers in them, so that an answer kept from an earlier call is seen.

The last basic case also comes again after a call with other numbers in the very same tensors.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeGuard

from autograder.exercise import Case, Exercise, Tensor

TWINS = 2


def with_twins(exercise: Exercise, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases, followed by twins of the first basic ones. Exercises with a probe of their own have none."""
    if exercise.probe is not None:
        return cases
    basic = [case for case in cases if case.aspect == "basic" and case.runs is None and not case.options.get("laws")]
    twins = [twin for twin in map(_twin, basic) if twin is not None]
    again = [_again(case) for case in basic if any(_is_plain(value) for value in case.args)]
    return cases + tuple(twins[:TWINS]) + tuple(again[-1:])


def _again(case: Case) -> Case:
    """The case with twice its numbers, which no other case has: what is kept by where tensors lie is never right."""
    return dataclasses.replace(
        case,
        name=f"{case.name}, after other numbers in the same tensors",
        args=tuple(_doubled(value) for value in case.args),
        runs=("plain",),
        options={"again": True},
    )


def _doubled(value: Any) -> Any:
    return dataclasses.replace(value, data=value.data * 2) if _is_plain(value) else value


def _is_plain(value: Any) -> TypeGuard[Tensor]:
    return isinstance(value, Tensor) and value.layout == "contiguous" and value.dtype.startswith(("float", "bfloat"))


def _twin(case: Case) -> Case | None:
    args = tuple(_turned(value) for value in case.args)
    if all(
        not isinstance(value, Tensor) or not _differs(value, turned)
        for value, turned in zip(case.args, args, strict=True)
    ):
        return None
    return dataclasses.replace(case, name=f"{case.name}, other numbers", args=args, runs=("plain",), options={})


def _turned(value: Any) -> Any:
    """Floats in the opposite order, integers (lengths, labels) with the batch in the opposite order."""
    if not isinstance(value, Tensor) or value.layout != "contiguous" or value.data.ndim == 0:
        return value
    axes = tuple(range(value.data.ndim)) if value.dtype.startswith(("float", "bfloat")) else (0,)
    flipped = value.data
    for axis in axes:
        flipped = flipped.swapaxes(0, axis)[::-1].swapaxes(0, axis)
    return dataclasses.replace(value, data=flipped.copy())


def _differs(one: Tensor, other: Tensor) -> bool:
    return bool((one.data != other.data).any())
