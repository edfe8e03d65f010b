"""Submissions a minute, against `nbgrader autograde` on the same notebooks. Run with: pytest -m benchmark -s"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.exercises import homework, homeworks
from autograder.notebook import as_json, as_text
from autograder.notebook import solved as solved_cells
from tests.conftest import ROOT

pytestmark = pytest.mark.benchmark
HOMEWORK = "hw5"
COMPARED = ("truncate_pad", "sequence_mask", "MaskedSoftmaxCELoss")  # an assignment of these: nbgrader compares them
STUDENTS, NBGRADER_STUDENTS, TURNS = 400, 10, 3
BOUND = 25
FEW_STUDENTS = 20
FLOOR_STUDENTS, FLOOR_BOUND = 800, 1.4  # as many as a large course has
MEBI = 2**20
TESTS = """import torch
assert truncate_pad([1, 2, 3], 2, 0) == [1, 2]
assert truncate_pad([1], 3, 0) == [1, 0, 0]
X = torch.tensor([[1.0, 2, 3], [4, 5, 6]])
assert torch.equal(sequence_mask(X, torch.tensor([1, 2])), torch.tensor([[1.0, 0, 0], [4, 5, 0]]))
loss = MaskedSoftmaxCELoss()(torch.ones(3, 4, 10), torch.ones(3, 4, dtype=torch.long), torch.tensor([4, 2, 0]))
assert torch.allclose(loss, torch.tensor([2.3026, 2.3026, 0.0]), atol=1e-3)
"""


def solved(name: str = HOMEWORK) -> dict[str, object]:
    scripts = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "solutions" / name).glob("*.py"))}
    cells = [c for c in solved_cells(name, scripts, homework(name)) if not (c.marks and c.marks["grade"])]
    found: dict[str, object] = json.loads(as_text([as_json(cell, released=True) for cell in cells]))
    return found


def assigned(folder: Path) -> Path:
    """The course, with an assignment of a few exercises: nbgrader's time hangs on the number of notebooks, ours on
    that of exercises too."""
    folder.mkdir()
    for part in ("assignments", "solutions", "reference"):
        (folder / part).symlink_to(ROOT / part)
    (folder / "course.toml").write_text(f"[homework.{HOMEWORK}]\nexercises = {json.dumps(COMPARED)}\n", "utf-8")
    return folder


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


def nbgrader_course(folder: Path) -> Path:
    """A course whose students have handed in."""
    course = folder / "nbgrader"
    (course / "source" / HOMEWORK).mkdir(parents=True)
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n", "utf-8")
    text = json.dumps(marked(solved()))
    (course / "source" / HOMEWORK / f"{HOMEWORK}.ipynb").write_text(text, "utf-8")
    run_nbgrader(course, "generate_assignment", HOMEWORK)
    for number in range(NBGRADER_STUDENTS):
        student = course / "submitted" / f"s{number}" / HOMEWORK
        student.mkdir(parents=True)
        (student / f"{HOMEWORK}.ipynb").write_text(text, "utf-8")
    return course


def run_nbgrader(course: Path, *arguments: str) -> float:
    """Seconds."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    started = time.perf_counter()
    subprocess.run(command, cwd=course, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def hand_in(folder: Path, students: int, name: str = HOMEWORK) -> None:
    """So many solved notebooks, no two of them the same work."""
    text = json.dumps(solved(name))
    for number in range(students):
        (folder / f"s{number}").mkdir(parents=True)
        (folder / f"s{number}" / f"{name}.ipynb").write_text(text, "utf-8")
        (folder / f"s{number}" / "note.txt").write_text(str(number), "utf-8")


def run_batch(course: Path, submissions: Path, out: Path, name: str = HOMEWORK) -> tuple[float, float, float, float]:
    """Seconds; processor seconds of all processes; most bytes that the judge, and that all of them, held at once
    (shared pages counted once)."""
    resource = pytest.importorskip("resource")  # absent on Windows
    command = [sys.executable, "-m", "autograder", "batch", name, str(submissions), "--root", str(course)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    judge = psutil.Popen([*command, "--out", str(out)], stdout=subprocess.DEVNULL)
    most, everybody = 0, 0
    while judge.poll() is None:
        with contextlib.suppress(psutil.Error):
            most = max(most, judge.memory_info().rss)
            everybody = max(everybody, sum(p.memory_full_info().pss for p in [judge, *judge.children(recursive=True)]))
        time.sleep(0.5)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert judge.returncode == 0
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most, everybody


def test_time_and_memory_do_not_grow_with_the_number_of_submissions(tmp_path: Path) -> None:
    measured = {}
    course = assigned(tmp_path / "course")
    hand_in(tmp_path / "in1", 1)
    run_batch(course, tmp_path / "in1", tmp_path / "warm")  # records the reference
    for students in (1, 50, 1000):
        if students > 1:
            hand_in(tmp_path / f"in{students}", students)
        measured[students] = run_batch(course, tmp_path / f"in{students}", tmp_path / f"out{students}")
    start = measured[1][0]
    for students in (50, 1000):
        seconds, processor, judge, everybody = measured[students]
        print(
            f"\n{students} submissions: {seconds:.1f} s, {(seconds - start) / (students - 1):.3f} s each after the "
            f"start, {processor / students:.3f} processor seconds each; the judge held {judge / MEBI:.0f} MiB, all "
            f"processes {everybody / MEBI:.0f} MiB",
            flush=True,
        )
    each = {students: (measured[students][0] - start) / (students - 1) for students in (50, 1000)}
    assert abs(each[1000] / each[50] - 1) < 0.15
    assert measured[1000][2] / measured[50][2] < 1.1
    assert measured[1000][3] < 2 * 1024 * MEBI


def test_the_largest_homework_beside_the_smallest(tmp_path: Path) -> None:
    """No bound: so that a teacher knows what to expect."""
    ordered = sorted(homeworks(), key=lambda name: len(homework(name)))
    for name in (ordered[0], ordered[-1]):
        for students in (1, FEW_STUDENTS):  # the first records the reference
            hand_in(tmp_path / f"{name}-{students}", students, name)
            seconds = run_batch(ROOT, tmp_path / f"{name}-{students}", tmp_path / f"out-{name}-{students}", name)[0]
        print(
            f"\n{name}, {len(homework(name))} exercises: {60 * FEW_STUDENTS / seconds:.0f} submissions a minute, "
            f"{seconds / FEW_STUDENTS:.2f} s each, the start among them",
            flush=True,
        )


def test_a_batch_takes_little_longer_than_its_workers_need(tmp_path: Path) -> None:
    """The floor: what workers ran after they had locked themselves in, shared by all cores."""
    if sys.platform != "linux":
        pytest.skip("reads /proc")
    course = assigned(tmp_path / "course")
    hand_in(tmp_path / "first", 1)
    run_batch(course, tmp_path / "first", tmp_path / "warm")
    hand_in(tmp_path / "in", FLOOR_STUDENTS)
    folders = map(str, (course, tmp_path / "in", tmp_path / "out"))
    command = [sys.executable, "-m", "tests.benchmarks.floor", HOMEWORK, *folders]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    floor = told["needed"] / (os.cpu_count() or 1)
    print(
        f"\n{FLOOR_STUDENTS} submissions: {told['seconds']:.1f} s, {floor:.1f} s of which on {os.cpu_count()} cores "
        f"are the workers' after lockdown ({told['workers']} workers): {told['seconds'] / floor:.2f} x, bound "
        f"{FLOOR_BOUND}",
        flush=True,
    )
    assert told["seconds"] / floor < FLOOR_BOUND


def test_a_batch_grades_many_times_as_fast_as_nbgrader(tmp_path: Path) -> None:
    """In turns, for a machine is not always equally fast; each with its own start."""
    pytest.importorskip("nbgrader")
    theirs_course, few = nbgrader_course(tmp_path), assigned(tmp_path / "course")
    hand_in(tmp_path / "in", STUDENTS)
    hand_in(tmp_path / "first", 1)
    for course in (few, ROOT):
        run_batch(course, tmp_path / "first", tmp_path / f"warm-{course.name}")  # records the reference
    ratios = []
    for turn in range(TURNS):
        theirs = run_nbgrader(theirs_course, "autograde", HOMEWORK, "--force") / NBGRADER_STUDENTS
        ours = run_batch(few, tmp_path / "in", tmp_path / f"few{turn}")[0] / STUDENTS
        ratios.append(theirs / ours)
        print(
            f"\n{60 / ours:.0f} submissions a minute ({ours:.3f} s each, {os.cpu_count()} cores), nbgrader autograde "
            f"{60 / theirs:.0f} ({theirs:.2f} s each): {theirs / ours:.1f} x, bound {BOUND}",
            flush=True,
        )
    hand_in(tmp_path / "some", STUDENTS // 4)
    ours = run_batch(ROOT, tmp_path / "some", tmp_path / "all")[0] / (STUDENTS // 4)
    print(f"\nwith every exercise of {HOMEWORK}: {ours:.3f} s each, {theirs / ours:.1f} x (no bound)", flush=True)
    assert statistics.median(ratios) > BOUND
