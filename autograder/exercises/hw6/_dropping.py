"""Laws of dropout where what it falls on is known: which elements went, how many, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding
from autograder.exercises.hw6._laws import binomial_bounds

if TYPE_CHECKING:
    import numpy as np

P = 0.25
NEAR, EXACT = 4e-3, 1e-6
LARGE = 16384.0
BASE = (0.0, 8.0)
"""The first two features of a row, on which nothing falls: by them the row is known again after a layer norm."""
REST, BRANCH = 1.0, 2.0
"""The other features, and what is added to them where it is not dropped."""
WIDTH = 18


def base_row() -> list[float]:
    return [*BASE, *[REST] * (WIDTH - len(BASE))]


def branch_row() -> list[float]:
    return [*[0.0] * len(BASE), *[BRANCH] * (WIDTH - len(BASE))]


def dropping(case: Case, value: Any) -> Iterable[Finding]:
    """The options of a case say what its answers are in training. `falls`: “on the sum” of LARGE numbers, “on a branch”
    (branch_row, added to base_row and normalised, once or several times), “on weights” (a branch that a single key
    answers: it goes as a whole where the weight of that key goes, and element by element where the branch is dropped)
    or “before norms” (LARGE numbers, half of them negative, are normalised)."""
    import numpy as np

    falls = case.options.get("falls")
    if falls is None:
        return
    *axes, width = value["draws"][0].data.shape
    one, other = (np.asarray(answer.data, np.float64).reshape(-1, width) for answer in value["draws"])
    if falls == "before norms":
        yield from _before_norms(one, other)
        return
    kept = one / LARGE if falls == "on the sum" else _of_branch(one, bool(case.options.get("normalised")))
    if falls == "on weights":
        yield from _weights(kept, one, other)
    else:
        yield from _elements(kept, one, other, EXACT if falls == "on the sum" else NEAR, axes)


def _of_branch(answers: np.ndarray, normalised: bool) -> np.ndarray:
    """How much of the branch is left in each element, in units of the branch. Norms shift and stretch a row, which the
    first two features show."""
    import numpy as np

    row = np.array(base_row())
    if normalised:  # the branch was added to what a norm has made of the row
        row = (row - row.mean()) / np.sqrt(row.var() + 1e-5)
    low, high = answers[:, :1], answers[:, 1:2]
    with np.errstate(all="ignore"):
        added = (answers - low) / (high - low) * (row[1] - row[0]) + row[0] - row
    return np.asarray(added[:, len(BASE) :] / BRANCH)


def _elements(
    kept: np.ndarray, one: np.ndarray, other: np.ndarray, zero: float = NEAR, axes: Sequence[int] = (-1,)
) -> Iterator[Finding]:
    """`kept` is how much of each element is left, in rows; `axes` are the sizes of what the rows are."""
    import numpy as np

    if _all_near(kept, 1.0):  # other draws may differ: what falls before, or beside, is judged by itself
        yield Finding("none", "in training mode nothing was dropped")
        return
    yield from _repeated(one, other)
    left = np.abs(kept) > zero
    stays = float(np.median(kept[left])) if left.any() else 0.0
    if not left.any() or not _all_near(kept[left], stays):
        yield Finding("values", "the answers in training mode are not what dropping single elements would leave")
    elif abs(stays - 1) < NEAR:
        yield Finding("unscaled", f"the elements that stay are not divided by 1 - {P:g}")
    elif abs(stays - 1 / (1 - P)) > NEAR:
        message = f"the elements that stay are multiplied by {stays:.3g}, expected 1 / (1 - {P:g}) = {1 / (1 - P):.3g}"
        yield Finding("factor", message)
    elif _together(left.reshape(*axes, left.shape[-1])):
        message = "whole steps are dropped, or the same elements at every step or in every sequence; each is dropped "
        "alone"
        yield Finding("together", message)
    else:
        yield from _rate(int((~left).sum()), left.size, "elements")


def _together(left: np.ndarray) -> bool:
    """Whether all along some axis stay or go together."""
    return any(size > 1 and bool((left.all(axis) | ~left.any(axis)).all()) for axis, size in enumerate(left.shape))


def _weights(kept: np.ndarray, one: np.ndarray, other: np.ndarray) -> Iterator[Finding]:
    import numpy as np

    whole = (np.abs(kept) < NEAR).all(axis=1)
    if whole.all() or not whole.any():
        yield Finding("no_weights", "in training mode no attention weight was dropped")
        yield from _elements(kept, one, other)
        return
    yield from _rate(int(whole.sum()), whole.size, "attention weights")
    yield from _elements(kept[~whole] * (1 - P), one, other)


def _before_norms(one: np.ndarray, other: np.ndarray) -> Iterator[Finding]:
    """Rows of LARGE numbers, positive and negative in turn. What was dropped lies half-way between them."""
    import numpy as np

    high, low = one.max(axis=1, keepdims=True), one.min(axis=1, keepdims=True)
    gone = np.abs(one - (high + low) / 2) < (high - low) / 4
    if not gone.any():
        yield Finding("none_before", "in training mode no element of embedding and position was dropped")
        return
    yield from _repeated(one, other)
    yield from _rate(int(gone.sum()), gone.size, "elements of embedding and position")


def _repeated(one: np.ndarray, other: np.ndarray) -> Iterator[Finding]:
    import numpy as np

    if np.array_equal(one, other):
        yield Finding("repeated", "two calls in training mode dropped the same; each call draws anew")


def _rate(gone: int, tried: int, noun: str) -> Iterator[Finding]:
    low, high = binomial_bounds(tried, P)
    if not low <= gone <= high:
        message = f"{gone} of {tried} {noun} were dropped; with probability {P:g} expect {low} to {high}"
        yield Finding("rate", message)


def _all_near(numbers: np.ndarray, wanted: float) -> bool:
    import numpy as np

    with np.errstate(invalid="ignore"):
        return bool((np.abs(numbers - wanted) < NEAR).all())
