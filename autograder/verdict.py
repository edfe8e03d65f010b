"""From two recordings to points: which checks pass, which are blocked by others, what the exercise earns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from autograder import battery
from autograder.battery.base import Context, Failure, Judgement, fault_failure
from autograder.battery.gradient import detached
from autograder.exercise import Case, Check, Exercise
from autograder.recording import Fault, Recording

if TYPE_CHECKING:
    from autograder.timing.times import Times


class Outcome(str, Enum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    MISSING = "missing"
    NOT_IMPLEMENTED = "not_implemented"
    TAMPERED = "tampered"
    SKIPPED = "skipped"
    UNDECIDED = "undecided"
    GRADER_ERROR = "grader_error"


_OF_FAULT = {
    "not_implemented": Outcome.NOT_IMPLEMENTED,
    "missing": Outcome.MISSING,
    "memory": Outcome.MEMORY,
    "timeout": Outcome.TIMEOUT,
    "crashed": Outcome.CRASHED,
    "tampered": Outcome.TAMPERED,
    "grader_error": Outcome.GRADER_ERROR,
}


@dataclass(frozen=True)
class CheckVerdict:
    """One check's outcome; `blocked` says why it could not count."""

    check: Check
    outcome: Outcome
    score: float
    judgement: Judgement
    blocked: str = ""

    @property
    def failure(self) -> Failure | None:
        return self.judgement.failures[0] if self.judgement.failures else None


@dataclass(frozen=True)
class Named:
    """A catalogued mistake that explains failures."""

    name: str
    title: str
    help: str


@dataclass(frozen=True)
class Verdict:
    """What one exercise of a submission earned, and why. `answers` holds the reference's answer and the submission's to
    the first case on which each check fails, where both have one. `given` names exercises in whose place stood correct
    ones."""

    exercise: Exercise
    cases: tuple[Case, ...]
    checks: tuple[CheckVerdict, ...]
    outcome: Outcome
    fault: Fault | None = None
    mistakes: tuple[Named, ...] = ()
    seconds: float = 0.0
    printed: str = ""
    answers: Mapping[int, tuple[Any, Any]] = field(default_factory=dict, compare=False)
    given: tuple[str, ...] = ()
    times: Times | None = None

    @property
    def score(self) -> float:
        earned = sum(check.score for check in self.checks)
        return round(min(max(earned, 0.0), self.exercise.points), 4)

    @property
    def full(self) -> bool:
        return all(check.outcome in (Outcome.PASSED, Outcome.UNDECIDED) for check in self.checks)

    @property
    def undecided(self) -> bool:
        """Whether something is to be measured again."""
        return any(check.outcome is Outcome.UNDECIDED for check in self.checks)

    @property
    def attempted(self) -> bool:
        """Whether there is more than the untouched stub."""
        return self.outcome is not Outcome.NOT_IMPLEMENTED

    @property
    def margin(self) -> float:
        return max((check.judgement.margin for check in self.checks), default=0.0)

    def numbered(self) -> dict[str, CheckVerdict]:
        """The checks by what names them in documents."""
        return {self.exercise.number(check.check): check for check in self.checks}

    def codes(self) -> frozenset[str]:
        """The kinds of failure, by which mistakes that change no answer are recognised."""
        return frozenset(f.code for check in self.checks for f in check.judgement.failures)

    def with_mistakes(self, mistakes: tuple[Named, ...]) -> Verdict:
        return replace(self, mistakes=mistakes)


def judge(exercise: Exercise, cases: tuple[Case, ...], ours: Recording, theirs: Recording) -> Verdict:
    """Compares what a submission did with what the reference did."""
    fault = theirs.load_fault or _signature_fault(exercise, ours, theirs)
    if fault is not None:
        return _none_counted(exercise, cases, fault, theirs)
    context = Context(exercise, cases, ours, theirs)
    foundation = exercise.checks[0]
    base = battery.judge(context, foundation)
    unwritten = base.failures[0].fault if base.failures else None
    if unwritten is not None and unwritten.kind == "not_implemented":
        return _none_counted(exercise, cases, unwritten, theirs)
    blocked = ""
    if not base.passed:
        blocked = f"counts once {title(foundation)} passes"
    elif exercise.differentiable and detached(context):
        blocked = "counts once gradients flow through the answer"
    judged = [(check, base if check is foundation else battery.judge(context, check)) for check in exercise.checks]
    defeated = [check for check, judgement in judged if any(failure.defeats for failure in judgement.failures)]
    if defeated:
        blocked = "counts once nothing ready-made does the work"
        if all(check.family == "memory" for check in defeated):
            blocked = "counts once the whole is not held at one time"
    verdicts = [
        _score(check, judgement, blocked if check is not foundation or base.passed else "")
        for check, judgement in judged
    ]
    fine = (Outcome.PASSED, Outcome.SKIPPED, Outcome.UNDECIDED)
    outcome = next((v.outcome for v in verdicts if v.outcome not in fine), Outcome.PASSED)
    printed = next((r.printed for r in theirs.records.values() if r.printed), "")
    answers = _answers(verdicts, ours, theirs)
    return Verdict(
        exercise,
        cases,
        tuple(verdicts),
        outcome,
        seconds=theirs.seconds,
        printed=printed,
        answers=answers,
        times=theirs.times,
    )


