"""From what the ledger holds to one grade a student: which attempt counts, lateness, and teachers' decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Handed, Ledger, Override, Result
from autograder.batch.records import Adjustment, Attempt, Grade
from autograder.settings import Settings
from autograder.text import points as shown

ResultOf = Callable[[Handed], "Result | None"]


def grades(
    ledger: Ledger, homework: str, settings: Settings, result_of: ResultOf, expected: Iterable[str] = ()
) -> list[Grade]:
    """One grade a student, by name; `expected` are the students of the roster, who are listed with or without work."""
    possible = sum(exercise.points for exercise in settings.exercises(homework))
    overrides = ledger.overrides()
    found = {}
    for student, attempts in groupby(ledger.handed_in(), key=lambda handed: handed.student):
        mine = {exercise: o for (who, exercise), o in overrides.items() if who == student}
        found[student] = _grade(student, homework, list(attempts), settings, result_of, mine, possible)
    for student in expected:
        if student not in found:
            found[student] = Grade(student, empty(homework), 0.0, possible, "missing", 0, 0)
    return [found[student] for student in sorted(found)]


def _grade(
    student: str,
    homework: str,
    handed: list[Handed],
    settings: Settings,
    result_of: ResultOf,
    overrides: dict[str, Override],
    possible: float,
) -> Grade:
    by_number = {h.attempt: h for h in handed}
    results = {h.attempt: result_of(h) for h in handed}

    def raw(attempt: Attempt) -> float:
        result = results.get(attempt.number)
        return 0.0 if result is None else result.score

    counting = settings.counting(homework, [attempt_of(h) for h in handed], raw)
    chosen, result = by_number[counting.number], results[counting.number]
    adjustments: list[Adjustment] = []
    document = empty(homework) if result is None else result.document
    outcome = "unreadable" if chosen.work is None else "waiting" if result is None else result.outcome
    total = 0.0 if result is None else result.score
    kept, why = settings.late(student, homework, chosen.submitted, chosen.late)
    if why:
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
        chosen.problem,
        chosen.members,
    )


def _score(document: dict[str, Any], exercise: str) -> float:
    return next((float(e["score"]) for e in document["exercises"] if e["name"] == exercise), 0.0)


def attempt_of(handed: Handed) -> Attempt:
    return Attempt(handed.student, Path(), handed.attempt, handed.submitted, handed.late, handed.members)


def empty(homework: str) -> dict[str, Any]:
    """The document of work that could not be read, or was not handed in."""
    from autograder import __version__

    return {
        "kit": __version__, "homework": homework, "device": "phantom", "score": 0.0, "max_score": 0.0,
        "execution_time": 0.0, "tests": [], "exercises": [],
    }  # fmt: skip
