"""Ranks that talk through the hub get what a network gives; those that would wait for ever are told so at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.grader import Grader
from autograder.submission import Submission
from autograder.verdict import Verdict
from tests.conftest import ROOT, exercise

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that talk over gloo are made by fork here")


def _client(way: str) -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.ranks_client", way]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@forks
def test_the_hub_gives_every_rank_what_gloo_gives_it() -> None:
    assert _client("hub") == _client("gloo")


def test_threads_get_what_processes_get() -> None:
    answers = _client("threads")
    assert answers == _client("hub")
    assert [answer[0] for answer in answers] == [[6.0, -12.0, 24.0]] * 3


@forks
def test_two_processes_over_gloo_train_as_one_process_does() -> None:
    found = _client("training")
    first, second = found["together"]
    assert first["weights"] == second["weights"]
    assert first["losses"] == second["losses"]
    assert [epoch for epoch, _ in first["told"]] == [0, 1]
    assert second["told"] == []
    assert first["losses"] == pytest.approx(found["alone"]["losses"], rel=1e-5)
    for together, alone in zip(first["weights"], found["alone"]["weights"], strict=True):
        assert together == pytest.approx(alone, rel=1e-4, abs=1e-6)


Submit = Callable[[str, str], Submission]


def _averaged(grader: Grader, submit: Submit, body: str, *, name_mistakes: bool = False) -> Verdict:
    text = (
        "import os\nimport torch\nimport torch.distributed as dist\n\n\ndef all_reduce_mean(parameters, group=None):\n"
    )
    text += "".join(f"    {line}\n" for line in body.splitlines())
    return grader.grade(exercise("all_reduce_mean"), submit("parallel.py", text), name_mistakes=name_mistakes)


def _faults(verdict: Verdict) -> dict[str, tuple[str, str]]:
    """Type and message of each case's fault, by the name of the case."""
    return {
        verdict.cases[failure.case].name: (failure.fault.type, failure.fault.message)
        for check in verdict.checks
        for failure in check.judgement.failures
        if failure.fault is not None and failure.case is not None and failure.code.startswith("error:")
    }


def test_a_rank_that_makes_a_call_less_is_named_and_costs_no_time_limit(grader: Grader, submit: Submit) -> None:
    verdict = _averaged(
        grader,
        submit,
        "parameters = list(parameters)\n"
        "for p in parameters:\n"
        "    if p.grad is not None:\n"
        "        dist.all_reduce(p.grad, group=group)\n"
        "        p.grad /= dist.get_world_size(group)\n"
        "return [p.grad for p in parameters]",
        name_mistakes=True,
    )
    kind, message = _faults(verdict)["one has them all, one none"]
    assert kind == "RanksWaitForever"
    assert "rank 0 of 2" in message and "rank 1 has returned" in message
    assert [mistake.name for mistake in verdict.mistakes] == ["skips_its_own"]


def test_ranks_in_different_calls_are_told_which(grader: Grader, submit: Submit) -> None:
    verdict = _averaged(
        grader,
        submit,
        "parameters = list(parameters)\n"
        "dist.all_reduce(torch.zeros(dist.get_rank() + 1))\n"
        "return [p.grad for p in parameters]",
    )
    kind, message = _faults(verdict)["two processes, one parameter"]
    assert kind == "RanksDisagree"
    assert "all_reduce(SUM, float32[1])" in message and "all_reduce(SUM, float32[2])" in message


def test_the_fault_that_is_shown_is_that_of_the_rank_which_is_to_blame(grader: Grader, submit: Submit) -> None:
    verdict = _averaged(
        grader,
        submit,
        "if dist.get_rank() == 1:\n    raise KeyError('only here')\nfor p in parameters:\n    dist.all_reduce(p.grad)",
    )
    kind, message = _faults(verdict)["two processes, one parameter"]
    assert kind == "KeyError"
    assert "rank 1 of 2" in message and "only here" in message


@forks
def test_a_rank_that_ends_its_process_costs_its_cases_only(grader: Grader, submit: Submit) -> None:
    solution = (ROOT / "solutions" / "hw8" / "parallel.py").read_text(encoding="utf-8")
    text = solution.replace(
        "    world_size = dist.get_world_size(group)\n",
        "    world_size = dist.get_world_size(group)\n    if world_size == 3:\n        __import__('os')._exit(0)\n",
    )
    verdict = grader.grade(exercise("all_reduce_mean"), submit("parallel.py", text), name_mistakes=False)
    faults = _faults(verdict)
    assert faults["three processes, three parameters"][0] == "RankEnded"
    assert "two processes, one parameter" not in faults


def test_what_ranks_print_is_shown(grader: Grader, submit: Submit) -> None:
    verdict = _averaged(grader, submit, "print('hello from', dist.get_rank())\nraise ValueError('stop')")
    assert "hello from 1" in verdict.printed


@pytest.mark.skipif(sys.platform != "linux", reason="isolation is for Linux")
@forks
@pytest.mark.parametrize("name", ["all_reduce_mean", "ddp_train"])
def test_ranks_can_be_had_in_isolation(grader: Grader, name: str) -> None:
    from autograder.starters import ForkStarter

    isolated = ForkStarter(isolated=True)
    try:
        path = Path(ROOT / "solutions" / "hw8" / "parallel.py")
        submission = Submission("solution", path.parent, {"parallel.py": path})
        assert grader.on(isolated).grade(exercise(name), submission, name_mistakes=False).full
    finally:
        isolated.close()
