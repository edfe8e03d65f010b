"""Timers are tried in virtual time: a machine whose host and device work for as long as a script says."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

NO_TIME = 2**-6
NAP = 0.05
NO_NUMBER = "parts or a text"
PARTS = (str, tuple, list, dict, timedelta)


class Interrupted(Exception):
    """Raised inside a `with` block to see what becomes of it."""


class Machine:
    """A host and a device in virtual time. Work given to the device is only queued; the host goes on at once."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.calls: list[str] = []
        self._device_done = now

    def clock(self) -> float:
        self.calls.append("clock")
        return self.now

    def synchronize(self) -> None:
        self.calls.append("synchronize")
        self.now = max(self.now, self._device_done)

    def work(self, seconds: float) -> None:
        self.now += seconds

    def queue(self, seconds: float) -> None:
        self._device_done = max(self._device_done, self.now) + seconds


def use_timer(student: Any, call: Any) -> Any:
    """Carries out a script of steps on timers; what each step that has an answer gave, by its number and name."""
    begin, script = call.args
    machine = Machine(begin)
    timers: list[Any] = []
    answers: dict[str, Any] = {}
    for number, (step, *operands) in enumerate(script, start=1):
        if step == "host works":
            machine.work(operands[0])
        elif step == "device is given work":
            machine.queue(operands[0])
        elif step == "new":
            timers.append(student.Timer(machine.clock, *([machine.synchronize] if operands else [])))
        elif step == "other machine":
            machine = Machine(operands[0])
        elif step == "other timer":
            timers.insert(0, timers.pop())
        elif step == "start":
            timers[-1].start()
        elif step == "with":
            answers[f"step {number}: with"] = _block(timers[-1], machine, *operands)
        elif step == "refused stop":
            answers[f"step {number}: the stop is refused"] = _refuses(timers[-1])
        elif step == "are floats":
            both = [timers[-1].sum(), timers[-1].avg()]
            answers[f"step {number}: sum() and avg() are floats"] = all(isinstance(one, float) for one in both)
        elif step == "exactly":
            answers[f"step {number}: {operands[0]}"] = exactly(_ask(timers[-1], operands[0]))
        elif step == "changed cumsum":
            _change(timers[-1].cumsum())
        elif step == "reads too early":
            answers["flag “stop() reads the clock before it has waited”"] = _reads_too_early(timers[-1], machine)
        elif step == "times":
            answers[f"step {number}: times"] = settled(timers[-1].times)
        elif step == "stop":
            seconds = timers[-1].stop()
            parts = isinstance(seconds, PARTS)
            answers[f"flag “step {number}: stop() returns parts or a text, not one number”"] = parts
            answers[f"step {number}: stop()"] = None if parts else settled(seconds)
        else:
            answers[f"step {number}: {step}()"] = settled(getattr(timers[-1], step)())
    return answers


def _refuses(timer: Any) -> bool:
    """Stops a timer that is not running. With what exception it refuses is the question of other cases."""
    try:
        timer.stop()
    except Exception:
        return True
    return False


def _change(answer: Any) -> None:
    """Does to the list what its owner may do to it."""
    if isinstance(answer, list):
        answer[:] = [-1.0, *answer]


def _reads_too_early(timer: Any, machine: Machine) -> bool:
    machine.calls.clear()
    timer.stop()
    return machine.calls[:1] == ["clock"]


def _ask(timer: Any, name: str) -> Any:
    return timer.times if name == "times" else getattr(timer, name)()


def exactly(value: Any) -> Any:
    """Seconds as text with four decimals: numbers are compared with an allowance, texts are not."""
    if isinstance(value, list):
        return [exactly(item) for item in value]
    if isinstance(value, PARTS):
        return NO_NUMBER
    return f"{settled(float(value)):.4f}"


def _block(timer: Any, machine: Machine, seconds: float, raises: bool, queued: float = 0.0) -> dict[str, bool]:
    bound = None
    try:
        with timer as bound:
            machine.queue(queued)
            machine.work(seconds)
            if raises:
                raise Interrupted
        raised = False
    except Interrupted:
        raised = True
    return {"gives the timer": bound is timer, "an exception is raised": raised}


def settled(value: Any) -> Any:
    """A copy of the value in which times shorter than any in the script are 0: a real clock that was read by
    mistake then gives the same answer on every machine. Parts and texts are one thing, however they are written."""
    if isinstance(value, list):
        return [NO_NUMBER if isinstance(item, PARTS) else settled(item) for item in value]
    if type(value) is tuple:
        return tuple(settled(item) for item in value)
    if isinstance(value, float):
        return 0.0 if abs(value) < NO_TIME else value
    return value


def use_real_timer(student: Any, call: Any) -> Any:
    """A timer with the default clock and nothing to wait for."""
    timer = student.Timer()
    seconds = timer.stop()
    measured = isinstance(seconds, float) and 0.0 <= seconds < 1000.0
    return {"stop() gives seconds": measured, "times has one interval": len(timer.times) == 1}


def _uses_given_clock(student: Any) -> bool:
    """Where it does not, there is no default clock either, and nothing to ask about it."""
    machine = Machine(0.0)
    student.Timer(machine.clock).stop()
    return "clock" in machine.calls


def name_clock(student: Any, call: Any) -> Any:
    """Whether a timer with the default clock asks for the system's time, which may be set back."""
    used = _uses_given_clock(student)
    read = reads_system_time(lambda: student.Timer().stop())
    return {"flag “reads a clock that may be set back”": used and read}


def reads_system_time(action: Callable[[], Any]) -> bool:
    """Whether the action asks for the system's time."""
    read = False

    def watch(frame: Any, event: str, function: Any) -> None:
        nonlocal read
        if event == "c_call":
            read |= function in (time.time, time.time_ns) or getattr(function, "__qualname__", "") == "datetime.now"

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(before)
    return read


def sleep(student: Any, call: Any) -> Any:
    """Whether a timer with the default clock measures an interval in which the program has nothing to do. On a busy
    machine the sleep is longer, never shorter, so that a timer which is right cannot fail for it."""
    used = _uses_given_clock(student)
    timer = student.Timer()
    time.sleep(NAP)
    seconds = timer.stop()
    return {"flag “the time asleep is missing”": used and isinstance(seconds, (int, float)) and seconds < NAP / 2}


REAL = {"": use_real_timer, "which": name_clock, "asleep": sleep}


def probe(student: Any, call: Any) -> Any:
    return use_timer(student, call) if call.args else REAL[call.options.get("clock", "")](student, call)
