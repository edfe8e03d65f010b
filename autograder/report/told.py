"""One exercise of a results document in the words of a page: what failed, why, and what each check earned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from autograder.report import times
from autograder.report.results import is_hidden
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
    "undecided": "busy machine, measured again later",
    "grader_error": _GRADER,
}
_OPEN = ("tampered", "grader_error", "undecided")
_KINDS = {
    "passed": ("passed", "✓"),
    "skipped": ("skipped", "–"),
    "undecided": ("open", "?"),
    "tampered": ("open", "?"),
    "grader_error": ("open", "?"),
}
_NOTHING = ("missing", "not_implemented")
_WHOLE = (*_NOTHING, "tampered", "grader_error")
_EVIDENCE = (
    ("case", "case"),
    ("given", "given"),
    ("got", "came out"),
    ("expected", "expected"),
    ("rule", "the stub says"),
    ("where", "at"),
    ("count", "counted"),
)


def told(
    exercise: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    level: int,
    pictures: Mapping[str, Markup] | None = None,
) -> dict[str, Any]:
    """What the template `exercise.html.j2` shows. `level` is how much is revealed, 0 points only and 3 everything that
    is visible; `pictures` belong to tests, by their number."""
    hidden = [t for t in tests if is_hidden(t)]
    tests = [t for t in tests if not is_hidden(t)]
    seen = [t for t in tests if t["visibility"] == "visible"]
    named = exercise["mistakes"] if level >= 2 and any(t["mistake"] for t in seen) else []
    state = exercise["outcome"]
    failures = _worth_telling(tests, seen) if level >= 3 and state not in _NOTHING else []
    rows = [_row(t) for t in tests] if level >= 1 and state not in _NOTHING else []
    return {
        "name": exercise["name"],
        "score": points(exercise["score"]),
        "possible": points(exercise["max_score"]),
        "part": part(exercise["score"], exercise["max_score"]),
        "word": _word(exercise),
        "state": _state(state, seen, level),
        "given": _listed(exercise.get("given", [])),
        "mistakes": [{"title": _code(m["title"]), "help": _code(plain(m["help"]))} for m in named],
        "told": [_failure(t, (pictures or {}).get(t["number"])) for t in failures],
        "checks": tuple(sorted(rows, key=lambda row: row.order)),
        "passed": sum(row.kind == "passed" for row in rows),
        "hidden": [_hidden(t) for t in hidden] if rows else [],
        "printed": "",
        "times": _times(exercise["time"]) if level >= 1 and "time" in exercise else {},
    }


def _times(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of time: a picture of bars, and what there is to say beside it."""
    held = times.memory(found["sizes"][-1]) if found["sizes"] else ""
    said = [f"Memory beside inputs and answer: {held}"] if held else []
    return {
        "head": _capital(times.head(found)),
        "bars": times.drawing(found),
        "notes": [*said, *map(_capital, times.notes(found))],
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _hidden(test: Mapping[str, Any]) -> dict[str, str]:
    """What is told of the hidden checks of an exercise: how many passed, and what the others cost."""
    cost = f"{points(-test['score'])} points lost" if test["score"] < 0 else ""
    return {"text": one_line(test["output"]), "cost": cost, "word": _ASK if test["outcome"] == "tampered" else ""}


def part(value: float, possible: float) -> float:
    """Hundredths of what is possible, for a bar."""
    return round(min(1.0, max(0.0, value / possible)) * 100, 2) if possible > 0 else 0.0


def _state(state: str, seen: Sequence[Mapping[str, Any]], level: int) -> str:
    """Why nothing could be judged; what is missing is said where everything is told."""
    if state not in _WHOLE:
        return ""
    said = next((t["output"] for t in seen if t["output"]), "") if state == "missing" and level >= 3 else ""
    return f"{_WORDS[state]}: {plain(said, 600)}" if said else _WORDS[state]


def _word(exercise: Mapping[str, Any]) -> str:
    if exercise["outcome"] in _WHOLE:
        return _WORDS[exercise["outcome"]]
    if exercise["score"] >= exercise["max_score"]:
        return "full points"
    return "part of the points" if exercise["score"] > 0 else "no points"


def _worth_telling(tests: Sequence[Mapping[str, Any]], seen: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The failures worth telling: where the first check fails, on which the others rest, that one only; the same
    message once."""
    failed = [t for t in seen if t["outcome"] not in ("passed", "skipped", *_OPEN) and t["output"]]
    if failed and failed[0] is tests[0]:
        return failed[:1]
    return list({t["output"]: t for t in reversed(failed)}.values())[::-1]


def _title(test: Mapping[str, Any]) -> str:
    return _short(test["name"])


@lru_cache(maxsize=1024)  # the same checks for every student
def _short(name: str) -> str:
    return one_line(name.split(": ", 1)[-1])


class Row(NamedTuple):
    """A check in a table: what became of it (`kind` and `word`), and what it earned."""

    title: str
    kind: str
    mark: str
    word: str
    note: str
    score: str
    possible: str
    order: int


def _row(test: Mapping[str, Any]) -> Row:
    kind, mark = _KINDS.get(test["outcome"], ("failed", "✗"))
    hidden = test["visibility"] != "visible"
    word = _WORDS[test["outcome"]]
    if test["outcome"] == "skipped" and not hidden:
        word = one_line(test["output"]) or word
    return Row(
        title=_title(test),
        kind=kind,
        mark=mark,
        word=word,
        note="on cases that are not shown" if hidden and kind == "failed" else "",
        score=points(test["score"]),
        possible=points(test["max_score"]),
        order=("failed", "open", "skipped", "passed").index(kind),
    )


def _failure(test: Mapping[str, Any], picture: Markup | None) -> dict[str, Any]:
    evidence, message = test["evidence"], test["output"]
    said = all(evidence.get(key, "") in message for key in ("got", "expected"))
    rows = []
    for key, label in _EVIDENCE:
        text = plain(evidence.get(key, ""), 600)
        if key == "where" and evidence.get("code"):
            text += f": {plain(evidence['code'], 200)}"
        if not text or (said and key in ("got", "expected")):
            continue
        if key == "rule" and "time" in test["tags"]:
            label = "the course says"
        rows.append(
            {"label": label, "text": _code(f"“{text}”") if key == "rule" else text, "code": key not in ("case", "rule")}
        )
    return {"title": _title(test), "message": plain(message, 600), "evidence": rows, "picture": picture}


def _code(text: str) -> Markup:
    """Text in which `this` is code, as authors of exercises write it."""
    parts = re.split(r"`([^`\n]+)`", plain(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
