"""The grader that a kernel keeps between two `%grade`: what starts workers stays warm, an interrupt ends it all."""

from __future__ import annotations

import queue
import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from autograder.commands.grade import stream
from autograder.course import Course, find_course
from autograder.exercise import Exercise
from autograder.grader import Grader
from autograder.grading import open_grader
from autograder.jupyter.cells import Selection
from autograder.locate import copy_helpers, from_code
from autograder.recording import Fault, Frame
from autograder.starters import Starter, modules_of, starter
from autograder.verdict import Verdict

TICK = 0.25  # seconds


class Stopped(Exception):
    """Grading was interrupted."""


class Watcher(Protocol):
    """Is told how far grading is."""

    def show(self, verdict: Verdict) -> None: ...

    def wait(self, why: str) -> None: ...

    def tick(self) -> None: ...


class Session:
    """Grades cells. Not thread-safe: a kernel runs one cell at a time."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._course: Course | None = None
        self._grader: Grader | None = None
        self._source: Starter | None = None

    def grade(self, selection: Selection, exercises: list[Exercise], watcher: Watcher) -> list[Verdict]:
        """The verdict on each exercise. Stopped when interrupted: by then every worker has ended."""
        grader = self._ready(exercises)
        with tempfile.TemporaryDirectory(prefix="grade-cells-", ignore_cleanup_errors=True) as name:
            folder = Path(name).resolve()
            copy_helpers(Path.cwd(), folder)
            submission = from_code(selection.script(), "cells", sorted({e.file for e in exercises}), folder)
            script = str(submission.files[exercises[0].file])
            calls = _Calls(lambda verdict: in_cells(verdict, selection, script))
            work = threading.Thread(
                target=calls.carry_out, args=(lambda: stream(grader, submission, exercises, calls),), daemon=True
            )
            try:
                work.start()
                return calls.answer_to(watcher)
            except KeyboardInterrupt:
                calls.stopped = True
                self.close()
                work.join()
                raise Stopped from None

    def close(self) -> None:
        """Ends what was started."""
        self._open.close()
        self._grader = self._source = self._course = None

    def _ready(self, exercises: Iterable[Exercise]) -> Grader:
        course = find_course(Path.cwd())
        if self._grader is None or self._source is None or course != self._course:
            self.close()
            self._course, self._source = course, starter()
            self._grader = self._open.enter_context(open_grader(course, self._source))
        self._source.preload(modules_of(exercises))
        return self._grader


class _Calls:
    """Carries what one thread has to say over to another: only a kernel's main thread can show things and be
    interrupted."""

    def __init__(self, changed: Callable[[Verdict], Verdict]) -> None:
        self._queue: queue.SimpleQueue[Callable[[Watcher], None]] = queue.SimpleQueue()
        self._changed = changed
        self._found: list[Verdict] = []
        self._error: BaseException | None = None
        self._done = False
        self.stopped = False

    def show(self, verdict: Verdict) -> None:
        changed = self._changed(verdict)
        self._found.append(changed)
        self._say(lambda watcher: watcher.show(changed))

    def wait(self, why: str) -> None:
        self._say(lambda watcher: watcher.wait(why))

    def total(self, verdicts: list[Verdict], seconds: float) -> None:
        return

    def note(self, text: str) -> None:
        return

    def _say(self, call: Callable[[Watcher], None]) -> None:
        if self.stopped:
            raise Stopped
        self._queue.put(call)

    def carry_out(self, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # it is raised again where it is waited for
            self._error = error
        self._done = True
        self._queue.put(lambda watcher: None)

    def answer_to(self, watcher: Watcher) -> list[Verdict]:
        while not (self._done and self._queue.empty()):
            try:
                self._queue.get(timeout=TICK)(watcher)
            except queue.Empty:
                watcher.tick()
        if self._error is not None:
            raise self._error
        return self._found


def in_cells(verdict: Verdict, selection: Selection, script: str) -> Verdict:
    """The verdict with places in the script told as places in cells."""

    def told(fault: Fault | None) -> Fault | None:
        if fault is None:
            return None
        if fault.kind == "missing":
            name = verdict.exercise.name
            return replace(fault, message=f"no cell that has been run defines {name}; run the one that does")
        return replace(fault, frames=tuple(map(placed, fault.frames)))

    def placed(frame: Frame) -> Frame:
        found = selection.locate(frame.line) if frame.file == script else None
        return frame if found is None else replace(frame, file=found[0].label, line=found[1])

    checks = []
    for check in verdict.checks:
        failures = []
        for failure in check.judgement.failures:
            fault = told(failure.fault)
            missing = fault is not None and fault.kind == "missing"
            message = fault.message if fault is not None and missing else failure.message
            failures.append(replace(failure, fault=fault, message=message))
        checks.append(replace(check, judgement=replace(check.judgement, failures=tuple(failures))))
    return replace(verdict, checks=tuple(checks), fault=told(verdict.fault))
