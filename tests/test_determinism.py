"""A grade is the same every time: whatever else the machine does, in whatever order."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder import catalogue
from autograder.exercise import Exercise
from autograder.exercises import homework, homeworks
from autograder.grader import Grader
from autograder.submission import Submission
from autograder.verdict import Verdict
from tests.conftest import ROOT, exercise

REPEATS = 50


def _spin() -> None:
    while True:
        sum(range(10_000))


@pytest.fixture
def busy() -> Iterator[None]:
    """Every core kept busy by something else."""
    context = multiprocessing.get_context("spawn")
    burners = [context.Process(target=_spin, daemon=True) for _ in range(os.cpu_count() or 1)]
    for burner in burners:
        burner.start()
    yield
    for burner in burners:
        burner.kill()


def facts(verdict: Verdict) -> tuple[object, ...]:
    """What must not change: score, outcome of every check, mistakes named."""
    outcomes = tuple((check.check.id, check.outcome, check.score) for check in verdict.checks)
    return verdict.score, outcomes, tuple(m.name for m in verdict.mistakes)


def submissions(found: Exercise, mistakes: int) -> list[Submission]:
    return [catalogue.solution(ROOT, found), *(e.submission for e in catalogue.mistakes(ROOT, found)[:mistakes])]


@pytest.mark.parametrize("name", ["tokenize", "sequence_mask"])
def test_order_and_company_change_nothing(grader: Grader, name: str) -> None:
    found = exercise(name)
    work = submissions(found, 3)
    alone = [facts(grader.grade(found, submission)) for submission in work]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda submission: facts(grader.grade(found, submission)), reversed(work)))
    assert together[::-1] == alone


@pytest.mark.slow
@pytest.mark.parametrize("name", [e.name for hw in homeworks() for e in homework(hw)])
def test_a_solution_and_a_mistake_keep_their_score_on_a_busy_machine(grader: Grader, busy: None, name: str) -> None:
    found = exercise(name)
    for submission in submissions(found, 1):
        seen = {facts(grader.grade(found, submission)) for _ in range(REPEATS)}
        assert len(seen) == 1, f"{submission.label}: {seen}"
