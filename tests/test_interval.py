"""What decides about time: an interval for the median of ratios, of which nothing is assumed."""

from __future__ import annotations

import math
import random
import statistics
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.timing import interval as timing
from autograder.timing.interval import ERROR, LOOKS, Interval, decide, interval, quiet, rank, ratios

RATIOS = st.lists(st.floats(0.01, 100.0), min_size=1, max_size=300)


def test_enough_pairs_for_a_first_look() -> None:
    each = ERROR / len(LOOKS)
    assert rank(LOOKS[0], each) == 0
    assert rank(LOOKS[0] - 1, each) == -1


@pytest.mark.parametrize("pairs", LOOKS)
def test_an_end_is_wrong_as_rarely_as_it_says(pairs: int) -> None:
    """The median is below the lower end only when so many tosses of a coin fall on one side."""
    each = ERROR / len(LOOKS)
    chances = list(accumulate(math.comb(pairs, k) / 2**pairs for k in range(pairs + 1)))
    passed = rank(pairs, each)
    assert chances[passed] <= each < chances[passed + 1]


@given(RATIOS)
def test_the_interval_holds_the_median(found: list[float]) -> None:
    around = interval(found)
    assert around.low <= statistics.median(found) <= around.high
    assert around.middle == statistics.median(found)


@given(RATIOS, st.floats(0.5, 50.0))
def test_at_most_one_decision(found: list[float], limit: float) -> None:
    around = interval(found)
    said = decide(around, limit)
    if said == "slower":
        assert around.middle > limit and sum(ratio > limit for ratio in found) > len(found) / 2
    elif said == "within":
        assert around.middle <= limit
    else:
        assert around.low <= limit < around.high


@given(RATIOS, st.floats(1.0, 10.0), st.floats(1.0, 4.0))
def test_a_larger_limit_never_makes_it_slower(found: list[float], limit: float, more: float) -> None:
    around = interval(found)
    if decide(around, limit) == "within":
        assert decide(around, limit * more) == "within"
    if decide(around, limit * more) == "slower":
        assert decide(around, limit) == "slower"


@given(RATIOS, st.floats(0.1, 10.0))
def test_it_scales(found: list[float], factor: float) -> None:
    one, other = interval(found), interval([ratio * factor for ratio in found])
    assert other.low == pytest.approx(one.low * factor)
    assert other.high == pytest.approx(one.high * factor) or math.isinf(one.high)


@given(st.lists(st.floats(0.01, 100.0), min_size=13, max_size=13))
def test_too_few_pairs_decide_nothing(found: list[float]) -> None:
    assert interval(found[:12]) == Interval(0.0, statistics.median(found[:12]), math.inf)
    assert decide(interval(found[:12]), 2.0) is None


@given(st.lists(st.floats(1e-4, 1.0), min_size=LOOKS[0], max_size=60), st.floats(0.5, 20.0))
def test_what_is_on_the_way_is_taken_off(reference: list[float], factor: float) -> None:
    """However unequal the rounds are, as long as both are slowed down alike."""
    away = [0.01] * len(reference)
    mine = [0.01 + factor * seconds for seconds in reference]
    found = ratios(mine, [0.01 + seconds for seconds in reference], away)
    assert found == pytest.approx([factor] * len(reference), rel=1e-6)


def test_nothing_can_be_won_by_answering_before_anybody_could() -> None:
    assert min(ratios([0.001] * 20, [0.002] * 20, [0.0015] * 20)) >= 0.0


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=20, max_size=200))
@settings(max_examples=50)
def test_a_few_interrupted_rounds_do_not_move_it(interrupted: list[float]) -> None:
    """Up to a third of the rounds may be ten times as long, on either side."""
    disturbed = [place % 3 == 0 and bool(more) for place, more in enumerate(interrupted)]
    mine = [1.2 * (10 if d else 1) for d in disturbed]
    found = interval(ratios(mine, [1.0] * len(mine), [0.0] * len(mine)))
    if len(mine) >= 60:
        assert decide(found, 1.5) == "within"


def noisy(chance: random.Random, factor: float, noise: float, busy: float) -> tuple[list[float], list[float]]:
    """Times of a submission and of the reference, which are interrupted as often as a machine is busy."""

    def once(seconds: float) -> float:
        wait = chance.expovariate(1 / 3e-3) if chance.random() < busy else 0.0
        return seconds * math.exp(chance.gauss(0.0, noise)) + wait

    mine, reference = [], []
    for _ in range(max(LOOKS)):
        mine.append(once(4e-3 * factor))
        reference.append(once(4e-3))
    return mine, reference


def verdict(mine: list[float], reference: list[float], limit: float) -> str:
    """What is decided at the first look that decides."""
    away = [0.0] * len(mine)
    for look in LOOKS:
        said = decide(interval(ratios(mine[:look], reference[:look], away[:look])), limit)
        if said is not None:
            return said
    return "within" if quiet(reference, away) else "undecided"


@pytest.mark.parametrize(("noise", "busy"), [(0.02, 0.0), (0.2, 0.0), (0.2, 0.3), (0.4, 0.5)])
def test_twice_as_slow_fails_and_as_quick_does_not(noise: float, busy: float) -> None:
    chance = random.Random(5)
    slow = [verdict(*noisy(chance, 2.0, noise, busy), 1.5) for _ in range(200)]
    equal = [verdict(*noisy(chance, 1.0, noise, busy), 1.5) for _ in range(200)]
    assert "slower" not in equal
    assert "within" not in slow
    if noise < 0.1:
        assert slow.count("slower") >= 198 and set(equal) == {"within"}


def test_a_busy_machine_is_noticed() -> None:
    chance = random.Random(6)
    away = [0.0] * max(LOOKS)
    assert quiet(noisy(chance, 1.0, 0.03, 0.0)[1], away)
    assert not quiet(noisy(chance, 1.0, 0.8, 0.6)[1], away)


def test_looking_often_is_paid_for() -> None:
    """Ratios around the very limit: who looks five times is wrong no more often than who looks once."""
    chance = random.Random(7)
    wrong = 0
    for _ in range(400):
        found = [math.exp(chance.gauss(0.0, 0.3)) for _ in range(max(LOOKS))]
        wrong += any(decide(interval(found[:look]), 1.0) is not None for look in LOOKS)
    assert wrong <= 4
    assert timing.ERROR <= 0.001
