"""Grades of handed-in notebooks as `grade batch` gives them: from the file alone, in isolated workers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from autograder.batch.grades import empty
from autograder.batch.intake import submission_of
from autograder.batch.ledger import Result
from autograder.batch.records import Attempt
from autograder.batch.request import BatchRequest, Conditions, conditions
from autograder.batch.run import Batch
from autograder.errors import UsageError
from autograder.isolation import insist
from autograder.locate import temporary_folder
from autograder.rules import Reveal
from autograder.submission import Submission
from autograder.text import one_line


@dataclass(frozen=True)
class Told:
    """What became of one notebook. The outcome is that of `Result`, or `unreadable`; `reveal` is what may be shown."""

    result: Result
    reveal: Reveal

    def score(self, exercise: str, points: float) -> float | None:
        """What the exercise is worth in a cell of so many points; None where that is not known."""
        from autograder.nb.cell import share

        if self.result.outcome == "unreadable":
            return 0.0
        found = next((e for e in self.result.document["exercises"] if e["name"] == exercise), None)
        if found is None or found["outcome"] == "grader_error":
            return None
        return share(found["score"], found["max_score"], points)


@dataclass(frozen=True)
class Work:
    """A notebook in the folder that a student handed in, and the homework whose exercises are graded in it. `notebook`
    is empty where the file is not there under its own name."""

    student: str
    folder: Path
    notebook: str
    homework: str


class Sandbox:
    """Grades notebooks, each once; the workers' starter stays. `close` ends it."""

    def __init__(self, course: Path, isolation: str = "default", secret: Path | None = None) -> None:
        self._course, self._isolation, self._secret = course, isolation, secret
        self._open: dict[str, tuple[Conditions, Batch]] = {}
        self._told: dict[Work, Told] = {}
        if not (course / "assignments").is_dir():
            raise UsageError(f"the kit's course is no longer in {course}; type: grade nbgrader sync --root FOLDER")
        self._staging = temporary_folder("grade-nbgrader-")

    def close(self) -> None:
        for _, batch in self._open.values():
            batch.__exit__()
        self._open.clear()
        shutil.rmtree(self._staging, ignore_errors=True)

    def grade(self, work: Work) -> Told:
        """What became of one notebook. UsageError where nothing can be graded here at all."""
        if work not in self._told:
            for _ in self.grade_all([work], 1):
                pass
        return self._told[work]

    def grade_all(self, everything: Sequence[Work], jobs: int) -> Iterator[tuple[Work, Told]]:
        """Grades side by side what is not graded yet; each as it comes."""
        for homework in sorted({work.homework for work in everything}):
            todo = [work for work in everything if work.homework == homework and work not in self._told]
            meant, batch = self._batch(homework)
            reveal = meant.settings.reveals(homework, datetime.now(timezone.utc))
            submissions: dict[str, tuple[Work, Submission]] = {}
            unreadable: list[Work] = []
            for key, result in batch.grade_all(self._taken(meant, todo, submissions, unreadable, reveal), jobs):
                work, submission = submissions.pop(key)
                shutil.rmtree(submission.root, ignore_errors=True)
                self._told[work] = Told(result, reveal)
                yield work, self._told[work]
            yield from ((work, self._told[work]) for work in unreadable)

    def _taken(
        self,
        meant: Conditions,
        todo: Sequence[Work],
        submissions: dict[str, tuple[Work, Submission]],
        unreadable: list[Work],
        reveal: Reveal,
    ) -> Iterator[tuple[str, Submission]]:
        """Each as a submission of its own, made when it is needed. What cannot be read is told already."""
        homework = meant.terms.homework
        files = sorted({e.file for e in meant.terms.exercises})
        stubs = meant.course.root / "assignments" / homework
        for number, work in enumerate(todo):
            try:
                attempt = Attempt(work.student, work.folder, number + 1, notebook=work.notebook)
                submission = submission_of(attempt, files, self._staging, homework, stubs)
            except UsageError as error:
                document = {**empty(homework), "problem": one_line(str(error), 500)}
                self._told[work] = Told(Result(0.0, "unreadable", document), reveal)
                unreadable.append(work)
                continue
            submissions[str(number)] = work, submission
            yield str(number), submission

    def _batch(self, homework: str) -> tuple[Conditions, Batch]:
        if homework not in self._open:
            nowhere = self._staging  # what a request of a whole folder would read and write
            request = BatchRequest(
                homework, nowhere, nowhere, isolation=self._isolation, secret=self._secret, root=self._course
            )
            meant = conditions(request)
            insist(meant.terms.required)
            batch = Batch(meant.course, meant.terms)
            batch.prepare()
            self._open[homework] = meant, batch
        return self._open[homework]
