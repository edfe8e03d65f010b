"""`--device cuda`: the device runs once more on a real GPU, in a section beside the points. Not verified on a GPU."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.gpu.leases import Gpu
from autograder.gpu.section import lines
from autograder.gpu.side import GpuSide
from autograder.grader import Grader
from autograder.rules import LEVELS, Reveal
from autograder.starters import Starter, modules_of, starter
from autograder.submission import Submission
from autograder.verdict import Verdict


def check_on(
    grader: Grader,
    gpu: Gpu,
    called: str,
    submission: Submission,
    verdicts: Sequence[Verdict],
    start: Callable[[Gpu], Starter] = lambda gpu: starter("cuda", gpu=gpu),
) -> dict[str, Any]:
    """The section of one submission, from workers of its own on one GPU."""
    side = GpuSide(grader, [gpu], start, called)
    try:
        side.preload(modules_of([verdict.exercise for verdict in verdicts]))
        return side.check(submission, verdicts)
    finally:
        side.close()


def show_section(told: dict[str, Any], reveal: Reveal = "case") -> None:
    """The section as lines below the points."""
    first, *rest = lines(told, LEVELS.index(reveal))
    print(f"\n{first}")
    for line in rest:
        print(f"  {line}", flush=True)
