"""A homework's notebook in an instructor's course: what the kit wrote is kept up to date, everything else is theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.notebook import Cell, as_json

KEY = "torch_course_kit"
_MARKS = ("grade", "solution", "locked", "grade_id", "points")


@dataclass
class Merged:
    """The new cells, the ids of those that the instructor changed and that stay as they are, and whether anything is
    new."""

    cells: list[dict[str, Any]]
    kept: list[str] = field(default_factory=list)


def stamped(cell: Cell) -> dict[str, Any]:
    """The cell as instructors keep it, with a note of what the kit wrote, by which an edit is seen later."""
    made = as_json(cell, released=False)
    made["metadata"][KEY] = {"cell": cell.id, "wrote": _digest(made)}
    return made


def merge(theirs: Sequence[dict[str, Any]], ours: Sequence[Cell], written: Sequence[str], force: bool) -> Merged:
    """The notebook's cells with ours up to date. A cell of ours that was changed stays as it is unless `force`; one
    that was removed (it is among those `written` last time) stays away; cells of their own stay behind the cell of ours
    that they stand behind."""
    own: dict[str, list[dict[str, Any]]] = {"": []}
    known: dict[str, dict[str, Any]] = {}
    last = ""
    wanted = {cell.id for cell in ours}
    for cell in theirs:
        id = _id(cell)
        if id in wanted and id not in known:
            known[id] = cell
            own[id] = []
            last = id
        elif id is None or id in wanted or _edited(cell):
            own[last].append(_unstamped(cell))
    merged = Merged(list(own[""]))
    for new in ours:
        old = known.get(new.id)
        if old is None:
            if force or new.id not in written:
                merged.cells.append(stamped(new))
            continue
        if _edited(old) and not force:
            merged.kept.append(new.id)
            merged.cells.append(old)
        else:
            fresh = stamped(new)
            merged.cells.append(old if _digest(old) == _digest(fresh) else fresh)
        merged.cells += own[new.id]
    return merged


def _id(cell: dict[str, Any]) -> str | None:
    note = cell.get("metadata", {}).get(KEY)
    return str(note.get("cell")) if isinstance(note, dict) else None


def _edited(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"][KEY].get("wrote") != _digest(cell))


def _unstamped(cell: dict[str, Any]) -> dict[str, Any]:
    return {**cell, "metadata": {name: value for name, value in cell.get("metadata", {}).items() if name != KEY}}


def _digest(cell: dict[str, Any]) -> str:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    marks = cell["metadata"].get("nbgrader") or {}
    told = [cell["cell_type"], source, {name: marks[name] for name in _MARKS if name in marks}]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
