"""Grades and results documents for the tests of what a batch writes and shows."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from autograder.batch.outputs import write_outputs
from autograder.batch.records import Grade

SALT = b"a salt of the course"


def check(name: str, outcome: str = "passed", most: float = 2.0, **more: Any) -> dict[str, Any]:
    passed = outcome == "passed"
    return {
        "name": f"{name.split('.')[0]}: {name.split('.')[1]}",
        "number": name,
        "score": most if passed else 0.0,
        "max_score": most,
        "status": "passed" if passed else "failed",
        "output": "" if passed else "the answer is 1, expected 2",
        "visibility": "visible",
        "tags": ["value"],
        "outcome": outcome,
        "evidence": {} if passed else {"case": "two rows", "given": "x = [1]", "got": "1", "expected": "2"},
        "mistake": None,
    } | more


def document(*tests: dict[str, Any], mistakes: tuple[str, ...] = ()) -> dict[str, Any]:
    names = list(dict.fromkeys(t["number"].split(".")[0] for t in tests))
    exercises = []
    for name in names:
        mine = [t for t in tests if t["number"].split(".")[0] == name]
        exercises.append(
            {
                "name": name,
                "score": sum(t["score"] for t in mine),
                "max_score": sum(t["max_score"] for t in mine),
                "outcome": next((t["outcome"] for t in mine if t["outcome"] != "passed"), "passed"),
                "seconds": 0.0,
                "mistakes": [{"name": m, "title": f"Title of {m}.", "help": f"Help with {m}."} for m in mistakes],
            }
        )
    return {
        "kit": "1",
        "homework": "hw3",
        "device": "phantom",
        "score": sum(e["score"] for e in exercises),
        "max_score": sum(e["max_score"] for e in exercises),
        "execution_time": 0.0,
        "tests": list(tests),
        "exercises": exercises,
    }


def grade(student: str = "ana", *tests: dict[str, Any], mistakes: tuple[str, ...] = (), **more: Any) -> Grade:
    made = document(*(tests or (check("conv2d.value"), check("corr2d.value", "failed"))), mistakes=mistakes)
    return Grade(student, made, made["score"], made["max_score"], **more)


def written(out: Path, grades: list[Grade], anonymous: bool = False, **more: Any) -> dict[str, bytes]:
    write_outputs(out, "hw3", grades, reveal="case", anonymous=anonymous, salt=SALT, **more)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
