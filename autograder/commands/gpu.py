"""`--device cuda`: the device runs once more on a real GPU, shown beside the points, which they do not change."""

from __future__ import annotations

from autograder.errors import UsageError
from autograder.exercise import Exercise
from autograder.explain import explain
from autograder.grader import Grader
from autograder.starters import modules_of, starter
from autograder.submission import Submission
from autograder.verdict import Outcome


def show_gpu(grader: Grader, submission: Submission, exercises: list[Exercise], told: bool = True) -> None:
    """One line an exercise that has a device check; what is wrong where that may be told. UsageError where torch finds
    no GPU."""
    source = starter(device="cuda")
    source.preload(modules_of(exercises))
    print("\nOn this machine's GPU (shown only; points are the same on every machine):")
    try:
        beside = grader.on(source)
        for exercise in exercises:
            if exercise.check("device") is None:
                continue
            verdict = beside.grade(exercise, submission, name_mistakes=False)
            if verdict.fault is not None and "no CUDA device" in verdict.fault.message:
                raise UsageError("torch finds no GPU on this machine; leave --device out, or type: grade doctor")
            check = next(c for c in verdict.checks if c.check.family == "device")
            found = explain(verdict, check)
            wrong = (found.message if found is not None else check.blocked) if told else "wrong"
            print(f"  {exercise.name}: {'right' if check.outcome is Outcome.PASSED else wrong}", flush=True)
    finally:
        source.close()