def _answers(verdicts: Sequence[CheckVerdict], ours: Recording, theirs: Recording) -> dict[int, tuple[Any, Any]]:
    found = {}
    for index in {v.failure.case for v in verdicts if v.failure is not None and v.failure.case is not None}:
        one, other = ours.get(index, "plain"), theirs.get(index, "plain")
        if one is not None and other is not None and one.ok and other.ok:
            found[index] = one.value, other.value
    return found


def _score(check: Check, judgement: Judgement, blocked: str) -> CheckVerdict:
    if judgement.failures:
        return CheckVerdict(check, outcome_of(judgement.failures[0]), 0.0, judgement, blocked)
    if judgement.untested:
        return CheckVerdict(check, Outcome.SKIPPED, 0.0, judgement, judgement.untested)
    if blocked:
        return CheckVerdict(check, Outcome.SKIPPED, 0.0, judgement, blocked)
    if judgement.undecided:
        return CheckVerdict(check, Outcome.UNDECIDED, check.points, judgement, judgement.undecided)
    return CheckVerdict(check, Outcome.PASSED, check.points, judgement)


def outcome_of(failure: Failure) -> Outcome:
    if failure.fault is None:
        return Outcome.FAILED
    return _OF_FAULT.get(failure.fault.kind, Outcome.ERROR)


def _none_counted(exercise: Exercise, cases: tuple[Case, ...], fault: Fault, theirs: Recording) -> Verdict:
    failure = fault_failure(fault, None, "load:")
    if fault.kind == "not_implemented":
        failure = replace(failure, message=f"{exercise.name} still raises NotImplementedError")
    checks = tuple(
        CheckVerdict(check, outcome_of(failure), 0.0, Judgement((failure,)) if i == 0 else Judgement(), "")
        for i, check in enumerate(exercise.checks)
    )
    return Verdict(exercise, cases, checks, outcome_of(failure), fault, seconds=theirs.seconds)


def _signature_fault(exercise: Exercise, ours: Recording, theirs: Recording) -> Fault | None:
    """A parameter that the stub names and the submission lacks or has in another place. Additional ones with a default
    are allowed."""
    if ours.signature is None or theirs.signature is None:
        return None
    try:
        have = [str(p[0]) for p in theirs.signature]
        open_ended = any(p[2] in ("VAR_KEYWORD", "VAR_POSITIONAL") for p in theirs.signature)
        needed = [str(p[0]) for p in theirs.signature if not p[1] and not str(p[2]).startswith("VAR")]
    except (TypeError, IndexError, KeyError):
        return Fault("tampered", message="the signature could not be read")
    wanted = [str(p[0]) for p in ours.signature if not str(p[2]).startswith("VAR")]
    missing = [name for name in wanted if name not in have]
    extra = [name for name in needed if name not in wanted]
    ordered = [str(p[0]) for p in ours.signature if str(p[2]).startswith("POSITIONAL")]
    moved = [name for name in have if name in ordered] != [name for name in ordered if name in have]
    if open_ended or not (missing or extra or moved):
        return None
    message = f"{exercise.name}({', '.join(have)}) does not have the stub's parameters ({', '.join(wanted)})"
    if missing:
        message += f"; missing: {', '.join(missing)}"
    advice = "names" if missing or extra else "order"
    return Fault("signature", message=f"{message}; give them the {advice} that the stub gives")


_TITLES = {
    "value": "values",
    "layout": "any memory layout",
    "randomness": "distribution",
    "errors": "clear errors",
    "shape": "shape",
    "dtype": "dtype",
    "gradient": "gradients",
    "purity": "arguments untouched",
    "state": "registered state",
    "device": "runs on cuda",
    "transfers": "no needless transfers",
    "copies": "stays on the device",
    "operations": "built by hand",
    "scaling": "vectorised",
    "memory": "memory",
    "time": "time",
    "determinism": "same answer again",
}


def title(check: Check) -> str:
    """What the table calls a check."""
    if check.title:
        return check.title
    base = _TITLES.get(check.family, check.family)
    if check.family in ("value", "randomness") and check.aspect == "basic":
        return base
    return f"{base}: {check.aspect}" if check.aspect and check.family != "layout" else base
