"""Machines that are not there: how student code asks for devices makes no difference, and nothing of them remains."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.grader import Grader
from autograder.submission import Submission
from autograder.verdict import Verdict
from tests.conftest import exercise

Submit = Callable[[str, "str | bytes"], Submission]

WAYS = {
    "functions imported by their names": """
from torch import device
from torch.backends.mps import is_available as has_mps
from torch.cuda import device_count, is_available

def try_gpu(i=0):
    if is_available() and 0 <= i < device_count():
        return device("cuda", i)
    return device("mps" if has_mps() else "cpu")
""",
    "the modules of the devices": """
import torch

def try_gpu(i=0):
    cuda, mps = (torch.get_device_module(kind) for kind in ("cuda", "mps"))
    if i >= 0 and cuda.device_count() > i:
        return torch.device("cuda", i)
    return torch.device("mps" if mps.is_available() else "cpu")
""",
    "the accelerator, asked by functions imported by their names": """
from torch import backends, device
from torch.accelerator import current_accelerator, device_count, is_available

def try_gpu(i=0):
    if is_available() and current_accelerator().type == "cuda" and 0 <= i < device_count():
        return device("cuda", i)
    return device("mps" if backends.mps.is_available() else "cpu")
""",
}
SETS_THE_DEFAULT = """
import torch

def try_gpu(i=0):
    found = torch.device("cuda", i) if 0 <= i < torch.cuda.device_count() else torch.device("cpu")
    if found.type == "cpu" and torch.backends.mps.is_available():
        found = torch.device("mps")
    torch.set_default_device(found)
    return found
"""
TWO_EXERCISES = """
import torch

def try_gpu(i=0):
    return torch.device("cuda", i) if torch.cuda.is_available() else torch.device("cpu")

def to_device(batch, device):
    seen = [torch.cuda.is_available(), torch.cuda.device_count(), torch.accelerator.current_accelerator()]
    raise RuntimeError(f"{seen} {hasattr(torch._C, '_cuda_getDeviceCount')} {torch.zeros(1).device}")
"""


def graded(grader: Grader, submission: Submission, name: str = "try_gpu") -> Verdict:
    return grader.grade(exercise(name), submission, name_mistakes=False)


@pytest.mark.parametrize("code", WAYS.values(), ids=WAYS.keys())
def test_every_way_to_ask_gets_the_same_answers(grader: Grader, submit: Submit, code: str) -> None:
    assert graded(grader, submit("device.py", code)).full


def test_a_default_device_costs_its_own_points_and_is_gone_in_the_next_case(grader: Grader, submit: Submit) -> None:
    verdict = graded(grader, submit("device.py", SETS_THE_DEFAULT))
    assert [check.check.aspect for check in verdict.checks if check.judgement.failures] == ["settings"]


def test_after_the_call_torch_is_as_it_was(grader: Grader, submit: Submit) -> None:
    submission = submit("device.py", TWO_EXERCISES)
    with grader.recorder(submission) as recorder:
        plain = recorder.record(exercise("to_device"))
        recorder.record(exercise("try_gpu"))
        again = recorder.record(exercise("to_device"))
    before, after = (recording.records[0, "plain"].fault for recording in (plain, again))
    assert before is not None and "[" in before.message
    assert before == after
