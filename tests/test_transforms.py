"""Trivial answers are made of everything that an exercise can ask for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.worker.transforms import apply


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        return 2 * x

    @staticmethod
    def backward(ctx: Any, grad_output: torch.Tensor) -> torch.Tensor:
        return 2 * grad_output


def test_an_operator_of_the_students_is_changed_where_it_is_applied() -> None:
    x = torch.ones(3, requires_grad=True)
    assert not apply("detached", Doubled).apply(x).requires_grad
    assert apply("input", Doubled).apply(x) is x
    assert apply("zeros", Doubled).apply(x).tolist() == [0, 0, 0]
    assert issubclass(apply("zeros", Doubled), torch.autograd.Function)
    assert Doubled.apply(x).tolist() == [2, 2, 2]


@pytest.mark.parametrize("value", [np.ones(2, np.float32), np.float64(1.5)])
def test_numpy_arrays_and_numbers_are_changed_too(value: Any) -> None:
    def same(x: Any) -> Any:
        return x

    assert not np.asarray(apply("zeros", same)(value)).any()
    precise = np.asarray(value) + 1 / 4096
    assert np.asarray(apply("half", same)(precise)).dtype == np.float32
    assert not np.array_equal(apply("half", same)(precise), precise)


def test_a_module_that_a_function_makes_gives_the_trivial_answers() -> None:
    def make(size: int) -> torch.nn.Module:
        return torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.ReLU())

    x = torch.rand(2, 3)
    block = apply("detached", make)(3)
    assert isinstance(block, torch.nn.Sequential) and len(block.state_dict()) == 2
    assert not block(x).requires_grad and make(3)(x).requires_grad
    half = apply("half", make)(3)
    half.load_state_dict(block.state_dict())
    assert half(x).dtype == torch.float32 and not torch.equal(half(x), block(x))


def test_a_module_that_was_given_stays_what_it_is() -> None:
    model = torch.nn.Linear(2, 2)
    assert apply("detached", lambda model: model)(model)(torch.ones(1, 2)).requires_grad
