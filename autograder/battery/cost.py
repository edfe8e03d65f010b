"""Scaling and memory, from counts that are the same on every machine; CPU time only for pure Python."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from autograder.battery.base import MOST, Context, Failure, Judgement, facts_counts, facts_names, fault_failure
from autograder.battery.compare import compare
from autograder.exercise import Check, Count
from autograder.recording import Fault, Record

LEAST_MEMORY = 4096  # bytes that everybody may hold
LEAST = 4096  # arithmetic, and bytes, that everybody may need
DISAGREE = 4.0  # times as much as the other witness saw
SLACK = {"operators": 64, "kernels": 64, "synchronisations": 4}
OUT_OF_SIGHT = ("thread", "process", "ctypes", "profiler", "library")

_NOUNS: dict[Count, str] = {
    "operators": "number of operations",
    "kernels": "number of kernels",
    "synchronisations": "number of synchronisations",
    "arithmetic": "arithmetic",
    "allocated": "memory asked for",
    "held": "memory held at once",
    "seconds": "time",
}
Points = list[tuple[int, float]]


def judge_scaling(context: Context, check: Check) -> Judgement:
    """What the check counts grows with the size no faster than the stub says, by either witness. Who hides work from a
    witness has shown no growth."""
    limit = context.exercise.max_growth if check.growth is None else check.growth
    found = _Found(check.count, limit, check.times)
    what = check.aspect or next((case.grows for case in context.cases if case.grows), "size")
    for index, case in enumerate(context.cases):
        if not case.grows or (check.aspect is not None and case.grows != check.aspect):
            continue
        for run in ("counted", "timed"):
            ours, theirs = context.ours.get(index, run), context.theirs.get(index, run)
            if ours is None or theirs is None or not ours.ok:
                continue
            if theirs.fault is not None:
                failure = fault_failure(theirs.fault, index, "scaling:")
                if theirs.fault.kind == "timeout" and run == "timed" and found.sizes:
                    # How quick a machine is decides whether it is stopped or measured: one mistake, one code.
                    failure = replace(failure, code=_code(what, "seconds"))
                return Judgement((failure,))
            compared = compare(ours.value, theirs.value, context.exercise.tolerance)
            if not compared.same and not case.options.get("laws"):
                found.failures.append(Failure(f"scaling:{compared.kind}", compared.message, index))
            found.add(index, case.size or 1, run, ours, theirs)
    if found.failures:
        return Judgement(tuple(found.failures))
    return found.judgement(what)


def _code(what: str, count: Count) -> str:
    return "scaling:" + what.replace(" ", "_") + ("" if count in ("operators", "seconds") else f":{count}")


class _Found:
    """What both witnesses counted at each size, the reference's counts, and what is wrong already."""

    def __init__(self, count: Count, limit: float, times: float | None) -> None:
        self.count, self._limit, self._times = count, limit, times
        self.failures: list[Failure] = []
        self._theirs: list[Points] = [[], []]
        self._ours: Points = []
        self._excess = 0.0

    @property
    def sizes(self) -> int:
        """How many sizes were counted so far."""
        return len(self._ours)

    def add(self, index: int, size: int, run: str, ours: Record, theirs: Record) -> None:
        """One size."""
        if run == "timed":
            self.count = "seconds"
            self.failures += _hidden(theirs, index, OUT_OF_SIGHT)
            self._theirs[0].append((size, _seconds(theirs)))
            self._theirs[1].append((size, _lines(theirs)))
            self._ours.append((size, _seconds(ours)))
            return
        one, other = counted(theirs, self.count)
        reference, _ = counted(ours, self.count)
        self.failures += _hidden(theirs, index, None)
        if max(one, other) > DISAGREE * min(one, other) + SLACK.get(self.count, LEAST):
            message = (
                f"two independent counts of the {_NOUNS[self.count]} disagree ({one:,} and {other:,}): "
                "some of the work is out of sight of one of them"
            )
            self.failures.append(Failure("scaling:disagree", message, index))
        for points, number in zip(self._theirs, (one, other), strict=True):
            points.append((size, float(number)))
        self._ours.append((size, float(reference)))
        if self._times is not None:
            least = LEAST if self.count not in SLACK else 1
            self._excess = max(self._excess, max(one, other) / (self._times * max(reference, least)))

    def judgement(self, what: str) -> Judgement:
        """The growth of what was counted, as the quantity of this name grows."""
        if len(self._ours) < 2:
            return Judgement(untested="no sizes to compare")
        timed = self.count == "seconds"
        fit = growth if timed else steepest
        shown = max(self._theirs, key=fit)
        exponent, reference = fit(shown), fit(self._ours)
        in_seconds = timed and shown is self._theirs[0]
        noun = "number of lines that run" if timed and not in_seconds else _NOUNS[self.count]
        numbers = " → ".join(f"{cost:.3g}" if in_seconds else f"{cost:,.0f}" for _, cost in shown)
        sizes = " → ".join(str(size) for size, _ in shown)
        note = f"{numbers}{' seconds' if in_seconds else ''} as the {what} grows {sizes}"
        # Seconds keep no margin on a busy machine; counts do.
        margin = 0.0 if timed else max(_share(exponent, reference, self._limit), self._excess)
        code = _code(what, self.count)
        told = f"your {noun} grows with n^{exponent:.1f}, the reference's with n^{reference:.1f}"
        if exponent > self._limit:
            message = f"{told}, and at most n^{self._limit:g} is allowed ({note})"
        elif self._limit < 1 and self.count in SLACK and _each(shown) > 0.5:
            message = f"your {noun} grows by {_each(shown):.2g} for each {what} more, however many there are ({note})"
        elif self._excess > 1:
            message = f"your {noun} is more than {self._times:g} times the reference's ({note})"
        else:
            return Judgement(margin=margin, note=note)
        return Judgement((Failure(code, message, None),), margin, note=note)


