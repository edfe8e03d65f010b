"""`pytest --grade HW`: one item a check with the verdict of `grade`; nothing without the option."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.exercises import homework
from autograder.grader import Grader
from autograder.submission import Submission
from tests.conftest import ROOT, exercise

SPLITS = '''def tokenize(lines, token="word"):
    """Splits."""
    if token not in ("word", "char"):
        raise ValueError
    return [line.split() if token == "word" else list(line.strip()) for line in lines]
'''
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """pytest as a student calls it, in a folder with their work."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "text.py").write_text(SPLITS)
    (folder / "test_own.py").write_text("def test_own():\n    pass\n")

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-p", "autograder.pytest_plugin", "-p", "no:cacheprovider"]
        return subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, check=False)

    return call


def test_every_check_is_an_item_with_the_verdict_of_grade(
    run: Run, tmp_path: Path, grader: Grader, submit: Callable[[str, str], Submission]
) -> None:
    done = run("--grade", "hw4", "--junitxml", str(tmp_path / "out.xml"))
    assert done.returncode == 1, done.stdout + done.stderr
    told = {}
    for case in ElementTree.parse(tmp_path / "out.xml").iter("testcase"):
        found = {p.attrib["name"]: p.attrib["value"] for p in case.iter("property")}
        told[case.attrib["classname"].split(".")[-1], case.attrib["name"]] = found["outcome"]
        assert ("failure" in [part.tag for part in case]) == (found["outcome"] not in ("passed", "skipped"))
    verdict = grader.grade(exercise("tokenize"), submit("text.py", SPLITS))
    expected = {("tokenize", c.check.id): c.outcome.value for c in verdict.checks}
    assert {"failed", "passed", "error"} == set(expected.values())
    assert expected.items() <= told.items()
    assert len(told) == sum(len(e.checks) for e in homework("hw4"))
    assert f"tokenize  {verdict.score:g} / {verdict.exercise.points:g}" in done.stdout
    assert "Traceback" not in done.stdout and "pytest_plugin.py" not in done.stdout
    assert "the ValueError has no message that says what is wrong" in done.stdout
    assert "the stub “" in done.stdout and "text.py has no Vocab" in done.stdout


def test_items_are_chosen_by_node_id_and_by_name(run: Run) -> None:
    done = run("--grade", "hw4", "--collect-only", "-q", "-k", "tokenize")
    identifiers = re.findall(r"^text\.py::tokenize::.+$", done.stdout, re.MULTILINE)
    assert len(identifiers) == len(exercise("tokenize").checks) and "test_own" not in done.stdout
    one = run("--grade", "hw4", "text.py::tokenize::value.basic")
    assert "1 passed" in one.stdout, one.stdout + one.stderr


def test_a_notebook_is_collected_under_its_own_name(run: Run, tmp_path: Path) -> None:
    given = tmp_path / "notebooks/Copy of hw4.ipynb"
    given.parent.mkdir()
    shutil.copy(ROOT / "assignments/hw4/hw4.ipynb", given)
    for path in (given, given.parent):
        done = run("--grade", "hw4", "--grade-path", str(path), "--collect-only", "-q")
        assert "Copy of hw4.ipynb::Vocab::" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--grade", "hw44"), "there is no homework hw44; did you mean hw4?"),
        (("--grade", "hw4", "--grade-path", "nowhere"), "there is no nowhere"),
        (("--grade-path", "work"), "--grade-path needs --grade"),
    ],
)
def test_wrong_usage_gets_one_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    done = run(*arguments)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert sentence in done.stderr and "Traceback" not in done.stderr


def test_without_the_option_nothing_is_imported_or_collected(run: Run, tmp_path: Path) -> None:
    names = "('torch', 'numpy', 'rich', 'typer', 'autograder.course', 'autograder.grader')"
    (tmp_path / "work/test_own.py").write_text(
        f"import sys\n\ndef test_own():\n    assert not [m for m in {names} if m in sys.modules]\n"
    )
    done = run()
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def test_the_plugin_is_an_entry_point() -> None:
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"autograder.pytest_plugin": "autograder.pytest_plugin"}
    assert "pytest" in project["optional-dependencies"]
