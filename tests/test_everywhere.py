"""The same work has the same score on a student's machine, in a batch, as a notebook and through nbgrader."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.exercises import homework, homeworks
from autograder.given import lacking
from autograder.isolation import DEFAULT, attempt
from autograder.mutants import mutants, sample
from autograder.notebook import as_json, as_text, solved
from tests.conftest import ROOT
from tests.nb.conftest import nbgrader, set_up

pytestmark = pytest.mark.slow
Scripts = dict[str, str]
Scores = dict[str, float]
CELL = "# %%"


def model(name: str) -> Scripts:
    """Everything solved."""
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "solutions" / name).glob("*.py"))}


def beginner(name: str) -> Scripts:
    """A third solved, a third with a slip of the hand, a third untouched."""
    found = {}
    for file, script in model(name).items():
        mine = [exercise.name for exercise in homework(name) if exercise.file == file]
        cells = script.split(CELL)
        stubs = (ROOT / "assignments" / name / file).read_text("utf-8").split(CELL)
        for place, cell in enumerate(cells):
            defined = [n for n in mine if f"\ndef {n}(" in cell or f"\nclass {n}(" in cell or f"\nclass {n}:" in cell]
            if not defined:
                continue
            turn = mine.index(defined[0]) % 3
            if turn == 1:
                cells[place] = stubs[place]
            elif turn == 2:
                slips = sample(mutants(cell.removeprefix("\n"), defined[0]), 3)
                cells[place] = f"\n{slips[-1].source}\n" if slips else stubs[place]
        found[file] = CELL.join(cells)
    return found


PERSONAS: dict[str, Callable[[str], Scripts]] = {"model": model, "beginner": beginner}


def notebook(name: str, scripts: Scripts) -> str:
    cells = [cell for cell in solved(name, scripts, homework(name)) if not (cell.marks and cell.marks["grade"])]
    return as_text([as_json(cell, released=True) for cell in cells])


def scores(document: dict[str, Any], name: str) -> Scores:
    return {e.name: 0.0 for e in homework(name)} | {e["name"]: e["score"] for e in document["exercises"]}


def graded(grade: Callable[..., subprocess.CompletedProcess[str]], name: str, path: Path, told: Path) -> Scores:
    done = grade(name, "--path", str(path), "--json", str(told), "--linear", timeout=900)
    assert done.returncode in (0, 1) and not done.stderr, done.stdout + done.stderr
    return scores(json.loads(told.read_text("utf-8")), name)


def batched(
    grade: Callable[..., subprocess.CompletedProcess[str]], name: str, handed: Path, out: Path
) -> dict[str, Scores]:
    isolation = "default" if attempt().holds >= DEFAULT else "none"
    done = grade("batch", name, str(handed), "--out", str(out), "--require-isolation", isolation, timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        students = [row["student"] for row in csv.DictReader(file)]
    return {s: scores(json.loads((out / "results" / f"{s}.json").read_text("utf-8")), name) for s in students}


@pytest.mark.parametrize("name", homeworks())
def test_scores_are_the_same_everywhere(
    name: str, tmp_path: Path, grade: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    handed, found = tmp_path / "handed", {}
    for persona, made in PERSONAS.items():
        scripts = made(name)
        folder, document = handed / f"{persona}-scripts", handed / f"{persona}-notebook" / f"{name}.ipynb"
        folder.mkdir(parents=True)
        document.parent.mkdir()
        for file, script in scripts.items():
            (folder / file).write_text(script, "utf-8")
        document.write_text(notebook(name, scripts), "utf-8")
        alone = graded(grade, name, folder, tmp_path / "alone.json")
        assert graded(grade, name, document, tmp_path / "notebook.json") == alone
        found[persona] = alone
    together = batched(grade, name, handed, tmp_path / "out")
    every = {e.name: e for e in homework(name)}
    for persona, alone in found.items():
        batch = together[f"{persona}-scripts"]
        assert together[f"{persona}-notebook"] == batch
        right = {e.name: alone[e.name] == e.points for e in every.values()}
        for exercise in every.values():
            if lacking(exercise, right, every):  # one mistake is paid for once in a batch
                assert alone[exercise.name] <= batch[exercise.name]
            else:
                assert alone[exercise.name] == batch[exercise.name], exercise.name
    assert found["model"] == {e.name: e.points for e in every.values()}
    assert 0 < sum(together["beginner-scripts"].values()) < 80
    print(name, {p: sum(s.values()) for p, s in together.items()}, {p: sum(s.values()) for p, s in found.items()})
    assert through_nbgrader(name, handed, tmp_path, grade) == {
        persona: together[f"{persona}-notebook"] for persona in PERSONAS
    }


def through_nbgrader(
    name: str, handed: Path, folder: Path, grade: Callable[..., subprocess.CompletedProcess[str]]
) -> dict[str, Scores]:
    """What nbgrader's gradebook says of the notebooks."""
    pytest.importorskip("nbgrader")
    from nbgrader.api import Gradebook

    course = folder / "course"
    assert grade("nbgrader", "init", str(course), name, timeout=600).returncode == 0
    set_up(course, "")
    nbgrader(course, "generate_assignment", name)
    for persona in PERSONAS:
        place = course / "submitted" / persona / name
        place.mkdir(parents=True)
        shutil.copy(handed / f"{persona}-notebook" / f"{name}.ipynb", place)
    done = grade("nbgrader", "autograde", name, "--dir", str(course), timeout=1800)
    assert not done.stderr, done.stdout + done.stderr
    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(name):
            grades = [one for document in submission.notebooks for one in document.grades]
            found[submission.student.id] = {one.name.removesuffix("-check"): one.auto_score for one in grades}
    return found
