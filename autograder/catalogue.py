"""The instructor's side of an exercise: solution, oracle, variants and mistakes, read as text and never imported.

`reference/HW/EXERCISE/` holds `oracle.py` (defines the exercise's name), `variants.py` and `mistakes.py`; a long list
of mistakes is split by what they are about (`mistakes_masking.py`, …). In variants and mistakes every public function
or class is one entry; its docstring is its title and, after a blank line, the help. A name ending in `__rewrite` is
the same mistake written again in another way. What they build on stands in modules beside them or, where several
exercises of the homework do, in `reference/HW/common/`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.exercise import Exercise
from autograder.submission import Submission

REWRITE = "__rewrite"
COMMON = "common"


@dataclass(frozen=True)
class Entry:
    """A variant or mistake: its name in the file, its title and the help for whoever made it."""

    name: str
    title: str
    help: str
    submission: Submission


class CatalogueError(Exception):
    """The reference folder is incomplete or malformed; the message names the file."""


def folder(root: Path, exercise: Exercise) -> Path:
    return root / "reference" / exercise.homework / exercise.name


def oracle(root: Path, exercise: Exercise) -> Submission:
    path = folder(root, exercise) / "oracle.py"
    if not path.is_file():
        raise CatalogueError(f"{exercise.name} has no reference: {path} is missing")
    return Submission("reference", path.parent.parent, {exercise.file: path})


def baseline(root: Path, exercise: Exercise) -> Submission:
    """What a submission's time is measured against."""
    against = "" if exercise.timing is None else exercise.timing.against
    return _called(variants(root, exercise), against) if against else oracle(root, exercise)


def transport(root: Path, exercise: Exercise) -> Submission:
    """Answers as the baseline once did, and does nothing for it: what an answer takes to get here."""
    return replace(baseline(root, exercise), label="transport", transform="kept")


def naive(root: Path, exercise: Exercise) -> Submission | None:
    """The mistake whose time is shown beside, if the exercise names one."""
    name = "" if exercise.timing is None else exercise.timing.naive
    return _called(mistakes(root, exercise), name) if name else None


def _called(entries: list[Entry], name: str) -> Submission:
    found = next((entry.submission for entry in entries if entry.name == name), None)
    if found is None:
        raise CatalogueError(f"the timing of an exercise names {name}, which its catalogue does not have")
    return found


def solution(root: Path, exercise: Exercise, transform: str | None = None) -> Submission:
    path = root / "solutions" / exercise.homework / exercise.file
    return Submission(transform or "solution", path.parent, {exercise.file: path}, transform=transform)


def stub(root: Path, exercise: Exercise) -> Submission:
    path = root / "assignments" / exercise.homework / exercise.file
    return Submission("stub", path.parent, {exercise.file: path})


def variants(root: Path, exercise: Exercise) -> list[Entry]:
    return [e for e in _entries(root, exercise, "variants*.py") if not e.name.endswith(REWRITE)]


def mistakes(root: Path, exercise: Exercise) -> list[Entry]:
    return [e for e in _entries(root, exercise, "mistakes*.py") if not e.name.endswith(REWRITE)]


def rewrites(root: Path, exercise: Exercise) -> dict[str, Entry]:
    """By the name of the mistake that each rewrites."""
    return {
        e.name.removesuffix(REWRITE): e for e in _entries(root, exercise, "mistakes*.py") if e.name.endswith(REWRITE)
    }


def _entries(root: Path, exercise: Exercise, files: str) -> list[Entry]:
    return [entry for path in sorted(folder(root, exercise).glob(files)) for entry in _entries_of(path, exercise)]


def _entries_of(path: Path, exercise: Exercise) -> list[Entry]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise CatalogueError(f"{path} does not parse: {error}") from error
    entries = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            title, _, help = (ast.get_docstring(node) or node.name).partition("\n\n")
            names = {exercise.name: node.name}
            submission = Submission(node.name, path.parent.parent, {exercise.file: path}, names)
            entries.append(Entry(node.name, " ".join(title.split()), " ".join(help.split()), submission))
    return entries
