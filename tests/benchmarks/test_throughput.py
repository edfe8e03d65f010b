"""Submissions a minute, against `nbgrader autograde` on the same notebooks. Run with: pytest -m benchmark -s"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.notebook import notebook
from tests.conftest import ROOT

pytestmark = pytest.mark.benchmark
HOMEWORK = "hw5"
STUDENTS, NBGRADER_STUDENTS = 60, 5
BOUND = 25
TESTS = """import torch
assert truncate_pad([1, 2, 3], 2, 0) == [1, 2]
assert truncate_pad([1], 3, 0) == [1, 0, 0]
X = torch.tensor([[1.0, 2, 3], [4, 5, 6]])
assert torch.equal(sequence_mask(X, torch.tensor([1, 2])), torch.tensor([[1.0, 0, 0], [4, 5, 0]]))
loss = MaskedSoftmaxCELoss()(torch.ones(3, 4, 10), torch.ones(3, 4, dtype=torch.long), torch.tensor([4, 2, 0]))
assert torch.allclose(loss, torch.tensor([2.3026, 2.3026, 0.0]), atol=1e-3)
"""


def solved() -> dict[str, object]:
    scripts = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "solutions" / HOMEWORK).glob("*.py"))}
    found: dict[str, object] = json.loads(notebook(HOMEWORK, scripts))
    return found


def marked(document: dict[str, object]) -> dict[str, object]:
    """The notebook with nbgrader's metadata and a locked cell of plain comparisons."""
    cells = json.loads(json.dumps(document["cells"]))
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            cell["metadata"]["nbgrader"] = {
                "schema_version": 3, "grade_id": f"cell-{number}", "grade": False, "solution": True, "locked": False,
                "task": False,
            }  # fmt: skip
    test: dict[str, object] = {
        "cell_type": "code", "id": "tests", "execution_count": None, "outputs": [], "source": TESTS,
        "metadata": {"nbgrader": {
            "schema_version": 3, "grade_id": "tests", "grade": True, "solution": False, "locked": True, "points": 34,
            "task": False,
        }},
    }  # fmt: skip
    return {**document, "cells": [*cells, test]}


def nbgrader_seconds(folder: Path) -> float:
    """Seconds a submission that nbgrader takes."""
    course = folder / "nbgrader"
    (course / "source" / HOMEWORK).mkdir(parents=True)
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n", "utf-8")
    text = json.dumps(marked(solved()))
    (course / "source" / HOMEWORK / f"{HOMEWORK}.ipynb").write_text(text, "utf-8")
    run = [sys.executable, "-m", "nbgrader"]
    quiet = {"cwd": course, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*run, "generate_assignment", HOMEWORK], **quiet)  # type: ignore[call-overload]
    for number in range(NBGRADER_STUDENTS):
        student = course / "submitted" / f"s{number}" / HOMEWORK
        student.mkdir(parents=True)
        (student / f"{HOMEWORK}.ipynb").write_text(text, "utf-8")
    started = time.perf_counter()
    subprocess.run([*run, "autograde", HOMEWORK], **quiet)  # type: ignore[call-overload]
    return (time.perf_counter() - started) / NBGRADER_STUDENTS


def batch_seconds(folder: Path) -> float:
    """Seconds a submission that a batch takes, its own start included, with the reference recorded before."""
    submissions = folder / "in"
    document = solved()
    for number in range(STUDENTS):
        (submissions / f"s{number}").mkdir(parents=True)
        (submissions / f"s{number}" / f"{HOMEWORK}.ipynb").write_text(
            json.dumps({**document, "metadata": {"student": number}}), "utf-8"
        )
        shutil.copy(submissions / f"s{number}" / f"{HOMEWORK}.ipynb", submissions / f"s{number}" / "extra.txt")
        (submissions / f"s{number}" / "extra.txt").write_text(str(number), "utf-8")
    command = [sys.executable, "-m", "autograder", "batch", HOMEWORK, str(submissions), "--root", str(ROOT)]
    subprocess.run([*command, "--out", str(folder / "warm"), "--only", "s0"], stdout=subprocess.DEVNULL, check=False)
    started = time.perf_counter()
    done = subprocess.run([*command, "--out", str(folder / "out")], stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == 0
    return (time.perf_counter() - started) / STUDENTS


def test_a_batch_grades_many_times_as_fast_as_nbgrader(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    ours, theirs = batch_seconds(tmp_path), nbgrader_seconds(tmp_path)
    print(
        f"\n{60 / ours:.0f} submissions a minute ({ours:.3f} s each, {os.cpu_count()} cores), nbgrader autograde "
        f"{60 / theirs:.0f} ({theirs:.2f} s each): {theirs / ours:.1f} x, bound {BOUND}",
        flush=True,
    )
    assert theirs / ours > BOUND
