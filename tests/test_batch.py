"""`grade batch` as a user types it: grades are right, kept, given once and never lost."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from autograder.isolation import DEFAULT, attempt
from tests.conftest import ROOT

Grade = Callable[..., subprocess.CompletedProcess[str]]

ISOLATION = () if attempt().holds >= DEFAULT else ("--require-isolation", "none")
WRONG = "import torch\n\ndef truncate_pad(line, num_steps, padding_token):\n    return line\n"


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Five students: solved, solved in the same words, untouched, partly wrong, unreadable."""
    folder = tmp_path / "handed in"
    for name, source in (("ada", "solutions"), ("bob", "solutions"), ("cy", "assignments")):
        shutil.copytree(ROOT / source / "hw5", folder / name)
    (folder / "dee").mkdir()
    (folder / "dee" / "nmt.py").write_text(WRONG, "utf-8")
    (folder / "eve.zip").write_text("not an archive", "utf-8")
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one exercise, so that a batch takes seconds."""
    root = tmp_path / "course"
    for name in ("assignments", "reference", "solutions"):
        shutil.copytree(ROOT / name / "hw5", root / name / "hw5")
    (root / "course.toml").write_text('[homework.hw5]\nexercises = ["truncate_pad"]\n', "utf-8")
    return root


@pytest.fixture
def batch(grade: Grade, course: Path, submissions: Path, tmp_path: Path) -> Grade:
    def run(*options: str, out: Path = tmp_path / "out") -> subprocess.CompletedProcess[str]:
        return grade("batch", "hw5", str(submissions), "--out", str(out), "--root", str(course), *ISOLATION, *options)

    return run


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_every_student_gets_a_grade_and_files_that_only_the_owner_reads(batch: Grade, tmp_path: Path) -> None:
    done = batch()
    found = rows(tmp_path / "out")
    assert {name: row["points"] for name, row in found.items()} == {
        "ada": "6",
        "bob": "6",
        "cy": "0",
        "dee": "0",
        "eve": "0",
    }
    assert found["eve"]["outcome"] == "unreadable" and done.returncode == 1
    for path in (tmp_path / "out").rglob("*"):
        if "submissions" not in path.parts and path.name != "submissions":
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert sorted(p.stem for p in (tmp_path / "out" / "feedback").iterdir()) == ["ada", "bob", "cy", "dee", "eve"]


def test_a_second_run_grades_nothing_again_and_writes_the_same_bytes(batch: Grade, tmp_path: Path) -> None:
    batch()
    first = (tmp_path / "out" / "grades.csv").read_bytes()
    database = sqlite3.connect(tmp_path / "out" / "grades.sqlite")
    before = database.execute("SELECT rowid, key FROM results ORDER BY key").fetchall()
    batch("--jobs", "1")
    assert database.execute("SELECT rowid, key FROM results ORDER BY key").fetchall() == before
    assert len(before) == 3, "the two equal submissions share a result"
    assert (tmp_path / "out" / "grades.csv").read_bytes() == first


def test_killed_at_any_moment_a_batch_goes_on_where_it_was(
    batch: Grade, course: Path, submissions: Path, tmp_path: Path
) -> None:
    add_wrong(submissions, 6)
    whole, killed = tmp_path / "whole", tmp_path / "out"
    batch(out=whole)
    for kept in (1, 4):
        running = begun(course, submissions, killed)
        deadline = time.monotonic() + 120
        while len(results(killed)) < kept and time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert len(results(killed)) >= kept
    before = results(killed)
    batch()
    assert before.items() <= results(killed).items()
    assert (killed / "grades.csv").read_bytes() == (whole / "grades.csv").read_bytes()


def add_wrong(submissions: Path, students: int) -> None:
    """So many more students, each with a wrong answer of their own."""
    for number in range(students):
        (submissions / f"fay{number}").mkdir()
        (submissions / f"fay{number}" / "nmt.py").write_text(WRONG + f"\n# {number}\n", "utf-8")


def begun(course: Path, submissions: Path, out: Path) -> subprocess.Popen[str]:
    """A batch that is at work."""
    command = [sys.executable, "-m", "autograder", "batch", "hw5", str(submissions), "--out", str(out)]
    return subprocess.Popen(
        [*command, "--root", str(course), *ISOLATION],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def results(out: Path) -> dict[str, int]:
    try:
        with sqlite3.connect(f"file:{out / 'grades.sqlite'}?mode=ro", uri=True) as database:
            return dict(database.execute("SELECT key, rowid FROM results").fetchall())
    except sqlite3.OperationalError:
        return {}


@pytest.mark.parametrize("kept", [0, 2])
def test_a_folder_that_goes_away_stops_the_batch_with_a_sentence(
    course: Path, submissions: Path, tmp_path: Path, kept: int
) -> None:
    add_wrong(submissions, 20)
    out = tmp_path / "out"
    running = begun(course, submissions, out)
    deadline = time.monotonic() + 120
    while not (out / "grades.sqlite").exists() or len(results(out)) < kept:
        assert time.monotonic() < deadline and running.poll() is None
        time.sleep(0.01)
    out.rename(tmp_path / "elsewhere")
    _, told = running.communicate(timeout=120)
    assert (running.returncode, "is gone" in told and str(out) in told, "Traceback" in told) == (2, True, False), told


def test_two_graders_do_not_share_a_folder(batch: Grade, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with FileLock(out / "grades.lock"):
        done = batch()
    assert done.returncode == 2 and "another grade is at work" in done.stderr


def test_a_folder_that_cannot_be_written_is_said_to_be_so(batch: Grade, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    done = batch(out=tmp_path / "file" / "out")
    assert done.returncode == 2 and "cannot be used" in done.stderr


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 120 KiB."""
    disk = tmp_path / "small"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", disk], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_stops_the_batch_and_costs_nobody_points(batch: Grade, small: Path) -> None:
    done = batch(out=small / "out")
    assert done.returncode == 2 and "disk" in done.stderr and "type the same command again" in done.stderr
    assert not (small / "out" / "grades.csv").exists()


