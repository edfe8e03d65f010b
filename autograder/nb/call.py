"""The text of an autograded cell, and how it is read again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.exercise import Exercise

_CALL = re.compile(
    r'^check\("(?P<homework>\w+)", "(?P<exercise>\w+)", points=(?P<points>\d+(?:\.\d+)?)\)\s*\Z', re.MULTILINE
)


@dataclass(frozen=True)
class Call:
    """Which exercise a cell grades."""

    homework: str
    exercise: str
    points: float


def call(exercise: Exercise) -> str:
    """The source of the cell that grades the exercise."""
    return (
        "from autograder.nb import check\n\n"
        f'check("{exercise.homework}", "{exercise.name}", points={plain_number(exercise.points)})'
    )


def plain_number(value: float) -> float:
    """The number without a point that says nothing, and never rounded: no cell earns more than it is worth."""
    return int(value) if value == int(value) else value


def read_call(source: str) -> Call | None:
    """What a cell grades; None for a cell that is not the kit's. It must be the last line, so that its value is the
    value of the cell."""
    found = _CALL.search(source)
    return None if found is None else Call(found["homework"], found["exercise"], float(found["points"]))
