"""Operations: which operators were called, by two witnesses (dispatch and the profiler's record functions)."""

from __future__ import annotations

from fnmatch import fnmatchcase

from autograder.battery.base import Context, Failure, Judgement, facts_counts
from autograder.exercise import Check, Operations
from autograder.recording import Record


def judge(context: Context, check: Check) -> Judgement:
    rule = context.exercise.operations
    assert rule is not None
    failures: dict[str, Failure] = {}
    for index, _, ours, theirs in context.pairs(check.aspect, "counted"):
        plain = context.theirs.get(index, "plain")
        if not (ours.ok and theirs.ok and plain is not None and plain.ok and context.right(index)):
            continue
        for failure in _broken(rule, index, theirs, plain):
            failures.setdefault(failure.code, failure)
    return Judgement(tuple(failures.values()))


def _broken(rule: Operations, index: int, counted: Record, plain: Record) -> list[Failure]:
    dispatched, profiled = facts_counts(counted, "dispatched"), facts_counts(plain, "profiled")
    failures = []
    for name in sorted(dispatched.keys() | profiled.keys()):
        if any(fnmatchcase(name, pattern) for pattern in rule.forbidden):
            message = f"the operator {name} is called; here you build it yourself"
            failures.append(Failure(f"operations:{name}", message, index))
        elif rule.allowed and name in dispatched and not any(fnmatchcase(name, p) for p in rule.allowed):
            message = f"the operator {name} is called, which is not among those this exercise allows"
            failures.append(Failure(f"operations:{name}", message, index))
    if profiled and not dispatched:
        message = "operators ran that were hidden from one of two counts"
        failures.append(Failure("operations:hidden", message, index))
    left = facts_counts(counted, "left")
    if left.pop("thread", 0):
        failures.append(Failure("operations:thread", "a thread is started, whose operators are not seen", index))
    if rule.stay_in_torch and (left or "_local_scalar_dense" in dispatched):
        names = sorted(left) or ["item"]
        message = f"values leave torch through .{names[0].strip('_')}(); compute with tensors"
        failures.append(Failure("operations:left", message, index))
    return failures
