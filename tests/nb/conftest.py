"""A course of nbgrader's with hw5, and nbgrader's programs run as a teacher would."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.isolation import DEFAULT, attempt
from tests.conftest import ROOT
from tests.nb.students import HOMEWORK, NOTHING


def nbgrader(folder: Path, *arguments: str) -> str:
    """Runs nbgrader in the folder; what it said."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_DIR": str(folder / ".jupyter")}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=600, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def set_up(course: Path, lines: str) -> None:
    """Adds lines to the course's configuration, and what this machine needs."""
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(lines if attempt().holds >= DEFAULT else f"{lines}c.RecordVerdicts.isolation = 'none'\n")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose hw5 has been generated. Copied for each test."""
    pytest.importorskip("nbgrader")
    from autograder.batch.roster import Roster
    from autograder.course import Course
    from autograder.nb import course as made
    from autograder.settings import Settings

    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    folder.mkdir()
    made.write_config(folder, ROOT, "course", None)
    place = made.open_folder(folder)
    made.write_homework(place, Course(ROOT), HOMEWORK)
    made.enter(place, Settings(), [HOMEWORK], Roster(()))
    set_up(folder, "")
    nbgrader(folder, "generate_assignment", HOMEWORK)
    return folder


@pytest.fixture
def teaching(prepared: Path, tmp_path: Path) -> Path:
    """A course of its own for one test."""
    folder = tmp_path / "course"
    shutil.copytree(prepared, folder)
    return folder


def released(course: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((course / "release" / HOMEWORK / f"{HOMEWORK}.ipynb").read_text("utf-8"))
    return found


Scores = dict[str, dict[str, float]]


def recorded(course: Path) -> Scores:
    """The automatic scores in the gradebook, by student and exercise."""
    from nbgrader.api import Gradebook

    found: Scores = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(HOMEWORK):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            found[submission.student.id] = {g.name.removesuffix("-check"): g.auto_score for g in grades}
    return found


def exported(course: Path) -> dict[str, float]:
    """What `nbgrader export` says that each student has."""
    nbgrader(course, "export", "--to", "exported.csv")
    with (course / "exported.csv").open(newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == HOMEWORK}


def batched(course: Path, out: Path, grade: Callable[..., subprocess.CompletedProcess[str]]) -> Scores:
    """What `grade batch` says, by student and exercise."""
    isolation = "default" if attempt().holds >= DEFAULT else "none"
    grade("batch", HOMEWORK, str(course / "submitted"), "--out", str(out), "--require-isolation", isolation)
    found: Scores = {}
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        students = [row["student"] for row in csv.DictReader(file)]
    for path in (out / "results").glob("*.json"):
        document = json.loads(path.read_text("utf-8"))
        found[path.stem] = NOTHING | {e["name"]: e["score"] for e in document["exercises"]}
    assert set(found) == set(students)
    return found
