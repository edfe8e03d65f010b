"""Gradients where answers are random are held against slopes that are measured."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from autograder.exercise import Case, Exercise
from autograder.exercises import homework, homeworks
from autograder.exercises.slopes import slopes, slopes_law
from autograder.grader import Grader
from autograder.recorder import CaseBook

CASE = Case("training", options={"laws": True, "slopes": True})


class Net(nn.Module):
    """A linear layer, a dropout that is handed over, and another layer."""

    def __init__(self, drop: Any) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(3, 8), nn.Linear(8, 2)
        self.drop = drop

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.drop(torch.relu(self.first(x))))


def found(drop: Any) -> list[tuple[str, str]]:
    torch.manual_seed(0)
    net, x = Net(drop), torch.randn(4, 3)
    call = SimpleNamespace(args=(x,), named={"x": x})
    return [(finding.code, finding.message) for finding in slopes_law(CASE, slopes(net, call, net))]


def in_place(x: torch.Tensor) -> torch.Tensor:
    x = x.clone()
    x.data.mul_(2 * (torch.rand_like(x) > 0.5))
    return x


def test_a_dropout_that_is_right_fits_whatever_it_draws_with() -> None:
    import random

    import numpy as np

    by_numpy = lambda x: x * torch.from_numpy(2.0 * (np.random.rand(*x.shape) > 0.5)).to(x.dtype)
    by_python = lambda x: x * torch.tensor([[2.0 * (random.random() > 0.5) for _ in row] for row in x]).to(x.dtype)
    for drop in (nn.Dropout(0.5), lambda x: 2 * x * (torch.rand(x.shape) > 0.5), by_numpy, by_python):
        assert found(drop) == []


def test_what_does_not_learn_is_told_by_name() -> None:
    [(code, message)] = found(lambda x: nn.functional.dropout(x.detach(), 0.5))
    assert code == "no_gradient"
    assert message == "in training mode no gradient reaches x, first.weight, first.bias"


@pytest.mark.parametrize("drop", [in_place, lambda x: x + (nn.functional.dropout(x, 0.5) - x).detach()])
def test_gradients_that_do_not_know_of_the_mask_are_told(drop: Any) -> None:
    [(code, message)] = found(drop)
    assert code == "gradient"
    assert message.startswith("in training mode the gradient of x says that the answers change by ")


def test_what_draws_anew_after_the_same_seed_or_cannot_compute_in_float64_is_left_alone() -> None:
    own = torch.Generator()
    assert found(lambda x: x * (torch.rand(x.shape, generator=own) > 0.5)) == []
    single = nn.Linear(8, 8)
    assert found(lambda x: single(x.float() if x.dtype == torch.float32 else x.float() @ x)) == []
    assert torch.get_default_dtype() == torch.float32


def test_an_error_in_single_precision_is_the_students() -> None:
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        found(lambda x: torch.exp(x).mul_(2 * (torch.rand_like(x) > 0.5)))


def with_dropout() -> list[Exercise]:
    drops = lambda case: case.init.get("dropout") and case.training
    book = CaseBook()
    return [one for name in homeworks() for one in homework(name) if any(map(drops, book.given(one)))]


@pytest.mark.parametrize("one", with_dropout(), ids=lambda one: one.name)
def test_every_exercise_with_dropout_is_tried_so_and_on_a_device_in_training_mode(
    one: Exercise, grader: Grader, book: CaseBook
) -> None:
    tried = [index for index, case in enumerate(book.of(one).cases) if case.options.get("slopes")]
    assert tried
    recording = grader.ours(one)
    for index in tried:
        record = recording.get(index, "plain")
        assert record is not None and record.value["slopes"], "the reference has slopes"
        assert recording.get(index, "phantom") is not None
