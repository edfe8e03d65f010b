"""Of device.py: benchmark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw8 import _benchmarks


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        host: Any = (),
        device: Any = (),
        report: str = "seconds",
        *,
        says: str = "",
        options: dict[str, Any] | None = None,
        **settings: Any,
    ) -> Case:
        asked = {"report": report, **(options or {})}
        return Case(name, aspect, ([*host], [*device]), settings, options=asked, says=says)

    def some(count: int) -> list[float]:
        """Seconds, no two of them equal."""
        return [number / 8 for number in draw.permutation(range(24, 160))[:count]]

    def balanced(count: int) -> list[float]:
        """Seconds in equal steps, so that their mean is their median: which of the two it is, is the question of
        other cases."""
        least, step = draw.integer(16, 64) / 8, draw.integer(3, 9) / 8
        return [least + step * number for number in range(count)]

    def slow_first(slow: int, later: float) -> list[float]:
        return [later * draw.integer(6, 9) + number for number in range(slow)] + [later]

    one: dict[str, Any] = {"warmup": 0, "repeats": 1}
    yield case("one call", "basic", some(1), **one)
    yield case("three measurements", "basic", balanced(3), warmup=0, repeats=3)
    yield case(
        "five measurements, a clock at 0.0", "basic", balanced(5)[::-1], warmup=0, repeats=5, options={"begin": 0.0}
    )
    yield case("one slow call first", "warm-up", slow_first(1, 2.0), warmup=1, repeats=1)
    yield case("two slow calls first, two measurements", "warm-up", slow_first(2, 3.0), warmup=2, repeats=2)
    yield case("every call is faster", "warm-up", balanced(9)[::-1], warmup=4, repeats=3)
    yield case("work for the device", "asynchronous", (), some(1), **one)
    yield case("less work for the host than for the device", "asynchronous", [0.5], balanced(3), warmup=0, repeats=3)
    yield case("warm-up on the device", "asynchronous", (), slow_first(1, 4.0), warmup=1, repeats=1)
    queued = {"queued": 16.0 + draw.integer(1, 7) / 8}
    yield case("work queued before", "asynchronous", (), some(1), options=queued, **one)
    yield case("one bad measurement of three", "median", [2.0, 90.0, 3.0], warmup=0, repeats=3)
    yield case("the fastest is luck too", "median", [8.0, 0.125, 9.0, 11.0, 10.0], warmup=0, repeats=5)
    yield case("two measurements", "median", some(2), warmup=0, repeats=2)
    yield case("four measurements, one of them bad", "median", [6.0, 60.0, 5.0, 2.0], warmup=0, repeats=4)
    yield case("out of order", "median", [*sorted(some(4), reverse=True), 200.0, 1.0, 0.5], warmup=0, repeats=7)
    yield case("two calls in a measurement", "calls", some(2), **one, calls=2)
    yield case("four calls in each of three", "calls", balanced(12), warmup=0, repeats=3, calls=4)
    yield case("four calls, of which the first are slow", "calls", slow_first(3, 2.0), warmup=1, repeats=3, calls=4)
    yield case("host and device at the same time", "overlap", [3.0], [4.0], **one, calls=4)
    yield case("the device waits for the host", "overlap", [6.0], [1.0], warmup=0, repeats=3, calls=2)
    yield case("no warm-up", "count", [1.0], (), "calls", warmup=0, repeats=3)
    yield case("warm-up", "count", [1.0], (), "calls", warmup=4, repeats=1)
    yield case("several calls", "count", [1.0], (), "calls", warmup=2, repeats=3, calls=5)
    yield case("nothing to wait for", "no device", balanced(3), warmup=0, repeats=3, options={"no device": True})
    yield case("nothing else given", "defaults", [*sorted(some(3), reverse=True), 9.0, 3.0, 7.0, 5.0, 1.0, 50.0])
    yield case("how often", "defaults", [1.0], (), "calls")
    long = [draw.integer(100_000, 200_000) + draw.integer(0, 511) / 512 + 2**-10 for _ in range(3)]
    yield case("two days", "precision", long, (), "exactly", warmup=0, repeats=3)
    yield case("two days, two measurements", "precision", long[:2], (), "exactly", warmup=0, repeats=2)
    yield case("whole seconds", "floats", [2.0], (), "a float", warmup=0, repeats=3)
    yield case("two measurements", "floats", [2.0, 3.0], (), "a float", warmup=0, repeats=2)
    yield case("eight measurements", "not kept", [1.0], (), "kept", warmup=4, repeats=8, calls=2)
    fails = {"fails at": 2}
    yield case("in the warm-up", "exceptions", [1.0], (), "the exception", warmup=3, repeats=1, options=fails)
    yield case("while measuring", "exceptions", [1.0], (), "the exception", warmup=0, repeats=3, options=fails)
    bad: list[tuple[str, dict[str, Any]]] = [
        ("repeats", {"repeats": 0}),
        ("calls", {"calls": 0}),
        ("warmup", {"warmup": -1}),
        ("repeats", {"repeats": -2}),
    ]
    for name, setting in bad:
        yield case(f"{name}={setting[name]}", "errors", [1.0], options={"names": name}, **setting)
        yield case(f"{name}={setting[name]}", "refused", [1.0], (), "refused", **setting)
    yield Case("which clock", "default clock", options={"clock": "which"}, says="benchmark(function)")
    # The last: its seconds differ from machine to machine, and may wrongly be handed on.
    yield Case("asleep", "default clock", options={"clock": "asleep"}, says="benchmark(function)")


benchmark = Exercise(
    homework="hw8",
    name="benchmark",
    file="device.py",
    points=5,
    kind="probe",
    probe=_benchmarks.probe,
    arguments=("host seconds of each call", "device seconds of each call"),
    cases=_cases,
    checks=(
        Check("value", 0.75, "A measurement is the time from right before its first call to the end of the work of its"
              " last call", aspect="basic"),
        Check("value", 0.75, "They are made once, and are not measured", aspect="warm-up", title="values: warm-up"),
        Check("value", 1, "The device has done all its work before the clock is read", aspect="asynchronous",
              title="values: asynchronous device"),
        Check("value", 0.5, "The median of the `repeats` measurements", aspect="median"),
        Check("value", 0.5, "divided by `calls`: the seconds of one call", aspect="calls", title="values: many calls"),
        Check("value", 0.25, "Between the calls of one measurement nothing is waited for", aspect="overlap"),
        Check("value", 0.25, "All in all `function` is called `warmup` + `repeats` * `calls` times", aspect="count",
              title="number of calls"),
        Check("value", 0.125, "or None where there is nothing to wait for", aspect="no device"),
        Check("value", 0.125, "The seconds that one call of a function takes", aspect="defaults"),
        Check("value", 0.125, "as exact as the clock", aspect="precision"),
        Check("value", 0.125, "a Python float", aspect="floats", title="a Python float"),
        Check("value", 0.125, "What it returns is not kept", aspect="not kept", title="nothing is kept"),
        Check("value", 0.125, "An exception that it raises is passed on", aspect="exceptions"),
        Check("value", 0.125, "one that never runs backwards and goes on while the program sleeps",
              aspect="default clock", title="default clock"),
        Check("value", 0.0625, "`function` is not called", aspect="refused"),
        Check("errors", 0.0625, "`warmup` is negative, or `repeats` or `calls` is less than 1"),
    ),
    hints=(
        "Write down what happens in the right order for one measurement of one call: four things, one of them twice."
        " Where do the warm-up and the other measurements come?",
        "When is the device finished with the warm-up, and when with the work of a measurement? Neither the return of"
        " the function nor the clock tells you.",
        "Keep the measurements in a list and look at the middle of the sorted list. Only the first call of a"
        " measurement has a reading before it, only the last one behind it.",
    ),
)  # fmt: skip

EXERCISES = (benchmark,)
