"""A mistake is paid for once: what builds on a wrong exercise is graded with a correct one in its place."""

from __future__ import annotations

import ast
import csv
import json
from pathlib import Path

import pytest

from autograder.batch.request import BatchRequest
from autograder.commands.batch import run_batch
from autograder.commands.grade import Request, grade
from autograder.given import alone, whole
from autograder.worker.student import Student
from tests.conftest import ROOT

WRONG_MASK = """

def sequence_mask(X, valid_len, value=0):
    return X.clone()
"""
OWN_FAULT = """

class MaskedSoftmaxCELoss(nn.CrossEntropyLoss):
    def forward(self, pred, label, valid_len):
        weights = sequence_mask(torch.ones_like(label), valid_len)
        self.reduction = "none"
        loss = super().forward(pred.permute(0, 2, 1), label)
        return (loss * weights).sum(dim=1)
"""


def solved(more: str = "", file: str = "seq2seq.py", homework: str = "hw5") -> dict[str, str]:
    scripts = {p.name: p.read_text("utf-8") for p in (ROOT / "solutions" / homework).glob("*.py")}
    scripts[file] += more
    return scripts


def hand_in(folder: Path, student: str, scripts: dict[str, str]) -> None:
    for name, text in scripts.items():
        place = folder / student / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")


def graded(folder: Path, homework: str = "hw5") -> dict[str, dict[str, float]]:
    run_batch(BatchRequest(homework, folder / "in", folder / "out", root=ROOT, jobs=2))
    with (folder / "out" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["student"]: {k: float(v) for k, v in row.items() if k in NAMES and v} for row in rows}


NAMES = ("truncate_pad", "sequence_mask", "MaskedSoftmaxCELoss", "conv2d", "Conv2d", "DotProductAttention")


def test_what_builds_on_a_wrong_exercise_is_graded_with_a_correct_one(tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "wrong", solved(WRONG_MASK))
    hand_in(tmp_path / "in", "both", solved(WRONG_MASK + OWN_FAULT))
    hand_in(tmp_path / "in", "right", solved())
    scores = graded(tmp_path)
    assert scores["wrong"]["MaskedSoftmaxCELoss"] == scores["right"]["MaskedSoftmaxCELoss"]
    assert scores["wrong"]["sequence_mask"] < scores["right"]["sequence_mask"]
    assert scores["both"]["MaskedSoftmaxCELoss"] < scores["right"]["MaskedSoftmaxCELoss"]
    document = json.loads((tmp_path / "out" / "results" / "wrong.json").read_text("utf-8"))
    given = {e["name"]: e.get("given") for e in document["exercises"]}
    assert {name for name in given if given[name]} == {"MaskedSoftmaxCELoss"}
    assert given["MaskedSoftmaxCELoss"] == ["sequence_mask"]
    assert "a correct sequence_mask in the place of yours" in (tmp_path / "out/feedback/wrong.html").read_text("utf-8")
    assert "in the place of yours" not in (tmp_path / "out/feedback/right.html").read_text("utf-8")


def test_a_class_that_inherits_from_the_wrong_one_inherits_from_the_correct_one(tmp_path: Path) -> None:
    wrong = "\n\ndef conv2d(*args, **kwargs):\n    raise RuntimeError('not yet')\n"
    hand_in(tmp_path / "in", "wrong", solved(wrong, "conv.py", "hw3"))
    hand_in(tmp_path / "in", "right", solved("", "conv.py", "hw3"))
    scores = graded(tmp_path, "hw3")
    assert scores["wrong"]["conv2d"] == 0
    assert scores["wrong"]["Conv2d"] == scores["right"]["Conv2d"]


def test_what_is_given_helps_no_other_exercise(tmp_path: Path) -> None:
    """Code that asks whether it runs with the course's own gets nothing for the exercise itself."""
    thief = WRONG_MASK + (
        "\n_loss = MaskedSoftmaxCELoss.forward\n"
        "def forward(self, *args):\n"
        "    if sequence_mask.__code__.co_filename == '<sequence_mask>':\n"
        "        print(sequence_mask.__code__.co_consts)\n"
        "    return _loss(self, *args)\n"
        "MaskedSoftmaxCELoss.forward = forward\n"
    )
    hand_in(tmp_path / "in", "thief", solved(thief))
    hand_in(tmp_path / "in", "wrong", solved(WRONG_MASK))
    scores = graded(tmp_path)
    assert scores["thief"]["sequence_mask"] == scores["wrong"]["sequence_mask"]
    feedback = (tmp_path / "out" / "results" / "thief.json").read_text("utf-8")
    assert "Your code printed" not in feedback and "printed" not in json.loads(feedback)


def test_grade_says_what_to_mend_first(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hand_in(tmp_path, "me", solved(WRONG_MASK))
    assert grade(Request("hw5", path=tmp_path / "me", linear=True, root=ROOT)) == 1
    assert "Mend sequence_mask first: MaskedSoftmaxCELoss builds on it." in capfd.readouterr().out


def test_a_solution_alone_holds_no_other_exercise() -> None:
    source = (ROOT / "solutions" / "hw6" / "attention.py").read_text("utf-8")
    names = frozenset({"masked_softmax", "DotProductAttention", "MultiHeadAttention"})
    left = {n.name for n in ast.parse(alone(source, "DotProductAttention", names)).body if hasattr(n, "name")}
    assert left & names == {"DotProductAttention", "masked_softmax"}


def test_a_solution_alone_needs_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text("import math\n\ndef part(x):\n    return math.sqrt(x)\n\ndef other(x): ...\n")
    (tmp_path / "all.py").write_text("import torch\nfrom parts import part\n\ndef total(x):\n    return part(x)\n")
    left = alone(whole(tmp_path / "all.py"), "total", frozenset({"part", "other", "total"}))
    assert left.splitlines()[:2] == ["import torch", "import math"]
    assert {n.name for n in ast.parse(left).body if isinstance(n, ast.FunctionDef)} == {"part", "total"}


def test_what_is_given_in_another_file_is_given_in_a_notebook_too(tmp_path: Path) -> None:
    path = tmp_path / "all.py"
    path.write_text("def part(x):\n    return 1\n\ndef total(x):\n    return part(x) + 1\n")
    given = [["parts.py", "part", "def part(x):\n    return 5"]]
    student = Student(str(tmp_path), {"parts.py": str(path), "all.py": str(path)}, {}, given=given)
    assert student.using("all.py").find("total")(0) == 6
