"""Files that Canvas and Moodle take into their grade books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.batch.records import Grade
from autograder.batch.summary import NO_POINTS
from autograder.batch.tables import Cell, table

Rows = Mapping[str, Mapping[str, str]]
"""Each student's line of the roster, by column, as the course's system exports it."""

CANVAS, MOODLE = "grades.canvas.csv", "grades.moodle.csv"
_CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_KEYS = ("ID", "SIS User ID", "SIS Login ID")
_MOODLE_KEYS = ("Email address", "ID number", "Username")
_ALSO_CALLED = {
    "email": "email address",
    "e-mail": "email address",
    "e-mail-adresse": "email address",
    "id-nummer": "id number",
    "anmeldename": "username",
}


def import_files(homework: str, grades: Sequence[Grade], roster: Rows) -> tuple[dict[str, bytes], list[str]]:
    """The files by name, and a sentence for each one or each student that had to be left out.

    A student without a grade yet has no row, so that an import never overwrites a mark with nothing.
    """
    rows = {student: {_seen_as(name): value.strip() for name, value in row.items()} for student, row in roster.items()}
    have = {name for row in rows.values() for name, value in row.items() if value}
    files: dict[str, bytes] = {}
    notes: list[str] = []
    marked = [g for g in grades if g.outcome not in NO_POINTS]
    for file, keys, write in ((CANVAS, _CANVAS_KEYS, _canvas), (MOODLE, _MOODLE_KEYS, _moodle)):
        present = [key for key in keys if _seen_as(key) in have]
        if not present:
            notes.append(f"{file} was left out: the roster has none of the columns {', '.join(keys)}")
            continue
        known = [g for g in marked if any(rows.get(g.student, {}).get(_seen_as(key)) for key in present)]
        files[file] = table(write(homework, known, rows, present))
        without = [g.student for g in marked if g not in known]
        if without:
            notes.append(f"{file} lacks {', '.join(without)}: not on the roster, or without {' or '.join(present)}")
    return files, notes


def _seen_as(column: str) -> str:
    name = " ".join(column.strip("\ufeff ").casefold().replace("_", " ").split())
    return _ALSO_CALLED.get(name, name)


def _canvas(
    homework: str, grades: Sequence[Grade], rows: Mapping[str, Mapping[str, str]], present: Sequence[str]
) -> list[list[Cell]]:
    possible = max((g.possible for g in grades), default=0.0)
    out: list[list[Cell]] = [[*_CANVAS_COLUMNS, homework], ["Points Possible", "", "", "", "", possible]]
    for grade in grades:
        row = rows[grade.student]
        out.append(
            [
                row.get("student") or grade.student,
                *(row.get(_seen_as(c), "") for c in _CANVAS_COLUMNS[1:]),
                grade.points,
            ]
        )
    return out


def _moodle(
    homework: str, grades: Sequence[Grade], rows: Mapping[str, Mapping[str, str]], present: Sequence[str]
) -> list[list[Cell]]:
    out: list[list[Cell]] = [[*present, homework]]
    out += [[*(rows[g.student].get(_seen_as(c), "") for c in present), g.points] for g in grades]
    return out
