"""A verdict as a cell's output shows it: HTML, and the same in words where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from autograder.report.html import document_html, notice_html, verdict_html
from autograder.report.results import results, tests_of
from autograder.report.told import told
from autograder.rules import LEVELS, Reveal
from autograder.verdict import Verdict

__all__ = ["exercise_html", "exercise_text", "notice_html", "verdict_html", "verdict_text"]


def verdict_text(verdict: Verdict, reveal: Reveal = "case") -> str:
    document = results(verdict.exercise.homework, [verdict], verdict.seconds, "")
    return exercise_text(document, verdict.exercise.name, reveal)


def exercise_html(document: Mapping[str, Any], name: str, reveal: Reveal = "case") -> str:
    """One exercise of a results document, as far as the teacher reveals it (see `autograder.settings`)."""
    return document_html(document, name, LEVELS.index(reveal))


def exercise_text(document: Mapping[str, Any], name: str, reveal: Reveal = "case") -> str:
    """The same as plain lines."""
    exercise = next(e for e in document["exercises"] if e["name"] == name)
    shown = told(exercise, tests_of(document, name), LEVELS.index(reveal))
    lines = [f"{name}: {shown['score']} of {shown['possible']} points"]
    if shown["state"]:
        lines.append(shown["state"])
    for failure in shown["told"]:
        lines.append(f"✗ {failure['title']}: {failure['message']}")
        lines += [f"    {row['label']}: {_words(row['text'])}" for row in failure["evidence"]]
    lines += [f"Mistake: {_words(mistake['title'])} {_words(mistake['help'])}" for mistake in shown["mistakes"]]
    return "\n".join(lines)


def _words(text: str) -> str:
    return text.striptags() if isinstance(text, Markup) else text
