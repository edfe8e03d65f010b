"""Whatever a submission does: no point is forged, nothing outside is touched, and others keep their grade."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest

from autograder.grader import Grader
from autograder.submission import Submission
from tests.conftest import exercise
from tests.hostile.attacks import ATTACKS, HONEST, Attack

LONGEST = 16.0  # seconds: three stops of a second each, the backstop of the wall clock, and room on a busy machine


def submit(folder: Path, code: str) -> Submission:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    (folder / "seq2seq.py").write_text(code, "utf-8")
    return Submission("student", folder, {"seq2seq.py": folder / "seq2seq.py"})


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gains_nothing(locked: Grader, treasure: Path, tmp_path: Path, attack: Attack) -> None:
    found = exercise("sequence_mask")
    code = f"TREASURE = {str(treasure)!r}\nJUDGE = {os.getpid()}\n" + attack.code
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    started = time.monotonic()
    verdict = locked.grade(found, submit(tmp_path / "attacker", code), name_mistakes=False)
    seconds = time.monotonic() - started
    assert verdict.score <= attack.most, verdict.codes()
    assert verdict.full == attack.honest, verdict.codes()
    assert attack.seen <= {check.outcome.value for check in verdict.checks}, verdict.codes()
    assert treasure.read_text("utf-8") == "untouched"
    assert seconds < LONGEST
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
    honest = submit(tmp_path / "neighbour", HONEST + "\nsequence_mask = honest\n")
    assert locked.grade(found, honest, name_mistakes=False).full
