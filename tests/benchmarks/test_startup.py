"""Times as ratios to importing torch, measured in the same minute. Run with: pytest -m benchmark -s"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from autograder import catalogue
from autograder.exercises import homework, homeworks
from autograder.grader import Grader
from autograder.recorder import CaseBook
from autograder.starters import Starter
from tests.conftest import ROOT, exercise

pytestmark = pytest.mark.benchmark
ROUNDS = 3


def median(measure: Callable[[], float]) -> float:
    measure()
    return statistics.median(measure() for _ in range(ROUNDS))


def importing_torch() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.perf_counter() - start


def first_line(*arguments: str) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "autograder", *arguments]
    with psutil.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        process.stdout.readline()
        took = time.perf_counter() - start
        for one in (*process.children(recursive=True), process):  # importing torch would weigh on the next measurement
            one.kill()
    return took


def whole(cache: Path, *arguments: str) -> float:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache / str(time.monotonic_ns()))}
    start = time.perf_counter()
    command = [sys.executable, "-m", "autograder", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def report(what: str, seconds: float, base: float, bound: float) -> None:
    print(f"\n{what}: {seconds:.3f} s = {seconds / base:.2f} x import torch ({base:.3f} s), bound {bound}", flush=True)
    assert seconds / base < bound


def test_the_first_line_comes_at_once() -> None:
    report("first line of grade hw6", median(lambda: first_line("hw6")), median(importing_torch), 0.2)


@pytest.mark.parametrize("name", homeworks())
def test_a_cold_grade_takes_a_few_times_as_long_as_importing_torch(name: str, tmp_path: Path) -> None:
    seconds = median(lambda: whole(tmp_path, name, "--path", f"solutions/{name}"))
    report(f"cold grade {name} ({len(homework(name))} exercises)", seconds, median(importing_torch), 6.0)


def test_a_regrade_from_a_warm_worker_is_quick(source: Starter, book: CaseBook) -> None:
    grader = Grader(ROOT, source, book)
    found = exercise("MultiHeadAttention")
    grader.ours(found)

    def regrade() -> float:
        start = time.perf_counter()
        assert grader.grade(found, catalogue.solution(ROOT, found)).full
        return time.perf_counter() - start

    report("regrade of MultiHeadAttention", median(regrade), median(importing_torch), 0.3)
