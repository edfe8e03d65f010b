"""Submission in, recordings out: runs the cases of exercises in workers, one fault costing one case."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeGuard

from autograder.cases import for_workers, read, stored
from autograder.draw import Draw
from autograder.exercise import Case, Exercise
from autograder.plan import Step, plan, watched
from autograder.recording import Fault, Record, Recording, load_fault_of
from autograder.starters import Starter
from autograder.submission import Submission
from autograder.turns import Turns
from autograder.twins import with_twins
from autograder.wire import Command
from autograder.workers import AHEAD, Ahead, Answer, GraderFault, Limits, Worker, WorkerDied

VISIBLE_SEED = 20
SAME_DEATHS, MAX_DEATHS = 2, 8  # on cases of one aspect, and of all together


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

    @functools.cached_property
    def steps(self) -> list[Step]:
        """The plan: what is asked of a worker."""
        return list(plan(self.exercise, self.cases))

    @functools.cached_property
    def commands(self) -> dict[Step, Command]:
        """How a worker is asked for each step of the plan."""
        seen = watched(self.exercise, self.cases, self.steps)
        return {(index, run): _run(self.key, index, run, index in seen) for index, run in self.steps}


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
    """Runs one submission. A worker is started when it is needed and again after one has died. Recorders that run at
    the same time share `turns`."""

    def __init__(
        self, submission: Submission, book: CaseBook, starter: Starter, limits: Limits, turns: Turns | None = None
    ) -> None:
        self._submission = submission
        self._book = book
        self._starter = starter
        self._limits = limits
        self._turns = turns or Turns()
        self._dawdles = False
        self._scratch = tempfile.TemporaryDirectory(prefix="grade-work-", ignore_cleanup_errors=True)
        self._worker: Worker | None = None
        self._exercises: list[Exercise] = []
        self._unloadable: dict[str, Fault] = {}

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the worker and removes what it wrote."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
        with contextlib.suppress(OSError):
            self._scratch.cleanup()

    def record(self, exercise: Exercise, enough: Callable[[Recording, int], bool] | None = None) -> Recording:
        """The recording of one exercise: loading it, then every run of every case. `enough` is asked after each run,
        with the recording so far and the index of the case, whether the rest can be left out."""
        with self._turns.beside():
            return self._record(exercise, enough)

    def _record(self, exercise: Exercise, enough: Callable[[Recording, int], bool] | None) -> Recording:
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
        answer = self._ask(Command(op="load", exercise=key), self._limits.load_cpu)
        if isinstance(answer, Fault):
            if answer.kind != "grader_error":
                self._unloadable[exercise.file] = answer
            recording.load_fault = answer
            return recording
        if "fault" in answer.header:
            recording.load_fault = load_fault_of(answer.header["fault"])
            return recording
        recording.signature = answer.header.get("signature")
        line = answer.header.get("line")
        recording.line = line if type(line) is int else 0
        self._carry_out(exercise, recording, enough)
        recording.seconds = time.perf_counter() - started
        return recording

    def _carry_out(
        self, exercise: Exercise, recording: Recording, enough: Callable[[Recording, int], bool] | None
    ) -> None:
        """Every run of every case, until there is `enough`."""
        file = self._book.of(exercise)
        cases, commands = file.cases, file.commands
        foundation = str(exercise.checks[0].aspect)
        deaths: Counter[str] = Counter()

        def given_up(index: int) -> bool:
            if not deaths:
                return False
            same = max(deaths[cases[index].aspect], deaths[foundation])
            return same >= SAME_DEATHS or deaths.total() >= MAX_DEATHS

        for place, (index, run) in enumerate(file.steps, start=1):
            if given_up(index):
                recording.records[index, run] = Record(fault=NOT_TRIED)
                continue
            if _hopeless(recording, index, run):
                continue

            def ahead(place: int = place) -> list[Command]:
                # Nothing that another answer could make needless, but for what the worker itself leaves out.
                following = () if enough else file.steps[place : place + AHEAD]
                return [commands[i, r] for i, r in following if not (given_up(i) or _hopeless(recording, i, r))]

            answer = self._ask(commands[index, run], self._limits.cpu, ahead)
            if isinstance(answer, Fault):
                deaths[cases[index].aspect] += 1
                recording.records[index, run] = Record(fault=answer)
            else:
                recording.records[index, run] = answer.record()
            if enough is not None and enough(recording, index):
                return

    def once(self, exercise: Exercise, index: int, run: str) -> Record:
        """One run of one case that is not in the plan: what the audit asks beside a recording."""
        if exercise not in self._exercises:
            self._exercises.append(exercise)
        with self._turns.beside():
            answer = self._ask(_run(self._book.of(exercise).key, index, run), self._limits.load_cpu)
        return Record(fault=answer) if isinstance(answer, Fault) else answer.record()

    def _ask(self, command: Command, cpu: float, ahead: Ahead = list) -> Answer | Fault:
        """Asks the worker. A wall-clock stop is tried once more, in a fresh worker and with nobody beside it, before it
        counts; once it has counted, this code is known to dawdle by itself."""
        self._turns.give_way()
        answer = self._try(command, cpu, ahead)
        if _by_the_wall(answer) and not self._dawdles:
            with self._turns.alone():
                answer = self._try(command, cpu, ahead)
            self._dawdles = _by_the_wall(answer)
        return dataclasses.replace(answer, kind="timeout") if _by_the_wall(answer) else answer

    def _try(self, command: Command, cpu: float, ahead: Ahead) -> Answer | Fault:
        try:
            if self._worker is None:
                self._worker = self._open()
            answer = self._worker.ask(command, cpu, cpu * self._limits.wall_factor, ahead)
            if answer.header.get("spoiled") is True:  # nothing on its GPU works any more
                self._worker.kill()
                self._worker = None
            return answer
        except WorkerDied as death:
            self._worker = None
            return Fault(death.kind, message=death.detail)
        except GraderFault as fault:
            self._worker = None
            return Fault("grader_error", message=str(fault))

    def worker(self, exercise: Exercise) -> Worker:
        """The worker, for who asks it himself; started where there is none. WorkerDied or GraderFault where it cannot
        be."""
        if exercise not in self._exercises:
            self._exercises.append(exercise)
        if self._worker is None:
            self._worker = self._open()
        return self._worker

    def _open(self) -> Worker:
        worker = self._starter.start()
        worker.memory = self._limits.held
        opening = Command(
            root=str(self._submission.root),
            scratch=self._scratch.name,
            files={name: str(path) for name, path in self._submission.files.items()},
            aliases=self._submission.aliases,
            transform=self._submission.transform,
            given=[[given.file, given.name, given.source] for given in self._submission.given],
            memory=self._limits.taken,
            cases={self._book.of(e).key: str(self._book.of(e).path) for e in self._all()},
        )
        answer = worker.ask(opening, self._limits.load_cpu, self._limits.load_cpu * self._limits.wall_factor)
        missing = self._starter.required.difference(answer.header.get("layers") or ())
        if missing:
            worker.kill()
            raise GraderFault(f"a worker could not be isolated: {', '.join(sorted(missing))} missing")
        return worker

    def _all(self) -> list[Exercise]:
        from autograder.exercises import homework

        return [e for e in homework(self._exercises[0].homework) if self._book.holds(e)]


def _by_the_wall(answer: object) -> TypeGuard[Fault]:
    return isinstance(answer, Fault) and answer.kind == "wall"


def _run(key: str, index: int, run: str, watched: bool = False) -> Command:
    return Command(op="run", exercise=key, case=index, run=run, watched=watched)


def _hopeless(recording: Recording, index: int, run: str) -> bool:
    """Whether the plain run of the case gave no answer, so that another run of it would tell nothing new."""
    if run == "plain":
        return False
    plain = recording.get(index, "plain")
    return plain is not None and not plain.ok
