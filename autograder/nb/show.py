"""A verdict as a cell's output shows it: HTML, and the same in words where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from autograder.report.results import results, tests_of
from autograder.rules import LEVELS
from autograder.text import one_line, plain, points
from autograder.verdict import Verdict

_MARKS = {"passed": "✓", "skipped": "–"}
_QUIET = ("passed", "skipped", "tampered", "grader_error")
_ASK = ("tampered", "grader_error")


def verdict_html(verdict: Verdict) -> str:
    return exercise_html(_document(verdict), verdict.exercise.name)


def verdict_text(verdict: Verdict) -> str:
    return exercise_text(_document(verdict), verdict.exercise.name)


def notice_html(sentence: str) -> str:
    return str(Markup("<p>{}</p>").format(plain(sentence)))


def exercise_html(document: Mapping[str, Any], name: str, reveal: str = "case") -> str:
    """One exercise of a results document, as far as the teacher reveals it (see `autograder.settings`)."""
    exercise, failures, tests = _told(document, name, LEVELS.index(reveal))
    html = Markup("<p><strong>{}</strong>: {} of {} points</p>").format(
        name, points(exercise["score"]), points(exercise["max_score"])
    )
    for title, message, evidence in failures:
        html += Markup("<p>✗ <strong>{}</strong>: {}</p>").format(title, message)
        if evidence:
            rows = (Markup("<tr><th>{}</th><td><code>{}</code></td></tr>").format(*row) for row in evidence)
            html += Markup("<table>{}</table>").format(Markup("").join(rows))
    for mistake in exercise["mistakes"]:
        html += Markup("<p><strong>Mistake: {}</strong><br>{}</p>").format(
            plain(mistake["title"]), plain(mistake["help"])
        )
    if tests:
        rows = (
            Markup("<tr><td>{} {}</td><td>{} / {}</td></tr>").format(
                _MARKS.get(t["outcome"], "✗"), _title(t), points(t["score"]), points(t["max_score"])
            )
            for t in tests
        )
        html += Markup("<details><summary>All checks</summary><table>{}</table></details>").format(
            Markup("").join(rows)
        )
    return str(html)


def exercise_text(document: Mapping[str, Any], name: str, reveal: str = "case") -> str:
    """The same as plain lines."""
    exercise, failures, _ = _told(document, name, LEVELS.index(reveal))
    lines = [f"{name}: {points(exercise['score'])} of {points(exercise['max_score'])} points"]
    for title, message, evidence in failures:
        lines.append(f"✗ {title}: {message}")
        lines += [f"    {label}: {text}" for label, text in evidence]
    lines += [f"Mistake: {plain(m['title'])} {plain(m['help'])}" for m in exercise["mistakes"]]
    return "\n".join(lines)


def _document(verdict: Verdict) -> dict[str, Any]:
    return results(verdict.exercise.homework, [verdict], verdict.seconds, "phantom")


Failure = tuple[str, str, list[tuple[str, str]]]


def _told(
    document: Mapping[str, Any], name: str, level: int
) -> tuple[Mapping[str, Any], list[Failure], list[Mapping[str, Any]]]:
    """The exercise, its failures worth telling, and its tests; as far as the level of `LEVELS` goes."""
    exercise = next(e for e in document["exercises"] if e["name"] == name)
    tests: list[Mapping[str, Any]] = list(tests_of(document, name))
    seen = [t for t in tests if t["visibility"] == "visible"]
    failed = [t for t in seen if t["outcome"] not in _QUIET and t["output"]]
    if failed and failed[0] is tests[0]:
        failed = failed[:1]
    found: list[Failure] = [
        (_title(t), plain(t["output"], 600), [(k, plain(v, 600)) for k, v in t["evidence"].items()])
        for t in {t["output"]: t for t in reversed(failed)}.values()
    ][::-1]
    if exercise["outcome"] in _ASK:
        found = [("values", "could not be graded, please ask", [])]
    return (
        {**exercise, "mistakes": exercise["mistakes"] if level >= 2 else []},
        found if level >= 3 or exercise["outcome"] in _ASK else [],
        tests if level >= 1 else [],
    )


def _title(test: Mapping[str, Any]) -> str:
    return one_line(test["name"].split(": ", 1)[-1])
