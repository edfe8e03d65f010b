"""What nbgrader keeps in a cell (its metadata schema, version 3), written without nbgrader."""

from __future__ import annotations

import hashlib
from typing import Any

SCHEMA_VERSION = 3


def solution(grade_id: str) -> dict[str, Any]:
    """The marks of a cell that students fill in and that is graded by others."""
    return _marks(grade_id, grade=False, solution=True)


def autograded(grade_id: str, points: float) -> dict[str, Any]:
    """The marks of a cell that students cannot change and that is worth points."""
    return {**_marks(grade_id, grade=True, solution=False), "points": points}


def released(cell_type: str, source: str, marks: dict[str, Any]) -> dict[str, Any]:
    """The metadata of a cell as students receive it, as `nbgrader generate_assignment` would write it."""
    told = {**marks, "cell_type": cell_type, "checksum": checksum(cell_type, source, marks)}
    locks = {"deletable": False} if marks["solution"] else {"deletable": False, "editable": False}
    return {**locks, "nbgrader": dict(sorted(told.items()))}


def checksum(cell_type: str, source: str, marks: dict[str, Any]) -> str:
    """nbgrader's hash of a cell, by which it sees that a cell was changed (or, a solution, that it was not)."""
    locked = marks["locked"] and not marks["solution"]
    parts = [source, cell_type, str(marks["grade"]), str(marks["solution"]), str(locked), marks["grade_id"]]
    if marks["grade"]:
        parts.append(str(float(marks["points"])))
    return hashlib.md5("".join(parts).encode()).hexdigest()


def _marks(grade_id: str, *, grade: bool, solution: bool) -> dict[str, Any]:
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": grade,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