def counted(record: Record, count: Count) -> tuple[int, int]:
    """What the two witnesses counted: the dispatch mode, and the profiler's record functions."""
    if count == "operators":
        return sum(facts_counts(record, "dispatched").values()), facts_counts(record, "recorded").get(count, 0)
    return facts_counts(record, "counts").get(count, 0), facts_counts(record, "recorded").get(count, 0)


def _hidden(record: Record, index: int, kinds: tuple[str, ...] | None) -> list[Failure]:
    """Where work can have been done that is not counted: outside torch, in another thread, while nobody watched."""
    left = sorted(facts_names(record, "left"))
    found = [kind for kind in left if kinds is None or kind in kinds]
    if record.facts.get("whole") is False:
        found.append("profiler")
    if not found:
        return []
    message = f"work could be done where nothing is counted ({', '.join(found)}); compute with tensors, in one thread"
    if kinds is not None:
        message = f"work could be done where its time is not counted ({', '.join(found)}); compute in one thread"
    return [Failure("scaling:hidden", message, index)]


def _seconds(record: Record) -> float:
    seconds = record.facts.get("seconds")
    return float(seconds) if type(seconds) is float and math.isfinite(seconds) else math.inf


def _lines(record: Record) -> float:
    lines = record.facts.get("lines")
    return float(lines) if type(lines) is int and 0 <= lines < MOST else math.inf


def growth(points: Points) -> float:
    """The exponent of the power law through the smallest and the largest size."""
    (small, first), (large, last) = min(points), max(points)
    if last <= 0 or small == large:
        return 0.0
    if math.isinf(last):
        return math.inf
    return math.log(max(last, 1e-9) / max(first, 1e-9)) / math.log(large / small)


def steepest(points: Points) -> float:
    """The largest exponent between two neighbouring sizes, or the smallest and the largest: what is quick at the size
    that was tried last is not quick at all."""
    ordered = sorted(points)
    return max([growth(ordered), *(growth(list(pair)) for pair in pairwise(ordered))])


def _each(points: Points) -> float:
    """How many more there are for one more of the size."""
    (small, first), (large, last) = min(points), max(points)
    return (last - first) / (large - small) if large > small else 0.0


def _share(exponent: float, reference: float, limit: float) -> float:
    """How much of the room between the reference's growth and the limit is used."""
    own = min(max(0.0, reference), limit - 0.1)
    return max(0.0, exponent - own) / (limit - own)


def judge_memory(context: Context, check: Check) -> Judgement:
    """The peak of the bytes allocated stays within a multiple of the reference's, and the answer is right there too.
    Who holds as much as the `whole` that the case names has not done what the exercise asks for."""
    failures: list[Failure] = []
    margin = 0.0
    for index, case in enumerate(context.cases):
        ours, theirs = context.ours.get(index, "counted"), context.theirs.get(index, "counted")
        if not case.grows or (check.aspect is not None and case.grows != check.aspect) or ours is None or not ours.ok:
            continue
        if theirs is None or theirs.fault is not None:
            fault = Fault("missing", message="there is no answer") if theirs is None else theirs.fault
            failures.append(fault_failure(fault or Fault("missing"), index, "memory:"))
            continue
        found = compare(ours.value, theirs.value, context.exercise.tolerance)
        if not found.same and not case.options.get("laws"):
            failures.append(Failure(f"memory:{found.kind}", found.message, index))
            continue
        mine, reference = max(counted(theirs, "held")), counted(ours, "held")[0]
        allowed = context.exercise.max_memory * max(reference, LEAST_MEMORY)
        margin = max(margin, mine / allowed)
        whole = case.options.get("whole")
        if whole is not None and mine >= whole:
            message = f"{mine:,} bytes were held at once, as many as what must not be there as a whole has ({whole:,})"
            failures.append(Failure("memory:whole", message, index, defeats=True))
        elif mine > allowed:
            message = f"{mine:,} bytes were held at once, at most {int(allowed):,} allowed"
            failures.append(Failure(f"memory:{case.name}", message, index))
        elif (reference and not mine) or _hidden(theirs, index, None):
            message = "the answer was made where its memory is not seen"
            failures.append(Failure("memory:hidden", message, index, defeats=True))
    return Judgement(tuple(failures), margin)
