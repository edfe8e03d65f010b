"""The checks, a file for each family: pure functions of the judge over two recordings. They run nothing."""

from __future__ import annotations

from collections.abc import Callable

from autograder.battery import cost, device, gradient, operations, purity, state, time, value
from autograder.battery.base import Context, Judgement
from autograder.exercise import Check

JUDGES: dict[str, Callable[[Context, Check], Judgement]] = {
    "value": value.judge,
    "layout": value.judge,
    "randomness": value.judge,
    "errors": value.judge_errors,
    "shape": value.judge_shape,
    "dtype": value.judge_dtype,
    "determinism": value.judge_determinism,
    "gradient": gradient.judge,
    "purity": purity.judge,
    "state": state.judge,
    "device": device.judge,
    "transfers": device.judge_transfers,
    "copies": device.judge_copies,
    "operations": operations.judge,
    "scaling": cost.judge_scaling,
    "memory": cost.judge_memory,
    "time": time.judge,
}


def judge(context: Context, check: Check) -> Judgement:
    """What one check says about one submission."""
    return JUDGES[check.family](context, check)
