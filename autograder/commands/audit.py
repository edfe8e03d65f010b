"""`grade audit` and `grade stubs`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.audit import Audit, Row
from autograder.course import find_course
from autograder.errors import UsageError
from autograder.exercise import Exercise
from autograder.exercises import homework, homeworks
from autograder.grader import Grader
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.starters import modules_of, starter

COLUMNS = {
    "solution": "full",
    "stub": "stub",
    "trivial": "triv",
    "caught": "caught",
    "named": "named",
    "variants": "vars",
    "half": "half",
    "gradcheck": "grad",
    "cited": "cited",
}
FRESH_SEED = 7919


def run_audit(names: list[str], root: Path | None, jobs: int, quick: bool = False) -> int:
    """The table of exercises and what the audit found; 1 if there is any hole."""
    course = instructors(root)
    exercises = chosen(names)
    if not exercises:
        raise UsageError(f"nothing is called {' '.join(names)}; type: grade list")
    console = Console(highlight=False)
    console.print(f"Auditing {len(exercises)} exercises in {course}", markup=False)
    source = starter()
    source.preload(modules_of(exercises))
    books = CaseBook(VISIBLE_SEED), CaseBook(FRESH_SEED)
    audit = Audit(Grader(course, source, books[0]), Grader(course, source, books[1]), jobs, quick)
    try:
        rows = audit.rows(exercises, lambda row: _progress(console, row))
    finally:
        source.close()
        for book in books:
            book.close()
    table = Table("exercise", *COLUMNS.values(), "holes", box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.columns[0].no_wrap = True
    for row in rows:
        cells = [Text(row.columns.get(column, "–")) for column in COLUMNS]
        table.add_row(Text(row.exercise.name), *cells, Text(str(len(row.holes))))
    console.print(table)
    holes = sum(len(row.holes) for row in rows)
    console.print("No hole." if not holes else f"{holes} holes.")
    return 1 if holes else 0


def _progress(console: Console, row: Row) -> None:
    mark = "✓" if not row.holes else "✗"
    console.print(f"{mark} {row.exercise.homework} {row.exercise.name}", markup=False)
    for hole in row.holes:
        console.print(f"    {hole}", markup=False, soft_wrap=True)


def chosen(names: list[str]) -> list[Exercise]:
    """The exercises meant by names of homeworks or exercises; all of them for no names."""
    every = [exercise for name in homeworks() for exercise in homework(name)]
    return [e for e in every if not names or e.homework in names or e.name in names]


def instructors(root: Path | None) -> Path:
    """The root of a course that has the reference; UsageError in a student bundle."""
    course = find_course(root or Path.cwd())
    if course.bundle:
        raise UsageError(
            f"{course.root} is a student bundle; this command needs a course with reference/ and solutions/"
        )
    return course.root
