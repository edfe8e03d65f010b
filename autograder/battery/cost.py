"""Scaling and memory, from counts that are the same on every machine; CPU time only for pure Python."""

from __future__ import annotations

import math

from autograder.battery.base import Context, Failure, Judgement, facts_count, facts_counts, fault_failure
from autograder.battery.compare import compare
from autograder.exercise import Check
from autograder.recording import Fault, Record

LEAST_MEMORY = 4096  # bytes that everybody may hold


def judge_scaling(context: Context, check: Check) -> Judgement:
    """The number of operations grows with the size no faster than the stub says."""
    points: list[tuple[int, float]] = []
    witness: list[tuple[int, float]] = []
    reference: list[tuple[int, float]] = []
    failures: list[Failure] = []
    timed = False
    for index, case in enumerate(context.cases):
        if not case.grows or (check.aspect is not None and case.grows != check.aspect):
            continue
        for run in ("counted", "timed"):
            ours, theirs = context.ours.get(index, run), context.theirs.get(index, run)
            if ours is None or theirs is None or not ours.ok:
                continue
            if theirs.fault is not None:
                return Judgement((fault_failure(theirs.fault, index, "scaling:"),))
            found = compare(ours.value, theirs.value, context.exercise.tolerance)
            if not found.same and not case.options.get("laws"):
                failures.append(Failure(f"scaling:{found.kind}", found.message, index))
            timed = run == "timed"
            points.append((case.size or 1, _cost(theirs, run)))
            witness.append((case.size or 1, float(facts_count(theirs, "recorded"))))
            reference.append((case.size or 1, _cost(ours, run)))
    if failures:
        return Judgement(tuple(failures))
    if len(points) < 2:
        return Judgement(untested="no sizes to compare")
    exponent = growth(points)
    if not timed:
        exponent = max(exponent, growth(witness))
    noun = "seconds" if timed else "operations"
    shown = " → ".join(f"{cost:.3g}" if timed else f"{cost:.0f}" for _, cost in points)
    sizes = " → ".join(str(size) for size, _ in points)
    what = check.aspect or next(case.grows for case in context.cases if case.grows)
    note = f"{shown} {noun} as the {what} grows {sizes}"
    # Seconds keep no margin on a busy machine; counts do.
    margin = 0.0 if timed else _share(exponent, growth(reference), context.exercise.max_growth)
    if exponent <= context.exercise.max_growth:
        return Judgement(margin=margin, note=note)
    message = f"{note}: it grows like the power {exponent:.2f}, at most {context.exercise.max_growth:g} allowed"
    code = "scaling:" + (what.replace(" ", "_"))
    return Judgement((Failure(code, message, None),), margin, note=note)


def _cost(record: Record, run: str) -> float:
    if run == "timed":
        seconds = record.facts.get("seconds")
        return float(seconds) if type(seconds) is float and math.isfinite(seconds) else math.inf
    return float(sum(facts_counts(record, "dispatched").values()))


def growth(points: list[tuple[int, float]]) -> float:
    """The exponent of the power law through the smallest and the largest size."""
    (small, first), (large, last) = min(points), max(points)
    if last <= 0 or small == large:
        return 0.0
    if math.isinf(last):
        return math.inf
    return math.log(max(last, 1e-9) / max(first, 1e-9)) / math.log(large / small)


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
        mine, reference = facts_count(theirs, "peak"), facts_count(ours, "peak")
        allowed = context.exercise.max_memory * max(reference, LEAST_MEMORY)
        margin = max(margin, mine / allowed)
        whole = case.options.get("whole")
        if whole is not None and mine >= whole:
            message = f"{mine:,} bytes were held at once, as many as what must not be there as a whole has ({whole:,})"
            failures.append(Failure("memory:whole", message, index, defeats=True))
        elif mine > allowed:
            message = f"{mine:,} bytes were held at once, at most {int(allowed):,} allowed"
            failures.append(Failure(f"memory:{case.name}", message, index))
        elif reference and not mine:
            message = "the answer was made where its memory is not seen"
            failures.append(Failure("memory:hidden", message, index, defeats=True))
    return Judgement(tuple(failures), margin)
