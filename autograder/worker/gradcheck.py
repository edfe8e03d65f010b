"""Is the reference's own gradient right? The derivative along one direction, in float64, by central differences."""

from __future__ import annotations

from typing import Any

import torch

from autograder.exercise import Exercise
from autograder.worker.call import Call
from autograder.worker.runs import inner_product, perform
from autograder.worker.student import Student
from autograder.worker.values import cotangent

STEP = 1e-6


def directional(exercise: Exercise, case: dict[str, Any], blob: bytes, student: Student) -> dict[str, float]:
    """The derivative of the inner product of answer and cotangent, analytic and numeric."""
    torch.set_default_dtype(torch.float64)
    call = _call(exercise, case, blob)
    product = inner_product(perform(exercise, student, call))
    if product is None:
        return {"analytic": 0.0, "numeric": 0.0, "rounding": 0.0}
    leaves = list(call.leaves)
    found = torch.autograd.grad(product, [call.leaves[name] for name in leaves], allow_unused=True)
    ways = {name: cotangent(call.leaves[name].detach(), index + 7) for index, name in enumerate(leaves)}
    analytic = sum(float((g * ways[name]).sum()) for name, g in zip(leaves, found, strict=True) if g is not None)
    ahead, behind = (_shifted(exercise, case, blob, student, ways, step) for step in (STEP, -STEP))
    rounding = 1e-15 * (abs(ahead) + abs(behind)) / STEP
    return {"analytic": analytic, "numeric": (ahead - behind) / (2 * STEP), "rounding": rounding}


def _call(exercise: Exercise, case: dict[str, Any], blob: bytes) -> Call:
    widen = lambda tensor: tensor.double() if tensor.is_floating_point() else tensor
    return Call(case, blob, list(exercise.arguments), "gradient", widen)


def _shifted(
    exercise: Exercise,
    case: dict[str, Any],
    blob: bytes,
    student: Student,
    ways: dict[str, torch.Tensor],
    step: float,
) -> float:
    call = _call(exercise, case, blob)
    for name, way in ways.items():
        leaf = call.weights.get(name, call.named.get(name))
        if leaf is not None:
            leaf.data.add_(way, alpha=step)
    product = inner_product(perform(exercise, student, call))
    return 0.0 if product is None else float(product)
