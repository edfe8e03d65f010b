"""Whatever a submission does: no point is forged, nothing outside is touched, and others keep their grade."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from autograder.grader import Grader
from autograder.submission import Submission
from tests.conftest import exercise
from tests.hostile.attack import HONEST, WORTH, Attack
from tests.hostile.collection import ATTACKS
from tests.hostile.conftest import Outside

LONGEST = 25.0  # seconds: three stops, each after a second of work or the backstop of the wall, on a busy machine


def submit(folder: Path, name: str, code: str) -> Submission:
    file = exercise(name).file
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    (folder / file).write_text(code, "utf-8")
    return Submission("student", folder, {file: folder / file})


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def left_behind(before: set[int]) -> set[int]:
    """Processes that are still there after a while. Nobody waits for a worker that has been told to end."""
    started = time.monotonic()
    while (found := children() - before) and time.monotonic() - started < 5:
        time.sleep(0.01)
    return found


def test_there_are_enough() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gains_nothing(locked: Grader, outside: Outside, tmp_path: Path, attack: Attack) -> None:
    before = children()
    attacker = submit(tmp_path / "attacker", attack.exercise, outside.names() + attack.code)
    started = time.monotonic()
    verdict = locked.grade(exercise(attack.exercise), attacker, name_mistakes=False)
    seconds = time.monotonic() - started
    told = [f.message for check in verdict.checks for f in check.judgement.failures][:4]
    assert verdict.score == attack.score, (verdict.codes(), told)
    assert verdict.outcome.value in attack.outcome.split(" or "), (verdict.codes(), told)
    assert verdict.full == attack.full, verdict.codes()
    assert outside.untouched()
    assert seconds < LONGEST
    assert not left_behind(before)
    honest = submit(tmp_path / "neighbour", "tokenize", HONEST["tokenize"])
    assert locked.grade(exercise("tokenize"), honest, name_mistakes=False).full


@pytest.mark.parametrize("name", WORTH)
def test_the_honest_get_full_marks(locked: Grader, tmp_path: Path, name: str) -> None:
    verdict = locked.grade(exercise(name), submit(tmp_path / "honest", name, HONEST[name]), name_mistakes=False)
    assert verdict.full and verdict.score == WORTH[name]
