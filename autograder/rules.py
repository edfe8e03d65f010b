"""The rules that an instructor sets in `course.toml`: when work is due, what lateness costs, what is revealed when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

DAY = timedelta(days=1)
CENTURY = 36525
Reveal = Literal["none", "family", "mistake", "case"]
LEVELS: tuple[Reveal, ...] = ("none", "family", "mistake", "case")
Moment = datetime | str | None
"""A moment, the word `due` or `closed`, or nothing."""


@dataclass(frozen=True)
class Feedback:
    """What is revealed when; see `autograder.settings`."""

    reveal: Reveal = "case"
    begins: Moment = None
    until: Moment = None
    then: Reveal = "case"


@dataclass(frozen=True)
class Time:
    """That time counts: the answer may take `factor` times the reference's, for `points` of those of the exercise
    (None: a tenth of them)."""

    factor: float
    points: float | None = None


@dataclass(frozen=True)
class Homework:
    """What is decided for one homework."""

    due: datetime | None = None
    exercises: tuple[str, ...] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    feedback: Feedback | None = None
    hidden: bool | Mapping[str, float] | None = None
    time: Mapping[str, Time] = field(default_factory=dict)


@dataclass(frozen=True)
class Late:
    """What lateness costs. The default takes nothing off."""

    grace: timedelta = timedelta(0)
    per_day: float = 0.0
    at_most_days: int | None = None

    def kept(self, over: timedelta) -> float:
        """The fraction of the points that is kept by work handed in that much after it was due."""
        days = self.days(over)
        if days and self.at_most_days is not None and days > self.at_most_days:
            return 0.0
        return max(0.0, 1.0 - self.per_day * days)

    def days(self, over: timedelta) -> int:
        """Days begun since the due date; 0 within the time of grace."""
        return 0 if over <= max(self.grace, timedelta(0)) else math.ceil(over / DAY)

    @property
    def span(self) -> timedelta:
        """How long after the due date something still counts."""
        ends = [] if self.at_most_days is None else [self.at_most_days]
        if self.per_day:
            ends.append(math.ceil(min(1 / self.per_day, CENTURY)) - 1)
        return max(self.grace, min(ends, default=0) * DAY)


@dataclass(frozen=True)
class Extension:
    """More time for one student."""

    due: Mapping[str, datetime] = field(default_factory=dict)
    extra: timedelta = timedelta(0)


def instant(text: str | None) -> datetime | None:
    """An ISO 8601 time; None when it is missing, unreadable or without an offset."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z") + ("+00:00" if text.endswith("Z") else ""))
    except ValueError:
        return None
    return moment if moment.utcoffset() is not None else None


def length(over: timedelta) -> str:
    hours = over / timedelta(hours=1)
    if hours < 1:
        return f"{math.ceil(hours * 60)} min"
    return f"{math.floor(hours)} h" if hours < 48 else f"{math.floor(hours / 24)} days"
