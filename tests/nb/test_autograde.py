"""`grade nbgrader autograde`: the sandbox's grade counts, whatever a notebook does to its kernel."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.nb.conftest import batched, exported, nbgrader, recorded, released, set_up
from tests.nb.students import (
    ATTACKS,
    CLASS,
    HOMEWORK,
    HOOK,
    NOTHING,
    POSSIBLE,
    answered,
    code,
    hand_in,
    hostile,
    the_class,
    unmarked,
)

Grade = Callable[..., "subprocess.CompletedProcess[str]"]
MISTAKE = "The value is written into the argument"


def autograde(grade: Grade, course: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return grade("nbgrader", "autograde", HOMEWORK, "--dir", str(course), *more, timeout=600)


@pytest.fixture(scope="module")
def graded(prepared: Path, tmp_path_factory: pytest.TempPathFactory, grade: Grade) -> Path:
    """A course with work of every kind, autograded."""
    course = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(prepared, course)
    given = released(course)
    for student in ("values", "broken", "deleted"):
        hand_in(course / "submitted", student, CLASS[student](given))
    renamed = hand_in(course / "submitted", "renamed", answered(given))
    renamed.rename(renamed.with_name("hw5 (1).ipynb"))
    for name, attack in ATTACKS.items():
        hand_in(course / "submitted", name, attack(given))
    hand_in(course / "submitted", "unmarked", unmarked(given))
    hand_in(course / "submitted", "helped", answered(given, sequence_mask=None))
    done = autograde(grade, course)
    assert (done.returncode, done.stderr) == (1, ""), done.stdout + done.stderr
    assert f"broken: 0 of {POSSIBLE:g} points (hw5.ipynb is not a Jupyter notebook" in done.stdout
    assert f"deleted: 28 of {POSSIBLE:g} points\n" in done.stdout
    return course


def test_scores_are_those_of_a_batch(graded: Path, tmp_path: Path, grade: Grade) -> None:
    ours = batched(graded, tmp_path / "out", grade)
    assert recorded(graded) == ours
    totals = {student: round(sum(of.values()), 4) for student, of in ours.items()}
    assert exported(graded) == totals
    assert 0 < totals["values"] < 34 and totals["deleted"] == 28 and totals["broken"] == 0
    assert totals["renamed"] == 34


def test_no_attack_on_the_kernel_earns_points(graded: Path) -> None:
    scores = recorded(graded)
    assert {name: scores[name] for name in ATTACKS} == dict.fromkeys(ATTACKS, NOTHING)


def test_damaged_marks_cost_nothing(graded: Path) -> None:
    earned = {"truncate_pad": 6, "sequence_mask": 16, "MaskedSoftmaxCELoss": 12}
    assert recorded(graded)["unmarked"] == NOTHING | earned


def test_a_graded_cell_shows_the_verdict_and_its_score(graded: Path) -> None:
    path = graded / "autograded" / "values" / HOMEWORK / f"{HOMEWORK}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    shown, value = next(c["outputs"] for c in cells if c["id"] == "hw5-sequence_mask-check")
    assert MISTAKE in "".join(shown["data"]["text/html"]) and MISTAKE in "".join(shown["data"]["text/plain"])
    assert float("".join(value["data"]["text/plain"])) == recorded(graded)["values"]["sequence_mask"]


def test_what_a_teacher_gave_survives_the_next_autograde(graded: Path, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    course = tmp_path / "course"
    shutil.copytree(graded, course)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        given = gradebook.find_grade("sequence_mask-check", HOMEWORK, HOMEWORK, "helped")
        given.manual_score, given.extra_credit, given.auto_score = 5.0, 1.0, 16.0
        gradebook.find_comment("sequence_mask", HOMEWORK, HOMEWORK, "helped").manual_comment = "the idea is right"
        gradebook.db.commit()
    nbgrader(course, "autograde", HOMEWORK, "--force", "--student=helped")  # nbgrader's own, as formgrader calls it
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        given = gradebook.find_grade("sequence_mask-check", HOMEWORK, HOMEWORK, "helped")
        assert (given.auto_score, given.manual_score, given.extra_credit) == (0, 5, 1) and given.needs_manual_grade
        comment = gradebook.find_comment("sequence_mask", HOMEWORK, HOMEWORK, "helped")
        assert comment.comment == "the idea is right"
        assert gradebook.find_submission(HOMEWORK, "helped").score == 12


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["autograde", HOMEWORK, "--dir", "nowhere"], "nowhere is no course of nbgrader's"),
        (["autograde", "hw99", "--dir", "."], "the gradebook has no assignment hw99; it has hw5"),
        (["sync", ".", "hw3"], "hw3 is not in"),
        (["sync", ".", "hw33"], "there is no homework hw33; did you mean hw3?"),
        (["init", "source"], "holds files but no nbgrader_config.py"),
        (["init", "new", "--root", "bundle"], "a student bundle holds no solutions"),
    ],
)
def test_wrong_usage_gets_one_sentence(prepared: Path, grade: Grade, arguments: list[str], sentence: str) -> None:
    (prepared / "bundle" / "recordings").mkdir(parents=True, exist_ok=True)
    done = grade("nbgrader", *arguments, cwd=prepared)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.slow
def test_ten_students_through_every_step_of_nbgrader(tmp_path: Path, grade: Grade) -> None:
    exchange, course = tmp_path / "exchange", tmp_path / "course"
    exchange.mkdir()
    exchange.chmod(0o777)
    made = grade("nbgrader", "init", str(course), HOMEWORK, "--exchange", str(exchange))
    assert made.returncode == 0, made.stderr
    set_up(course, "c.RunInKernel.always_run = True\n")
    nbgrader(course, "generate_assignment", HOMEWORK)
    nbgrader(course, "release_assignment", HOMEWORK)
    for student, work in the_class(released(course)):
        hand_in_through_the_exchange(tmp_path / "homes" / student, exchange, student, work)
    nbgrader(course, "collect", HOMEWORK, "--ExchangeCollect.check_owner=False")
    done = autograde(grade, course)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stdout + done.stderr
    nbgrader(course, "generate_feedback", HOMEWORK)
    ours = batched(course, tmp_path / "out", grade)
    totals = {student: round(sum(of.values()), 4) for student, of in ours.items()}
    assert set(totals) == set(CLASS)
    assert recorded(course) == ours
    assert exported(course) == totals
    assert totals["full"] == totals["doubled"] == 34 and totals["stub"] == totals["broken"] == totals["hostile"] == 0
    assert totals["deleted"] == 28 and totals["syntax"] == 6
    assert all(0 < totals[student] < 34 for student in ("values", "device", "purity"))
    assert MISTAKE in (course / "feedback" / "values" / HOMEWORK / f"{HOMEWORK}.html").read_text("utf-8")


def hand_in_through_the_exchange(home: Path, exchange: Path, student: str, work: dict[str, Any] | str) -> None:
    """As a student does: fetch, work, validate, submit."""
    home.mkdir(parents=True)
    (home / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'course'\nc.Exchange.root = {str(exchange)!r}\n"
        f"c.Exchange.cache = {str(home / 'cache')!r}\n",
        "utf-8",
    )
    nbgrader(home, "fetch_assignment", HOMEWORK)
    assert (home / HOMEWORK / "recordings").is_dir()  # what grades where there is no reference
    path = home / HOMEWORK / f"{HOMEWORK}.ipynb"
    path.write_text(work if isinstance(work, str) else json.dumps(work), "utf-8")
    if student in ("full", "stub"):
        said = nbgrader(home, "validate", str(path))
        assert ("Success" in said) == (student == "full")
    nbgrader(home, "submit", HOMEWORK, f"--student={student}")


@pytest.mark.slow
def test_no_attack_earns_points_where_the_kernel_runs_too(teaching: Path, grade: Grade) -> None:
    set_up(teaching, "c.RunInKernel.always_run = True\n")
    given = released(teaching)
    for name, attack in ATTACKS.items():
        hand_in(teaching / "submitted", name, attack(given))
    done = autograde(grade, teaching)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stdout + done.stderr
    assert exported(teaching) == dict.fromkeys(ATTACKS, 0.0)


@pytest.mark.slow
def test_cells_of_the_teachers_own_are_graded_by_nbgrader(teaching: Path, grade: Grade) -> None:
    """They need the kernel; the kit's cells in the same notebook do not believe it."""
    path = teaching / "source" / HOMEWORK / f"{HOMEWORK}.ipynb"
    document = json.loads(path.read_text("utf-8"))
    marks = {"schema_version": 3, "grade": True, "grade_id": "own", "locked": True, "solution": False, "points": 3}
    document["cells"].append(code("assert truncate_pad([1], 2, 0) == [1, 0]", nbgrader=marks))
    path.write_text(json.dumps(document), "utf-8")
    nbgrader(teaching, "generate_assignment", HOMEWORK, "--force")
    right = answered(released(teaching), sequence_mask=None, MaskedSoftmaxCELoss=None)
    hand_in(teaching / "submitted", "ada", {**right, "cells": [code(HOOK), *right["cells"]]})
    hand_in(teaching / "submitted", "bob", hostile(released(teaching), HOOK))
    done = autograde(grade, teaching)
    assert done.returncode == 0, done.stdout
    assert recorded(teaching) == {
        "ada": {**NOTHING, "truncate_pad": 6.0, "own": 3.0},
        "bob": {**NOTHING, "own": 0.0},
    }


def test_what_the_grader_could_not_do_costs_nothing_and_is_looked_at_by_a_teacher() -> None:
    pytest.importorskip("nbgrader")
    from autograder.batch.ledger import Result
    from autograder.nb.preprocessors import GradedCell, outputs, summary
    from autograder.nb.trusted import Told

    failed = {"name": "truncate_pad", "outcome": "grader_error", "score": 0.0, "max_score": 6.0}
    told = Told(Result(0.0, "set_apart", {"exercises": [failed], "tests": []}), "case")
    cell = GradedCell("truncate_pad-check", HOMEWORK, "truncate_pad", 6.0)
    assert told.score("truncate_pad", 6.0) is None and told.score("sequence_mask", 16.0) is None
    assert [output.output_type for output in outputs(cell, told)] == ["display_data"]
    assert "no points are lost" in summary([cell], told)
