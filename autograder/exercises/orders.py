"""Laws about what is shuffled: whether every order is equally likely."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import permutations

from autograder.exercise import Finding
from autograder.exercises.chance import ALARM, surprise

FEW = 6  # of which every order is counted


def spread(orders: list[list[list[int]]], count: int, size: int) -> Iterator[Finding]:
    """Every order is equally likely: each came about as often as the others, or where they are too many to be counted
    every number comes early as often as late."""
    if count > FEW:
        yield from mean_places(orders, count)
        return
    flat = [tuple(number for batch in order for number in batch) for order in orders]
    seen, every = Counter(flat), list(permutations(range(count)))
    if any(sorted(order) != list(range(count)) for order in seen):
        yield Finding("shuffled:no-order", "an epoch did not have everything once")
        return
    if len(seen) == 1:
        code = "shuffled:sorted" if flat[0] == every[0] else "shuffled:one"
        yield Finding(code, f"all {len(flat)} epochs had the order {list(flat[0])}")
        return
    groups = {tuple(frozenset(order[at : at + size]) for at in range(0, count, size)) for order in seen}
    if 1 < size < count and len({frozenset(batches) for batches in groups}) == 1:
        code = "shuffled:inside" if len(groups) == 1 else "shuffled:groups"
        yield Finding(code, f"in all {len(flat)} epochs the same ones were together in a batch")
        return
    never = [list(order) for order in every if surprise(seen[order], len(flat), 1 / len(every)) and not seen[order]]
    if never:
        message = f"{len(never)} of {len(every)} orders never came in {len(flat)} epochs, {never[0]} among them"
        yield Finding("shuffled:never", message)
    elif _uneven([seen[order] for order in every]):
        (often, most), (rarely, least) = seen.most_common()[0], seen.most_common()[-1]
        message = f"in {len(flat)} epochs the order {list(often)} came {most} times and {list(rarely)} {least} times"
        yield Finding("shuffled:uneven", message + ", more unevenly than chance does it")


def _uneven(counts: list[int]) -> bool:
    """Whether counts that should be alike differ by more than chance: Pearson's statistic, with Chernoff's bound of its
    tail."""
    mean, free = sum(counts) / len(counts), len(counts) - 1
    excess = sum((count - mean) ** 2 / mean for count in counts) / free
    return excess > 1 and free / 2 * (math.log(excess) + 1 - excess) < math.log(ALARM)


def mean_places(orders: list[list[list[int]]], count: int) -> Iterator[Finding]:
    """Where there are too many to count every order: each comes early as often as late, so that its mean place is near
    the middle, by Hoeffding's bound."""
    flat = [[number for batch in order for number in batch] for order in orders]
    if any(sorted(order) != list(range(count)) for order in flat):
        yield Finding("shuffled:no-order", "an epoch did not have everything once")
        return
    far = count * math.sqrt(math.log(2 * count / ALARM) / (2 * len(flat)))
    middle = (count - 1) / 2
    for number in range(count):
        mean = sum(order.index(number) for order in flat) / len(flat)
        if abs(mean - middle) > far:
            message = (
                f"in {len(flat)} epochs of {count} the mean place of number {number} was {mean:.1f}, expected about "
            )
            yield Finding("shuffled:places", f"{message}{middle:g}")
            return
