"""Do the cases see small mistakes? Every mutant of a solution goes through the same pipeline as a student's work.

A mutant is killed when it does not get full marks on the visible seed. One that does is tried on other seeds: if it
fails there it differs from the reference and is alive, which is a hole in the cases; if it never differs on any
generated input it counts as equivalent. Other seeds draw other numbers, mostly for the same shapes and options, so
“equivalent” is a claim about the generated inputs and no proof: the list of them deserves a reader. An equivalent
mutant may differ on an input that no case resembles.
"""

from __future__ import annotations

import ast
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from autograder.catalogue import CatalogueError
from autograder.exercise import Exercise
from autograder.grader import Grader
from autograder.mutants import Mutant, mutants, sample
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.recording import Recording
from autograder.starters import Starter
from autograder.submission import Submission
from autograder.verdict import CheckVerdict, Outcome, Verdict, judge, title
from autograder.workers import GraderFault, Limits

OTHER_SEEDS = (101, 202, 303)
LIMITS = Limits(cpu=1.0, wall_factor=40.0, load_cpu=5.0)
MAX_ALIVE = 0.02
MAX_ALIVE_EACH = 0.05


class Fate(str, Enum):
    """What became of a mutant."""

    KILLED = "killed"
    ALIVE = "alive"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True)
class Difference:
    """The smallest case on which a mutant fails, the check that says so, and how; no case for one that does not
    load or that fails only over several cases."""

    seed: int
    check: str
    case: str
    message: str

    def __str__(self) -> str:
        where = f" on “{self.case}”" if self.case else ""
        return f"seed {self.seed}: {self.check}{where}: {self.message}"


@dataclass(frozen=True)
class Result:
    mutant: Mutant
    fate: Fate
    difference: Difference | None = None


@dataclass
class Row:
    """The results of one exercise; `problem` says why it could not be tried."""

    exercise: Exercise
    results: list[Result] = field(default_factory=list)
    problem: str = ""

    def of(self, fate: Fate) -> list[Result]:
        return [result for result in self.results if result.fate is fate]

    @property
    def differ(self) -> int:
        return len(self.results) - len(self.of(Fate.EQUIVALENT))

    @property
    def share(self) -> float:
        """How many of the mutants that differ are alive."""
        return len(self.of(Fate.ALIVE)) / self.differ if self.differ else 0.0


def share(rows: list[Row]) -> float:
    """How many of the mutants of all exercises that differ are alive."""
    return sum(len(row.of(Fate.ALIVE)) for row in rows) / max(1, sum(row.differ for row in rows))


def enough(rows: list[Row]) -> bool:
    """Whether every exercise was tried and the cases see what they should."""
    tried = all(row.differ and not row.problem and row.share <= MAX_ALIVE_EACH for row in rows)
    return tried and share(rows) <= MAX_ALIVE


