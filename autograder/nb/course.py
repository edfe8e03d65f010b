"""A course folder that nbgrader works on, made from the kit and kept up to date with it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory

from autograder.batch.roster import Roster
from autograder.bundle import release
from autograder.course import Course
from autograder.errors import UsageError
from autograder.exercise import Exercise
from autograder.nb import config
from autograder.nb.merge import KEY, merge
from autograder.notebook import Cell, as_text, solved
from autograder.settings import Settings, settings
from autograder.stubs import sources

RECORDINGS = "recordings"


@dataclass(frozen=True)
class Change:
    """What became of one file; `kept` are cells that the instructor changed and that stay."""

    path: Path
    what: str
    kept: tuple[str, ...] = ()


def open_folder(folder: Path) -> CourseDirectory:
    """Where nbgrader's files of this course lie, as its configuration says."""
    app = NbGrader()
    app.log_level = "ERROR"
    app.initialize([], root=str(folder))
    found: CourseDirectory = app.coursedir
    NbGrader.clear_instance()
    return found


def write_config(folder: Path, course: Path, course_id: str, exchange: Path | None) -> list[Change]:
    """The kit's part of `nbgrader_config.py`, or the whole file where there is none."""
    path = folder / config.FILE
    part = config.block(course)
    before = path.read_text("utf-8") if path.is_file() else None
    text = config.new_config(course_id, exchange, part) if before is None else config.with_block(before, part)
    if text == before:
        return []
    path.write_text(text, "utf-8")
    return [Change(path, "wrote" if before is None else "updated")]


def course_id(folder: Path) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name).strip("-") or "course"


def homeworks_in(place: CourseDirectory, known: Sequence[str]) -> list[str]:
    """Homeworks of the kit that are in the course."""
    return [name for name in known if _notebook(place, name).is_file()]


def write_homework(place: CourseDirectory, course: Course, homework: str, *, force: bool = False) -> list[Change]:
    """The homework's notebook and recordings in the course's source folder. What the instructor wrote stays."""
    path = _notebook(place, homework)
    chosen = settings(course.root)
    ours = _cells(course, homework, chosen.exercises(homework))
    changes = []
    document, before = _read(path)
    note = document["metadata"].get(KEY)
    written = note.get("cells", []) if isinstance(note, dict) else []
    merged = merge(document["cells"], ours, written, force)
    document["cells"] = merged.cells
    document["metadata"][KEY] = {"cells": [cell.id for cell in ours]}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if text != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        changes.append(Change(path, "wrote" if before is None else "updated", tuple(merged.kept)))
    elif merged.kept:
        changes.append(Change(path, "left", tuple(merged.kept)))
    return changes


def write_recordings(place: CourseDirectory, course: Course, homework: str) -> list[Change]:
    """What students' notebooks need to be graded where there is no reference: the same as in a bundle."""
    target = _notebook(place, homework).parent / RECORDINGS
    with tempfile.TemporaryDirectory(prefix="grade-release-") as folder:
        new = release(course.root, homework, Path(folder))[0] / RECORDINGS
        if target.is_dir() and _content(target) == _content(new):
            return []
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(new, target)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return [Change(target, "wrote")]


def enter(place: CourseDirectory, chosen: Settings, homeworks: Iterable[str], roster: Roster | None) -> None:
    """Puts homeworks and students into the gradebook; what is there already keeps its dates and names."""
    with Gradebook(place.db_url, place.course_id) as gradebook:
        there = {assignment.name for assignment in gradebook.assignments}
        for homework in homeworks:
            if homework not in there:
                due = chosen.homework(homework).due
                gradebook.add_assignment(homework, **({} if due is None else {"duedate": due.isoformat()}))
        students = {student.id for student in gradebook.students}
        for person in roster.people if roster is not None else ():
            if person.student not in students:
                first, _, last = person.name.rpartition(" ")
                email = next((i for i in person.ids if "@" in i), None)
                gradebook.add_student(person.student, first_name=first, last_name=last, email=email)


def _notebook(place: CourseDirectory, homework: str) -> Path:
    return Path(place.format_path(place.source_directory, ".", homework)).resolve() / f"{homework}.ipynb"


def _cells(course: Course, homework: str, exercises: Sequence[Exercise]) -> list[Cell]:
    scripts = {path.name: path.read_text("utf-8") for path in sources(course.root, homework)}
    return solved(homework, scripts, exercises)


def _read(path: Path) -> tuple[dict[str, Any], str | None]:
    """The notebook and its text; an empty one where there is none."""
    if not path.is_file():
        empty: dict[str, Any] = json.loads(as_text([]))
        return empty, None
    text = path.read_text("utf-8")
    try:
        document = json.loads(text)
        if not isinstance(document["cells"], list) or not isinstance(document["metadata"], dict):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is not a Jupyter notebook (version 4); repair it, or move it away") from None
    return document, text


def _content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
