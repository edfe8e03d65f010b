"""Checks on real GPUs, tried without one: the simulated device stands in a GPU's place."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jsonschema import validate

from autograder import catalogue
from autograder.arrays import Array
from autograder.batch.request import BatchRequest, conditions
from autograder.errors import UsageError
from autograder.gpu.judge import exactly
from autograder.gpu.leases import NO_DEVICE, Gpu, Leases, NoneLeft, named
from autograder.gpu.section import FAMILIES, Found, lines, section, with_section
from autograder.gpu.side import NONE_LEFT, NOT_THIS, GpuSide
from autograder.grader import Grader
from autograder.recorder import Recorder
from autograder.recording import Fault, Record
from autograder.report.html import results_page
from autograder.report.results import DEVICE, results, withheld
from autograder.starters import Starter, environment
from autograder.verdict import Verdict
from autograder.worker.cuda import settled
from autograder.workers import Answer, GraderFault, Worker
from tests.conftest import ROOT, exercise

Grade = Callable[..., subprocess.CompletedProcess[str]]
needs_no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="says what is said where there is no GPU")


class Stand:
    """Workers with the simulated device in the place of a GPU; after `works` of them it has fallen off."""

    required: frozenset[str] = frozenset()

    def __init__(self, source: Starter, works: int = 1000) -> None:
        self._source = source
        self.works = works

    def start(self) -> Worker:
        self.works -= 1
        if self.works < 0:
            raise GraderFault(f"a worker failed:\nRuntimeError: {NO_DEVICE}")
        return self._source.start()

    def preload(self, modules: set[str]) -> None:
        self._source.preload(modules)

    def close(self) -> None:
        return


@pytest.fixture
def verdict(grader: Grader) -> Verdict:
    one = exercise("sequence_mask")
    return grader.grade(one, catalogue.solution(ROOT, one))


def test_a_gpu_is_lent_to_one_at_a_time() -> None:
    leases = Leases(named("0,1"))
    held: list[str] = []
    most = 0

    def use() -> None:
        nonlocal most
        with leases.lease() as gpu:
            assert gpu.name not in held
            held.append(gpu.name)
            most = max(most, len(held))
            held.remove(gpu.name)

    threads = [threading.Thread(target=use) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 2


def test_who_waits_for_a_gpu_that_falls_off_is_told() -> None:
    leases = Leases(named("0"))
    told: list[str] = []

    def wait() -> None:
        try:
            with leases.lease():
                told.append("got it")
        except NoneLeft:
            told.append("none left")

    with leases.lease() as gpu:
        waiting = threading.Thread(target=wait)
        waiting.start()
        leases.lose(gpu)
    waiting.join(10)
    assert told == ["none left"] and leases.lost == ("0",)


@pytest.mark.parametrize(("text", "says"), [("0,x", "'x' is no GPU"), ("", "is no GPU"), ("1,1", "names 1 twice")])
def test_gpus_that_cannot_be_meant(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        named(text)


def test_a_worker_sees_its_own_gpu_only() -> None:
    told = environment("cuda", Gpu("1", 8.0))
    assert told["CUDA_VISIBLE_DEVICES"] == "1" and told["GRADE_GPU_MEMORY"] == "8" and told["GRADE_DEVICE"] == "cuda"
    assert environment("phantom")["CUDA_VISIBLE_DEVICES"] == ""


@pytest.mark.parametrize(("readings", "steady"), [("aaa", True), ("abb", False), ("aab", False)])
def test_late_writes_show(readings: str, steady: bool) -> None:
    left, waits = iter(readings), []
    assert settled(lambda: next(left), lambda: waits.append(1), lambda seconds: None) is steady
    assert len(waits) == 2


def test_float64_gives_the_same_answer_more_exactly() -> None:
    usual = Array("float32", np.array([1.0, 2.0], "f4"), {})
    better = exactly([usual, 3], [Array("float64", np.array([1.0 + 1e-7, 2.0]), {}), 3])
    assert better[0].dtype == "float32" and better[0].data[0] == np.float32(1.0 + 1e-7) and better[1] == 3
    assert exactly(usual, Array("float64", np.array([5.0, 2.0]), {})) is usual


def test_a_right_solution_is_right_there(grader: Grader, source: Starter, verdict: Verdict) -> None:
    side = GpuSide(grader, named("0"), lambda gpu: Stand(source), "a simulated GPU")
    told = side.check(catalogue.solution(ROOT, verdict.exercise), [verdict])
    assert not told["problem"] and {check["outcome"] for check in told["checks"]} == {"passed"}
    assert {"values", "half", "bfloat16"} <= {check["check"] for check in told["checks"]}
    assert "sequence_mask: right" in list(lines(told))


def test_a_mistake_is_found_there(grader: Grader, source: Starter, submit: Callable[..., Any]) -> None:
    one = exercise("sequence_mask")
    code = (
        "import torch\n\ndef sequence_mask(X, valid_len, value=0):\n"
        "    steps = torch.arange(X.shape[1])\n    keep = steps[None] < valid_len[:, None]\n"
        "    keep = keep.reshape(*keep.shape, *[1] * (X.dim() - 2))\n"
        "    return torch.where(keep, X, torch.tensor(value, dtype=X.dtype))\n"
    )
    work = submit(one.file, code)
    side = GpuSide(grader, named("0"), lambda gpu: Stand(source))
    told = side.check(work, [grader.grade(one, work, name_mistakes=False)])
    failed = [check for check in told["checks"] if check["outcome"] == "failed"]
    assert [check["check"] for check in failed] == ["values"] and "same device" in failed[0]["message"]


def test_what_is_wrong_on_the_cpu_is_not_tried(grader: Grader, source: Starter, submit: Callable[..., Any]) -> None:
    one = exercise("sequence_mask")
    work = submit(one.file, "def sequence_mask(X, valid_len, value=0):\n    return X\n")
    side = GpuSide(grader, named("0"), lambda gpu: Stand(source))
    told = side.check(work, [grader.grade(one, work, name_mistakes=False)])
    assert [check["outcome"] for check in told["checks"]] == ["skipped"]


def test_another_gpu_takes_over(grader: Grader, source: Starter, verdict: Verdict) -> None:
    works = iter([0, 1000])
    side = GpuSide(grader, named("0,1"), lambda gpu: Stand(source, next(works)))
    solution = catalogue.solution(ROOT, verdict.exercise)
    assert not side.check(solution, [verdict])["problem"] and side.leases.lost == ("0",)
    none = GpuSide(grader, named("0,1"), lambda gpu: Stand(source, 0))
    assert none.check(solution, [verdict])["problem"] == NONE_LEFT


def test_a_worker_cannot_take_a_gpu_away(
    grader: Grader, source: Starter, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = Recorder.once

    def forged(self: Recorder, *args: Any) -> Record:
        if vars(self)["_submission"].label == "solution":
            return Record(fault=Fault("grader_error", message=NO_DEVICE))
        return once(self, *args)

    monkeypatch.setattr(Recorder, "once", forged)
    side = GpuSide(grader, named("0"), lambda gpu: Stand(source))
    told = side.check(catalogue.solution(ROOT, verdict.exercise), [verdict])
    assert told["problem"] == NOT_THIS and not side.leases.lost


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_a_real_gpu_finds_the_solution_right(grade: Grade) -> None:
    done = grade("hw5", "sequence_mask", "--path", "solutions/hw5", "--device", "cuda")
    assert "On a real GPU" in done.stdout and "sequence_mask: right" in done.stdout, done.stdout + done.stderr


def test_a_worker_that_cuda_left_unusable_is_replaced(
    grader: Grader, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    with grader.recorder(catalogue.solution(ROOT, verdict.exercise)) as recorder:
        assert recorder.once(verdict.exercise, 0, "plain").ok
        first: Any = vars(recorder)["_worker"]
        ask = Worker.ask

        def spoil(self: Worker, *args: Any, **kwargs: Any) -> Any:
            answer = ask(self, *args, **kwargs)
            return Answer({**answer.header, "spoiled": self is first}, answer.blob)

        monkeypatch.setattr(Worker, "ask", spoil)
        assert isinstance(recorder, Recorder) and recorder.once(verdict.exercise, 0, "plain").ok
        assert recorder.once(verdict.exercise, 1, "plain").ok and vars(recorder)["_worker"] is not first


@pytest.fixture
def wrong() -> Iterator[dict[str, Any]]:
    yield section("NVIDIA X", [Found("sequence_mask", "values", "failed", "the answer is <b>2</b>", "short")], True)


def test_what_counts_costs_the_points_of_device_checks(verdict: Verdict, wrong: dict[str, Any]) -> None:
    document = results("hw5", [verdict], 0.0, "cuda")
    charged = with_section(document, wrong)
    device = sum(check.check.points for check in verdict.checks if check.check.family in FAMILIES)
    assert charged["score"] == charged["exercises"][0]["score"] == document["score"] - device
    assert charged["score"] == round(sum(test["score"] for test in charged["tests"]), 4)
    assert with_section(document, {**wrong, "counts": False})["score"] == document["score"]
    schema = json.loads((ROOT / "autograder" / "report" / "results.schema.json").read_text())
    validate(charged, schema)
    assert withheld(charged, "family")[DEVICE]["checks"][0]["message"] == ""
    assert withheld(charged, "none")[DEVICE]["checks"] == []


def test_the_page_has_a_section_of_its_own(verdict: Verdict, wrong: dict[str, Any]) -> None:
    page = results_page("hw5", [verdict], "case", {**wrong, "counts": False})
    assert "On a real GPU (NVIDIA X): shown only" in page and "the answer is &lt;b&gt;2&lt;/b&gt;" in page
    assert "answer is" not in results_page("hw5", [verdict], "family", wrong).split("real GPU")[1]
    assert "real GPU" not in results_page("hw5", [verdict])


@needs_no_gpu
def test_no_gpu_is_one_sentence(grade: Grade, tmp_path: Path) -> None:
    for typed in (
        ("hw5", "sequence_mask", "--device", "cuda"),
        ("batch", "hw5", str(tmp_path), "--out", str(tmp_path / "out"), "--device", "cuda", "--gpus", "0,1"),
    ):
        done = grade(*typed)
        assert done.returncode == 2
        assert done.stderr == "grade: torch finds no GPU on this machine; leave --device out, or type: grade doctor\n"


def test_gpus_need_cuda(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="go with --device cuda"):
        conditions(BatchRequest("hw5", tmp_path, tmp_path, root=ROOT, gpus="0"))


def test_where_gpus_count_all_are_checked(tmp_path: Path) -> None:
    for name in ("assignments", "reference", "solutions"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "course.toml").write_text("[device]\ncounts = true\n")
    request = BatchRequest("hw5", tmp_path, tmp_path / "out", root=tmp_path)
    with pytest.raises(UsageError, match="count for everybody"):
        conditions(request)
    (tmp_path / "course.toml").write_text('[device]\ncounts = "yes"\n')
    with pytest.raises(UsageError, match=r"device\.counts must be true or false"):
        conditions(replace(request, device="cuda"))
