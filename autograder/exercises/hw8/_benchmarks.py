"""Benchmarks are tried in virtual time. A case says how long each call takes the host, and how long the device."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from datetime import timedelta
from numbers import Number
from typing import Any

from autograder.exercises.hw8._timing import NAP, NO_NUMBER, Interrupted, Machine, exactly, reads_system_time, settled

KEPT = 2
NO_ANSWER = (str, tuple, dict, timedelta)


class Answer:
    """What the function returns."""


class Work:
    """A function without arguments. Its k-th call takes the k-th number of seconds; later calls take the last ones."""

    def __init__(self, machine: Machine, host: list[float], device: list[float], fails_at: int = 0) -> None:
        self._machine, self._host, self._device, self._fails_at = machine, host, device, fails_at
        self._answers: list[weakref.ref[Answer]] = []
        self.calls = 0
        self.most_kept = 0

    def __call__(self) -> Answer:
        self.most_kept = max(self.most_kept, sum(answer() is not None for answer in self._answers))
        number = self.calls
        self.calls += 1
        if self.calls == self._fails_at:
            raise Interrupted
        if self._host:
            self._machine.work(self._host[min(number, len(self._host) - 1)])
        if self._device:
            self._machine.queue(self._device[min(number, len(self._device) - 1)])
        answer = Answer()
        self._answers.append(weakref.ref(answer))
        return answer


def run(benchmark: Callable[..., Any], call: Any) -> Any:
    """One benchmark of a case; what the case asks for of it."""
    options, (host, device) = call.options, call.args
    wanted = options["report"]
    machine = Machine(options.get("begin", 100.0))
    machine.queue(options.get("queued", 0.0))
    work = Work(machine, host, device, options.get("fails at", 0))
    settings = {**call.kwargs, "clock": machine.clock}
    if not options.get("no device"):
        settings["synchronize"] = machine.synchronize
    if wanted == "the exception":
        return _passed_on(lambda: benchmark(work, **settings))
    if wanted == "refused":
        refused = _refuses(lambda: benchmark(work, **settings))
        return {"the benchmark is refused": refused, "calls of function": work.calls}
    seconds = benchmark(work, **settings)
    if wanted in ("seconds", "exactly") and isinstance(seconds, NO_ANSWER):
        return NO_NUMBER
    if wanted == "seconds":
        return settled(seconds)
    if wanted == "exactly":
        return exactly(seconds) if isinstance(seconds, Number) else seconds
    if wanted == "a float":
        return {"flag “the answer is no Python float”": type(seconds) is not float}
    if wanted == "calls":
        return {"calls of function": work.calls}
    return {"flag “what function returns is kept”": work.most_kept > KEPT}


def _passed_on(action: Callable[[], Any]) -> dict[str, bool]:
    try:
        action()
    except Interrupted:
        return {"the exception is passed on": True}
    return {"the exception is passed on": False}


def _refuses(action: Callable[[], Any]) -> bool:
    try:
        action()
    except ValueError:
        return True
    return False


def _uses_given_clock(benchmark: Callable[..., Any]) -> bool:
    """Where it does not, there is no default clock either, and nothing to ask about it."""
    machine = Machine(0.0)
    benchmark(lambda: None, clock=machine.clock)
    return "clock" in machine.calls


def ask_default_clock(benchmark: Callable[..., Any], call: Any) -> dict[str, bool]:
    """Whether the default clock may be set back, or stands still while the program sleeps. On a busy machine the sleep
    is longer, never shorter, so that a benchmark which is right cannot fail for it."""
    used = _uses_given_clock(benchmark)
    if call.options["clock"] == "which":
        read = reads_system_time(lambda: benchmark(lambda: None, warmup=0, repeats=1))
        return {"flag “reads a clock that may be set back”": used and read}
    seconds = benchmark(lambda: time.sleep(NAP), warmup=0, repeats=1)
    return {"flag “the time asleep is missing”": used and isinstance(seconds, (int, float)) and seconds < NAP / 2}


def probe(student: Any, call: Any) -> Any:
    return ask_default_clock(student.benchmark, call) if "clock" in call.options else run(student.benchmark, call)
