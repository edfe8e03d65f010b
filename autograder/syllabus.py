"""The table of all exercises, made from their declarations, docstrings and catalogues."""

from __future__ import annotations

import re
from pathlib import Path

from autograder import catalogue
from autograder.docstrings import docstring
from autograder.exercise import Exercise
from autograder.exercises import homework as exercises_of
from autograder.exercises import homeworks
from autograder.exercises.about import about
from autograder.text import points

PAGE = Path("docs") / "exercises.md"
_SOURCE = re.compile(r"^\s*Sources?:\s*(.*?)(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_HEAD = """| exercise | file | difficulty | points | checks | mistakes | variants | source |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def page(root: Path) -> str:
    """Markdown: a section a homework, a row an exercise, with the totals."""
    sections, number, known, others = [], 0, 0, 0
    for name in homeworks():
        exercises = exercises_of(name)
        sections.append(f"## {name}: {about(name).title}\n\n{_HEAD}" + "".join(_row(root, e) for e in exercises))
        number += len(exercises)
        known += sum(len(catalogue.mistakes(root, e)) for e in exercises)
        others += sum(len(catalogue.variants(root, e)) for e in exercises)
    return (
        "# The exercises\n\n"
        f"{number} exercises in {len(sections)} homeworks, {known} mistakes known by name (each written in two ways), "
        f"{others} correct variants. `grade audit`\ntries them all; `grade stubs` writes this page.\n\n"
        + "\n".join(sections)
    )


def _row(root: Path, exercise: Exercise) -> str:
    counts = (
        len(exercise.checks),
        len(catalogue.mistakes(root, exercise)),
        len(catalogue.variants(root, exercise)),
    )
    cells = (
        f"`{exercise.name}`", f"`{exercise.file}`", "★" * exercise.difficulty, points(exercise.points),
        *map(str, counts), source(root, exercise),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def source(root: Path, exercise: Exercise) -> str:
    """Where the exercise comes from, as its docstring says."""
    path = root / "solutions" / exercise.homework / exercise.file
    found = _SOURCE.search(docstring(path, exercise.name))
    return " ".join(found[1].split()).rstrip(".").replace("|", "\\|") if found else ""
