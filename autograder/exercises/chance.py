"""Exact binomial bounds for laws about random answers."""

from __future__ import annotations

import math
from typing import Literal

ALARM = 1e-8
"""The probability with which one comparison may blame a right answer; an exercise makes at most a hundred."""


def at_least(count: int, trials: int, rate: float) -> float:
    """The probability of `count` or more successes; 1, as a bound, where that many are to be expected."""
    if count <= trials * rate:
        return 1.0
    if rate <= 0 or count > trials:
        return 0.0
    rest = trials - count
    binomial = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(rest + 1)
    term = math.exp(binomial + count * math.log(rate) + rest * math.log1p(-rate))
    total = term
    for k in range(count, trials):
        term *= (trials - k) / (k + 1) * rate / (1 - rate)
        total += term
        if term <= total * 1e-12:
            break
    return total


def at_most(count: int, trials: int, rate: float) -> float:
    """The probability of `count` or fewer successes; 1, as a bound, where that few are to be expected."""
    return at_least(trials - count, trials, 1 - rate)


def surprise(count: int, trials: int, rate: float, highest: float | None = None) -> Literal["", "low", "high"]:
    """Whether the count is too low or too high to be chance, whatever the rate is between `rate` and `highest`."""
    if at_most(count, trials, rate) < ALARM / 2:
        return "low"
    if at_least(count, trials, rate if highest is None else highest) < ALARM / 2:
        return "high"
    return ""
