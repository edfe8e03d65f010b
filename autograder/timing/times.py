"""What measuring time gave. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder.timing.interval import Interval

Outcome = Literal["shown", "within", "slower", "undecided", "wrong"]
FALLS_BEHIND = 1.5


@dataclass(frozen=True)
class AtSize:
    """Inputs of one size: how often each took its turn, how many times the reference's time the submission took, and
    the medians in seconds, less `transport`, which is what an answer is on its way. `memory` are the most bytes that
    reference and submission held beside inputs and answer."""

    size: int
    rounds: int
    ratio: Interval
    reference: float
    mine: float
    transport: float
    naive: float | None = None
    memory: tuple[int, int] | None = None


@dataclass(frozen=True)
class Times:
    """An exercise of a submission. `limit` is how many times the reference's time counts as quick enough; None where
    time does not count, and is `shown` only. `wrong` says what is not right with the calls that were timed."""

    grows: str
    sizes: tuple[AtSize, ...] = ()
    limit: float | None = None
    outcome: Outcome = "shown"
    wrong: str = ""

    @property
    def falls_behind(self) -> bool:
        """Whether the submission takes ever more of the reference's time as the input grows, as loops do."""
        if len(self.sizes) < 2:
            return False
        return self.sizes[-1].ratio.low > FALLS_BEHIND * self.sizes[0].ratio.high
