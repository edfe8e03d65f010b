"""`pytest --grade hw3`: the checks of a homework as tests, one item a check, with the verdicts of `grade`.

Without `--grade` this file is all that is imported.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from autograder.exercise import Check, Exercise
    from autograder.grader import Grader
    from autograder.submission import Submission
    from autograder.verdict import CheckVerdict, Verdict

KEY = "autograder.grading"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grade", "checks of a homework (torch-course-kit)")
    group.addoption("--grade", metavar="HW", help="collect the checks of this homework, for example hw3")
    group.addoption("--grade-path", metavar="PATH", type=Path, help="a folder, .py, .ipynb or .zip, as grade --path")


def pytest_configure(config: pytest.Config) -> None:
    homework = config.getoption("--grade")
    if homework is None:
        if config.getoption("--grade-path") is not None:
            raise pytest.UsageError("--grade-path needs --grade, for example: pytest --grade hw3 --grade-path my/work")
        return
    from autograder.errors import UsageError

    try:
        grading = Grading(homework, config.getoption("--grade-path"))
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(grading, KEY)
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(path) for path in grading.paths]


class Grading:
    """One homework of one submission; graded exercise by exercise, as tests ask for it."""

    def __init__(self, homework: str, path: Path | None) -> None:
        from autograder.commands.grade import asked_for
        from autograder.course import find_course, require_homework
        from autograder.errors import UsageError
        from autograder.locate import locate

        self.homework = require_homework(homework)
        self.course = find_course(Path.cwd())
        asked = asked_for(self.course, self.homework, ())
        if asked.reveal == "none":
            raise UsageError(f"this course shows points only, not checks; type: grade {self.homework}")
        self.exercises, self.tells_why = asked.exercises, asked.reveal == "case"
        files = sorted({exercise.file for exercise in self.exercises})
        self.submission: Submission = locate(self.course, self.homework, files, path)
        # What was unpacked or made of a notebook is found under the name that the user knows.
        known = _known(path, self.submission, self.course.root)
        self._shown = {file: known or found for file, found in self.submission.files.items()}
        for file in files:
            self._shown.setdefault(file, next(iter(self._shown.values()), self.submission.root / file))
        self._verdicts: dict[str, Verdict] = {}
        self._open = ExitStack()
        self._grader: Grader | None = None

    @property
    def paths(self) -> list[Path]:
        """The files that hold the exercises, each once."""
        return list(dict.fromkeys(self._shown[exercise.file] for exercise in self.exercises))

    def of(self, path: Path) -> list[Exercise]:
        return [exercise for exercise in self.exercises if self._shown[exercise.file] == path]

    def verdict(self, exercise: Exercise) -> Verdict:
        """The verdict on the exercise, which is recorded the first time that it is asked for."""
        if exercise.name not in self._verdicts:
            from autograder.commands.grade import stream

            [self._verdicts[exercise.name]] = stream(self._ready(), self.submission, [exercise])
        return self._verdicts[exercise.name]

    def _ready(self) -> Grader:
        if self._grader is None:
            from autograder.grading import open_grader
            from autograder.starters import modules_of, starter

            source = starter()
            source.preload(modules_of(self.exercises))
            self._grader = self._open.enter_context(open_grader(self.course, source))
        return self._grader

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> Generator[None, Any, Any]:
        """Nothing else collects these files: student code runs in workers, never here."""
        others = yield
        if file_path not in self.paths:
            return others
        return [GradedFile.from_parent(parent, path=file_path, grading=self)]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        from autograder.text import points

        verdicts = [self._verdicts[e.name] for e in self.exercises if e.name in self._verdicts]
        if verdicts:
            terminalreporter.section(f"points in {self.homework}")
        for verdict in verdicts:
            earned = f"{points(verdict.score)} / {points(verdict.exercise.points)}"
            terminalreporter.write_line(f"{verdict.exercise.name}  {earned}")

    def pytest_unconfigure(self) -> None:
        self._open.close()


def _known(path: Path | None, submission: Submission, root: Path) -> Path | None:
    """The file that was given, or the notebook in the folder that was, where another was made of it."""
    if path is not None and path.is_file():
        return path.resolve()
    folders = [path.resolve()] if path is not None else [Path.cwd(), root]
    if any(submission.root.is_relative_to(folder) for folder in folders):
        return None
    return next((found for folder in folders for found in sorted(folder.rglob(f"{submission.label}.ipynb"))), None)


class GradedFile(pytest.File):
    """A file of the submission: its exercises."""

    def __init__(self, *, grading: Grading, **more: Any) -> None:
        super().__init__(**more)
        self.grading = grading

    def collect(self) -> Iterator[GradedExercise]:
        for exercise in self.grading.of(self.path):
            yield GradedExercise.from_parent(self, name=exercise.name, exercise=exercise, grading=self.grading)


class GradedExercise(pytest.Collector):
    """An exercise: its checks."""

    def __init__(self, *, exercise: Exercise, grading: Grading, **more: Any) -> None:
        super().__init__(**more)
        self.exercise = exercise
        self.grading = grading

    def collect(self) -> Iterator[GradedCheck]:
        for check in self.exercise.checks:
            yield GradedCheck.from_parent(self, name=check.id, check=check)

    @property
    def line(self) -> int:
        """Where the exercise begins in its file, counted from 0."""
        from autograder.docstrings import line_of

        return max(0, line_of(self.path, self.exercise.name) - 1) if self.path.suffix == ".py" else 0


class CheckFailed(Exception):
    """A check that failed; the message is what `grade` shows of it."""


class GraderFailed(Exception):
    """The grader itself failed. It costs no points."""


class GradedCheck(pytest.Item):
    """One check of an exercise."""

    parent: GradedExercise

    def __init__(self, *, check: Check, **more: Any) -> None:
        super().__init__(**more)
        self.check = check

    def runtest(self) -> None:
        from autograder.text import points
        from autograder.verdict import Outcome

        verdict = self.parent.grading.verdict(self.parent.exercise)
        found = next(one for one in verdict.checks if one.check is self.check)
        self.user_properties += [
            ("outcome", found.outcome.value),
            ("points", f"{points(found.score)} / {points(self.check.points)}"),
        ]
        if found.outcome is Outcome.SKIPPED:
            pytest.skip(found.blocked)
        if found.outcome is Outcome.GRADER_ERROR:
            raise GraderFailed(f"the grader itself failed, not your code; no points are lost\n{_told(verdict, found)}")
        if found.outcome is not Outcome.PASSED:
            why = _told(verdict, found) if self.parent.grading.tells_why else "it failed; this course does not show why"
            raise CheckFailed(why)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, (CheckFailed, GraderFailed)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        from autograder.verdict import title

        return self.path, self.parent.line, f"{self.parent.exercise.name}: {title(self.check)}"


def _told(verdict: Verdict, check: CheckVerdict) -> str:
    from autograder.report.terminal import failure_text

    return failure_text(verdict, check)
