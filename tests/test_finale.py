"""Finales: the exercises of a homework put together, on the code that a student has."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase as LETTERS

import pytest
import torch

from autograder.commands.finale import required, spark
from autograder.commands.grade import Request, grade
from autograder.errors import UsageError
from autograder.exercises import homework
from autograder.finales import finale_of, with_finale
from tests.conftest import ROOT


def played(folder: Path, name: str = "hw8") -> int:
    return grade(Request(name, path=folder, linear=True, root=ROOT, finale=True))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    for path in (ROOT / "solutions" / "hw8").glob("*.py"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", with_finale())
def test_the_solution_gets_where_the_finale_wants_it(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in (ROOT / "solutions" / name).glob("*.py"):
        shutil.copy(path, tmp_path)
    assert played(tmp_path, name) == 0, capfd.readouterr().out
    assert re.search(r"^✓ ", capfd.readouterr().out, re.MULTILINE)
    drawn = ElementTree.parse(tmp_path / f"{name}-finale.svg").getroot()
    assert drawn.tag.endswith("svg") and len(drawn.findall("{http://www.w3.org/2000/svg}svg")) >= 1


@pytest.mark.parametrize("name", with_finale())
def test_a_finale_uses_exercises_of_its_homework_and_has_its_picture(name: str) -> None:
    finale = finale_of(name)
    assert finale is not None and set(finale.uses) <= {exercise.name for exercise in homework(name)}
    assert ElementTree.parse(ROOT / "assignments" / name / "finale.svg").getroot().tag.endswith("svg")


def test_the_chapter_of_hw4_is_there_and_its_minibatches_go_on() -> None:
    from autograder.finales.hw4 import BATCH, NUM_STEPS, Reader, chapter

    text = chapter()
    assert text.startswith("the time traveller for so it will be convenient") and set(text) <= set(LETTERS + " ,.?")
    corpus = torch.arange(len(text))
    batches = list(Reader(corpus, torch.Generator().manual_seed(0)))
    assert all(X.shape == Y.shape == (BATCH, NUM_STEPS) and torch.equal(Y, X + 1) for X, Y in batches)
    assert all(torch.equal(X[:, -1] + 1, after[:, 0]) for (X, _), (after, _) in pairwise(batches))
    assert len(batches) == len(text) // (BATCH * NUM_STEPS)


def test_a_stub_is_waited_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert played(ROOT / "assignments" / "hw8") == 1
    assert "has to wait: try_all_gpus is still the stub (device.py, line " in capfd.readouterr().out


def test_code_that_raises_is_told_with_its_line(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (work / "device.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef try_gpu(i=0):\n    raise ValueError('\\x1b[31mno')\n")
    assert played(work) == 1
    told = capfd.readouterr().out
    assert "your code raised ValueError" in told and "raise ValueError(" in told and "\x1b" not in told


def test_a_process_that_ends_itself_is_told(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (work / "device.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef try_gpu(i=0):\n    import os\n    os._exit(3)\n")
    assert played(work) == 1
    assert "it ended the whole process" in capfd.readouterr().out


def test_a_homework_without_a_finale_says_which_have_one() -> None:
    with pytest.raises(UsageError, match=r"there is one in .*hw8"):
        required("hw0")


def test_a_finale_is_of_the_whole_homework() -> None:
    with pytest.raises(UsageError, match="grade hw8 --finale"):
        grade(Request("hw8", ("train",), finale=True, root=ROOT))


def test_a_line_of_bars_shows_where_numbers_begin_and_end() -> None:
    assert spark([3.0, 2.0, 1.0, 0.5]) == "█▅▂▁  3 → 0.5"
    assert spark([float("nan")]) == "no finite number"
    assert len(spark([1.0] * 1000)) < 60
