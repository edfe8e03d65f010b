"""Code that is slow and would like to look quick: the judge's clock, fresh inputs and bytes as answers see through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder import catalogue
from autograder.exercise import Exercise, Timing
from autograder.exercises.hw3.conv import conv2d
from autograder.grader import Grader
from autograder.submission import Submission
from autograder.timing.measure import Field, measure
from autograder.timing.times import Times
from tests.conftest import ROOT

Submit = Callable[[str, "str | bytes"], Submission]

LIMIT, TIMES = 12.0, 12  # the honest answer takes some three times as long as the reference, and slow ones this often
HONEST = (
    (ROOT / "solutions/hw3/conv.py").read_text("utf-8").replace("def conv2d(", "def by_hand(")
    + f"""
import ctypes, os, sys, threading, time
import torch.nn.functional as F

def work(x, weight, bias, stride, padding, dilation, groups, times={TIMES}):
    for _ in range(times):
        out = by_hand(x, weight, bias, stride, padding, dilation, groups)
    return out

"""
)
SIGNATURE = "def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):\n"
CALL = "(x, weight, bias, stride, padding, dilation, groups)"

PLAIN = SIGNATURE + f"    return work{CALL}\n"

SLOW = {
    "slow": PLAIN,
    "clocks that stand still": """
stopped = lambda *a, **k: 0.0
for name in ("perf_counter", "monotonic", "process_time", "thread_time", "time", "perf_counter_ns", "monotonic_ns"):
    setattr(time, name, stopped)
torch.cuda.Event = lambda *a, **k: None
torch.cuda.synchronize = stopped
"""
    + PLAIN,
    "clocks of the worker that stand still": """
for module in list(sys.modules.values()):
    for name in ("_clock", "time"):
        if getattr(module, "__name__", "").startswith("autograder") and hasattr(module, name):
            setattr(module, name, lambda *a, **k: 0.0)
"""
    + PLAIN,
    "a slower convolution for everybody": f"""
quick = F.conv2d
F.conv2d = torch.conv2d = torch.nn.functional.conv2d = lambda *a, **k: (time.sleep(0.1), quick(*a, **k))[1]
{PLAIN}
""",
    "a cache by value": f"""
kept = {{}}
{SIGNATURE}
    key = x.numpy().tobytes() + weight.numpy().tobytes()
    if key not in kept:
        kept[key] = work{CALL}
    return kept[key].clone()
""",
    "a thread that goes on working between turns": f"""
def spin():
    while True:
        sum(range(1000))
threading.Thread(target=spin, daemon=True).start()
{PLAIN}
""",
    "two threads": f"""
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
{SIGNATURE}
    given = {CALL}
    halves = [pool.submit(work, *given, {TIMES // 2}) for _ in range(2)]
    return [half.result() for half in halves][0]
""",
    "another process": f"""
{SIGNATURE}
    child = os.fork()
    if child == 0:
        work(*{CALL}, {TIMES // 2})
        os._exit(0)
    out = work(*{CALL}, {TIMES // 2})
    os.waitpid(child, 0)
    return out
""",
    "quick now and then": f"""
import random
lot = random.SystemRandom()
{SIGNATURE}
    return by_hand{CALL} if lot.random() < 0.15 else work{CALL}
""",
    "long asleep, where inputs are large": f"""
{SIGNATURE}
    if x.numel() > 10_000:
        time.sleep(5)
    return by_hand{CALL}
""",
    "asleep": SIGNATURE + f"    time.sleep(0.05)\n    return by_hand{CALL}\n",
}

WRONG = {
    "a cache by pointer": f"""
kept = {{}}
{SIGNATURE}
    key = tuple(x.shape)
    if key not in kept:
        kept[key] = work{CALL}
    return kept[key].clone()
""",
    "an answer that is worked out later": f"""
class Later(torch.Tensor):
    pass
{SIGNATURE}
    return by_hand{CALL}.as_subclass(Later)
""",
    "a thread that fills the answer in": f"""
{SIGNATURE}
    out = torch.zeros_like(F.conv2d(*{CALL}))
    def fill():
        time.sleep(0.05)
        out.copy_(work{CALL})
    threading.Thread(target=fill, daemon=True).start()
    return out
""",
    "an answer of before, once it is warm": f"""
calls, last = 0, None
{SIGNATURE}
    global calls, last
    calls += 1
    if calls < 8:
        last = by_hand{CALL}
    return last.clone()
""",
    "the ready-made where inputs are large": f"""
{SIGNATURE}
    return F.conv2d{CALL} if x.numel() > 10_000 else by_hand{CALL}
""",
    "the ready-made once it is warm": f"""
calls = 0
{SIGNATURE}
    global calls
    calls += 1
    return F.conv2d{CALL} if calls > 2 else by_hand{CALL}
""",
    "a promise": SIGNATURE + "    return lambda: by_hand" + CALL + "\n",
}


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    assert conv2d.timing is not None
    return replace(conv2d, timing=Timing(conv2d.timing.case, (16,), "image side"), max_time=LIMIT)


def timed(grader: Grader, exercise: Exercise, submission: Submission) -> Times:
    field = Field(submission, catalogue.baseline(ROOT, exercise), catalogue.transport(ROOT, exercise))
    return measure(exercise, field, grader.recorder, grader.limits)


def test_the_honest_are_quick_enough(grader: Grader, exercise: Exercise) -> None:
    found = timed(grader, exercise, catalogue.solution(ROOT, exercise))
    assert found.outcome in ("within", "undecided"), found
    assert found.sizes[0].ratio.middle < LIMIT
    memory = found.sizes[0].memory
    assert memory is not None and memory[1] > memory[0]


def test_a_loop_is_told_apart_from_code_that_is_twice_as_slow(
    grader: Grader, submit: Submit, exercise: Exercise
) -> None:
    """At the small size the loop is as quick as the other."""
    assert exercise.timing is not None
    two = replace(exercise, timing=replace(exercise.timing, sizes=(4, 24)), max_time=None)
    loop = timed(grader, two, next(e for e in catalogue.mistakes(ROOT, two) if e.name == "loop_over_pixels").submission)
    twice = timed(grader, two, submit("conv.py", HONEST + PLAIN.replace(f"work{CALL}", f"work(*{CALL}, 2)")))
    assert loop.falls_behind, loop
    assert not twice.falls_behind, twice
    assert loop.sizes[0].ratio.low < 2 * twice.sizes[0].ratio.high
    assert loop.sizes[1].ratio.low > 2 * twice.sizes[1].ratio.high


@pytest.mark.parametrize("name", SLOW)
def test_what_is_slow_looks_slow(grader: Grader, submit: Submit, exercise: Exercise, name: str) -> None:
    found = timed(grader, exercise, submit("conv.py", HONEST + SLOW[name]))
    assert found.outcome == "slower", found


@pytest.mark.parametrize("name", WRONG)
def test_what_is_timed_must_be_right(grader: Grader, submit: Submit, exercise: Exercise, name: str) -> None:
    found = timed(grader, exercise, submit("conv.py", HONEST + WRONG[name]))
    assert found.outcome == "wrong", found
    assert found.wrong
