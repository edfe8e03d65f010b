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
    done = grade("release", "hw4", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "hw4"


def test_the_bundle_holds_no_solution(bundle: Path, root: Path) -> None:
    assert holds_solution(root, "hw4", bundle) == []
    assert not list(bundle.rglob("oracle.py")) and not list(bundle.rglob("mistakes.py"))


def test_the_bundle_grades_as_the_course_does(bundle: Path, root: Path, grade: Grade) -> None:
    (bundle / "hw4" / "text.py").write_bytes((root / "solutions/hw4/text.py").read_bytes())
    done = grade("hw4", "tokenize", cwd=bundle)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bundle_names_mistakes(bundle: Path, grade: Grade) -> None:
    prints = (
        "def tokenize(lines, token='word'):\n    if token == 'word':\n        return [line.split() for line in lines]\n"
        "    if token == 'char':\n        return [list(line) for line in lines]\n    print('unknown', token)\n"
    )
    (bundle / "hw4" / "text.py").write_text(prints)
    done = grade("hw4", "tokenize", cwd=bundle)
    assert done.returncode == 1
    assert "Mistake: " in done.stdout
