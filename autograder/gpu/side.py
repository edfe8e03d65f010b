"""Submissions on real GPUs: each GPU has workers of its own, and serves one submission at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograder import catalogue
from autograder.exercise import Exercise
from autograder.gpu.judge import HALVES, Recorded, found
from autograder.gpu.leases import NO_DEVICE, Gpu, Leases, NoneLeft
from autograder.gpu.section import FAMILIES, Found, section
from autograder.grader import Grader
from autograder.recorder import Recorder
from autograder.recording import Recording
from autograder.starters import Starter
from autograder.submission import Submission
from autograder.verdict import Verdict
from autograder.workers import GraderFault

NOT_THIS = "the worker of this submission lost its GPU, which works for others"
NONE_LEFT = "no GPU is left that computes"


class Lost(Exception):
    """The GPU does not compute any more."""


class GpuSide:
    """Checks submissions on GPUs. Safe to use from several threads. `grader` knows cases and references, `start` makes
    the workers of one GPU, `called` is what the GPUs are called."""

    def __init__(
        self,
        grader: Grader,
        gpus: Sequence[Gpu],
        start: Callable[[Gpu], Starter],
        called: str = "",
        counts: bool = False,
    ) -> None:
        self.leases = Leases(gpus)
        self._grader = grader
        self._starters = {gpu: start(gpu) for gpu in gpus}
        self._called = called
        self._counts = counts
        self._ours: dict[tuple[str, Gpu], Recorded] = {}
        self._lock = threading.Lock()

    def preload(self, modules: set[str]) -> None:
        """Imports modules before the next workers are started."""
        for starter in self._starters.values():
            starter.preload(modules)

    def close(self) -> None:
        for starter in self._starters.values():
            starter.close()

    def check(self, submission: Submission, verdicts: Iterable[Verdict]) -> dict[str, Any]:
        """The section of a submission whose points are known. A GPU that falls off meanwhile is left out, and another
        one tried."""
        verdicts = [v for v in verdicts if device_code(v.exercise)]
        while True:
            try:
                with self.leases.lease() as gpu:
                    try:
                        return section(self._called, self._on(gpu, submission, verdicts), self._counts)
                    except Lost:
                        # A worker's word alone must not take a GPU away from the others.
                        if self._computes(gpu, verdicts[0].exercise):
                            return section(self._called, [], self._counts, NOT_THIS)
                        self.leases.lose(gpu)
            except NoneLeft:
                return section(self._called, [], self._counts, NONE_LEFT)

    def _computes(self, gpu: Gpu, exercise: Exercise) -> bool:
        """Whether the reference still gets an answer from the GPU."""
        with self._grader.on(self._starters[gpu]).recorder(catalogue.oracle(self._grader.root, exercise)) as recorder:
            fault = recorder.once(exercise, *self._steps(exercise)[0]).fault
        return fault is None or NO_DEVICE not in fault.message

    def _on(self, gpu: Gpu, submission: Submission, verdicts: Sequence[Verdict]) -> list[Found]:
        grader = self._grader.on(self._starters[gpu])
        findings = []
        with grader.recorder(submission) as recorder:
            for verdict in verdicts:
                exercise, cases = verdict.exercise, self._grader.book.of(verdict.exercise).cases
                blocked = "" if verdict.checks and verdict.checks[0].outcome == "passed" else "its values are not right"
                ours = self._reference(exercise, gpu, grader)
                theirs = Recording() if blocked else self._record(recorder, exercise, ours.there)
                findings += found(exercise, cases, ours, theirs, blocked)
        return findings

    def _reference(self, exercise: Exercise, gpu: Gpu, grader: Grader) -> Recorded:
        with self._lock:
            known = (exercise.name, gpu)
            if known not in self._ours:
                oracle = catalogue.oracle(self._grader.root, exercise)
                with grader.recorder(oracle) as there, self._grader.recorder(oracle) as here:
                    exact = Recording()
                    for index in sorted({i for i, run in self._steps(exercise) if run == "phantom"}):
                        exact.records[index, "double"] = here.once(exercise, index, "double")
                    usual = self._grader.ours(exercise)
                    self._ours[known] = Recorded(usual, exact, self._record(there, exercise))
            return self._ours[known]

    def _steps(self, exercise: Exercise) -> list[tuple[int, str]]:
        """The runs on a device, and the first two of them in half precision too."""
        steps = [step for step in self._grader.book.of(exercise).steps if step[1] == "phantom"]
        return steps + [(index, run) for index, _ in steps[:2] for run in HALVES]

    def _record(self, recorder: Recorder, exercise: Exercise, reference: Recording | None = None) -> Recording:
        """The runs on the GPU, but for those that fail for the `reference`. Lost where the GPU does not answer."""
        recording = Recording()
        for index, run in self._steps(exercise):
            known = reference.get(index, run) if reference is not None else None
            if known is not None and not known.ok:
                continue
            record = recorder.once(exercise, index, run)
            if record.fault is not None and record.fault.kind == "grader_error":
                if NO_DEVICE in record.fault.message:
                    raise Lost
                raise GraderFault(record.fault.message)
            recording.records[index, run] = record
        return recording


def device_code(exercise: Exercise) -> bool:
    """Whether the exercise has checks of code for a device."""
    return any(check.family in FAMILIES for check in exercise.checks)
