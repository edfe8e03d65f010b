"""Operations: which operators were called, by two witnesses (dispatch and the profiler's record functions)."""

from __future__ import annotations

from fnmatch import fnmatchcase

from autograder.battery.base import Context, Failure, Judgement, facts_names
from autograder.exercise import READS, Check, Operations
from autograder.recording import Record

_WITNESSED = ("plain", "gradient", "counted")
_ELSEWHERE = ("thread", "process")


def judge(context: Context, check: Check) -> Judgement:
    rule = context.exercise.operations
    assert rule is not None
    failures: dict[str, Failure] = {}
    for index, _, ours, plain in context.pairs(check.aspect, "plain"):
        if not (ours.ok and plain.ok and context.right(index)):
            continue
        for failure in [*_ready_made(context, rule, index), *_broken(context, rule, index, plain)]:
            failures.setdefault(failure.code, failure)
    for index, case in enumerate(context.cases) if check.aspect is None else ():
        if case.grows:  # else the ready-made could do the work where operators are counted
            for failure in [*_ready_made(context, rule, index), *_out_of_sight(context, index)]:
                failures.setdefault(failure.code, failure)
    return Judgement(tuple(failures.values()))


def _ready_made(context: Context, rule: Operations, index: int) -> list[Failure]:
    """Forbidden operators in any run of the case, on the way back to the gradients too."""
    if not rule.forbidden:
        return []
    seen: set[str] = set()
    for run in _WITNESSED:
        record = context.theirs.get(index, run)
        if record is not None and record.ok:
            seen |= facts_names(record, "profiled") | facts_names(record, "dispatched")
    return [
        Failure(
            f"operations:{name}",
            f"the operator {name} is called; here you build it yourself, and nothing counts until you do",
            index,
            defeats=True,
        )
        for name in sorted(seen)
        if any(fnmatchcase(name, pattern) for pattern in rule.forbidden)
    ]


def _broken(context: Context, rule: Operations, index: int, plain: Record) -> list[Failure]:
    """Operators that are not among the allowed ones, out of sight, or outside torch."""
    counted = context.theirs.get(index, "counted")
    if counted is not None and not counted.ok:
        return []
    profiled, dispatched = facts_names(plain, "profiled"), facts_names(counted, "dispatched")
    failures = []
    for name in sorted(dispatched) if rule.allowed else ():
        if not any(fnmatchcase(name, pattern) for pattern in (*rule.allowed, *rule.forbidden)):
            message = f"the operator {name} is called, which is not among those this exercise allows"
            failures.append(Failure(f"operations:{name}", message, index))
    left = (facts_names(plain, "left") | facts_names(counted, "left")) - set(_ELSEWHERE)
    unseen = facts_names(context.ours.get(index, "plain"), "profiled") and not profiled and not left
    if unseen or (counted is not None and profiled and not dispatched):
        message = "operators ran that were hidden from one of two counts"
        failures.append(Failure("operations:hidden", message, index, defeats=True))
    failures += _out_of_sight(context, index)
    read = facts_names(plain, "own") & READS  # not inside another operator: torch reads for itself there
    read |= dispatched & READS - profiled
    if rule.stay_in_torch and (left or read):
        names = sorted(left) or ["item"]
        message = f"values leave torch through .{names[0].strip('_')}(); compute with tensors"
        failures.append(Failure("operations:left", message, index))
    return failures


def _out_of_sight(context: Context, index: int) -> list[Failure]:
    """Threads and processes that are started, and a profiler that was stopped."""
    records = [context.theirs.get(index, run) for run in _WITNESSED]
    if any(record is not None and record.facts.get("whole") is False for record in records):
        message = "operators ran that were hidden from one of two counts"
        return [Failure("operations:hidden", message, index, defeats=True)]
    left = set().union(*(facts_names(record, "left") for record in records))
    return [
        Failure(
            f"operations:{kind}",
            f"a {kind} is started, whose operators are not seen; compute in the caller's thread",
            index,
            defeats=True,
        )
        for kind in _ELSEWHERE
        if kind in left
    ]
