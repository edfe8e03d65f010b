"""One page a student: what they earned and, as far as the teacher reveals it, why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from autograder.batch.records import Grade
from autograder.report.results import is_hidden, tests_of
from autograder.rules import LEVELS as REVEALS
from autograder.text import one_line, plain, points

_ASK = "could not be graded, please ask"
_GRADER = "the grader failed, no points lost"
_WORDS = {
    "passed": "passed",
    "failed": "failed",
    "error": "raised an exception",
    "timeout": "did not finish",
    "memory": "too much memory",
    "crashed": "ended the process",
    "missing": "missing",
    "not_implemented": "still the stub",
    "tampered": _ASK,
    "skipped": "not counted",
    "grader_error": _GRADER,
}
_OPEN = ("tampered", "grader_error")
_KINDS = {
    "passed": ("passed", "✓"),
    "skipped": ("skipped", "–"),
    "tampered": ("open", "?"),
    "grader_error": ("open", "?"),
}
_NOTHING = ("missing", "not_implemented")
_WHOLE = (*_NOTHING, *_OPEN)
_NOTICES = {
    "missing": "Nothing was handed in.",
    "unreadable": "What was handed in could not be read.",
    "waiting": "Not graded yet.",
    "set_apart": "Not graded yet: the grader failed. This costs no points; your work will be graded again.",
}
_EVIDENCE = (
    ("case", "case"),
    ("given", "given"),
    ("got", "came out"),
    ("expected", "expected"),
    ("rule", "the stub says"),
    ("where", "at"),
    ("count", "counted"),
)

_ADJUSTED = {"late": "Late", "override": "Decided by a teacher"}


def page(homework: str, grade: Grade, reveal: str) -> str:
    """The whole page: no script, nothing from outside. `reveal` is `none` (points only), `family` (which checks
    failed), `mistake` (also the mistake's name and help) or `case` (everything that is visible)."""
    level = REVEALS.index(reveal)
    exercises = [_exercise(e, tests_of(grade.document, e["name"]), level) for e in grade.document["exercises"]]
    return _template().render(
        homework=homework,
        student=one_line(grade.student),
        members=[one_line(m) for m in grade.members],
        notice=_NOTICES.get(grade.outcome, ""),
        problem=plain(grade.problem, 600),
        marked=grade.outcome not in ("waiting", "set_apart"),
        total=points(grade.points),
        possible=points(grade.possible),
        part=_part(grade.points, grade.possible),
        earned=points(sum(e["score"] for e in grade.document["exercises"])),
        adjustments=[{"kind": _ADJUSTED.get(a.kind, a.kind), "text": plain(a.text, 600)} for a in grade.adjustments],
        attempt=f"attempt {grade.attempt} of {grade.attempts}" if grade.attempts > 1 else "",
        submitted=_moment(grade.submitted or ""),
        exercises=exercises,
        sparse=level == 0,
    )


def _moment(text: str) -> str:
    """An ISO 8601 time as people write it, without seconds; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return one_line(text, 60)
    zone = f" (UTC{moment:%z})" if moment.tzinfo is not None else ""
    return f"{moment:%Y-%m-%d %H:%M}{zone}"


def _part(value: float, possible: float) -> float:
    return round(min(1.0, max(0.0, value / possible)) * 100, 2) if possible > 0 else 0.0


def _exercise(exercise: Mapping[str, Any], tests: Sequence[Mapping[str, Any]], level: int) -> dict[str, Any]:
    hidden = [t for t in tests if is_hidden(t)]
    tests = [t for t in tests if not is_hidden(t)]
    seen = [t for t in tests if t["visibility"] == "visible"]
    named = exercise["mistakes"] if level >= 2 and any(t["mistake"] for t in seen) else []
    state = exercise["outcome"]
    told = _told(tests, seen) if level >= 3 and state not in _NOTHING else []
    rows = [_row(t) for t in tests] if level >= 1 and state not in _NOTHING else []
    return {
        "name": exercise["name"],
        "score": points(exercise["score"]),
        "possible": points(exercise["max_score"]),
        "part": _part(exercise["score"], exercise["max_score"]),
        "word": _word(exercise),
        "state": _WORDS[state] if state in _WHOLE else "",
        "mistakes": [{"title": _code(m["title"]), "help": _code(plain(m["help"]))} for m in named],
        "told": [_failure(t) for t in told],
        "checks": sorted(rows, key=lambda row: row["order"]),
        "hidden": [_hidden(t) for t in hidden] if rows else [],
    }


def _hidden(test: Mapping[str, Any]) -> dict[str, str]:
    """What is told of the hidden checks of an exercise: how many passed, and what the others cost."""
    cost = f"{points(-test['score'])} points lost" if test["score"] < 0 else ""
    return {"text": one_line(test["output"]), "cost": cost, "word": _ASK if test["outcome"] == "tampered" else ""}


def _word(exercise: Mapping[str, Any]) -> str:
    if exercise["outcome"] in _WHOLE:
        return _WORDS[exercise["outcome"]]
    if exercise["score"] >= exercise["max_score"]:
        return "full points"
    return "part of the points" if exercise["score"] > 0 else "no points"


def _told(tests: Sequence[Mapping[str, Any]], seen: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The failures worth telling: where the first check fails, on which the others rest, that one only; the same
    message once."""
    failed = [t for t in seen if t["outcome"] not in ("passed", "skipped", *_OPEN) and t["output"]]
    if failed and failed[0] is tests[0]:
        return failed[:1]
    return list({t["output"]: t for t in reversed(failed)}.values())[::-1]


def _title(test: Mapping[str, Any]) -> str:
    return one_line(test["name"].split(": ", 1)[-1])


def _row(test: Mapping[str, Any]) -> dict[str, Any]:
    kind, mark = _KINDS.get(test["outcome"], ("failed", "✗"))
    hidden = test["visibility"] != "visible"
    word = _WORDS[test["outcome"]]
    if test["outcome"] == "skipped" and not hidden:
        word = one_line(test["output"]) or word
    return {
        "title": _title(test),
        "kind": kind,
        "mark": mark,
        "word": word,
        "note": "on cases that are not shown" if hidden and kind == "failed" else "",
        "score": points(test["score"]),
        "possible": points(test["max_score"]),
        "order": ("failed", "open", "skipped", "passed").index(kind),
    }


def _failure(test: Mapping[str, Any]) -> dict[str, Any]:
    evidence, message = test["evidence"], test["output"]
    said = all(evidence.get(key, "") in message for key in ("got", "expected"))
    rows = []
    for key, label in _EVIDENCE:
        text = plain(evidence.get(key, ""), 600)
        if not text or (said and key in ("got", "expected")):
            continue
        rows.append(
            {"label": label, "text": _code(f"“{text}”") if key == "rule" else text, "code": key not in ("case", "rule")}
        )
    return {"title": _title(test), "message": plain(message, 600), "evidence": rows}


def _code(text: str) -> Markup:
    """Text in which `this` is code, as authors of exercises write it."""
    parts = re.split(r"`([^`\n]+)`", plain(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((files("autograder.batch") / "feedback.html.j2").read_text("utf-8"))
