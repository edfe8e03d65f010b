"""One page a student: what they earned and, as far as the teacher reveals it, why."""

from __future__ import annotations

from datetime import datetime

from autograder.batch.records import Grade
from autograder.report.html import device_lines, whole_page
from autograder.report.results import DEVICE, tests_of
from autograder.report.told import part, told
from autograder.rules import LEVELS as REVEALS
from autograder.text import one_line, plain, points

_NOTICES = {
    "missing": "Nothing was handed in.",
    "unreadable": "What was handed in could not be read.",
    "waiting": "Not graded yet.",
    "set_apart": "Not graded yet, for no reason of yours. This costs no points; your work will be graded again.",
}
_ADJUSTED = {"late": "Late", "override": "Decided by a teacher"}


def page(homework: str, grade: Grade, reveal: str) -> str:
    """The whole page: no script, nothing from outside. `reveal` is `none` (points only), `family` (which checks
    failed), `mistake` (also the mistake's name and help) or `case` (everything that is visible)."""
    level = REVEALS.index(reveal)
    exercises = [told(e, tests_of(grade.document, e["name"]), level) for e in grade.document["exercises"]]
    return whole_page(
        homework,
        exercises,
        student=one_line(grade.student),
        members=[one_line(m) for m in grade.members],
        notice=_NOTICES.get(grade.outcome, ""),
        problem=plain(grade.problem, 600),
        marked=grade.outcome not in ("waiting", "set_apart"),
        total=points(grade.points),
        possible=points(grade.possible),
        part=part(grade.points, grade.possible),
        earned=points(sum(e["score"] for e in grade.document["exercises"])),
        adjustments=[{"kind": _ADJUSTED.get(a.kind, a.kind), "text": plain(a.text, 600)} for a in grade.adjustments],
        attempt=f"attempt {grade.attempt} of {grade.attempts}" if grade.attempts > 1 else "",
        submitted=_moment(grade.submitted or ""),
        sparse=level == 0,
        device=device_lines(grade.document.get(DEVICE), REVEALS[level]),
    )


def _moment(text: str) -> str:
    """An ISO 8601 time as people write it, without seconds; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return one_line(text, 60)
    zone = f" (UTC{moment:%z})" if moment.tzinfo is not None else ""
    return f"{moment:%Y-%m-%d %H:%M}{zone}"
