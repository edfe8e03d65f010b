"""What an autograded cell does: the cells that have run are graded by workers and a judge, as everywhere else."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from autograder.commands.grade import Asked, asked_for
from autograder.course import find_course, require_homework
from autograder.errors import UsageError
from autograder.exercises import homework as exercises_of
from autograder.grader import Grader
from autograder.grading import open_grader
from autograder.locate import copy_helpers, from_code
from autograder.nb import live, show
from autograder.starters import modules_of, starter
from autograder.verdict import Outcome, Verdict
from autograder.workers import GraderFault


def checked(homework: str, exercise: str, points: float | None = None) -> float:
    """See `autograder.nb.check`. Outside of a notebook it shows nothing and returns 0."""
    shell = live.shell()
    if shell is None:
        return 0.0
    try:
        asked = asked_for(find_course(Path.cwd()), require_homework(homework), (exercise,))
        verdict = _verdict(asked, live.live_script(shell))
    except UsageError as error:
        return _nothing(shell, f"This cell cannot grade: {error}.")
    except GraderFault as error:
        return _nothing(shell, f"The grader itself failed, not your code: {error}.")
    except Exception as error:
        return _nothing(shell, f"The grader itself failed, not your code: {type(error).__name__}: {error}")
    if verdict.outcome is Outcome.GRADER_ERROR:
        return _nothing(shell, "The grader itself failed, not your code. Run the cell again.")
    _display(shell, show.verdict_html(verdict, asked.reveal), show.verdict_text(verdict, asked.reveal))
    return share(verdict.score, verdict.exercise.points, verdict.exercise.points if points is None else points)


def share(score: float, possible: float, points: float) -> float:
    """What a score is worth in a cell of so many points: a finite number that is never more than them."""
    if score >= possible:
        return float(points)
    return min(max(round(score / possible * points, 4), 0.0), float(points))


def _nothing(shell: Any, sentence: str) -> float:
    _display(shell, show.notice_html(sentence), sentence)
    return 0.0


def _display(shell: Any, html: str, text: str) -> None:
    shell.display_pub.publish({"text/html": html, "text/plain": text})


def _verdict(asked: Asked, script: str) -> Verdict:
    exercise = asked.exercises[0]
    with tempfile.TemporaryDirectory(prefix="grade-cells-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        copy_helpers(Path.cwd(), root)
        readable = script.encode("utf-8", "replace").decode("utf-8")
        submission = from_code(readable, "notebook", [exercise.file], root)
        return _grader(Path.cwd(), os.getpid(), exercise.homework).grade(exercise, submission)


@cache
def _grader(folder: Path, process: int, homework: str) -> Grader:
    """One for each kernel (and not for its forks): the process that starts workers stays, and what it has read."""
    source = starter(quiet=True)
    source.preload(modules_of(exercises_of(homework)))
    return _open.enter_context(open_grader(find_course(folder), source))


_open = ExitStack()
atexit.register(_open.close)
