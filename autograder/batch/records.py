"""What the parts of a batch hand to one another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """One submission of one student (or of a group), as it was handed in.

    `student` is the name that the layout or the roster gives; `path` a folder, `.py`, `.ipynb` or `.zip`; `number`
    counts a student's attempts from 1, the oldest first; `submitted` is an ISO 8601 time with offset where the export
    tells it; `late` is what the export says of it; `members` are the students of a group; `notebook` is the file in the
    folder that was handed in where the system takes notebooks only.
    """

    student: str
    path: Path
    number: int = 1
    submitted: str | None = None
    late: bool = False
    members: tuple[str, ...] = ()
    notebook: str = ""


@dataclass(frozen=True)
class Problem:
    """Something in the folder of submissions that could not be taken in; never guessed at."""

    path: Path
    message: str


@dataclass(frozen=True)
class Intake:
    """All that was found in a folder of submissions."""

    attempts: tuple[Attempt, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Adjustment:
    """Why a student's points are not just what the checks gave. `kind` is `late` or `override`."""

    kind: str
    text: str
    points: float


@dataclass(frozen=True)
class Grade:
    """One student's grade: the results document of the attempt that counts, and what was done to its points.

    `document` follows `results.schema.json`; `points` are final, `possible` the most that there is. A submission that
    could not be read has a `problem` and a document without tests. `outcome` is `graded`, `unreadable`, `missing`
    (on the roster, nothing handed in), `set_apart` (the grader failed; no points yet) or `waiting` (not graded yet).
    `work` identifies what was handed in among the snapshots.
    """

    student: str
    document: dict[str, Any]
    points: float
    possible: float
    outcome: str = "graded"
    attempt: int = 1
    attempts: int = 1
    submitted: str | None = None
    adjustments: tuple[Adjustment, ...] = ()
    problem: str = ""
    members: tuple[str, ...] = ()
    work: str | None = None
