"""Many submissions of every kind, graded twice with another number of workers and a kill between: the same grades."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import catalogue
from autograder.grader import Grader
from autograder.isolation import DEFAULT, attempt
from tests.conftest import ROOT, exercise

REFERENCE = ROOT / "reference" / "hw5" / "sequence_mask"
UNCAUGHT_ENDS = "import os\n\ndef sequence_mask(X, valid_len, value=0):\n    os._exit(0)\n"
ENDLESS = "def sequence_mask(X, valid_len, value=0):\n    while True:\n        pass\n"
FORGES = "print('16 / 16')\nopen('results.json', 'w').write('{\"score\": 16}')\n"


def kinds() -> Iterator[tuple[str, str]]:
    """Names and texts of the file seq2seq.py."""
    found = exercise("sequence_mask")
    yield "solution", (ROOT / "solutions/hw5/seq2seq.py").read_text("utf-8")
    yield "stub", (ROOT / "assignments/hw5/seq2seq.py").read_text("utf-8")
    yield from (("ends", UNCAUGHT_ENDS), ("endless", ENDLESS), ("forges", FORGES))
    for entry in catalogue.variants(ROOT, found):
        yield f"variant {entry.name}", f"from variants import {entry.name} as sequence_mask\n"
    for entry in catalogue.mistakes(ROOT, found):
        yield f"mistake {entry.name}", f"from mistakes import {entry.name} as sequence_mask\n"


def write(folder: Path, count: int) -> dict[str, str]:
    """So many submissions in a shuffled order; the kind of each."""
    every = list(kinds())
    order = random.Random(5)
    chosen = {}
    for number in range(count):
        kind, text = every[number] if number < len(every) else order.choice(every)
        student = f"s{order.randrange(10**6):06d}-{number}"
        (folder / student).mkdir(parents=True)
        for path in REFERENCE.glob("*.py"):
            shutil.copy(path, folder / student)
        (folder / student / "seq2seq.py").write_text(f"{text}\n# {number}\n", "utf-8")
        chosen[student] = kind
    return chosen


def declared(grader: Grader, folder: Path, chosen: dict[str, str]) -> dict[str, float]:
    """What each kind earns when it is graded alone."""
    from autograder.submission import Submission

    alone = {}
    for student, kind in chosen.items():
        if kind not in alone:
            root = folder / student
            submission = Submission(kind, root, {"seq2seq.py": root / "seq2seq.py"})
            alone[kind] = grader.grade(exercise("sequence_mask"), submission, name_mistakes=False).score
    return alone


def points(out: Path) -> dict[str, float]:
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: float(row["points"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_grades_are_as_declared_whatever_the_order_and_the_interruptions(
    grader: Grader, tmp_path: Path, count: int
) -> None:
    root, folder = tmp_path / "course", tmp_path / "in"
    for name in ("assignments", "reference", "solutions"):
        shutil.copytree(ROOT / name / "hw5", root / name / "hw5")
    (root / "course.toml").write_text('[homework.hw5]\nexercises = ["sequence_mask"]\n', "utf-8")
    chosen = write(folder, count)
    isolation = "default" if attempt().holds >= DEFAULT else "none"
    command = [sys.executable, "-m", "autograder", "batch", "hw5", str(folder), "--root", str(root),
               "--require-isolation", isolation, "--cpu", "1"]  # fmt: skip
    first, second = tmp_path / "first", tmp_path / "second"
    subprocess.run([*command, "--out", str(first), "--jobs", "2"], stdout=subprocess.DEVNULL, check=False)
    interrupted = subprocess.Popen(
        [*command, "--out", str(second), "--jobs", "3"], stdout=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(3 + count / 20)
    os.killpg(interrupted.pid, signal.SIGKILL)
    interrupted.wait()
    subprocess.run([*command, "--out", str(second), "--jobs", "1"], stdout=subprocess.DEVNULL, check=False)
    assert (first / "grades.csv").read_bytes() == (second / "grades.csv").read_bytes()
    alone = declared(grader, folder, chosen)
    assert {s: p for s, p in points(first).items() if p != alone[chosen[s]]} == {}
    assert all(p == 16 for kind, p in alone.items() if kind.startswith(("solution", "variant")))
    assert all(p < 16 for kind, p in alone.items() if kind.startswith("mistake"))
    assert all(alone[kind] == 0 for kind in ("stub", "ends", "endless", "forges"))
