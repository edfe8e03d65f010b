"""Submission in, recordings out: runs the cases of exercises in workers, one fault costing one case."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from autograder.cases import for_workers, read, stored
from autograder.draw import Draw
from autograder.exercise import Case, Exercise
from autograder.recording import Fault, Record, Recording, load_fault_of, record_of
from autograder.starters import Starter
from autograder.submission import Submission
from autograder.twins import with_twins
from autograder.workers import AHEAD, Ahead, GraderFault, Limits, Worker, WorkerDied

VISIBLE_SEED = 20
SAME_DEATHS, MAX_DEATHS = 2, 8  # on cases of one aspect, and of all together
LOOKS = 2


NOT_TRIED = Fault("timeout", message="not tried: the code was stopped on such cases before")


@dataclasses.dataclass(frozen=True)
class CaseFile:
    """The cases of one exercise, drawn and written down once for all workers."""

    exercise: Exercise
    cases: tuple[Case, ...]
    path: Path
    content: bytes

    @property
    def key(self) -> str:
        return f"{self.exercise.homework}/{self.exercise.name}"


class CaseBook:
    """Draws cases from a seed and keeps them as read-only files."""

    def __init__(self, seed: int = VISIBLE_SEED) -> None:
        self.seed = seed
        self._folder = tempfile.TemporaryDirectory(prefix="grade-cases-")
        self._files: dict[str, CaseFile] = {}

    def of(self, exercise: Exercise) -> CaseFile:
        key = f"{exercise.homework}/{exercise.name}"
        if key not in self._files:
            given = self.given(exercise)
            content = for_workers(given)
            path = Path(self._folder.name) / f"{exercise.homework}-{exercise.name}.cases"
            path.write_bytes(content)
            path.chmod(0o444)
            self._files[key] = CaseFile(exercise, given, path, content)
        return self._files[key]

    def holds(self, exercise: Exercise) -> bool:
        """Whether there are cases of the exercise."""
        return True

    def given(self, exercise: Exercise) -> tuple[Case, ...]:
        """The cases as they are stored, so that they are the same where a bundle holds them: in a tensor of half
        precision, say, are the numbers that such a tensor can hold."""
        drawn = exercise.cases(Draw(self.seed, f"{exercise.homework}/{exercise.name}"))
        return read(*stored(with_twins(exercise, tuple(drawn))))

    def close(self) -> None:
        self._folder.cleanup()


class Recorder:
    """Runs one submission. Workers are started when they are needed and again after one has died."""

    def __init__(self, submission: Submission, book: CaseBook, starter: Starter, limits: Limits) -> None:
        self._submission = submission
        self._book = book
        self._starter = starter
        self._limits = limits
        self._scratch = tempfile.TemporaryDirectory(prefix="grade-work-", ignore_cleanup_errors=True)
        self._workers: dict[bool, Worker] = {}
        self._exercises: list[Exercise] = []
        self._unloadable: dict[str, Fault] = {}
        self._ahead: Future[Worker] | None = None
        self._beside = ThreadPoolExecutor(1)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers and removes what they wrote."""
        if self._ahead is not None:
            with contextlib.suppress(WorkerDied, GraderFault):
                self._ahead.result().kill()
        self._beside.shutdown()
        for worker in self._workers.values():
            worker.kill()
        self._workers.clear()
        with contextlib.suppress(OSError):
            self._scratch.cleanup()

    def record(self, exercise: Exercise, enough: Callable[[Recording, int], bool] | None = None) -> Recording:
        """The recording of one exercise: loading it, then every run of every case. `enough` is asked after each run,
        with the recording so far and the index of the case, whether the rest can be left out."""
        started = time.perf_counter()
        recording = Recording()
        if exercise not in self._exercises:
            self._exercises.append(exercise)
        if exercise.file not in self._submission.files:
            recording.load_fault = Fault("missing", message=f"there is no {exercise.file}")
            return recording
        key = self._book.of(exercise).key
        if exercise.file in self._unloadable:
            recording.load_fault = self._unloadable[exercise.file]
            return recording
        answer = self._ask(False, {"op": "load", "exercise": key}, self._limits.load_cpu)
        if isinstance(answer, Fault):
            if answer.kind != "grader_error":
                self._unloadable[exercise.file] = answer
            recording.load_fault = answer
            return recording
        if "fault" in answer[0]:
            recording.load_fault = load_fault_of(answer[0]["fault"])
            return recording
        recording.signature = answer[0].get("signature")
        line = answer[0].get("line")
        recording.line = line if type(line) is int else 0
        self._open_ahead(exercise)
        self._carry_out(exercise, recording, enough)
        recording.seconds = time.perf_counter() - started
        return recording

    def _carry_out(
        self, exercise: Exercise, recording: Recording, enough: Callable[[Recording, int], bool] | None
    ) -> None:
        """Every run of every case, until there is `enough`."""
        cases, key = self._book.of(exercise).cases, self._book.of(exercise).key
        foundation = str(exercise.checks[0].aspect)
        deaths: Counter[str] = Counter()

        def given_up(index: int) -> bool:
            same = max(deaths[cases[index].aspect], deaths[foundation])
            return same >= SAME_DEATHS or deaths.total() >= MAX_DEATHS

        for phantom in (False, True):
            plan = list(_plan(exercise, cases, phantom))
            for place, (index, run) in enumerate(plan, start=1):
                if given_up(index):
                    recording.records[index, run] = Record(fault=NOT_TRIED)
                    continue
                if _hopeless(recording, index, run):
                    continue

                def ahead(place: int = place, plan: list[tuple[int, str]] = plan) -> list[dict[str, Any]]:
                    # Nothing that another answer could make needless, but for what the worker itself leaves out.
                    following = () if enough else plan[place : place + AHEAD]
                    return [_run(key, i, r) for i, r in following if not (given_up(i) or _hopeless(recording, i, r))]

                answer = self._ask(phantom, _run(key, index, run), self._limits.cpu, ahead)
                if isinstance(answer, Fault):
                    deaths[cases[index].aspect] += 1
                    recording.records[index, run] = Record(fault=answer)
                else:
                    recording.records[index, run] = record_of(*answer)
                if enough is not None and enough(recording, index):
                    return

    def once(self, exercise: Exercise, index: int, run: str) -> Record:
        """One run of one case that is not in the plan: what the audit asks beside a recording."""
        if exercise not in self._exercises:
            self._exercises.append(exercise)
        answer = self._ask(False, _run(self._book.of(exercise).key, index, run), self._limits.load_cpu)
        return Record(fault=answer) if isinstance(answer, Fault) else record_of(*answer)

    def _ask(
        self, phantom: bool, command: dict[str, Any], cpu: float, ahead: Ahead = list
    ) -> tuple[dict[str, Any], bytes] | Fault:
        """Asks a worker; a wall-clock stop is tried once more in a fresh worker before it counts."""
        for attempt in (1, 2):
            try:
                worker = self._workers.get(phantom) or self._open_now(phantom)
                return worker.ask(command, cpu, cpu * self._limits.wall_factor, ahead)
            except WorkerDied as death:
                self._workers.pop(phantom, None)
                if death.kind == "wall" and attempt == 1:
                    continue
                kind = "timeout" if death.kind == "wall" else death.kind
                return Fault(kind, message=death.detail)
            except GraderFault as fault:
                self._workers.pop(phantom, None)
                return Fault("grader_error", message=str(fault))
        raise AssertionError("unreachable")

    def _open_ahead(self, exercise: Exercise) -> None:
        """Opens the worker for phantom runs while the others go on."""
        wanted = any("phantom" in exercise.runs(case) for case in self._book.of(exercise).cases)
        if wanted and self._ahead is None and True not in self._workers:
            self._ahead = self._beside.submit(self._open, True)

    def _open_now(self, phantom: bool) -> Worker:
        if phantom and self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            worker = ahead.result()
        else:
            worker = self._open(phantom)
        self._workers[phantom] = worker
        return worker

    def _open(self, phantom: bool) -> Worker:
        worker = self._starter.start(phantom)
        worker.memory = self._limits.held
        opening = {
            "root": str(self._submission.root),
            "scratch": self._scratch.name,
            "files": {name: str(path) for name, path in self._submission.files.items()},
            "aliases": self._submission.aliases,
            "transform": self._submission.transform,
            "phantom": phantom,
            "memory": self._limits.taken,
            "cases": {self._book.of(e).key: str(self._book.of(e).path) for e in self._all()},
        }
        answer, _ = worker.ask(opening, self._limits.load_cpu, self._limits.load_cpu * self._limits.wall_factor)
        missing = self._starter.required.difference(answer.get("layers") or ())
        if missing:
            worker.kill()
            raise GraderFault(f"a worker could not be isolated: {', '.join(sorted(missing))} missing")
        return worker

    def _all(self) -> list[Exercise]:
        from autograder.exercises import homework

        return [e for e in homework(self._exercises[0].homework) if self._book.holds(e)]