class Mutation:
    """Tries mutants with one grader a seed, the visible seed first, all on workers of one starter."""

    def __init__(self, graders: list[Grader], jobs: int = 2) -> None:
        self._graders = graders
        self._jobs = jobs
        self._sound: set[tuple[int, str, str]] = set()
        self._lock = threading.Lock()

    @classmethod
    @contextmanager
    def open(cls, root: Path, starter: Starter, jobs: int = 2) -> Iterator[Mutation]:
        """A run with cases of its own."""
        with ExitStack() as stack:
            books = [CaseBook(seed) for seed in (VISIBLE_SEED, *OTHER_SEEDS)]
            for book in books:
                stack.callback(book.close)
            yield cls([Grader(root, starter, book, LIMITS) for book in books], jobs)

    def rows(
        self,
        exercises: list[Exercise],
        limit: int | None = None,
        planned: Callable[[int], None] = lambda count: None,
        done: Callable[[], None] = lambda: None,
    ) -> list[Row]:
        """One row an exercise. `planned` hears how many mutants there are more, `done` that one has been tried."""
        rows: list[Row] = []
        pending: list[list[Future[Result]]] = []
        with ThreadPoolExecutor(self._jobs) as pool:
            try:
                for exercise in exercises:
                    row, chosen = Row(exercise), []
                    rows.append(row)
                    with _problems(row):
                        self._prepare(exercise, self._graders[0])
                        chosen = self._chosen(exercise, limit)
                    planned(len(chosen))
                    pending.append([pool.submit(self.result, exercise, mutant) for mutant in chosen])
                    for future in pending[-1]:
                        future.add_done_callback(lambda _: done())
                for row, futures in zip(rows, pending, strict=True):
                    with _problems(row):
                        row.results = [future.result() for future in futures]
                        if futures:
                            self._solution_passes(row.exercise, self._graders[0])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return rows

    def result(self, exercise: Exercise, mutant: Mutant) -> Result:
        """The fate of one mutant."""
        with _submission(self._graders[0].root, exercise, mutant.source, str(mutant)) as submission:
            for number, grader in enumerate(self._graders):
                self._prepare(exercise, grader)
                try:
                    difference = _difference(grader, exercise, submission)
                except GraderFault as fault:
                    raise GraderFault(f"{mutant}: {fault}") from fault
                if difference is not None:
                    return Result(mutant, Fate.ALIVE if number else Fate.KILLED, difference)
        return Result(mutant, Fate.EQUIVALENT)

    def _prepare(self, exercise: Exercise, grader: Grader) -> None:
        """Makes sure, once, that the solution itself gets full marks from this grader in the same way as mutants."""
        with self._lock:  # cases are drawn in here only, so that no two threads draw the same
            key = (grader.book.seed, exercise.homework, exercise.name)
            if key in self._sound:
                return
            self._solution_passes(exercise, grader)
            self._sound.add(key)

    def _solution_passes(self, exercise: Exercise, grader: Grader) -> None:
        """GraderFault unless it does, without its comments, as mutants are. Asked again at the end: a declaration
        edited in the meantime would kill everything."""
        plain = ast.unparse(ast.parse(_source(grader.root, exercise).read_text(encoding="utf-8")))
        with _submission(grader.root, exercise, plain + "\n", "the solution") as submission:
            found = _difference(grader, exercise, submission)
        if found is not None:
            raise GraderFault(f"the solution itself fails: {found}")

    def _chosen(self, exercise: Exercise, limit: int | None) -> list[Mutant]:
        source = _source(self._graders[0].root, exercise).read_text(encoding="utf-8")
        chosen = sample(mutants(source, exercise.name), limit)
        if not chosen:
            raise GraderFault(f"nothing to change: {exercise.file} has no code of {exercise.name} in a solution region")
        return chosen


@contextmanager
def _problems(row: Row) -> Iterator[None]:
    """Keeps what makes one exercise impossible to try from the others."""
    try:
        yield
    except (GraderFault, CatalogueError, OSError, SyntaxError, ValueError) as error:
        row.problem = str(error)


def _source(root: Path, exercise: Exercise) -> Path:
    return root / "solutions" / exercise.homework / exercise.file


@contextmanager
def _submission(root: Path, exercise: Exercise, source: str, label: str) -> Iterator[Submission]:
    """The homework's solution folder with the exercise's file replaced."""
    with tempfile.TemporaryDirectory(prefix="grade-mutant-") as name:
        folder = Path(name).resolve()
        ignored = shutil.ignore_patterns("__pycache__", "*.ipynb", ".*")
        shutil.copytree(_source(root, exercise).parent, folder, dirs_exist_ok=True, ignore=ignored)
        path = folder / exercise.file
        path.write_text(source, encoding="utf-8")
        yield Submission(label, folder, {exercise.file: path})


def _difference(grader: Grader, exercise: Exercise, submission: Submission) -> Difference | None:
    """How a submission fails, None for full marks. Nothing more is run after the first case that fails."""
    ours, cases = grader.ours(exercise), grader.book.of(exercise).cases
    found: list[Verdict] = []

    def fails(theirs: Recording, index: int) -> bool:
        verdict = judge(exercise, cases, _only(ours, index), _only(theirs, index))
        if any(failure.case == index for check in verdict.checks for failure in check.judgement.failures):
            found.append(verdict)
        return bool(found)

    with grader.recorder(submission) as recorder:
        theirs = recorder.record(exercise, fails)
    verdict = found[0] if found else grader.judge(exercise, theirs)
    return None if verdict.full else _described(verdict, grader.book.seed)


def _only(recording: Recording, index: int) -> Recording:
    """The recording of a single case, as if there were no other."""
    return Recording({key: record for key, record in recording.records.items() if key[0] == index})


def _described(verdict: Verdict, seed: int) -> Difference:
    if verdict.fault is not None:
        return Difference(seed, "load", "", verdict.fault.message)
    lost = [check for check in verdict.checks if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED)]
    check = min(lost, key=_smallest, default=None)
    if check is None:
        check = next(check for check in verdict.checks if check.outcome is Outcome.SKIPPED)
    if check.failure is None:
        return Difference(seed, title(check.check), "", check.blocked)
    case = "" if check.failure.case is None else verdict.cases[check.failure.case].name
    return Difference(seed, title(check.check), case, check.failure.message)


def _smallest(check: CheckVerdict) -> int:
    case = check.failure.case if check.failure else None
    return 1_000_000 if case is None else case
