"""The smallest failing case as a picture: what was given, what was expected and what came out, where that helps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from markupsafe import Markup

from autograder.arrays import Array
from autograder.battery.compare import wrong_elements
from autograder.exercise import Case, Exercise, Tensor
from autograder.report.svg import SIDE, Curves, Map
from autograder.verdict import CheckVerdict, Verdict

LENGTHS = "valid_lens"
IMAGES, KERNELS = ("x", "X"), ("weight", "K")


def pictures(verdict: Verdict) -> dict[str, Markup]:
    """By the number of the check; at most one, for the first failed check whose case can be drawn."""
    for number, check in verdict.numbered().items():
        failure = check.failure
        index = failure.case if failure is not None else None
        if index is not None and index in verdict.answers and _of_values(check):
            expected, got = verdict.answers[index]
            drawn = _drawn(verdict.exercise, verdict.cases[index], expected, got)
            if drawn:
                return {number: drawn}
    return {}


def _of_values(check: CheckVerdict) -> bool:
    return check.check.family in ("value", "layout")


def _drawn(exercise: Exercise, case: Case, expected: Any, got: Any) -> Markup:
    for path, one, other in _pairs(expected, got):
        if isinstance(one, Array):
            maps = list(_maps(exercise, case, path, one, other))
            if maps:
                return _beside([m.svg() for m in maps])
        else:
            title = f"The answer's {path}" if path else "The answer"
            return _beside([Curves(title, (("expected", one), ("came out", other))).svg()])
    return Markup("")


def _beside(drawings: list[Markup]) -> Markup:
    style = Markup('<div style="display:flex;flex-wrap:wrap;gap:.75em 1.5em;align-items:flex-start;">{}</div>')
    return style.format(Markup("").join(drawings))


def _pairs(expected: Any, got: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Parts of two answers that differ and can be drawn: arrays with as many axes, lists of numbers."""
    if isinstance(expected, Array):
        if isinstance(got, Array) and expected.data.ndim == got.data.ndim:
            yield path, expected, got
    elif isinstance(expected, Mapping):
        for name, value in expected.items():
            if isinstance(got, Mapping) and name in got:
                yield from _pairs(value, got[name], str(name))
    elif _is_curve(expected) and _is_curve(got) and list(expected) != list(got):
        yield path, expected, got
    elif isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        for index, (one, other) in enumerate(zip(expected, got, strict=False)):
            yield from _pairs(one, other, f"{path}[{index}]")


def _is_curve(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) >= 2 and all(type(v) is float for v in value)


def _maps(exercise: Exercise, case: Case, path: str, expected: Array, got: Array) -> Iterator[Map]:
    if (
        expected.data.ndim < 2
        or "complex" in expected.dtype + got.dtype
        or not (_fits(expected.shape) and _fits(got.shape))
    ):
        return
    wrong = None
    if expected.shape == got.shape:
        wrong = expected.data != got.data
        if expected.dtype == got.dtype:
            wrong = wrong_elements(expected, got, exercise.tolerance)
        if not wrong.any():
            return
    elif expected.shape[:-2] != got.shape[:-2] or 0 in expected.shape:
        return
    before = tuple(int(i) for i in (np.argwhere(wrong)[0][:-2] if wrong is not None else np.zeros(len(got.shape) - 2)))
    masked = _masked(exercise, case, expected.shape, before)
    want, have = (_numbers(part.data[before]) for part in (expected, got))
    yield from _given(exercise, case, before, masked)
    name = f" {path}" if path else ""
    place = f"[{', '.join(map(str, before))}]" if before else ""
    yield Map(f"expected{name}{place}", want, _most(want), masked=masked)
    framed = wrong[before] if wrong is not None else None
    yield Map(f"came out{name}{place}", have, _most(want), framed, masked if wrong is not None else None)


def _given(exercise: Exercise, case: Case, before: tuple[int, ...], masked: np.ndarray | None) -> Iterator[Map]:
    """Image and kernel of a convolution, scores of an attention."""
    named = {**dict(zip(exercise.arguments, case.args, strict=False)), **case.kwargs, **case.weights}
    image = next((name for name in IMAGES if isinstance(named.get(name), Tensor)), "")
    kernel = next((name for name in KERNELS if isinstance(named.get(name), Tensor)), "")
    if not image:
        return
    places: dict[str, tuple[int, ...]] = {}
    if kernel and named[image].data.ndim == named[kernel].data.ndim == len(before) + 2:
        places = {image: before, kernel: ()}
        if len(before) == 2:
            places = _channels(named[image].data.shape, named[kernel].data.shape, before, image, kernel, named, case)
    elif masked is not None and named[image].data.ndim == len(before) + 2:
        places = {image: before}
    for name, place in places.items():
        data = named[name].data
        if _fits(data.shape):
            shown = f"[{', '.join(map(str, place))}]" if place else ""
            part = _numbers(data[place])
            same = masked if masked is not None and masked.shape == part.shape else None
            yield Map(f"{name}{shown}", part, _most(part), masked=same)


def _channels(
    shape: tuple[int, ...],
    kernels: tuple[int, ...],
    before: tuple[int, ...],
    image: str,
    kernel: str,
    named: Mapping[str, Any],
    case: Case,
) -> dict[str, tuple[int, ...]]:
    """The first input channel that the output channel sees, and the kernel for it."""
    sample, output = before
    groups = named.get("groups", case.init.get("groups", 1))
    first = output // max(kernels[0] // groups, 1) * kernels[1] if isinstance(groups, int) and groups > 0 else 0
    if sample >= shape[0] or first >= shape[1] or output >= kernels[0]:
        return {}
    return {image: (sample, first), kernel: (output, 0)}


def _masked(exercise: Exercise, case: Case, shape: tuple[int, ...], before: tuple[int, ...]) -> np.ndarray | None:
    """Which keys are masked, in an answer of shape (batch, queries, keys)."""
    named = {**dict(zip(exercise.arguments, case.args, strict=False)), **case.kwargs}
    lengths = named.get(LENGTHS)
    keys = named["X"].data.shape[-1] if isinstance(named.get("X"), Tensor) else shape[-1]
    if not isinstance(lengths, Tensor) or len(shape) != 3 or len(lengths.data) != shape[0] or keys != shape[-1]:
        return None
    mine = np.asarray(lengths.data)[before[0]]
    if np.ndim(mine) == 1 and len(mine) != shape[-2]:
        return None
    return np.broadcast_to(np.arange(keys)[None, :] >= np.reshape(mine, (-1, 1)), shape[-2:])


def _fits(shape: tuple[int, ...]) -> bool:
    return all(1 <= side <= SIDE for side in shape[-2:])


def _numbers(data: np.ndarray) -> np.ndarray:
    return np.asarray(data, dtype=np.float64)


def _most(data: np.ndarray) -> float:
    finite = data[np.isfinite(data)]
    return float(np.abs(finite).max(initial=0.0)) if not math.isnan(finite.sum()) else 0.0


def _drawable(array: Array) -> bool:
    return "complex" not in array.dtype and _fits(array.shape)