def _run(key: str, index: int, run: str) -> dict[str, Any]:
    return {"op": "run", "exercise": key, "case": index, "run": run}


def _plan(exercise: Exercise, cases: tuple[Case, ...], phantom: bool) -> Iterator[tuple[int, str]]:
    """Which runs, in which order: the cases in their order, smallest first, phantom runs in a worker of their own.
    Devices are looked at on the first case of each aspect and on two basic ones; so are operators where there is no
    gradient, else on the two. A case may ask for its runs itself. The first phantom run is followed by one with the
    arguments on the CPU beside the device."""
    looked: Counter[tuple[str, str]] = Counter()
    beside = False
    foundation = exercise.checks[0].aspect
    # What everything else depends on comes first: it must not go untried because other cases never end.
    for index, case in sorted(enumerate(cases), key=lambda numbered: numbered[1].aspect != foundation):
        runs = exercise.runs(case)
        for run in runs:
            if (run == "phantom") != phantom:
                continue
            if case.runs is None and run in ("counted", "phantom"):
                looked[case.aspect, run] += 1
                elsewhere = 0 if run == "counted" and "gradient" in runs else 1
                if looked[case.aspect, run] > (LOOKS if case.aspect == foundation else elsewhere):
                    continue
            yield index, run
            if run == "phantom" and not beside:
                beside = True
                yield index, "host"


def _hopeless(recording: Recording, index: int, run: str) -> bool:
    """Whether the plain run of the case gave no answer, so that another run of it would tell nothing new."""
    plain = recording.get(index, "plain")
    return run != "plain" and plain is not None and not plain.ok
