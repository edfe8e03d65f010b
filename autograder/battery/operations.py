"""Operations: which operators were called, by two witnesses (dispatch and the profiler's record functions)."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from autograder.battery.base import Context, Failure, Judgement, facts_names
from autograder.exercise import READS, Check, Operations
from autograder.recording import Record

_WITNESSED = ("plain", "gradient", "counted")
_ELSEWHERE = ("thread", "process")
_UNSEEN = ("profiler", "library")


@dataclass(frozen=True)
class _Seen:
    """What the witnesses tell of the runs of one case."""

    profiled: frozenset[str]  # in the plain run
    dispatched: frozenset[str]  # in the counted one
    anywhere: frozenset[str]  # by either, in any run
    left: frozenset[str]  # ways out of torch, threads and processes, in any run
    whole: bool  # nobody stopped the profiler

    @classmethod
    def of(cls, context: Context, index: int) -> _Seen:
        records = {run: context.theirs.get(index, run) for run in _WITNESSED}
        here = [record for record in records.values() if record is not None]
        names = [facts_names(record, by) for record in here if record.ok for by in ("profiled", "dispatched")]
        return cls(
            profiled=facts_names(records["plain"], "profiled"),
            dispatched=facts_names(records["counted"], "dispatched"),
            anywhere=frozenset().union(*names),
            left=frozenset().union(*(facts_names(record, "left") for record in here)),
            whole=not any(record.facts.get("whole") is False for record in here),
        )


def judge(context: Context, check: Check) -> Judgement:
    rule = context.exercise.operations
    assert rule is not None
    failures: dict[str, Failure] = {}
    seen: dict[int, _Seen] = {}
    for index, _, ours, plain in context.pairs(check.aspect, "plain"):
        if not (ours.ok and plain.ok and context.right(index)):
            continue
        seen[index] = _Seen.of(context, index)
        for failure in [*_ready_made(rule, index, seen[index]), *_broken(context, rule, index, plain, seen[index])]:
            failures.setdefault(failure.code, failure)
    for index, case in enumerate(context.cases) if check.aspect is None else ():
        if case.grows:  # else the ready-made could do the work where operators are counted
            here = seen.get(index) or _Seen.of(context, index)
            for failure in [*_ready_made(rule, index, here), *_out_of_sight(index, here)]:
                failures.setdefault(failure.code, failure)
    return Judgement(tuple(failures.values()))


@lru_cache(maxsize=4096)  # the same operators in every case and every submission
def matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@lru_cache(maxsize=128)
def _those(names: frozenset[str], patterns: tuple[str, ...], matching: bool) -> tuple[str, ...]:
    """The names that one of the patterns fits, or those that none does, in order."""
    return tuple(name for name in sorted(names) if matches(name, patterns) is matching)


def _ready_made(rule: Operations, index: int, seen: _Seen) -> list[Failure]:
    """Forbidden operators in any run of the case, on the way back to the gradients too."""
    return [
        Failure(
            f"operations:{name}",
            f"the operator {name} is called; here you build it yourself, and nothing counts until you do",
            index,
            defeats=True,
        )
        for name in _those(seen.anywhere, rule.forbidden, matching=True)
    ]


def _broken(context: Context, rule: Operations, index: int, plain: Record, seen: _Seen) -> list[Failure]:
    """Operators that are not among the allowed ones, out of sight, or outside torch."""
    counted = context.theirs.get(index, "counted")
    if counted is not None and not counted.ok:
        return []
    failures = []
    named = (*rule.allowed, *rule.forbidden)
    for name in _those(seen.dispatched, named, matching=False) if rule.allowed else ():
        message = f"the operator {name} is called, which is not among those this exercise allows"
        failures.append(Failure(f"operations:{name}", message, index))
    left = (facts_names(plain, "left") | facts_names(counted, "left")) - {*_ELSEWHERE, *_UNSEEN}
    unseen = facts_names(context.ours.get(index, "plain"), "profiled") and not seen.profiled and not left
    if unseen or (counted is not None and seen.profiled and not seen.dispatched):
        message = "operators ran that were hidden from one of two counts"
        failures.append(Failure("operations:hidden", message, index, defeats=True))
    failures += _out_of_sight(index, seen)
    read = facts_names(plain, "own") & READS  # not inside another operator: torch reads for itself there
    read |= seen.dispatched & READS - seen.profiled
    if rule.stay_in_torch and (left or read):
        name = (sorted(left) or ["item"])[0].strip("_")
        message = f"values leave torch through {name if name == 'ctypes' else f'.{name}()'}; compute with tensors"
        failures.append(Failure("operations:left", message, index))
    return failures


def _out_of_sight(index: int, seen: _Seen) -> list[Failure]:
    """Threads and processes that are started, and a profiler that was stopped."""
    if not seen.whole or not seen.left.isdisjoint(_UNSEEN):
        message = "operators ran that were hidden from one of two counts"
        return [Failure("operations:hidden", message, index, defeats=True)]
    return [
        Failure(
            f"operations:{kind}",
            f"a {kind} is started, whose operators are not seen; compute in the caller's thread",
            index,
            defeats=True,
        )
        for kind in _ELSEWHERE
        if kind in seen.left
    ]