def test_a_damaged_ledger_is_left_alone(batch: Grade, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "grades.sqlite").write_bytes(b"this was never a database" * 100)
    done = batch()
    assert done.returncode == 2 and "damaged" in done.stderr
    assert (out / "grades.sqlite").read_bytes().startswith(b"this was")


def test_weights_change_nothing_until_a_teacher_regrades(
    batch: Grade, grade: Grade, course: Path, tmp_path: Path
) -> None:
    batch()
    with (course / "course.toml").open("a", encoding="utf-8") as file:
        file.write("weights = { truncate_pad = 12 }\n")
    stands = batch()
    assert "grade regrade" in stands.stdout and rows(tmp_path / "out")["ada"]["points"] == "6"
    shown = grade("regrade", str(tmp_path / "out"), "--diff", "--root", str(course))
    assert "ada: 6 → 12 (+6)" in shown.stdout and rows(tmp_path / "out")["ada"]["points"] == "6"
    grade("regrade", str(tmp_path / "out"), "--root", str(course))
    assert rows(tmp_path / "out")["ada"]["points"] == "12"


def test_lower_grades_are_given_only_when_told(batch: Grade, grade: Grade, course: Path, tmp_path: Path) -> None:
    batch()
    with (course / "course.toml").open("a", encoding="utf-8") as file:
        file.write("weights = { truncate_pad = 3 }\n")
    kept = grade("regrade", str(tmp_path / "out"), "--root", str(course))
    assert "2 would be lower and stand" in kept.stdout
    grade("regrade", str(tmp_path / "out"), "--lower", "--root", str(course))
    assert rows(tmp_path / "out")["ada"]["points"] == "3"


