"""Grading many pieces of work side by side: one judge, several isolated workers, each result as it comes."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.batch.combine import combined
from autograder.batch.grades import empty
from autograder.batch.ledger import Result
from autograder.course import Course
from autograder.exercise import Exercise
from autograder.exercises import homework
from autograder.given import lacking, with_given
from autograder.gpu.leases import Gpu
from autograder.gpu.section import with_section
from autograder.gpu.side import GpuSide
from autograder.grader import Grader
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.starters import ForkStarter, Starter, modules_of, starter
from autograder.store import cache_folder, key
from autograder.submission import Submission
from autograder.text import one_line
from autograder.turns import Turns
from autograder.verdict import Outcome, Verdict
from autograder.workers import GraderFault, Limits


def untimed(exercise: Exercise) -> Exercise:
    """The exercise without a check of time."""
    checks = tuple(check for check in exercise.checks if check.family != "time")
    return replace(exercise, checks=checks, max_time=None)


@dataclass(frozen=True)
class Terms:
    """Under which conditions work is graded. `secret` seeds the hidden cases (None: there are none).
    With `time` it is measured of all exercises that declare how, else of those in which it counts. On `gpus`, which
    are `called` so, device code is checked once more; whether that counts is `device_counts`."""

    homework: str
    exercises: tuple[Exercise, ...]
    secret: int | None = None
    device: str = "phantom"
    limits: Limits = field(default_factory=Limits)
    isolated: bool = True
    required: frozenset[str] = frozenset()
    time: bool = False
    gpus: tuple[Gpu, ...] = ()
    called: str = ""
    device_counts: bool = False

    def digest(self, layers: Iterable[str]) -> str:
        """Identifies the conditions, except for the kit itself."""
        parts = [
            self.homework,
            ",".join(e.name for e in self.exercises),
            hashlib.sha256(str(self.secret).encode()).hexdigest(),
            f"{self.device} {self.device_counts}" if self.gpus else self.device,
            repr(self.limits),
            ",".join(sorted(layers)),
            *(["time"] if self.time else []),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Batch:
    """Grades submissions of one homework under the same terms."""

    def __init__(self, course: Course, terms: Terms) -> None:
        self._terms = terms
        self._starter: Starter = ForkStarter(isolated=True, required=terms.required) if terms.isolated else starter()
        self._starter.preload(modules_of(terms.exercises))
        self._books = [CaseBook(VISIBLE_SEED)]
        if terms.secret is not None:
            self._books.append(CaseBook(terms.secret))
        turns = Turns()
        self._graders = [
            Grader(course.root, self._starter, book, terms.limits, cache=cache_folder(), turns=turns)
            for book in self._books
        ]
        self._graders[0].shows_time = terms.time
        self._gpus: GpuSide | None = None
        if terms.gpus:
            self._gpus = GpuSide(self._graders[0], terms.gpus, self._gpu_starter, terms.called, terms.device_counts)
            self._gpus.preload(modules_of(terms.exercises))
        self._course = course
        self._stopped = threading.Event()
        self._graders[0].stopped = self._stopped.is_set

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        self._starter.close()
        if self._gpus is not None:
            self._gpus.close()
        for book in self._books:
            book.close()

    def _gpu_starter(self, gpu: Gpu) -> Starter:
        if not (self._terms.isolated and self._terms.required):
            return starter("cuda", gpu=gpu)
        return ForkStarter("cuda", isolated=True, required=self._terms.required, gpu=gpu)

    def kit(self) -> str:
        """Identifies everything of the kit and the course that a grade depends on."""
        parts = hashlib.sha256()
        package = Path(__file__).resolve().parent.parent
        folders = [path for name in ("batch", "timing") for path in (package / name).glob("*.py")]
        own = [package / f"{name}.py" for name in ("verdict", "grader", "given")]
        paths = sorted([*own, *folders])
        if any(exercise.uses for exercise in self._terms.exercises):  # given of the solutions, where it is wrong
            paths += sorted((self._course.root / "solutions" / self._terms.homework).glob("*.py"))
        for path in paths:
            parts.update(path.read_bytes())
        for exercise in self._terms.exercises:
            parts.update(f"{exercise.name} {exercise.points} {exercise.at_stake} {exercise.max_time}".encode())
            for book in self._books:
                parts.update(key(book.of(exercise), catalogue.folder(self._course.root, exercise)).encode())
        return parts.hexdigest()

    def prepare(self) -> None:
        """Makes the reference recordings, which all submissions share."""
        for grader in self._graders:
            for exercise in self._tried_by(grader):
                grader.ours(exercise)

    def _tried_by(self, grader: Grader) -> list[Exercise]:
        """All exercises on the visible cases; on hidden ones those of which points hang on them, and never their time,
        whose inputs nobody has seen anyway."""
        if grader is self._graders[0]:
            return list(self._terms.exercises)
        return [untimed(e) for e in self._terms.exercises if e.at_stake]

    def grade_all(self, work: Iterable[tuple[str, Submission]], jobs: int) -> Iterator[tuple[str, Result]]:
        """Results by key, in the order in which they come. Work that the grader could not do is set apart."""
        waiting: dict[Future[Result], str] = {}
        source = iter(work)
        with ThreadPoolExecutor(jobs, thread_name_prefix="grade") as pool:
            try:
                while True:
                    while len(waiting) < 2 * jobs and (piece := next(source, None)) is not None:
                        waiting[pool.submit(self._grade, piece[1])] = piece[0]
                    if not waiting:
                        return
                    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield waiting.pop(future), future.result()
            finally:
                self._stopped.set()
                pool.shutdown(wait=True, cancel_futures=True)
                self._stopped.clear()

    def replay(
        self, submission: Submission, exercise: Exercise, given: Sequence[str] = ()
    ) -> tuple[Verdict, Verdict | None]:
        """One exercise of one submission on the visible cases, and on the hidden ones if there are any, with correct
        ones of what is `given`."""
        submission = self._with([e for e in self._homework() if e.name in given], submission)
        found = [
            grader.grade(tried, submission, name_mistakes=place == 0)
            for place, grader in enumerate(self._graders)
            for tried in self._tried_by(grader)
            if tried.name == exercise.name
        ]
        return found[0], found[1] if len(found) > 1 else None

    def _grade(self, submission: Submission) -> Result:
        """The result; where the grader itself fails, that of work that is set apart, and the others go on."""
        try:
            return self._graded(submission)
        except Exception as error:  # whatever one submission does to the judge is not the others' fault
            document = {**empty(self._terms.homework), "problem": one_line(f"{type(error).__name__}: {error}")}
            return Result(0.0, "set_apart", document)

    def _graded(self, submission: Submission) -> Result:
        seen = self._verdicts(self._graders[0], submission, name_mistakes=True)
        try:
            hidden = [
                v for grader in self._graders[1:] for v in self._verdicts(grader, submission, name_mistakes=False)
            ]
        except Exception as error:  # in whose words there may be something of a hidden case
            raise GraderFault(f"the hidden checks could not be graded ({type(error).__name__})") from error
        document = combined(self._terms.homework, seen, hidden, self._terms.device)
        apart = any(v.outcome is Outcome.GRADER_ERROR for v in [*seen, *hidden])
        if busy := [v.exercise.name for v in seen if v.undecided]:
            names = ", ".join(busy)
            document["problem"] = f"the machine was too busy to time {names}: measured again on the next run"
        if self._gpus is not None and not self._stopped.is_set():
            told = self._gpus.check(submission, seen)
            document = with_section(document, told)
            apart = apart or bool(told["problem"] and told["counts"])
        return Result(document["score"], "set_apart" if apart or busy else "graded", document)

    def _verdicts(self, grader: Grader, submission: Submission, name_mistakes: bool) -> list[Verdict]:
        """One verdict an exercise. Where the grader failed, it is tried once more in fresh workers."""
        verdicts = []
        recorder = grader.recorder(submission)
        try:
            for exercise in self._tried_by(grader):
                verdict = grader.verdict(exercise, submission, recorder.record(exercise), name_mistakes)
                if verdict.outcome is Outcome.GRADER_ERROR and not self._stopped.is_set():
                    recorder.close()
                    recorder = grader.recorder(submission)
                    verdict = grader.verdict(exercise, submission, recorder.record(exercise), name_mistakes)
                verdicts.append(verdict)
        finally:
            with contextlib.suppress(OSError):
                recorder.close()
        return [self._paid_once(grader, submission, verdict, verdicts, name_mistakes) for verdict in verdicts]

    def _paid_once(
        self, grader: Grader, submission: Submission, verdict: Verdict, others: list[Verdict], name_mistakes: bool
    ) -> Verdict:
        """The verdict where what the exercise builds on is right; else that of another try with correct ones in their
        place, if it is better."""
        exercise = verdict.exercise
        if verdict.full or not verdict.attempted or not exercise.uses or self._stopped.is_set():
            return verdict
        if verdict.outcome in (Outcome.GRADER_ERROR, Outcome.TAMPERED):
            return verdict
        right = {other.exercise.name: other.full for other in others}
        missing = lacking(exercise, right, {e.name: e for e in self._homework()})
        helped = self._with(missing, submission)
        if not helped.given:
            return verdict
        again = grader.grade(exercise, helped, name_mistakes=name_mistakes)
        if again.score <= verdict.score:
            return verdict
        return replace(again, given=tuple(given.name for given in helped.given), printed="")

    def _homework(self) -> tuple[Exercise, ...]:
        return homework(self._terms.homework)

    def _with(self, exercises: Iterable[Exercise], submission: Submission) -> Submission:
        return with_given(self._course.root, submission, exercises, [e.name for e in self._homework()])


def summary_of(document: dict[str, Any]) -> str:
    """What became of a piece of work in one word, for the progress bar."""
    outcomes = {test["outcome"] for test in document["tests"]}
    for outcome in ("grader_error", "tampered", "undecided", "timeout", "memory", "crashed"):
        if outcome in outcomes:
            return outcome
    if not document["score"]:
        return "zero"
    return "full" if document["score"] >= document["max_score"] else "graded"
