"""From times that were measured in pairs to an interval for their ratio, and from that to a decision.

Nothing is assumed of how times are distributed. A pair says whether the ratio is above some number or below; were that
number the median, it would be a coin. So the median lies between two of the ordered ratios but for so many tosses of a
coin that are known to be rare. It is looked at a few times on the way, and each look has its share of the error.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

LOOKS = (13, 26, 52, 104, 208)  # pairs
ERROR = 1e-3  # that a decision is wrong, on either side, all looks together
NEAR = 3  # rounds before and after, in which an answer is about as long on its way
LEAST = 2e-6  # seconds: what a call takes at least, where less cannot be told from nothing
STEADY = 1.25  # a machine on which the reference is not this many times as slow as itself is a quiet one

Decision = Literal["within", "slower"]


@dataclass(frozen=True)
class Interval:
    """The median of ratios, and between what it lies; `high` is infinite where there are too few to tell."""

    low: float
    middle: float
    high: float

    @property
    def spread(self) -> float:
        """How many times as large as its lower end the upper one is."""
        return self.high / self.low if self.low > 0 else math.inf


@cache
def rank(pairs: int, error: float) -> int:
    """How many of the smallest ratios can be passed over, so that the median is below what is left with a probability
    of at most `error`; -1 where none is small enough."""
    likely, passed = 0.0, -1
    for k in range(pairs // 2):
        likely += math.comb(pairs, k) / 2**pairs
        if likely > error:
            break
        passed = k
    return passed


def interval(ratios: Sequence[float], error: float = ERROR / len(LOOKS)) -> Interval:
    """The interval for the median of the ratios, of which each end is wrong with a probability of at most `error`."""
    ordered = sorted(ratios)
    passed = rank(len(ordered), error)
    middle = statistics.median(ordered) if ordered else 1.0
    if passed < 0:
        return Interval(0.0, middle, math.inf)
    return Interval(ordered[passed], middle, ordered[-1 - passed])


def decide(found: Interval, limit: float) -> Decision | None:
    """Whether the ratio is within the limit; None where that cannot be told."""
    if found.low > limit:
        return "slower"
    return "within" if found.high <= limit else None


def ratios(mine: Sequence[float], reference: Sequence[float], transport: Sequence[float]) -> list[float]:
    """How many times as long as the reference's each call took, less what an answer is on its way."""
    found = []
    for place, (one, other) in enumerate(zip(mine, reference, strict=True)):
        away = statistics.median(transport[max(0, place - NEAR) : place + NEAR + 1])
        found.append(max(one - away, LEAST) / max(other - away, LEAST))
    return found


def against_itself(reference: Sequence[float], transport: Sequence[float]) -> Interval:
    """The ratio of the reference to itself a round later: as wide as the machine is busy."""
    return interval(ratios(reference[1:], reference[:-1], transport[1:]))


def quiet(reference: Sequence[float], transport: Sequence[float]) -> bool:
    """Whether the machine was quiet enough to measure anything on it."""
    return against_itself(reference, transport).spread <= STEADY
