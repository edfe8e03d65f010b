"""Laws about what is shuffled."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from autograder.exercises.orders import mean_places

COUNT, EPOCHS = 40, 200


def codes(shuffle: Callable[[list[int]], None]) -> list[str]:
    orders = []
    for _ in range(EPOCHS):
        order = list(range(COUNT))
        shuffle(order)
        orders.append([order[at : at + 8] for at in range(0, COUNT, 8)])
    return [finding.code for finding in mean_places(orders, COUNT)]


@given(st.integers(0, 2**32))
def test_a_fair_shuffle_is_never_blamed(seed: int) -> None:
    assert codes(random.Random(seed).shuffle) == []


@given(st.integers(0, 2**32), st.sampled_from([4, 8, 16, 32]))
def test_a_shuffle_of_the_beginning_or_within_blocks_is_seen(seed: int, size: int) -> None:
    rng = random.Random(seed)

    def beginning(order: list[int]) -> None:
        head = order[:size]
        rng.shuffle(head)
        order[:size] = head

    def blocks(order: list[int]) -> None:
        for at in range(0, COUNT, 8):
            block = order[at : at + 8]
            rng.shuffle(block)
            order[at : at + 8] = block

    assert codes(beginning) == ["shuffled:places"]
    assert codes(blocks) == ["shuffled:places"]


def test_an_epoch_that_lacks_something_is_told() -> None:
    assert [finding.code for finding in mean_places([[[0, 1], [1]]], 3)] == ["shuffled:no-order"]
