"""What every family of checks works on and gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from autograder.battery.compare import Comparison, compare
from autograder.exercise import Case, Exercise
from autograder.recording import Fault, Record, Recording


@dataclass(frozen=True)
class Failure:
    """One way in which a check failed. `code` is stable: the same kind of failure has the same code in every
    submission, so that mistakes can be recognised by it. One that `defeats` the exercise (the ready-made function was
    called) leaves nothing that counts."""

    code: str
    message: str
    case: int | None = None
    fault: Fault | None = None
    expected: str = ""
    got: str = ""
    defeats: bool = False


@dataclass(frozen=True)
class Judgement:
    """Failures, the smallest case first (none: passed); `margin` is the largest share of an allowance that was
    used, 1 being the limit; `untested` says why nothing could be judged, and
    `undecided` why not now, which costs nothing."""

    failures: tuple[Failure, ...] = ()
    margin: float = 0.0
    untested: str = ""
    note: str = ""
    undecided: str = ""

    @property
    def passed(self) -> bool:
        return not self.failures and not self.untested and not self.undecided


@dataclass
class Context:
    """One exercise, its cases, what the reference did (`ours`) and what the submission did (`theirs`)."""

    exercise: Exercise
    cases: tuple[Case, ...]
    ours: Recording
    theirs: Recording
    _compared: dict[tuple[int, str], Comparison | None] = field(default_factory=dict)
    _wrong: dict[int, tuple[list[Failure], float]] = field(default_factory=dict)

    def of_aspect(self, aspect: str | None) -> Iterator[tuple[int, Case]]:
        """Cases of the aspect; None stands for all but scaling and error cases."""
        for index, case in enumerate(self.cases):
            if case.aspect == aspect or (aspect is None and case.aspect != "errors" and not case.grows):
                yield index, case

    def pairs(self, aspect: str | None, run: str) -> Iterator[tuple[int, Case, Record, Record]]:
        """Case, the reference's record and the submission's, where both have one for this run."""
        for index, case in self.of_aspect(aspect):
            ours, theirs = self.ours.get(index, run), self.theirs.get(index, run)
            if ours is not None and theirs is not None:
                yield index, case, ours, theirs

    def compared(self, index: int, run: str) -> Comparison | None:
        """How the submission's answer differs from the reference's in this run; None without both answers."""
        key = (index, run)
        if key not in self._compared:
            ours, theirs = self.ours.get(index, run), self.theirs.get(index, run)
            both = ours is not None and theirs is not None and ours.ok and theirs.ok
            self._compared[key] = (
                compare(ours.value, theirs.value, self.exercise.tolerance) if both and ours and theirs else None
            )
        return self._compared[key]

    def judged(self, index: int) -> tuple[Record | None, Record | None]:
        """The reference's record and the submission's of the run whose answer to the case is judged."""
        run = self.exercise.judged(self.cases[index])
        return self.ours.get(index, run), self.theirs.get(index, run)

    def right(self, index: int) -> bool:
        """Whether the judged answer to the case is right, by comparison or by the laws."""
        return not self.wrong(index)[0]

    def wrong(self, index: int) -> tuple[list[Failure], float]:
        """What is wrong with the judged answer to the case, and the share of the tolerance that it used."""
        from autograder.battery.value import case_failures

        if index not in self._wrong:
            self._wrong[index] = case_failures(self, index)
        return self._wrong[index]


def fault_failure(fault: Fault, case: int | None, prefix: str = "") -> Failure:
    """A run that gave no answer, as a failure."""
    code = f"{prefix}{fault.kind}" + (f":{fault.type}" if fault.kind == "error" else "")
    if fault.kind == "error":
        message = f"your code raised {fault.type}: {fault.message}"
    elif fault.kind == "memory":
        message = f"your code asked for more memory than there is: {fault.message}"
    elif fault.kind == "timeout":
        message = f"your code did not finish: {fault.message}"
    elif fault.kind == "crashed":
        message = f"your code ended the whole process: {fault.message}"
    elif fault.kind == "exit":
        message = "your code called exit(); a function should return its answer instead"
    elif fault.kind == "state":
        message = f"the parameters are not the ones that the stub names ({fault.message})"
    else:
        message = fault.message or fault.kind
    return Failure(code, message, case, fault)


MOST = 2**63


def facts_list(record: Record, name: str) -> list[Any]:
    """A list among a worker's facts; anything else counts as empty (facts are testimony)."""
    found = record.facts.get(name)
    return found if type(found) is list else []


def facts_names(record: Record | None, name: str) -> frozenset[str]:
    """What a worker tells of at all, however often; nothing where there is no record."""
    found = record.facts.get(name) if record is not None else None
    if not isinstance(found, (dict, list)):
        return frozenset()
    names = tuple([str(key)[:LONGEST] for key in found])
    return _set(names) if len(names) <= FEW else frozenset(names)


LONGEST, FEW = 200, 500  # what is kept must not fill the memory, whatever a worker tells


@lru_cache(maxsize=512)  # the same operators in every case and every submission
def _set(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


def facts_count(record: Record, name: str) -> int:
    found = record.facts.get(name)
    return found if type(found) is int and 0 <= found < MOST else 0


def facts_counts(record: Record, name: str) -> dict[str, int]:
    found = record.facts.get(name)
    if type(found) is not dict:
        return {}
    return {str(key): count for key, count in found.items() if type(count) is int and 0 <= count < MOST}
