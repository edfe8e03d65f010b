"""`grade nbgrader init`, `sync` and `autograde`: a course of nbgrader's with the kit's homeworks and scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course, find_course, require_homework
from autograder.errors import UsageError
from autograder.exercises import homeworks as known_homeworks

if TYPE_CHECKING:
    from autograder.nb.course import Change

MISSING = "nbgrader is not installed here; type: pip install 'torch-course-kit[nbgrader]'"


def run_init(folder: Path, homeworks: list[str], exchange: Path | None, roster: Path | None, root: Path | None) -> int:
    """Makes the course, or adds homeworks to one that is there."""
    course = _ready(root)
    chosen = [require_homework(name) for name in homeworks] or known_homeworks()
    people = None
    if roster is not None:
        from autograder.batch.roster import read_roster

        people = read_roster(roster)
    folder = folder.resolve()
    from autograder.nb.config import FILE

    if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).is_file():
        raise UsageError(f"{folder} holds files but no {FILE}; name a new folder or a course of nbgrader's")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    if exchange is not None and (folder / FILE).is_file():
        raise UsageError(f"{folder / FILE} says already where the exchange is; change c.Exchange.root there")
    from autograder.nb import course as made
    from autograder.settings import settings

    folder.mkdir(parents=True, exist_ok=True)
    changes = [*made.write_config(folder, course.root, made.course_id(folder), exchange and exchange.resolve())]
    place = made.open_folder(folder)
    there = made.homeworks_in(place, chosen)
    for homework in chosen:
        if homework in there:
            print(f"{homework} is in the course already; grade nbgrader sync brings it up to date")
            continue
        changes += made.write_homework(place, course, homework)
        changes += made.write_recordings(place, course, homework)
    made.enter(place, settings(course.root), chosen, people)
    _show(changes, folder)
    print(f"Next, in {folder}: nbgrader generate_assignment {chosen[0]}")
    return 0


def run_sync(folder: Path, homeworks: list[str], force: bool, root: Path | None) -> int:
    """Brings the kit's part of the course up to date."""
    course = _ready(root)
    folder = _course_folder(folder)
    for name in homeworks:
        require_homework(name)
    from autograder.nb import course as made

    place = made.open_folder(folder)
    there = made.homeworks_in(place, known_homeworks())
    for name in homeworks:
        if name not in there:
            raise UsageError(f"{name} is not in {folder}; type: grade nbgrader init {folder} {name}")
    changes = [*made.write_config(folder, course.root, made.course_id(folder), None)]
    for homework in homeworks or there:
        changes += made.write_homework(place, course, homework, force=force)
        changes += made.write_recordings(place, course, homework)
    _show(changes, folder)
    return 0


def run_autograde(assignment: str, folder: Path, students: str, force: bool) -> int:
    """nbgrader's autograde with the sandbox's grades; 1 where a notebook cannot be read, 3 where the grader failed."""
    _require_nbgrader()
    folder = _course_folder(folder)
    from autograder.nb.autograde import autograde

    return autograde(folder, assignment, students, force)


def _ready(root: Path | None) -> Course:
    _require_nbgrader()
    course = find_course(root or Path.cwd())
    if course.bundle:
        raise UsageError("a student bundle holds no solutions; run grade nbgrader with --root, the course's own folder")
    return course


def _require_nbgrader() -> None:
    try:
        import nbgrader  # noqa: F401
    except ImportError:
        raise UsageError(MISSING) from None


def _course_folder(folder: Path) -> Path:
    from autograder.nb.config import FILE

    if not (folder / FILE).is_file():
        raise UsageError(f"{folder} is no course of nbgrader's (no {FILE}); type: grade nbgrader init {folder}")
    return folder.resolve()


def _show(changes: list[Change], folder: Path) -> None:
    for change in changes:
        print(f"{change.what}: {change.path.relative_to(folder)}")
        for cell in change.kept:
            print(f"  {cell} was changed in the course and stays so; --force takes the kit's")
    if not changes:
        print("everything is up to date")