def test_an_override_survives_a_regrade(batch: Grade, grade: Grade, course: Path, tmp_path: Path) -> None:
    batch()
    out = str(tmp_path / "out")
    done = grade(
        "override", out, "cy", "truncate_pad", "4.5", "--why", "shown in the office hour", "--root", str(course)
    )
    assert done.returncode == 1 and rows(tmp_path / "out")["cy"]["points"] == "4.5", done.stderr
    batch()
    grade("regrade", out, "--root", str(course))
    assert rows(tmp_path / "out")["cy"]["points"] == "4.5"
    assert "shown in the office hour" in (tmp_path / "out" / "feedback" / "cy.html").read_text("utf-8")
    wrong = grade("override", out, "cyy", "truncate_pad", "1", "--why", "x", "--root", str(course))
    assert wrong.returncode == 2 and "did you mean cy?" in wrong.stderr


def test_explain_replays_a_check_and_writes_a_script_that_runs(
    batch: Grade, grade: Grade, course: Path, submissions: Path, tmp_path: Path
) -> None:
    (course / "course.toml").write_text('[homework.hw5]\nexercises = ["sequence_mask"]\n', "utf-8")
    (submissions / "dee" / "seq2seq.py").write_text(
        "def sequence_mask(X, valid_len, value=0):\n    return X * 2\n", "utf-8"
    )
    batch()
    out, script = str(tmp_path / "out"), tmp_path / "shown.py"
    overview = grade("explain", out, "dee", "--root", str(course))
    assert "sequence_mask.value.basic" in overview.stdout
    grade("explain", out, "dee", "sequence_mask.value.basic", "--script", str(script), "--root", str(course))
    shown = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert shown.returncode == 0 and "tensor(" in shown.stdout, shown.stderr


def test_explain_replays_the_attempt_that_counts(
    batch: Grade, grade: Grade, course: Path, submissions: Path, tmp_path: Path
) -> None:
    (course / "course.toml").write_text(
        '[homework.hw5]\nexercises = ["truncate_pad"]\n[attempts]\ncounts = "best"\n', "utf-8"
    )
    (submissions / "dee" / "attempt 2").mkdir()
    (submissions / "dee" / "nmt.py").rename(submissions / "dee" / "attempt 2" / "nmt.py")
    shutil.copytree(ROOT / "solutions" / "hw5", submissions / "dee" / "attempt 1")
    batch()
    assert rows(tmp_path / "out")["dee"]["points"] == "6"
    done = grade("explain", str(tmp_path / "out"), "dee", "truncate_pad.value.basic", "--root", str(course))
    assert "on the visible cases: passed" in done.stdout


def test_explain_of_an_exercise_with_a_probe_says_how_to_replay_it(
    batch: Grade, grade: Grade, course: Path, tmp_path: Path
) -> None:
    batch()
    done = grade("explain", str(tmp_path / "out"), "dee", "truncate_pad.value.basic", "--root", str(course))
    assert "--debug truncate_pad:0" in done.stdout


def test_hidden_cases_are_graded_and_not_shown(batch: Grade, submissions: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef", "utf-8")
    batch("--secret", str(secret))
    assert rows(tmp_path / "out")["ada"]["points"] == "6"
    secret.write_text("short", "utf-8")
    assert "at least 16" in batch("--secret", str(secret)).stderr


def test_only_some_students_are_graded_when_asked(batch: Grade, tmp_path: Path) -> None:
    batch("--only", "a*")
    found = rows(tmp_path / "out")
    assert found["ada"]["outcome"] == "graded" and found["bob"]["outcome"] == "waiting"
    batch("--except", "dee")
    assert (
        rows(tmp_path / "out")["bob"]["outcome"] == "graded" and rows(tmp_path / "out")["dee"]["outcome"] == "waiting"
    )


def test_too_little_memory_for_torch_is_refused(batch: Grade) -> None:
    done = batch("--memory", "0.1")
    assert done.returncode == 2 and "at least 0.5" in done.stderr


def test_missing_isolation_stops_the_batch(batch: Grade) -> None:
    done = batch("--require-isolation", "filesystem,teleportation")
    assert done.returncode == 2 and "teleportation" in done.stderr
