"""The section of a results document about real GPUs: beside the points, or charged to them for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.report.results import DEVICE, exercise_of

FAMILIES = frozenset({"device", "transfers", "copies"})


@dataclass(frozen=True)
class Found:
    """What one check on a GPU came to: `outcome` is passed, failed, or skipped where nothing could be judged."""

    exercise: str
    check: str
    outcome: str
    message: str = ""
    case: str = ""

    def as_data(self) -> dict[str, str]:
        return {
            "exercise": self.exercise,
            "check": self.check,
            "outcome": self.outcome,
            "message": self.message,
            "case": self.case,
        }


def section(gpu: str, found: list[Found], counts: bool = False, problem: str = "") -> dict[str, Any]:
    """The section: on which `gpu`, whether it `counts`, what was found, and why nothing could be, if so."""
    return {"gpu": gpu, "counts": counts, "problem": problem, "checks": [one.as_data() for one in found]}


def with_section(document: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The document with the section; where it counts, what fails on a GPU costs the points of the exercise's checks of
    device code."""
    document = {**document, DEVICE: told}
    if not told["counts"]:
        return document
    wrong: dict[str, str] = {}
    for check in told["checks"]:
        if check["outcome"] == "failed":
            wrong.setdefault(check["exercise"], check["message"])
    tests = [_charged(test, wrong) for test in document["tests"]]
    exercises = [
        {**e, "score": round(e["score"] - _lost(e["name"], document["tests"], tests), 4)} for e in document["exercises"]
    ]
    score = round(sum(e["score"] for e in exercises), 4)
    return {**document, "tests": tests, "exercises": exercises, "score": score}


def _charged(test: dict[str, Any], wrong: Mapping[str, str]) -> dict[str, Any]:
    message = wrong.get(exercise_of(test))
    if message is None or test["outcome"] != "passed" or not FAMILIES.intersection(test["tags"]):
        return test
    return {**test, "score": 0.0, "status": "failed", "outcome": "failed", "output": f"on a real GPU: {message}"}


def _lost(exercise: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> float:
    pairs = zip(before, after, strict=True)
    return float(sum(old["score"] - new["score"] for old, new in pairs if exercise_of(old) == exercise))


def lines(told: Mapping[str, Any], level: int = 3) -> Iterator[str]:
    """The section as plain sentences: its heading, then a line an exercise. `level` is how much is revealed of failed
    checks, 0 nothing and 3 everything."""
    name = f" ({told['gpu']})" if told["gpu"] else ""
    part = "counts" if told["counts"] else "shown only, points are the same on every machine"
    yield f"On a real GPU{name}: {part}"
    if told["problem"]:
        yield f"not checked: {told['problem']}"
    by_exercise: dict[str, list[Mapping[str, str]]] = {}
    for check in told["checks"]:
        by_exercise.setdefault(check["exercise"], []).append(check)
    for exercise, checks in by_exercise.items() if level >= 1 else ():
        wrong = [check for check in checks if check["outcome"] == "failed"]
        if not wrong:
            tried = [check["check"] for check in checks if check["outcome"] == "passed"]
            yield f"{exercise}: right" if tried else f"{exercise}: not tried, {checks[0]['message']}"
        for check in wrong:
            case = f" (case “{check['case']}”)" if check["case"] and level >= 3 else ""
            yield f"{exercise}, {check['check']}: {check['message'] if level >= 3 else 'wrong'}{case}"
