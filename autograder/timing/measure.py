"""Reference and submission in turns, on inputs that neither has seen, until an interval decides."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from autograder import arrays
from autograder.battery.base import facts_count, facts_names
from autograder.battery.compare import compare
from autograder.battery.operations import matches
from autograder.cases import inputs
from autograder.draw import Draw
from autograder.exercise import Exercise, Timing
from autograder.recorder import Recorder
from autograder.recording import Fault, Record
from autograder.submission import Submission
from autograder.timing import interval, outside
from autograder.timing.interval import LOOKS
from autograder.timing.times import AtSize, Times
from autograder.wire import Command, Packer
from autograder.workers import GraderFault, Limits, Worker, WorkerDied

WARM = 2  # rounds that nobody times
SHOWN = 52  # rounds, where time does not count
NARROW = 1.1  # such an interval is good enough to be shown
NAIVE = 5  # rounds of the naive loop, which is slow
SMALL = 26  # rounds of the smaller inputs
PATIENCE = 40.0  # seconds for one size; half of it where time does not count

Open = Callable[[Submission], Recorder]


class _NoAnswer(Exception):
    """The submission gave no answer, or a wrong one, to a call that was timed."""

    def __init__(self, what: str, slow: bool = False) -> None:
        super().__init__(what)
        self.slow = slow


@dataclass(frozen=True)
class Field:
    """Who takes turns. `transport` answers at once, with an answer as long as the reference's."""

    mine: Submission
    reference: Submission
    transport: Submission
    naive: Submission | None = None


@dataclass
class _Runner:
    """A worker that runs only in its turns, and the seconds that these took."""

    recorder: Recorder
    worker: Worker
    seconds: list[float] = field(default_factory=list)

    def turn(self, command: dict[str, Any], blob: bytes, limits: Limits) -> tuple[Record, float]:
        """One call: the record, and the seconds from releasing the inputs to the last byte of the answer, less those
        in which others had the processor; not less than the processor was used for it."""
        pid = self.worker.pid
        before, here = outside.account(pid), outside.waited_here()
        outside.release(pid)
        exchange = self.worker.exchange(command, blob, limits.cpu, limits.cpu * limits.wall_factor)
        outside.hold(pid)
        after = outside.account(pid)
        wall = exchange.received - exchange.released
        waited = after.waited - before.waited + outside.waited_here() - here
        return exchange.answer.record(), max(wall - waited, after.ran - before.ran)


def measure(
    exercise: Exercise, field: Field, opened: Open, limits: Limits, stopped: Callable[[], bool] = lambda: False
) -> Times:
    """The times of a submission that gives right answers. GraderFault where the reference has none, or somebody has
    `stopped` it."""
    timing = exercise.timing
    assert timing is not None
    sizes: list[AtSize] = []
    outcome: Any = "shown"
    for size in timing.sizes:
        decides = size == timing.sizes[-1] and exercise.max_time is not None
        try:
            found, outcome = _at(exercise, timing, size, field, opened, limits, decides, stopped)
        except _NoAnswer as error:
            wrong = f"{error} (with {timing.grows} {size})"
            return Times(timing.grows, tuple(sizes), exercise.max_time, "slower" if error.slow else "wrong", wrong)
        sizes.append(found)
    return Times(timing.grows, tuple(sizes), exercise.max_time, outcome)


def _at(
    exercise: Exercise,
    timing: Timing,
    size: int,
    field: Field,
    opened: Open,
    limits: Limits,
    decides: bool,
    stopped: Callable[[], bool],
) -> tuple[AtSize, str]:
    with ExitStack() as stack:

        def runner(submission: Submission) -> _Runner:
            recorder = stack.enter_context(opened(submission))
            return _Runner(recorder, _loaded(recorder, exercise, limits))

        mine, reference, transport = runner(field.mine), runner(field.reference), runner(field.transport)
        naive = None if field.naive is None else runner(field.naive)
        heat = _Heat(exercise, timing, size, limits, stopped, mine, reference, transport, naive)
        outcome = heat.run(decides, last=size == timing.sizes[-1])
        return heat.result(), outcome


def _loaded(recorder: Recorder, exercise: Exercise, limits: Limits) -> Worker:
    try:
        worker = recorder.worker(exercise)
        key = f"{exercise.homework}/{exercise.name}"
        worker.ask(Command(op="load", exercise=key), limits.load_cpu, limits.load_cpu * limits.wall_factor)
    except WorkerDied as death:
        raise _NoAnswer(death.detail) from None
    outside.hold(worker.pid)
    return worker


