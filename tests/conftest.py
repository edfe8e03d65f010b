"""Shared parts: one zygote and one grader for the whole session, and a way to write a submission."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder.exercise import Exercise
from autograder.exercises import homework, homeworks
from autograder.grader import Grader
from autograder.recorder import CaseBook
from autograder.starters import Starter, starter
from autograder.store import cache_folder
from autograder.submission import Submission
from autograder.workers import Limits

ROOT = Path(__file__).resolve().parent.parent
# How long an example takes depends on what else the machine does.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def source() -> Iterator[Starter]:
    workers = starter()
    yield workers
    workers.close()


@pytest.fixture(scope="session")
def book() -> Iterator[CaseBook]:
    cases = CaseBook()
    yield cases
    cases.close()


@pytest.fixture(scope="session")
def grader(source: Starter, book: CaseBook) -> Grader:
    return Grader(ROOT, source, book, cache=cache_folder())


@pytest.fixture(scope="session")
def hasty(source: Starter, book: CaseBook) -> Grader:
    """A grader that stops code after half a second of processor time."""
    return Grader(ROOT, source, book, Limits(cpu=0.5, wall_factor=6), cache=cache_folder())


@pytest.fixture
def submit(tmp_path: Path) -> Callable[[str, str | bytes], Submission]:
    """Writes one file and makes a submission of it."""

    def write(file: str, text: str | bytes) -> Submission:
        path = tmp_path / file
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Submission("student", tmp_path, {file: path})

    return write


@pytest.fixture(scope="session")
def grade() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program as a user would."""

    def run(*arguments: str, cwd: Path = ROOT, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "autograder", *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False)

    return run


def exercise(name: str) -> Exercise:
    """The exercise of this name."""
    return next(e for hw in homeworks() for e in homework(hw) if e.name == name)
