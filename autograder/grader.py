"""Grading with a course at hand: reference recordings made once, submissions recorded, judged and diagnosed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder import catalogue
from autograder.diagnosis import Signature, named, signature
from autograder.errors import UsageError
from autograder.exercise import Case, Exercise
from autograder.recorder import CaseBook, Recorder
from autograder.recording import Fault, Recording
from autograder.released import MISTAKES, REFERENCE, damaged
from autograder.starters import Starter
from autograder.store import Store, key
from autograder.submission import Submission
from autograder.turns import Turns
from autograder.verdict import Named, Verdict, judge
from autograder.workers import GraderFault, Limits


class Grader:
    """Grades submissions of one course with one set of cases. Safe to use from several threads.

    `cache` is a folder for what the reference and the mistakes did; in a bundle it is the only source of that.
    `shows_time` has time measured also where it does not count, for as long as nobody has `stopped` the whole.
    """

    def __init__(
        self,
        root: Path,
        starter: Starter,
        book: CaseBook,
        limits: Limits | None = None,
        cache: Path | None = None,
        bundle: bool = False,
        turns: Turns | None = None,
    ) -> None:
        self.root = root
        self.book = book
        self.limits = limits or Limits()
        self._starter = starter
        self._cache = cache
        self._bundle = bundle
        self._turns = turns or Turns()
        self.shows_time = False
        self.stopped: Callable[[], bool] = lambda: False
        self._ours: dict[str, Recording] = {}
        self._signatures: dict[str, list[tuple[Named, Signature]]] = {}
        self._locks: dict[str, threading.RLock] = {}

    def recorder(self, submission: Submission) -> Recorder:
        return Recorder(submission, self.book, self._starter, self.limits, self._turns)

    def on(self, starter: Starter) -> Grader:
        """A grader that knows the same reference and runs submissions in other workers."""
        other = Grader(self.root, starter, self.book, self.limits, self._cache, self._bundle, self._turns)
        other._ours = self._ours
        other.shows_time = self.shows_time
        return other

    def record(self, submission: Submission, exercise: Exercise) -> Recording:
        with self.recorder(submission) as recorder:
            return recorder.record(exercise)

    def ours(self, exercise: Exercise) -> Recording:
        """The reference's recording. GraderFault where the reference itself has no answer."""
        if exercise.name in self._ours:  # without waiting for who records the mistakes
            return self._ours[exercise.name]
        with self._lock(exercise):
            if exercise.name not in self._ours:
                store = self._store(exercise)
                recording = store.load_recording(REFERENCE) if store else None
                if recording is None:
                    if self._bundle:
                        raise UsageError(damaged(Path(exercise.name) / REFERENCE))
                    recording = self.record(catalogue.oracle(self.root, exercise), exercise)
                    _must_be_sound(exercise, self.book.of(exercise).cases, recording)
                    if store:
                        store.save_recording(REFERENCE, recording)
                self._ours[exercise.name] = recording
            return self._ours[exercise.name]

    def judge(self, exercise: Exercise, theirs: Recording) -> Verdict:
        return judge(exercise, self.book.of(exercise).cases, self.ours(exercise), theirs)

    def grade(self, exercise: Exercise, submission: Submission, *, name_mistakes: bool = True) -> Verdict:
        """Records, judges and, where points were lost, names the mistakes."""
        return self.verdict(exercise, submission, self.record(submission, exercise), name_mistakes)

    def verdict(
        self, exercise: Exercise, submission: Submission, theirs: Recording, name_mistakes: bool = True
    ) -> Verdict:
        """The verdict on the recording, with times, and with mistakes named where points were lost."""
        judged = self.timed(self.judge(exercise, theirs), submission, theirs)
        return self.name_mistakes(judged, theirs) if name_mistakes else judged

    def measures(self, exercise: Exercise) -> bool:
        """Whether the exercise's time is measured: it counts, or is to be shown."""
        return exercise.timing is not None and (self.shows_time or exercise.max_time is not None) and not self._bundle

    def timed(self, verdict: Verdict, submission: Submission, theirs: Recording) -> Verdict:
        """The verdict with the time that right answers take, with nobody beside, where that is measured."""
        exercise = verdict.exercise
        if not self.measures(exercise) or verdict.fault is not None or not verdict.checks[0].judgement.passed:
            return verdict
        from autograder.timing.measure import Field, measure

        field = Field(
            submission,
            catalogue.baseline(self.root, exercise),
            catalogue.transport(self.root, exercise),
            catalogue.naive(self.root, exercise),
        )
        with self._turns.beside(), self._turns.alone():
            theirs.times = measure(exercise, field, self.recorder, self.limits, self.stopped)
        return self.judge(exercise, theirs)

    def name_mistakes(self, verdict: Verdict, theirs: Recording) -> Verdict:
        """The verdict on the recording with its mistakes named."""
        exercise = verdict.exercise
        if verdict.full or verdict.fault is not None or not verdict.attempted:
            return verdict
        return verdict.with_mistakes(named(signature(verdict, theirs), self.signatures(exercise)))

    def knows_mistakes(self, exercise: Exercise) -> bool:
        """Whether naming mistakes of the exercise takes no recording."""
        store = self._store(exercise)
        return self._bundle or exercise.name in self._signatures or bool(store and store.holds(MISTAKES))

    def signatures(self, exercise: Exercise) -> list[tuple[Named, Signature]]:
        """How each catalogued mistake of the exercise behaves on these cases."""
        with self._lock(exercise):
            if exercise.name not in self._signatures:
                store = self._store(exercise)
                found = store.load_signatures(MISTAKES) if store else None
                if found is None:
                    found = [] if self._bundle else [(n, s) for n, s, _ in self.catalogued(exercise)]
                    if store and not self._bundle:
                        store.save_signatures(MISTAKES, found)
                self._signatures[exercise.name] = found
            return self._signatures[exercise.name]

    def catalogued(self, exercise: Exercise) -> list[tuple[Named, Signature, Verdict]]:
        """What each catalogued mistake of the exercise does, recorded now, two at a time."""
        self.ours(exercise)
        entries = catalogue.mistakes(self.root, exercise)
        with ThreadPoolExecutor(2) as pool:
            recorded = pool.map(lambda entry: self.record(entry.submission, exercise), entries)
            found = []
            for entry, theirs in zip(entries, recorded, strict=True):
                verdict = self.judge(exercise, theirs)
                _must_be_whole(exercise, entry.name, theirs)
                found.append((Named(entry.name, entry.title, entry.help), signature(verdict, theirs), verdict))
            return found

    def _store(self, exercise: Exercise) -> Store | None:
        if self._cache is None:
            return None
        if self._bundle:
            return Store(self._cache / exercise.homework / exercise.name)
        return Store(self._cache / key(self.book.of(exercise), catalogue.folder(self.root, exercise)))

    def _lock(self, exercise: Exercise) -> threading.RLock:
        return self._locks.setdefault(exercise.name, threading.RLock())


def _must_be_sound(exercise: Exercise, cases: tuple[Case, ...], recording: Recording) -> None:
    if recording.load_fault is not None:
        raise GraderFault(f"the reference of {exercise.name} does not load: {_show(recording.load_fault)}")
    for (index, run), record in recording.records.items():
        case = cases[index]
        if record.fault is not None and case.aspect != "errors":
            raise GraderFault(
                f"the reference of {exercise.name} fails on “{case.name}” ({run} run): {_show(record.fault)}"
            )


def _must_be_whole(exercise: Exercise, mistake: str, theirs: Recording) -> None:
    """What a mistake does is kept: it must not be that the grader failed, or was stopped, while it was recorded."""
    faults = [theirs.load_fault, *(record.fault for record in theirs.records.values())]
    for fault in faults:
        if fault is not None and fault.kind == "grader_error":
            raise GraderFault(f"{mistake} of {exercise.name} could not be recorded: {fault.message}")


def _show(fault: Fault) -> str:
    where = f" in {Path(fault.frames[-1].file).name}:{fault.frames[-1].line}" if fault.frames else ""
    return f"{fault.kind} {fault.type} {fault.message}{where}"
