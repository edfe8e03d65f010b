"""A submission's verdicts on visible and on hidden cases, as one document that gives no hidden case away.

A check earns its points when it passes on both kinds of cases. Which one did not pass on hidden cases is not told, for
that tells what they are about: what was lost there is taken off in one line an exercise, “hidden checks: 17 of 20”.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.report.results import HIDDEN, results, tests_of
from autograder.verdict import Outcome, Verdict


def combined(homework: str, seen: Sequence[Verdict], hidden: Sequence[Verdict], device: str) -> dict[str, Any]:
    """The results document. Seconds are left out, so that the same work always has the same document."""
    document = results(homework, list(seen), 0.0, device)
    by_name = {verdict.exercise.name: verdict for verdict in hidden}
    tests: list[dict[str, Any]] = []
    for exercise, verdict in zip(document["exercises"], seen, strict=True):
        mine = tests_of(document, exercise["name"])
        exercise["seconds"] = 0.0
        beside = by_name.get(exercise["name"])
        if beside is not None:
            mine.append(_hidden(verdict, beside))
            _add_up(exercise, mine, beside)
        tests += mine
    document["score"] = round(sum(e["score"] for e in document["exercises"]), 4)
    return {**document, "tests": tests}


def lost(seen: Verdict, hidden: Verdict) -> float:
    """The points of checks that pass on visible cases only, as far as they hang on hidden ones."""
    beside = hidden.numbered()
    missing = sum(
        max(0.0, check.score - beside[number].score) for number, check in seen.numbered().items() if number in beside
    )
    return round(missing * seen.exercise.at_stake / seen.exercise.points, 4)


def _hidden(seen: Verdict, hidden: Verdict) -> dict[str, Any]:
    """One test for all hidden checks of an exercise: how many passed, and what the others cost."""
    passed, number = _passed(hidden), len(hidden.checks)
    return {
        "name": f"{hidden.exercise.name}: hidden checks",
        "number": f"{hidden.exercise.name}.{HIDDEN}",
        "score": 0.0 - lost(seen, hidden),
        "max_score": 0.0,
        "status": "passed" if passed == number else "failed",
        "output": f"hidden checks: {passed} of {number}",
        "visibility": "visible",
        "tags": [HIDDEN],
        "outcome": _outcome(hidden).value,
        "evidence": {},
        "mistake": None,
    }


def _add_up(exercise: dict[str, Any], tests: Sequence[dict[str, Any]], hidden: Verdict) -> None:
    exercise["hidden"] = {"passed": _passed(hidden), "of": len(hidden.checks)}
    exercise["score"] = round(min(max(0.0, sum(t["score"] for t in tests)), exercise["max_score"]), 4)
    if exercise["outcome"] == Outcome.PASSED.value:
        exercise["outcome"] = _outcome(hidden).value


def _passed(hidden: Verdict) -> int:
    return sum(check.outcome is Outcome.PASSED for check in hidden.checks)


def _outcome(hidden: Verdict) -> Outcome:
    """Only what somebody has to look at is told apart: that code ended its process, say, tells of the case."""
    found = {check.outcome for check in hidden.checks}
    for outcome in (Outcome.GRADER_ERROR, Outcome.TAMPERED):
        if outcome in found:
            return outcome
    return Outcome.PASSED if found == {Outcome.PASSED} else Outcome.FAILED
