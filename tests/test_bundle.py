"""A student bundle gives the same verdicts without reference, solutions or mistakes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.bundle import holds_solution

Grade = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def bundle(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release")
    done = grade("release", "hw5", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "hw5"


def test_the_bundle_holds_no_solution(bundle: Path, root: Path) -> None:
    assert holds_solution(root, "hw5", bundle) == []
    assert not list(bundle.rglob("oracle.py")) and not list(bundle.rglob("mistakes*.py"))


def test_the_bundle_grades_as_the_course_does(bundle: Path, root: Path, grade: Grade) -> None:
    for name in ("nmt.py", "seq2seq.py"):
        (bundle / "hw5" / name).write_bytes((root / "solutions/hw5" / name).read_bytes())
    done = grade("hw5", cwd=bundle)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bundle_names_mistakes(bundle: Path, grade: Grade) -> None:
    overwrites = (
        "import torch\n\n\ndef sequence_mask(X, valid_len, value=0):\n"
        "    mask = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]\n"
        "    X[~mask] = value\n    return X\n"
    )
    (bundle / "hw5" / "seq2seq.py").write_text(overwrites)
    done = grade("hw5", "sequence_mask", cwd=bundle)
    assert done.returncode == 1
    assert "Mistake: The value is written into the argument" in done.stdout
