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
    if not (_drawable(expected) and _drawable(got)) or expected.shape[:-2] != got.shape[:-2]:
        return
    wrong = None
    if expected.shape == got.shape:
        same = expected.dtype == got.dtype
        wrong = wrong_elements(expected, got, exercise.tolerance) if same else expected.data != got.data
        if not wrong.any():
            return
    before = tuple(int(i) for i in np.argwhere(wrong)[0][:-2]) if wrong is not None else (0,) * (expected.data.ndim - 2)
    named = {**dict(zip(exercise.arguments, case.args, strict=False)), **case.kwargs, **case.weights}
    masked = _masked(named, expected.shape, before)
    are_weights = "X" in named or path == "weights"
    if masked is not None and not are_weights:
        yield Map(_at("valid keys", before), _numbers(~masked), 1.0, masked=masked)
    crossed = masked if are_weights else None
    yield from _given(named, case, before, crossed)
    want, have = (_numbers(part.data[before]) for part in (expected, got))
    name = f" {path}" if path else ""
    yield Map(_at(f"expected{name}", before), want, _most(want), masked=_fitting(crossed, want))
    framed = wrong[before] if wrong is not None else None
    yield Map(_at(f"came out{name}", before), have, _most(want), framed, _fitting(crossed, have))


def _at(name: str, place: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _fitting(masked: np.ndarray | None, data: np.ndarray) -> np.ndarray | None:
    return masked if masked is not None and masked.shape == data.shape else None


def _given(named: Mapping[str, Any], case: Case, before: tuple[int, ...], masked: np.ndarray | None) -> Iterator[Map]:
    """Image and kernel of a convolution, scores of an attention."""
    image = next((name for name in IMAGES if isinstance(named.get(name), Tensor)), "")
    kernel = next((name for name in KERNELS if isinstance(named.get(name), Tensor)), "")
    if not image or named[image].data.ndim != len(before) + 2:
        return
    places: dict[str, tuple[int, ...]] = {}
    if kernel and named[kernel].data.ndim == len(before) + 2:
        places = {image: (), kernel: ()} if not before else {}
        if len(before) == 2:
            places = _channels(named, case, before, image, kernel)
    elif masked is not None:
        places = {image: before}
    for name, place in places.items():
        if _fits(named[name].data.shape):
            part = _numbers(named[name].data[place])
            yield Map(_at(name, place), part, _most(part), masked=_fitting(masked, part))


def _channels(
    named: Mapping[str, Any], case: Case, before: tuple[int, ...], image: str, kernel: str
) -> dict[str, tuple[int, ...]]:
    """The first input channel that the output channel sees, and the kernel for it."""
    shape, kernels = named[image].data.shape, named[kernel].data.shape
    sample, output = before
    groups = named.get("groups", case.init.get("groups", 1))
    first = output // max(kernels[0] // groups, 1) * kernels[1] if isinstance(groups, int) and groups > 0 else 0
    if sample >= shape[0] or first >= shape[1] or output >= kernels[0]:
        return {}
    return {image: (sample, first), kernel: (output, 0)}


def _masked(named: Mapping[str, Any], shape: tuple[int, ...], before: tuple[int, ...]) -> np.ndarray | None:
    """Which keys each query of the sequence must not see, for an answer whose axes begin with batch and queries."""
    lengths, scores, asked, keys = (named.get(name) for name in (LENGTHS, "X", "queries", "keys"))
    if isinstance(scores, Tensor):
        sides = scores.data.shape[-2:]
    elif isinstance(asked, Tensor) and isinstance(keys, Tensor):
        sides = (asked.data.shape[-2], keys.data.shape[-2])
    else:
        return None
    if not isinstance(lengths, Tensor) or len(shape) != 3 or len(lengths.data) != shape[0] or not _fits(sides):
        return None
    mine = np.asarray(lengths.data)[before[0]].reshape(-1, 1)
    return np.broadcast_to(np.arange(sides[1])[None, :] >= mine, sides) if len(mine) in (1, sides[0]) else None


def _fits(shape: tuple[int, ...]) -> bool:
    return all(1 <= side <= SIDE for side in shape[-2:])


def _numbers(data: np.ndarray) -> np.ndarray:
    return np.asarray(data, dtype=np.float64)


def _most(data: np.ndarray) -> float:
    finite = data[np.isfinite(data)]
    return float(np.abs(finite).max(initial=0.0)) if not math.isnan(finite.sum()) else 0.0


def _drawable(array: Array) -> bool:
    return array.data.ndim >= 2 and 0 not in array.shape and "complex" not in array.dtype and _fits(array.shape)
