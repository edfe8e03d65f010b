"""A course on disk: a root with `assignments/`, and for instructors `solutions/` and `reference/`."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.exercises import homeworks


@dataclass(frozen=True)
class Course:
    """Where the files of a course lie. `bundle` is set in a student bundle, which holds recordings instead of the
    reference."""

    root: Path
    bundle: bool = False


def find_course(start: Path) -> Course:
    """The course that the folder belongs to: the nearest one above it, else the checkout of the kit itself."""
    installed = Path(__file__).resolve().parent.parent
    for folder in (start.resolve(), *start.resolve().parents, installed):
        if (folder / "recordings").is_dir() and not (folder / "reference").is_dir():
            return Course(folder, bundle=True)
        if (folder / "assignments").is_dir() and (folder / "reference").is_dir():
            return Course(folder)
    raise UsageError(
        f"{start} is not inside a course (a folder with assignments/ and reference/, or a student bundle); "
        "change into one and type: grade list"
    )


def require_homework(name: str) -> str:
    """The name, if there is such a homework; else a UsageError that suggests one."""
    known = homeworks()
    if name in known:
        return name
    close = difflib.get_close_matches(name.lower(), known, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    raise UsageError(f"there is no homework {name}; {hint}The homeworks are {', '.join(known)}. Type: grade list")
