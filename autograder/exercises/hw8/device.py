"""device.py: which devices there are, moving to them, and measuring time on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw8 import _timing, benchmarks, gpus, moving


def _timer_cases(draw: Draw) -> Iterable[Case]:
    drawn: set[float] = set()

    def seconds() -> float:
        """A time that no other of the exercise is equal to."""
        while True:
            value = draw.integer(3, 160) / 8
            if value not in drawn:
                drawn.add(value)
                return value

    def case(name: str, aspect: str, *script: tuple[Any, ...], says: str = "", begin: float | None = None) -> Case:
        begin = draw.integer(800, 8000) / 8 if begin is None else begin
        return Case(name, aspect, (begin, [list(step) for step in script]), says=says)

    def work() -> tuple[Any, ...]:
        return ("host works", seconds())

    def queue() -> tuple[Any, ...]:
        return ("device is given work", seconds())

    device, start, stop = ("new", "on a device"), ("start",), ("stop",)
    new = device  # whose synchronize has nothing to wait for, where no work is queued
    yield case("one interval", "basic", new, work(), stop)
    yield case("started again", "basic", new, start, work(), stop)
    yield case("a pause between intervals", "intervals", new, work(), stop, work(), start, work(), stop)
    yield case("started while running", "intervals", new, work(), start, work(), stop)
    yield case("three intervals", "statistics", new, work(), stop, work(), start, work(), stop, work(), start, work(),
               stop, ("times",), ("sum",), ("avg",), ("cumsum",), ("times",))  # fmt: skip
    asked = (("sum",), ("avg",), ("cumsum",))
    yield case("asked again", "statistics", new, *(work(), stop, *asked, work(), start) * 5, ("times",))
    yield case(
        "one interval and one running", "statistics", new, work(), stop, start, work(), ("sum",), ("avg",), ("cumsum",)
    )
    yield case("two timers", "statistics", new, new, work(), stop, ("other timer",), ("times",), stop, ("times",))
    yield case("nothing measured", "nothing", new, ("sum",), ("avg",), ("cumsum",), ("times",))
    yield case("the type of nothing", "floats", new, ("are floats",), says="sum() and avg() of a new timer")
    yield case("work queued inside", "asynchronous", device, queue(), stop)
    yield case("work queued before", "asynchronous", queue(), device, work(), queue(), stop)
    yield case(
        "queued before a second start", "asynchronous", device, work(), stop, queue(), start, queue(), work(), stop
    )
    yield case("a block", "with", new, work(), ("with", seconds(), False), ("times",))
    yield case("a block that raises", "with", new, work(), stop, ("with", seconds(), True), ("times",))
    yield case("stopped twice", "errors", new, work(), stop, work(), stop)
    yield case("stopped after a block", "errors", new, ("with", seconds(), False), work(), stop)
    again = (start, work(), stop, ("times",))
    yield case("after a refused stop", "refused", new, work(), stop, work(), ("refused stop",), ("times",), *again)
    block = [("with", seconds(), False, 20.0 + seconds()) for _ in range(2)]  # the device works longer than the host
    yield case("a block on a device", "device block", device, work(), block[0], ("times",))
    yield case("queued before a block", "device block", device, work(), stop, queue(), block[1], ("times",))
    yield case("a clock at 0.0", "zero", new, work(), stop, begin=0.0)
    yield case("an interval of no length", "zero", new, stop)
    long = [("host works", draw.integer(100_000, 200_000) + draw.integer(0, 511) / 512 + 2**-10) for _ in range(2)]
    exactly = [("exactly", name) for name in ("times", "sum", "avg", "cumsum")]
    yield case("two days", "precision", new, long[0], stop, start, long[1], stop, *exactly)
    yield case("nothing to wait for", "no device", ("new",), work(), stop, work(), start, work(), stop)
    yield Case("the default clock", "defaults", says="Timer()")
    yield Case("which clock", "default clock", options={"clock": "which"}, says="Timer()")
    yield case("a block from 0.0", "zero", new, ("with", seconds(), False), ("times",), begin=0.0)
    for count in (0, 1, 3):
        laps = (work(), stop, work(), start) * count
        yield case(f"{count} intervals", "new list", new, *laps, ("changed cumsum",), ("times",), ("cumsum",))
    elsewhere = ("other machine", draw.integer(8000, 16000) / 8)
    other = ("other timer",)
    yield case("two clocks", "own clock", new, work(), elsewhere, new, work(), other, stop, other, stop)
    yield case("two devices", "own clock", device, queue(), elsewhere, ("new",), work(), other, stop, other, stop)
    yield case("work queued at the stop", "order", device, queue(), ("reads too early",))
    # The last: its seconds differ from machine to machine, and a timer may wrongly hand them on.
    yield Case("a sleep", "default clock", options={"clock": "asleep"}, says="Timer()")


timer = Exercise(
    homework="hw8",
    name="Timer",
    file="device.py",
    points=8,
    kind="probe",
    probe=_timing.probe,
    arguments=("time", "steps"),
    cases=_timer_cases,
    checks=(
        Check("value", 1, "The timer is running as soon as it is constructed", aspect="basic"),
        Check("value", 1, "Begins a new interval now; one that is running is forgotten", aspect="intervals"),
        Check("value", 1, "the seconds of every interval measured so far, oldest first", aspect="statistics"),
        Check("value", 0.25, "a new plain list of floats", aspect="new list", title="values: a list of its own"),
        Check("value", 0.25, "an average over no interval is 0.0", aspect="nothing", title="values: no interval yet"),
        Check("value", 0.25, "a float; 0.0 when there is none", aspect="floats", title="types: no interval yet"),
        Check("value", 0.25, "Python floats as exact as the clock", aspect="precision"),
        Check("value", 0.25, "Any number may be a time, 0.0 too", aspect="zero", title="values: zero"),
        Check(
            "value",
            1,
            "Waits for the device with `synchronize`, and only then reads the clock",
            aspect="asynchronous",
            title="values: asynchronous device",
        ),
        Check("value", 0.25, "and only then reads the clock, so that all work of the interval counts", aspect="order"),
        Check("value", 0.25, "Each timer uses the clock and the `synchronize` that it was given", aspect="own clock"),
        Check(
            "value",
            0.5,
            "Ends the interval, as `stop` does, also when the block raised",
            aspect="with",
            title="values: with block",
        ),
        Check(
            "value",
            0.5,
            "Begins a new interval, as `start` does",
            aspect="device block",
            title="values: with block on a device",
        ),
        Check("value", 0.25, "or None where there is nothing to wait for", aspect="no device"),
        Check("value", 0.25, "The timer is running as soon as it is constructed", aspect="defaults", title="Timer()"),
        Check(
            "value",
            0.25,
            "one that never runs backwards, as `time.time` may, and that goes on while the program sleeps",
            aspect="default clock",
            title="default clock",
        ),
        Check("value", 0.25, "It then appends nothing, and can be started again", aspect="refused"),
        Check("errors", 0.25, "A timer that is not running (it was stopped and not started again) raises RuntimeError"),
    ),
    hints=(
        "Which moments have to be remembered between a call of `start` and the call of `stop`?",
        "The device may still be busy when Python reaches `start` or `stop`. What has to have happened before a reading"
        " of the clock means something?",
        "Keep the reading at the start, and a mark that says whether the timer runs. Everything else can be computed"
        " from the list of intervals.",
    ),
)

EXERCISES = (*gpus.EXERCISES, *moving.EXERCISES, timer, *benchmarks.EXERCISES)
