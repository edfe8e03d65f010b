"""A released homework as it lies in a student bundle: which files there are, and what reading them can meet.

`recordings/bundle.json` says what the bundle was made for; `recordings/HW/EXERCISE/` holds the `cases`, what the
`reference` did on them, and, where the course reveals them, how known `mistakes` are recognised.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.errors import UsageError
from autograder.exercise import Exercise
from autograder.exercises import homework as declared

RECORDINGS, MANIFEST = "recordings", "bundle.json"
CASES, REFERENCE, MISTAKES = "cases", "reference", "mistakes"
FORMAT = 1


def wheel(version: str) -> str:
    """The file that installs the kit. A file and not a name: nobody else can give students another one for it."""
    return f"torch_course_kit-{version}-py3-none-any.whl"


def manifest(homework: str, exercises: Iterable[Exercise]) -> dict[str, Any]:
    """What the bundle was made for."""
    contracts = {exercise.name: contract(exercise) for exercise in exercises}
    return {"format": FORMAT, "kit": __version__, "homework": homework, "exercises": contracts}


def contract(exercise: Exercise) -> str:
    """Identifies what the declaration asks of a recording and what it gives points for."""
    e = exercise
    checks = [(c.family, c.aspect, c.points, c.count, c.growth, c.times) for c in e.checks]
    rules = (e.name, e.file, e.points, e.kind, e.arguments, e.differentiable, e.tolerance, e.operations)
    return hashlib.sha256(repr((rules, e.max_growth, e.max_memory, checks)).encode()).hexdigest()[:16]


def require(root: Path, homework: str, exercises: Iterable[Exercise]) -> None:
    """UsageError unless the bundle can be used to grade these exercises with this version of the kit."""
    path = root / RECORDINGS / MANIFEST
    try:
        made_for = json.loads(path.read_text("utf-8"))
        released, kit, contracts = made_for["homework"], made_for["kit"], dict(made_for["exercises"])
        newer = made_for["format"] > FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(damaged(path)) from None
    if newer:
        raise UsageError(f"{root} was made by a newer version of the kit; type: pip install {wheel(kit)}")
    if released != homework:
        raise UsageError(f"{root} is the bundle of {released}; it does not hold {homework}")
    today = {exercise.name: contract(exercise) for exercise in declared(homework)}
    for exercise in exercises:
        if contracts.get(exercise.name) != today[exercise.name]:
            raise UsageError(
                f"{root} was made for version {kit} of the kit, in which {exercise.name} is another exercise than in "
                f"{__version__}, which is installed; type: pip install {wheel(kit)}, which your course gives you, or "
                "ask for a new bundle"
            )
        for name in (CASES, REFERENCE):
            file = root / RECORDINGS / homework / exercise.name / name
            if not file.is_file():
                raise UsageError(damaged(file))


def damaged(path: Path) -> str:
    """What to do about a file of a bundle."""
    return f"{path} cannot be read; unpack the bundle again, or ask for a new one"
