"""A submission's results as one JSON document: a superset of Gradescope's `results.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder import __version__
from autograder.explain import explain
from autograder.report import times
from autograder.rules import LEVELS, Reveal
from autograder.text import plain
from autograder.verdict import CheckVerdict, Verdict, title

SCHEMA = "results.schema.json"
DEVICE = "device_checks"
"""The key of what was found on a real GPU, where that was looked for."""
HIDDEN = "hidden"
"""Tags the test that stands for all hidden checks of an exercise."""


def results(homework: str, verdicts: list[Verdict], seconds: float, device: str) -> dict[str, Any]:
    """The document. Scores are points; `execution_time` is in seconds."""
    return {
        "kit": __version__,
        "homework": homework,
        "device": device,
        "score": round(sum(v.score for v in verdicts), 4),
        "max_score": sum(v.exercise.points for v in verdicts),
        "execution_time": round(seconds, 3),
        "tests": [_test(verdict, check) for verdict in verdicts for check in verdict.checks],
        "exercises": [_exercise(verdict) for verdict in verdicts],
    }


def _exercise(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.exercise.name,
        "score": verdict.score,
        "max_score": verdict.exercise.points,
        "outcome": verdict.outcome.value,
        "seconds": round(verdict.seconds, 3),
        "mistakes": [{"name": m.name, "title": m.title, "help": m.help} for m in verdict.mistakes],
        **({"given": list(verdict.given)} if verdict.given else {}),
        **({"time": times.document(verdict.times)} if verdict.times is not None else {}),
    }


def _test(verdict: Verdict, check: CheckVerdict) -> dict[str, Any]:
    found = explain(verdict, check)
    evidence: dict[str, Any] = {}
    if found is not None:
        parts = {
            "case": found.case,
            "given": found.given,
            "got": found.got,
            "expected": found.expected,
            "where": found.where,
            "code": found.code,
            "rule": found.rule,
        }
        evidence = {name: text for name, text in parts.items() if text}
    if check.judgement.note:
        evidence["count"] = check.judgement.note
    mistake = verdict.mistakes[0].name if verdict.mistakes and found is not None else None
    return {
        "name": f"{verdict.exercise.name}: {title(check.check)}",
        "number": verdict.exercise.number(check.check),
        "score": round(check.score, 4),
        "max_score": check.check.points,
        "status": "passed" if check.outcome.value in ("passed", "undecided") else "failed",
        "output": plain(found.message) if found is not None else check.blocked,
        "visibility": "visible",
        "tags": [check.check.family],
        "outcome": check.outcome.value,
        "evidence": evidence,
        "mistake": mistake,
    }


def withheld(document: dict[str, Any], reveal: Reveal) -> dict[str, Any]:
    """The document without what a course does not reveal of failed checks; see `autograder.settings`."""
    level = LEVELS.index(reveal)
    tests = document["tests"] if level >= LEVELS.index("family") else []
    if level < LEVELS.index("case"):
        tests = [{**test, "output": "", "evidence": {}} for test in tests]
    if level < LEVELS.index("mistake"):
        tests = [{**test, "mistake": None} for test in tests]
        document = {**document, "exercises": [{**e, "mistakes": []} for e in document["exercises"]]}
    if DEVICE in document:
        checks = document[DEVICE]["checks"] if level >= LEVELS.index("family") else []
        if level < LEVELS.index("case"):
            checks = [{**check, "message": "", "case": ""} for check in checks]
        document = {**document, DEVICE: {**document[DEVICE], "checks": checks}}
    return {**document, "tests": tests}


def exercise_of(test: Mapping[str, Any]) -> str:
    """The name of the exercise that a document's test belongs to."""
    return str(test["number"]).split(".", 1)[0]


def tests_of(document: Mapping[str, Any], exercise: str) -> list[dict[str, Any]]:
    """The tests of one exercise in a document."""
    return [test for test in document["tests"] if exercise_of(test) == exercise]


def is_hidden(test: Mapping[str, Any]) -> bool:
    """Whether the test stands for the hidden checks of an exercise."""
    return HIDDEN in test["tags"]
