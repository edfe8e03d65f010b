"""Gradients: the vector-Jacobian product of every input and parameter, compared by name."""

from __future__ import annotations

from autograder.battery.base import Context, Failure, Judgement, fault_failure
from autograder.battery.compare import compare
from autograder.exercise import Check
from autograder.recording import Record


def judge(context: Context, check: Check) -> Judgement:
    """Where the value is right, the gradients are."""
    failures: list[Failure] = []
    margin, judged = 0.0, 0
    for index, _, ours, theirs in context.pairs(check.aspect, "gradient"):
        if not ours.ok or not ours.gradients or not context.right(index):
            continue
        judged += 1
        if theirs.fault is not None:
            failures.append(fault_failure(theirs.fault, index, "gradient:"))
            continue
        found, used = _compare(context, index, ours, theirs)
        failures += found
        margin = max(margin, used)
    if not judged:
        return Judgement(untested="no case has the right value yet")
    return Judgement(tuple(failures), margin)


def _compare(context: Context, index: int, ours: Record, theirs: Record) -> tuple[list[Failure], float]:
    assert ours.gradients is not None
    if theirs.detached and not ours.detached:
        message = "the answer is cut off from the graph: no gradient reaches any argument or parameter"
        return [Failure("gradient:detached", message, index)], 0.0
    failures, margin = [], 0.0
    for name, expected in ours.gradients.items():
        got = (theirs.gradients or {}).get(name)
        if expected is None:
            continue
        if got is None:
            message = f"no gradient reaches {name}"
            failures.append(Failure(f"gradient:missing:{name}", message, index))
            continue
        found = compare(expected, got, context.exercise.tolerance, "")
        margin = max(margin, found.margin)
        if not found.same:
            message = found.message.replace("the answer", f"the gradient of {name}", 1)
            failures.append(Failure(f"gradient:{name}", message, index, expected=found.expected, got=found.got))
    return failures, margin


def detached(context: Context) -> bool:
    """Whether the answers are right but carry no gradient at all, in every case that has one."""
    pairs = [
        theirs.detached or (theirs.gradients is not None and all(g is None for g in theirs.gradients.values()))
        for index, _, ours, theirs in context.pairs(None, "gradient")
        if ours.ok and not ours.detached and ours.gradients and theirs.ok and context.right(index)
    ]
    return bool(pairs) and all(pairs)
