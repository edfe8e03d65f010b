"""`grade folder HW SUBMISSIONS`: every submission in a folder, one after another."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.commands.grade import choose, stream, write_results
from autograder.course import find_course, require_homework
from autograder.errors import UsageError
from autograder.grading import open_grader
from autograder.locate import locate
from autograder.starters import starter
from autograder.text import one_line, points
from autograder.verdict import Verdict


def run_folder(homework: str, submissions: Path, json: Path | None, root: Path | None) -> int:
    """A line a student; 0 when every submission could be graded, 1 when one could not be read."""
    require_homework(homework)
    course = find_course(root or Path.cwd())
    if not submissions.is_dir():
        raise UsageError(f"there is no folder {submissions}")
    entries = sorted(e for e in submissions.iterdir() if e.is_dir() or e.suffix in (".py", ".ipynb", ".zip"))
    if not entries:
        raise UsageError(f"{submissions} holds no submission (a folder, .py, .ipynb or .zip a student)")
    exercises = choose(homework, ())
    files = sorted({e.file for e in exercises})
    console = Console(highlight=False)
    unread = 0
    if json is not None:
        json.mkdir(parents=True, exist_ok=True)
    source = starter()
    source.preload({name for e in exercises for name in e.preload})
    with open_grader(course, source) as grader:
        for entry in entries:
            started = time.perf_counter()
            try:
                submission = locate(course, homework, files, entry)
            except UsageError as error:
                unread += 1
                console.print(Text(f"{entry.name:24} not graded: {error}"), soft_wrap=True)
                continue
            verdicts = stream(grader, submission, exercises)
            console.print(Text(_line(entry.stem, verdicts)), soft_wrap=True)
            if json is not None:
                seconds = time.perf_counter() - started
                write_results(json / f"{entry.stem}.json", homework, verdicts, seconds, "phantom")
    return 1 if unread else 0


def _line(name: str, verdicts: list[Verdict]) -> str:
    total = points(round(sum(v.score for v in verdicts), 4))
    possible = points(sum(v.exercise.points for v in verdicts))
    parts = [f"{v.exercise.name} {points(v.score)}" for v in verdicts]
    mistakes = [m.title for v in verdicts for m in v.mistakes]
    told = f"   {'; '.join(one_line(m, 60) for m in mistakes[:3])}" if mistakes else ""
    return f"{name:24} {total:>6} / {possible}   {', '.join(parts)}{told}"
