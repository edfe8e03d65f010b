"""Does time decide the same way every time? Correct submissions and ones that take twice as long, graded again and
again while cores are kept busy. Run with: pytest -m benchmark -s tests/benchmarks/test_time_verdicts.py

GRADE_REGRADES says how many of each kind for each number of busy cores (200 when left out: an hour or two).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import catalogue
from autograder.exercise import Exercise, Timing
from autograder.exercises.hw3.conv import conv2d
from autograder.grader import Grader
from autograder.submission import Submission
from autograder.timing.measure import Field, measure
from autograder.timing.times import Times
from tests.conftest import ROOT

pytestmark = pytest.mark.benchmark
REGRADES = int(os.environ.get("GRADE_REGRADES", "200"))
LIMIT = 1.5
BUSY = (0, 1, 2)

BEGIN = (ROOT / "solutions/hw3/conv.py").read_text("utf-8").replace("def conv2d(", "def by_hand(")
NAMES = "x, weight, bias, stride, padding, dilation, groups"
SIGNATURE = "def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):\n"
ONCE = f"by_hand({NAMES})"

QUICK = (
    f"return {ONCE}",
    f"return {ONCE}.clone()",
    f"return {ONCE} * 1.0",
    f"out = {ONCE}\n    return out.reshape(-1).reshape(out.shape)",
    f"x = x.contiguous()\n    return {ONCE}",
    f"x = x.clone()\n    return {ONCE}",
    f"weight = weight + 0.0\n    return {ONCE}",
    f"out = by_hand({NAMES.replace('bias', 'None')})\n    return out if bias is None else out + bias[:, None, None]",
    f"out = {ONCE}\n    assert out.dim() == 4\n    return out",
    "given = dict(stride=stride, padding=padding)\n    return by_hand(x, weight, bias, dilation=dilation, "
    "groups=groups, **given)",
)
SLOW = (
    f"{ONCE}\n    return {ONCE}",
    f"return ({ONCE} + {ONCE}) / 2",
    f"out = [{ONCE} for _ in range(2)]\n    return out[1]",
    f"return torch.stack([{ONCE}, {ONCE}])[0]",
    f"return torch.maximum({ONCE}, {ONCE})",
    f"out = by_hand(torch.cat([x, x]), {NAMES[3:]})\n    return out[: x.shape[0]]",
    "kernels = torch.cat([weight, weight])\n    both = None if bias is None else torch.cat([bias, bias])\n"
    "    out = by_hand(x, kernels, both, stride, padding, dilation, groups)\n    return out[:, : weight.shape[0]]",
    f"first = {ONCE}\n    second = {ONCE}\n    return first if bool((first == second).all()) else second",
    f"by_hand(-{NAMES})\n    return {ONCE}",
    f"for _ in range(2):\n        out = {ONCE}\n    return out",
)


@contextmanager
def busy(cores: int) -> Iterator[None]:
    """Inside, so many processes do nothing but take processor time."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def written(folder: Path, name: str, body: str) -> Submission:
    (folder / name).mkdir()
    path = folder / name / "conv.py"
    path.write_text(f"{BEGIN}\n\n{SIGNATURE}    {body}\n", "utf-8")
    return Submission(name, path.parent, {"conv.py": path})


@pytest.fixture
def exercise() -> Exercise:
    assert conv2d.timing is not None
    return replace(conv2d, timing=Timing(conv2d.timing.case, (24,), "image side"), max_time=LIMIT)


def timed(grader: Grader, exercise: Exercise, submission: Submission) -> Times:
    """Against the solution, so that twice as slow is twice as slow, and as quick is as quick."""
    solution = catalogue.solution(ROOT, exercise)
    field = Field(submission, solution, replace(solution, transform="kept"))
    return measure(exercise, field, grader.recorder, grader.limits)


@pytest.mark.parametrize("cores", BUSY)
def test_no_verdict_flips(grader: Grader, tmp_path: Path, exercise: Exercise, cores: int) -> None:
    quick = [written(tmp_path, f"quick{n}", body) for n, body in enumerate(QUICK)]
    slow = [written(tmp_path, f"slow{n}", body) for n, body in enumerate(SLOW)]
    verdicts: dict[str, Counter[str]] = {s.label: Counter() for s in (*quick, *slow)}
    rounds, started = 0, time.perf_counter()
    load = os.getloadavg()[0]
    with busy(cores):
        for turn in range(REGRADES):
            for submission in (quick[turn % len(quick)], slow[turn % len(slow)]):
                found = timed(grader, exercise, submission)
                assert not found.wrong, found
                verdicts[submission.label][found.outcome] += 1
                rounds += found.sizes[0].rounds
    took = time.perf_counter() - started
    told = {
        kind: sum((verdicts[s.label] for s in group), Counter()) for kind, group in (("quick", quick), ("slow", slow))
    }
    flips = [name for name, found in verdicts.items() if found["within"] and found["slower"]]
    print(
        f"\n{cores} busy cores of {os.cpu_count()} (load {load:.1f} before): {REGRADES} regrades of as quick ones "
        f"{dict(told['quick'])}, of twice as slow ones {dict(told['slow'])}; flips {len(flips)}; "
        f"{rounds / (2 * REGRADES):.0f} rounds and {took / (2 * REGRADES):.1f} s each",
        flush=True,
    )
    assert not flips
    assert told["quick"]["slower"] == 0
    assert told["slow"]["within"] == 0
    if cores == 0 and load < 1:
        assert told["slow"]["slower"] >= 0.99 * REGRADES
