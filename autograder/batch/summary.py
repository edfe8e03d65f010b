"""A batch in figures: how the points are distributed, what goes wrong most often."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.batch.records import Grade, Problem
from autograder.report.results import exercise_of, is_hidden, tests_of

BINS = 10
OUTCOMES = ("graded", "unreadable", "missing", "waiting", "set_apart")
NO_POINTS = ("waiting", "set_apart")
"""Outcomes of students who have no points yet, which is not zero points."""
NOT_WRONG = ("passed", "skipped", "undecided")
TO_LOOK_AT = {
    "tampered": "gave answers that no honest run gives: look at the submission",
    "grader_error": "the grader failed on a check: grade again",
}


def summarise(homework: str, grades: Sequence[Grade], problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """The content of `summary.json`. Distributions are of the submissions that were graded; checks and mistakes are
    counted once a student."""
    graded = [g for g in grades if g.outcome == "graded"]
    found = Counter(g.outcome for g in grades)
    possible = max((g.possible for g in grades), default=0.0)
    return {
        "homework": homework,
        "students": len(grades),
        "possible": possible,
        "outcomes": {name: found[name] for name in (*OUTCOMES, *sorted(set(found) - set(OUTCOMES))) if found[name]},
        "distribution": distribution([g.points for g in graded], possible),
        "exercises": _exercises(graded),
        "checks": _checks(graded),
        "mistakes": _mistakes(graded),
        "problems": [{"student": g.student, "problem": problem} for g in grades for problem in _problems(g)]
        + [{"path": place(p), "problem": p.message} for p in problems],
    }


def place(problem: Problem) -> str:
    """Where the problem lies, without the folders above that only this machine has."""
    return problem.path.name if problem.path.is_absolute() else problem.path.as_posix()


def distribution(values: Sequence[float], possible: float) -> dict[str, Any]:
    """Mean, median, quartiles and a histogram; points beyond what is possible count in the last bin."""
    if not values:
        return {"count": 0, "histogram": []}
    quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    counts = [0] * BINS
    for value in values if possible > 0 else ():
        counts[min(BINS - 1, max(0, int(value / possible * BINS)))] += 1
    figures = {
        "mean": statistics.fmean(values),
        "median": statistics.median(values),
        "lower_quartile": quartiles[0],
        "upper_quartile": quartiles[2],
        "lowest": min(values),
        "highest": max(values),
    }
    edges = [round(possible * i / BINS, 4) for i in range(BINS + 1)]
    return {
        "count": len(values),
        **{name: round(value, 4) for name, value in figures.items()},
        "histogram": [{"from": edges[i], "to": edges[i + 1], "students": counts[i]} for i in range(BINS)]
        if possible > 0
        else [],
    }


def exercise_names(grades: Sequence[Grade]) -> list[str]:
    """In the order of the longest document, then what only others have."""
    longest_first = sorted(grades, key=lambda g: -len(g.document.get("exercises", ())))
    return list(dict.fromkeys(e["name"] for g in longest_first for e in g.document.get("exercises", ())))


def hidden_checks(*documents: Mapping[str, Any]) -> str:
    """How many hidden checks passed in these documents, such as “17 of 20”; empty where there are none."""
    found = [e["hidden"] for document in documents for e in document.get("exercises", ()) if "hidden" in e]
    return f"{sum(h['passed'] for h in found)} of {sum(h['of'] for h in found)}" if found else ""


def _exercises(graded: Sequence[Grade]) -> list[dict[str, Any]]:
    rows = []
    for name in exercise_names(graded):
        found = [e for g in graded for e in g.document["exercises"] if e["name"] == name]
        scores = [e["score"] for e in found]
        rows.append(
            {
                "name": name,
                "possible": max(e["max_score"] for e in found),
                "students": len(found),
                "mean": round(statistics.fmean(scores), 4),
                "median": round(statistics.median(scores), 4),
                "full": sum(e["score"] >= e["max_score"] for e in found),
                "untouched": sum(e["outcome"] == "not_implemented" for e in found),
                "hidden checks": hidden_checks({"exercises": found}),
            }
        )
    return rows


def _checks(graded: Sequence[Grade]) -> list[dict[str, Any]]:
    """Checks by how many students failed them. An exercise that could not be judged at all (untouched, missing, it
    does not load) fails none of them; where code is there, it counts once under its own name."""
    names: dict[str, str] = {}
    failed: Counter[str] = Counter()
    had: Counter[str] = Counter()
    for document, exercise in ((g.document, e["name"]) for g in graded for e in g.document["exercises"]):
        tests = tests_of(document, exercise)
        outcomes = {test["outcome"] for test in tests if not is_hidden(test)}
        unjudged = len(outcomes) == 1 and not outcomes & {"passed", "failed", "skipped"}
        had.update([exercise, *(test["number"] for test in tests)])
        names.setdefault(exercise, f"{exercise}: nothing could be judged")
        if unjudged:
            failed[exercise] += not outcomes & {"not_implemented", "missing"}
            continue
        for test in tests:
            names.setdefault(test["number"], test["name"])
            failed[test["number"]] += test["outcome"] not in NOT_WRONG
    worst = sorted((n for n in failed if failed[n]), key=lambda n: (-failed[n], n))
    return [{"number": n, "name": names[n], "failed": failed[n], "students": had[n]} for n in worst]


def _mistakes(graded: Sequence[Grade]) -> list[dict[str, Any]]:
    titles: dict[tuple[str, str], str] = {}
    made: Counter[tuple[str, str]] = Counter()
    for grade in graded:
        found = {(e["name"], m["name"]): m["title"] for e in grade.document["exercises"] for m in e["mistakes"]}
        titles = found | titles
        made.update(found.keys())
    most = sorted(made, key=lambda key: (-made[key], key))
    return [{"exercise": k[0], "name": k[1], "title": titles[k], "students": made[k]} for k in most]


def _problems(grade: Grade) -> list[str]:
    found = [grade.problem] if grade.problem else []
    for outcome, says in TO_LOOK_AT.items():
        names = dict.fromkeys(exercise_of(t) for t in grade.document.get("tests", ()) if t["outcome"] == outcome)
        if names:
            found.append(f"{', '.join(names)}: {says}")
    return found
