"""Trivial answers, by which the audit proves that they earn next to nothing, are made of every kind of answer."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from autograder.worker.transforms import apply


def test_zeros_reach_into_what_an_iterator_gives() -> None:
    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        yield torch.ones(2, 3), torch.tensor([4, 5])
        yield torch.ones(1, 3), torch.tensor([6])

    answer = list(apply("zeros", batches)())
    assert [[part.tolist() for part in batch] for batch in answer] == [
        [[[0.0] * 3] * 2, [0, 0]],
        [[[0.0] * 3], [0]],
    ]


def test_a_constant_iterator_is_at_its_end_the_second_time() -> None:
    constant = apply("constant", lambda count: iter(range(count)))
    assert [list(constant(3)), list(constant(2))] == [[0, 1, 2], []]
