"""A submission's verdicts on visible and on hidden cases, as one document that gives no hidden case away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.report.results import results, tests_of
from autograder.verdict import CheckVerdict, Outcome, Verdict

HIDDEN = "right on the cases that you can see, wrong on one that is not shown"


def combined(homework: str, seen: Sequence[Verdict], hidden: Sequence[Verdict], device: str) -> dict[str, Any]:
    """The results document: a check earns its points when it passes on both kinds of cases. Seconds are left out, so
    that the same work always has the same document."""
    document = results(homework, list(seen), 0.0, device)
    for exercise in document["exercises"]:
        exercise["seconds"] = 0.0
    if hidden:
        by_number = {number: check for verdict in hidden for number, check in verdict.numbered().items()}
        for test in document["tests"]:
            _hide(test, by_number[test["number"]])
        for exercise in document["exercises"]:
            _add_up(exercise, tests_of(document, exercise["name"]))
        document["score"] = round(sum(e["score"] for e in document["exercises"]), 4)
    return document


def _hide(test: dict[str, Any], hidden: CheckVerdict) -> None:
    if hidden.score >= test["score"]:
        return
    test.update(
        score=round(hidden.score, 4),
        status="failed",
        outcome=hidden.outcome.value if hidden.outcome is not Outcome.PASSED else Outcome.SKIPPED.value,
        output=HIDDEN,
        evidence={},
        mistake=None,
        visibility="hidden",
    )


def _add_up(exercise: dict[str, Any], tests: list[dict[str, Any]]) -> None:
    exercise["score"] = round(min(sum(t["score"] for t in tests), exercise["max_score"]), 4)
    if exercise["outcome"] == Outcome.PASSED.value:
        wrong = next((t["outcome"] for t in tests if t["outcome"] not in ("passed", "skipped")), None)
        exercise["outcome"] = wrong or exercise["outcome"]