class _Heat:
    """Rounds on inputs of one size."""

    def __init__(
        self,
        exercise: Exercise,
        timing: Timing,
        size: int,
        limits: Limits,
        stopped: Callable[[], bool],
        mine: _Runner,
        reference: _Runner,
        transport: _Runner,
        naive: _Runner | None,
    ) -> None:
        self._exercise, self._timing, self._size, self._limits = exercise, timing, size, limits
        self._stopped = stopped
        self._mine, self._reference, self._transport, self._naive = mine, reference, transport, naive
        self._chance = random.Random(os.urandom(16))
        self._memory: tuple[int, int] | None = None

    def run(self, decides: bool, last: bool) -> str:
        """Rounds, until the interval decides where the time counts, or is narrow enough to be shown."""
        limit = self._exercise.max_time if decides else None
        most = max(LOOKS) if decides else SHOWN if last else SMALL
        until = time.monotonic() + (PATIENCE if decides else PATIENCE / 2)
        watched = self._chance.randrange(WARM, WARM + LOOKS[0])  # nobody knows which
        for number in range(WARM):
            self._round(number, timed=False)
        for number in range(WARM, WARM + most):
            if number == watched:
                self._watch(number)
            self._round(number, timed=True)
            done = number - WARM + 1
            if done in LOOKS or done == most:
                found = interval.interval(self.ratios)
                if limit is not None and (decision := interval.decide(found, limit)) is not None:
                    return decision
                if limit is None and found.spread <= NARROW:
                    return "shown"
            if done >= LOOKS[0] and time.monotonic() > until:
                break
        if limit is None:
            return "shown"
        quiet = interval.quiet(self._reference.seconds, self._transport.seconds)
        return "within" if quiet else "undecided"

    @property
    def ratios(self) -> list[float]:
        return interval.ratios(self._mine.seconds, self._reference.seconds, self._transport.seconds)

    def result(self) -> AtSize:
        away = statistics.median(self._transport.seconds)

        def typical(runner: _Runner) -> float:
            return max(0.0, statistics.median(runner.seconds) - away)

        return AtSize(
            self._size,
            len(self._mine.seconds),
            interval.interval(self.ratios),
            typical(self._reference),
            typical(self._mine),
            away,
            None if self._naive is None or not self._naive.seconds else typical(self._naive),
            self._memory,
        )

    def _round(self, number: int, timed: bool) -> None:
        """Everybody's turn on the same new input, in an order drawn by lot."""
        if self._stopped():
            raise GraderFault("stopped while time was measured")
        command, blob = self._input(number)
        runners = [self._mine, self._reference, self._transport]
        if self._naive is not None and number < WARM + NAIVE:
            runners.append(self._naive)
        self._chance.shuffle(runners)
        answers = {}
        for runner in runners:
            answers[id(runner)], seconds = self._turn(runner, command, blob)
            if timed:
                runner.seconds.append(seconds)
        self._must_be_right(answers[id(self._reference)], answers[id(self._mine)])

    def _input(self, number: int) -> tuple[dict[str, Any], bytes]:
        case = self._timing.case(Draw(self._chance.getrandbits(63)), self._size)
        packer = Packer(arrays.to_leaf)
        key = f"{self._exercise.homework}/{self._exercise.name}"
        return {"op": "call", "exercise": key, "case": inputs(packer, case), "watched": False}, packer.blob

    def _turn(self, runner: _Runner, command: dict[str, Any], blob: bytes) -> tuple[Record, float]:
        try:
            record, seconds = runner.turn(command, blob, self._limits)
        except WorkerDied as death:
            if runner is not self._mine:
                raise GraderFault(f"{self._exercise.name} could not be timed: {death.detail}") from None
            raise _NoAnswer(death.detail, slow=death.kind in ("timeout", "wall")) from None
        if runner is self._mine and seconds > self._limits.cpu:  # asleep, for processor time would have ended it
            raise _NoAnswer(f"one call took {seconds:.1f} seconds", slow=True)
        return record, seconds

    def _watch(self, number: int) -> None:
        """A call of reference and submission on which witnesses look instead of the clock."""
        command, blob = self._input(number)
        command = {**command, "watched": True}
        ours, theirs = (self._turn(runner, command, blob)[0] for runner in (self._reference, self._mine))
        self._must_be_right(ours, theirs)
        rule = self._exercise.operations
        ready = [n for n in sorted(facts_names(theirs, "profiled")) if rule and matches(n, rule.forbidden)]
        if ready:
            raise _NoAnswer(f"the operator {ready[0]} is called")
        self._memory = facts_count(ours, "peak"), facts_count(theirs, "peak")

    def _must_be_right(self, ours: Record, theirs: Record) -> None:
        if ours.fault is not None:
            raise GraderFault(f"the reference of {self._exercise.name} could not be timed: {ours.fault.message}")
        if theirs.fault is not None:
            raise _NoAnswer(_said(theirs.fault))
        found = compare(ours.value, theirs.value, self._exercise.tolerance)
        if not found.same:
            raise _NoAnswer(found.message)


def _said(fault: Fault) -> str:
    return f"your code raised {fault.type}: {fault.message}" if fault.kind == "error" else fault.message or fault.kind
