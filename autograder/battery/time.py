"""Time, where a course lets it count: what was measured, held against the limit."""

from __future__ import annotations

from autograder.battery.base import Context, Failure, Judgement
from autograder.exercise import Check
from autograder.text import shown

BUSY = "busy machine, measured again later"


def judge(context: Context, check: Check) -> Judgement:
    """The answer takes at most so many times the reference's time. A machine that is too busy decides nothing."""
    times = context.theirs.times
    if times is None:
        return Judgement(untested="time was not measured")
    if times.outcome == "undecided":
        return Judgement(undecided=BUSY)
    if times.wrong:
        code = "time:slower" if times.outcome == "slower" else "time:wrong"
        return Judgement((Failure(code, f"while time was measured: {times.wrong}"),))
    ratio = times.sizes[-1].ratio
    note = f"{shown(ratio.middle)} times the reference's time"
    if times.outcome == "slower":
        message = f"it takes {note}, at most {shown(times.limit or 0.0)} allowed"
        return Judgement((Failure("time:slower", message),))
    return Judgement(note=note)
