"""`grade override DIR STUDENT EXERCISE POINTS --why TEXT`: a teacher's decision, which every regrade leaves alone."""

from __future__ import annotations

import difflib
from datetime import datetime, timezone
from pathlib import Path

from autograder.batch.ledger import Ledger, Override
from autograder.batch.request import conditions, remembered
from autograder.commands.batch import write
from autograder.errors import UsageError
from autograder.text import points as shown


def run_override(folder: Path, student: str, exercise: str, points: float, why: str, root: Path | None) -> int:
    """Notes the decision and writes the outputs anew."""
    if not why.strip():
        raise UsageError("say --why; the student reads it")
    with Ledger(folder, create=False) as ledger:
        request = remembered(ledger, folder, root)
        meant = conditions(request)
        known = known_student(ledger, student)
        worth = {e.name: e.points for e in meant.terms.exercises}
        if exercise not in worth:
            raise UsageError(f"{request.homework} has no exercise {exercise}; it has {', '.join(worth)}")
        if not 0 <= points <= worth[exercise]:
            raise UsageError(f"{exercise} is worth 0 to {shown(worth[exercise])} points, not {shown(points)}")
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        ledger.override(Override(known, exercise, points, why.strip(), at))
        print(f"{known}: {exercise} is worth {shown(points)} points now, whatever is graded later.")
        return write(ledger, request.homework, meant.settings)


def known_student(ledger: Ledger, student: str) -> str:
    """The student as the ledger calls them; UsageError with the nearest name otherwise."""
    names = {who for handed in ledger.handed_in() for who in handed.students}
    names.update(ledger.expected())
    if student in names:
        return student
    close = difflib.get_close_matches(student, names, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are {len(names)} students"
    raise UsageError(f"{ledger.folder} knows no student {student}; {hint}")
