"""`nbgrader autograde` for one assignment, and grades for those whose notebooks nbgrader could not handle."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory

from autograder.errors import UsageError
from autograder.isolation import insist, required
from autograder.nb import config
from autograder.nb.preprocessors import PROGRESS, GradedCell, RecordVerdicts, cells_of_the_kit, record, summary
from autograder.nb.trusted import Work


@dataclass(frozen=True)
class Handed:
    """What a student handed in of a notebook; `file` is empty where it is not there under its own name."""

    student: str
    notebook: str
    folder: Path
    file: str


def autograde(folder: Path, assignment: str, students: str, force: bool) -> int:
    """0 when everything was graded, 1 when a notebook could not be read, 3 when the grader itself failed."""
    app = AutogradeApp()
    with _inside(folder):
        app.initialize([assignment, f"--CourseDirectory.student_id={students}", *(["--force"] if force else [])])
        _trust(app)
        insist(required(RecordVerdicts(parent=app).isolation))
        kit = _kit(app.coursedir, assignment)
        handle, log = tempfile.mkstemp(prefix="nbgrader-", suffix=".log")
        os.close(handle)
        with _written_to(Path(log), app):
            failed = _start(app) != 0
        status = _left_over(app, assignment, kit)
        if failed:
            print(f"nbgrader could not handle everything; what it said is in {log}")
        else:
            Path(log).unlink()
        return 3 if _undecided(app.coursedir, assignment, kit) else status


def _trust(app: AutogradeApp) -> None:
    """The kit's part of the configuration, also where the file has lost it or something has undone it."""
    if not app.config.RecordVerdicts.get("course"):
        raise UsageError(f"{config.FILE} has no part of the kit's; type: grade nbgrader sync")
    config.configure(app.config, app.config.RecordVerdicts.course)


def _kit(place: CourseDirectory, assignment: str) -> dict[str, dict[str, GradedCell]]:
    """The cells that the kit grades, by notebook."""
    with Gradebook(place.db_url, place.course_id) as gradebook:
        try:
            notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            known = ", ".join(a.name for a in gradebook.assignments) or "none"
            raise UsageError(f"the gradebook has no assignment {assignment}; it has {known}") from None
        if not notebooks:
            raise UsageError(f"{assignment} was not released yet; type: nbgrader generate_assignment {assignment}")
        return {name: cells_of_the_kit(gradebook, name, assignment) for name in notebooks}


def _start(app: AutogradeApp) -> int:
    try:
        app.start()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _left_over(app: AutogradeApp, assignment: str, kit: dict[str, dict[str, GradedCell]]) -> int:
    """Grades what was handed in and has no autograded version: nbgrader gave up on it."""
    place = app.coursedir
    recorder = RecordVerdicts(parent=app)
    status = 0
    for handed in _without_autograded(place, assignment, kit):
        for homework in sorted({cell.homework for cell in kit[handed.notebook].values()}):
            told = recorder.sandbox(app).grade(Work(handed.student, handed.folder, handed.file, homework))
            status = max(status, 1 if told.result.outcome == "unreadable" else 0)
            with Gradebook(place.db_url, place.course_id) as gradebook:
                gradebook.update_or_create_student(handed.student)
                gradebook.update_or_create_submission(assignment, handed.student)
                for cell in kit[handed.notebook].values():
                    if cell.homework == homework:
                        record(gradebook, cell, told, handed.notebook, assignment, handed.student)
            mine = [cell for cell in kit[handed.notebook].values() if cell.homework == homework]
            why = told.result.document.get("problem") or "nbgrader could not handle it"
            print(f"{handed.student}: {summary(mine, told)} ({why})", flush=True)
    return status


def _undecided(place: CourseDirectory, assignment: str, kit: dict[str, dict[str, GradedCell]]) -> bool:
    """Whether some cell of these students has no score because the grader failed."""
    with Gradebook(place.db_url, place.course_id) as gradebook:
        return any(
            grade.auto_score is None
            for submission in gradebook.assignment_submissions(assignment)
            if fnmatchcase(submission.student.id, place.student_id)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.name in kit.get(notebook.name, {})
        )


def _without_autograded(
    place: CourseDirectory, assignment: str, kit: dict[str, dict[str, GradedCell]]
) -> Iterator[Handed]:
    pattern = Path(place.format_path(place.submitted_directory, place.student_id, assignment)).resolve()
    root = Path(place.root).resolve()
    for folder in sorted(root.glob(str(pattern.relative_to(root)))):
        student = _student(place, folder, assignment)
        graded = Path(place.format_path(place.autograded_directory, student, assignment))
        for notebook in kit:
            path = folder / f"{notebook}.ipynb"
            if kit[notebook] and not (graded / path.name).exists():
                yield Handed(student, notebook, folder, path.name if path.is_file() else "")


def _student(place: CourseDirectory, folder: Path, assignment: str) -> str:
    """Whose folder it is, as nbgrader reads the path."""
    pattern = place.format_path(place.submitted_directory, "(?P<student>[^/]+)", assignment, escape=True)
    found = re.fullmatch(pattern, str(folder))
    return found["student"] if found else folder.parent.name


@contextlib.contextmanager
def _written_to(log: Path, app: AutogradeApp) -> Iterator[None]:
    """Has nbgrader write to a file what it has to say: a damaged notebook is nothing to show a traceback for."""
    handler, progress = logging.FileHandler(log, encoding="utf-8"), logging.StreamHandler(sys.stdout)
    PROGRESS.addHandler(progress)
    PROGRESS.setLevel(logging.INFO)
    PROGRESS.propagate = False
    before, app.log.handlers = app.log.handlers, [handler]
    propagates, app.log.propagate = app.log.propagate, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        PROGRESS.removeHandler(progress)
        app.log.handlers, app.log.propagate = before, propagates
        handler.close()


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """nbgrader reads its configuration from the working folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
