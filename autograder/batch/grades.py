"""From what the ledger holds to one grade a student: which attempt counts, lateness, and teachers' decisions."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Handed, Ledger, Override
from autograder.batch.records import Adjustment, Attempt, Grade
from autograder.settings import Settings
from autograder.text import points as shown


def grades(ledger: Ledger, homework: str, settings: Settings) -> list[Grade]:
    """One grade a student, by name, also for each member of a group. The students of the roster are listed with or
    without work."""
    possible = sum(exercise.points for exercise in settings.exercises(homework))
    overrides = ledger.overrides()
    handed_in: dict[str, list[Handed]] = defaultdict(list)
    for handed in ledger.handed_in():
        for student in handed.students:
            handed_in[student].append(handed)
    found = {student: Grade(student, empty(homework), 0.0, possible, "missing", 0, 0) for student in ledger.expected()}
    for student, attempts in handed_in.items():
        mine = {exercise: o for (who, exercise), o in overrides.items() if who == student}
        found[student] = _grade(ledger, student, homework, attempts, settings, mine, possible)
    return [found[student] for student in sorted(found)]


def _grade(
    ledger: Ledger,
    student: str,
    homework: str,
    handed: list[Handed],
    settings: Settings,
    overrides: dict[str, Override],
    possible: float,
) -> Grade:
    # Someone may have handed in alone and with a group: numbered anew, in the order of time.
    ordered = sorted(handed, key=lambda h: (h.submitted or "", h.attempt, h.student))
    results = [ledger.result_given(h) for h in ordered]
    attempts = [
        Attempt(student, Path(), number, h.submitted, h.late, h.members) for number, h in enumerate(ordered, start=1)
    ]

    def raw(attempt: Attempt) -> float:
        result = results[attempt.number - 1]
        return 0.0 if result is None else result.score

    place = settings.counting(homework, attempts, raw).number - 1
    chosen, result = ordered[place], results[place]
    adjustments: list[Adjustment] = []
    document = empty(homework) if result is None else result.document
    outcome = "unreadable" if chosen.work is None else "waiting" if result is None else result.outcome
    total = 0.0 if result is None else result.score
    kept, why = settings.late(student, homework, chosen.submitted, chosen.late, chosen.members)
    if why and (kept < 1 or chosen.late):
        adjustments.append(Adjustment("late", why, round(total * (kept - 1.0), 4)))
        total *= kept
    for exercise, override in sorted(overrides.items()):
        change = override.points - kept * _score(document, exercise)
        text = f"{exercise}: {shown(override.points)} points, decided by a teacher: {override.why}"
        adjustments.append(Adjustment("override", text, round(change, 4)))
        total += change
    return Grade(
        student,
        document,
        round(min(max(total, 0.0), possible), 4),
        possible,
        outcome,
        chosen.attempt,
        len(handed),
        chosen.submitted,
        tuple(adjustments),
        chosen.problem or document.get("problem", ""),
        chosen.members,
        chosen.work,
    )


def _score(document: dict[str, Any], exercise: str) -> float:
    return next((float(e["score"]) for e in document["exercises"] if e["name"] == exercise), 0.0)


def empty(homework: str) -> dict[str, Any]:
    """The document of work that could not be read, or was not handed in."""
    from autograder import __version__

    return {
        "kit": __version__, "homework": homework, "device": "phantom", "score": 0.0, "max_score": 0.0,
        "execution_time": 0.0, "tests": [], "exercises": [],
    }  # fmt: skip
