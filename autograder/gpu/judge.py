"""From recordings on a real GPU to what is found there. The reference is recorded on the GPU too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from autograder.arrays import Array
from autograder.battery.base import facts_count, facts_list
from autograder.battery.compare import compare
from autograder.exercise import Case, Exercise, Tolerance
from autograder.gpu.section import Found
from autograder.recording import Record, Recording

MEBIBYTE = 2**20
SLACK = 4.0  # a GPU sums in another order than a CPU
NEAR = Tolerance(1e-3, 1e-3)  # within it, what float64 gives is the same answer more exactly
HALVES = {"half": Tolerance(1e-2, 1e-2), "bfloat16": Tolerance(6e-2, 6e-2)}
CHECKS = ("values", "answer's device", "nothing is written late", "memory", "memory given back", *HALVES)


@dataclass(frozen=True)
class Recorded:
    """What the reference did: its usual recording, its answers in float64 on the CPU, and on the GPU."""

    usual: Recording
    exact: Recording
    there: Recording


def found(exercise: Exercise, cases: tuple[Case, ...], ours: Recorded, theirs: Recording, blocked: str) -> list[Found]:
    """One finding a check. `blocked` says why there is nothing to look at: what is wrong on the CPU is wrong here."""
    if blocked:
        return [Found(exercise.name, CHECKS[0], "skipped", blocked)]
    failed: dict[str, Found] = {}
    tried: set[str] = set()
    for index, case in enumerate(cases):
        for check, message in _of_case(exercise, case, index, ours, theirs):
            tried.add(check)
            if message:
                failed.setdefault(check, Found(exercise.name, check, "failed", message, case.name))
    if not tried:
        return [Found(exercise.name, CHECKS[0], "skipped", "no case runs on a device")]
    return [failed.get(check, Found(exercise.name, check, "passed")) for check in CHECKS if check in tried]


def _of_case(
    exercise: Exercise, case: Case, index: int, ours: Recorded, theirs: Recording
) -> Iterator[tuple[str, str]]:
    """Every check that the case tries, and what is wrong: nothing for one that passes."""
    here, there = theirs.get(index, "phantom"), ours.there.get(index, "phantom")
    if here is None or there is None or not there.ok:
        return
    yield "values", _wrong(exercise, case, index, ours, here)
    if not here.ok:
        return
    wanted, places = facts_list(there, "on_device"), facts_list(here, "on_device")
    yield "answer's device", "" if wanted == places else "the answer is not where the reference's is"
    late = "the answer still changed after your function had returned; wait for the stream or thread that writes it"
    yield "nothing is written late", late if here.facts.get("unsettled") is True else ""
    if "peak" in there.facts:
        yield "memory", _too_much(here, there, exercise.max_memory)
        yield "memory given back", _kept(here, there)
    for run, tolerance in HALVES.items():
        message = _narrow(index, run, tolerance, ours, theirs)
        if message is not None:
            yield run, message


def _wrong(exercise: Exercise, case: Case, index: int, ours: Recorded, here: Record) -> str:
    if here.fault is not None:
        told = here.fault.message.splitlines()[0] if here.fault.message else here.fault.kind
        return f"your code raised {here.fault.type}: {told}" if here.fault.type else told
    if case.options.get("laws") or exercise.laws:
        return ""
    usual = ours.usual.get(index, "phantom") or ours.usual.get(index, "plain")
    if usual is None or not usual.ok:
        return ""
    exact = ours.exact.get(index, "double")
    expected = exactly(usual.value, exact.value) if exact is not None and exact.ok else usual.value
    wide = Tolerance(exercise.tolerance.rtol * SLACK, exercise.tolerance.atol * SLACK)
    return compare(expected, here.value, wide).message


def exactly(usual: Any, exact: Any) -> Any:
    """The usual answer with the numbers that float64 gave, rounded to its dtypes, where the two are the same answer."""
    if isinstance(usual, Array) and isinstance(exact, Array):
        if not usual.floating or usual.shape != exact.shape:
            return usual
        rounded = replace(usual, data=exact.data.astype(usual.data.dtype))
        return rounded if compare(usual, rounded, NEAR).same else usual
    if isinstance(usual, (list, tuple)) and isinstance(exact, (list, tuple)) and len(usual) == len(exact):
        return type(usual)(exactly(one, other) for one, other in zip(usual, exact, strict=True))
    if isinstance(usual, dict) and isinstance(exact, dict):
        return {key: exactly(value, exact.get(key)) for key, value in usual.items()}
    return usual


def _too_much(here: Record, there: Record, most: float) -> str:
    peak, allowed = facts_count(here, "peak"), int(most * facts_count(there, "peak")) + MEBIBYTE
    if peak <= allowed:
        return ""
    return f"your code held {peak / MEBIBYTE:.1f} MiB of GPU memory, at most {allowed / MEBIBYTE:.1f} expected"


def _kept(here: Record, there: Record) -> str:
    left = facts_count(here, "left") - facts_count(there, "left")
    if left <= MEBIBYTE:
        return ""
    return f"{left / MEBIBYTE:.1f} MiB of GPU memory are still held after your function has returned"


def _narrow(index: int, run: str, tolerance: Tolerance, ours: Recorded, theirs: Recording) -> str | None:
    """What is wrong with the answer in half precision; None where the reference itself has none that is near."""
    usual, there, here = ours.usual.get(index, "phantom"), ours.there.get(index, run), theirs.get(index, run)
    if usual is None or there is None or here is None or not usual.ok or not there.ok:
        return None
    if not compare(_widened(usual.value), _widened(there.value), tolerance).same:
        return None
    if here.fault is not None:
        return f"with {run} arguments your code raised {here.fault.type}: {here.fault.message.splitlines()[0]}"
    return compare(_widened(there.value), _widened(here.value), tolerance).message


def _widened(value: Any) -> Any:
    """The value with every floating-point array in float32."""
    if isinstance(value, Array):
        return replace(value, dtype="float32", data=value.data.astype("float32")) if value.floating else value
    if isinstance(value, (list, tuple)):
        return type(value)(_widened(item) for item in value)
    return {key: _widened(item) for key, item in value.items()} if isinstance(value, dict) else value
