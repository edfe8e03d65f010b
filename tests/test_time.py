"""Time beside the points: who is timed how, what it can cost, and what is shown of it."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import autograder.report
from autograder import catalogue
from autograder.batch.request import BatchRequest
from autograder.commands.batch import run_batch
from autograder.commands.grade import Asked, Request, _of_time
from autograder.commands.regrade import run_regrade
from autograder.draw import Draw
from autograder.errors import UsageError
from autograder.exercise import Exercise
from autograder.exercises import homework, homeworks
from autograder.grader import Grader
from autograder.isolation import DEFAULT, attempt
from autograder.report import times as shown
from autograder.report.html import results_page
from autograder.report.results import results
from autograder.report.terminal import LinearView, TableView
from autograder.settings import settings
from autograder.timing import measure as measuring
from autograder.timing import outside
from autograder.timing.interval import Interval
from autograder.timing.times import AtSize, Times
from autograder.verdict import Outcome, Verdict
from tests.conftest import ROOT, exercise

SCHEMA = json.loads((Path(autograder.report.__file__).parent / "results.schema.json").read_text("utf-8"))
TIMED = [e for name in homeworks() for e in homework(name) if e.timing is not None]
MASK = exercise("sequence_mask")
LARGE = AtSize(256, 52, Interval(2.2, 2.4, 2.6), 4e-3, 9.6e-3, 1e-3, 0.2, (1024, 4096))
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def times(outcome: str = "shown", limit: float | None = None, **more: object) -> Times:
    small = replace(LARGE, size=4, ratio=Interval(1.9, 2.3, 2.7), naive=None, memory=None)
    return replace(Times("batch", (small, LARGE), limit, outcome), **more)  # type: ignore[arg-type]


def counted(factor: float = 3.0, points: float | None = None) -> Exercise:
    """sequence_mask as a course has it in which time counts."""
    rule = f"{factor}" if points is None else f"{{ factor = {factor}, points = {points} }}"
    return course_of(f"[homework.hw5]\ntime = {{ sequence_mask = {rule} }}\n", "hw5")["sequence_mask"]


def course_of(text: str, name: str) -> dict[str, Exercise]:
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "course.toml").write_text(text, "utf-8")
        return {e.name: e for e in settings(Path(root)).exercises(name, time=True)}


@pytest.mark.parametrize("declared", TIMED, ids=lambda e: e.name)
def test_what_a_timing_says_is_there(declared: Exercise) -> None:
    timing = declared.timing
    assert timing is not None and list(timing.sizes) == sorted(set(timing.sizes))
    catalogue.baseline(ROOT, declared)
    catalogue.naive(ROOT, declared)
    one, other = (timing.case(Draw(seed), timing.sizes[0]) for seed in (1, 2))
    assert [getattr(a, "data", a).shape for a in one.args if hasattr(a, "data")] == [
        getattr(a, "data", a).shape for a in other.args if hasattr(a, "data")
    ]
    assert any((a.data != b.data).any() for a, b in zip(one.args, other.args, strict=True) if hasattr(a, "data"))


def test_the_points_of_time_come_out_of_the_others() -> None:
    for made, worth in ((counted(), 1.6), (counted(points=4), 4.0)):
        assert sum(check.points for check in made.checks) == pytest.approx(MASK.points)
        assert made.checks[-1].family == "time" and made.checks[-1].points == pytest.approx(worth)
        assert made.max_time == 3.0


def test_where_time_is_not_measured_nothing_hangs_on_it(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("[homework.hw5]\ntime = { sequence_mask = 3 }\n", "utf-8")
    found = settings(tmp_path)
    assert found.exercises("hw5") == homework("hw5")
    assert found.told_of_time("hw5") == {"sequence_mask": 3.0}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{ sequence_mask = 1.1 }", "from 1.5"),
        ("{ truncate_pad = 3 }", "is not timed"),
        ("{ nothing = 3 }", "no exercise here"),
        ("{ sequence_mask = { points = 2 } }", "factor is missing"),
        ("{ sequence_mask = { factor = 3, points = 99 } }", "from 0 to 16"),
        ("{ sequence_mask = { factor = 3, weight = 2 } }", "no key here"),
        ("3", "must be a table"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(rule: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        course_of(f"[homework.hw5]\ntime = {rule}\n", "hw5")


@pytest.fixture(scope="module")
def right(grader: Grader) -> Verdict:
    return grader.grade(MASK, catalogue.solution(ROOT, MASK))


def judged(grader: Grader, declared: Exercise, found: Times | None) -> Verdict:
    theirs = grader.record(catalogue.solution(ROOT, declared), declared)
    theirs.times = found
    return grader.judge(declared, theirs)


@pytest.mark.parametrize(
    ("found", "outcome", "earned"),
    [
        (times("within", 3.0), Outcome.PASSED, 1.6),
        (times("slower", 2.0), Outcome.FAILED, 0.0),
        (times("undecided", 2.4), Outcome.UNDECIDED, 1.6),
        (times("wrong", 3.0, wrong="the answer is wrong"), Outcome.FAILED, 0.0),
        (None, Outcome.SKIPPED, 0.0),
    ],
)
def test_what_time_costs(grader: Grader, found: Times | None, outcome: Outcome, earned: float) -> None:
    verdict = judged(grader, counted(), found)
    assert verdict.checks[-1].outcome is outcome
    assert verdict.checks[-1].score == pytest.approx(earned)
    assert verdict.score == pytest.approx(14.4 + earned)
    assert verdict.full == (earned > 0)
    assert verdict.outcome is (outcome if outcome is Outcome.FAILED else Outcome.PASSED)


def test_wrong_answers_are_not_timed(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*anything: object) -> Times:
        raise AssertionError

    monkeypatch.setattr(measuring, "measure", never)
    verdict = grader.grade(counted(), catalogue.stub(ROOT, MASK))
    assert not verdict.full and verdict.times is None
    assert grader.grade(MASK, catalogue.solution(ROOT, MASK)).times is None  # nobody asked for it


def test_what_is_said_where_time_is_not_measured() -> None:
    asked = Asked([MASK], time={"sequence_mask": 3.0})
    assert "at most 3 times" in " ".join(_of_time(Request("hw5"), asked))
    assert "holds no reference" in " ".join(_of_time(Request("hw5", time=True), replace(asked, time={}, bundle=True)))
    assert "none of these" in " ".join(_of_time(Request("hw5", time=True), Asked([exercise("truncate_pad")])))
    assert not list(_of_time(Request("hw5", time=True), Asked([MASK])))


@linux
def test_who_is_held_does_not_run() -> None:
    code = "import os\nif os.fork() == 0:\n    while True: pass\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        try:
            until = time.monotonic() + 20
            while len(outside.family(process.pid)) < 2 and time.monotonic() < until:
                time.sleep(0.01)
            assert len(outside.family(process.pid)) == 2
            outside.hold(process.pid)
            time.sleep(0.05)
            before = outside.account(process.pid)
            time.sleep(0.2)
            assert outside.account(process.pid).ran == before.ran
            outside.release(process.pid)
            while outside.account(process.pid).ran < before.ran + 0.1 and time.monotonic() < until:
                time.sleep(0.01)
            assert outside.account(process.pid).ran >= before.ran + 0.1  # both of them
        finally:
            for one in reversed(outside.family(process.pid)):
                subprocess.run(["kill", "-9", str(one)], check=False)


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "course"
    root.mkdir()
    for name in ("assignments", "reference", "solutions"):
        (root / name).symlink_to(ROOT / name)
    rule = '[homework.hw5]\nexercises = ["sequence_mask"]\ntime = { sequence_mask = 3 }\n'
    (root / "course.toml").write_text(rule, "utf-8")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "seq2seq.py").write_bytes((ROOT / "solutions/hw5/seq2seq.py").read_bytes())
    yield root


def graded(folder: Path) -> dict[str, str]:
    with io.StringIO((folder / "grades.csv").read_text("utf-8-sig")) as file:
        return next(iter(csv.DictReader(file)))


def test_a_busy_machine_costs_nothing_and_is_asked_again(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float | None] = []
    answers = iter([times("undecided", 3.0), times("within", 3.0), times("slower", 3.0)])

    def measured(declared: Exercise, *rest: object) -> Times:
        asked.append(declared.max_time)
        return next(answers)

    monkeypatch.setattr(measuring, "measure", measured)
    isolation = "default" if attempt().holds >= DEFAULT else "none"
    out, secret = tmp_path / "out", tmp_path / "secret"
    secret.write_text("0123456789abcdef of this course", "utf-8")
    request = BatchRequest("hw5", tmp_path / "in", out, root=course, isolation=isolation, secret=secret)
    assert run_batch(request) == 3
    assert graded(out)["outcome"] == "set_apart" and graded(out)["points"] == ""
    page = (out / "feedback" / "ada.html").read_text("utf-8")
    assert "costs no points" in page and "too busy" in page
    assert run_batch(request) == 0  # measured again
    assert graded(out)["points"] == "16"
    document = json.loads((out / "results" / "ada.json").read_text("utf-8"))
    jsonschema.validate(document, SCHEMA)
    assert document["exercises"][0]["time"]["outcome"] == "within"
    assert run_batch(request) == 0 and asked == [3.0, 3.0]  # it is known now
    assert run_regrade(out, False, False, 1, course) == 0 and asked == [3.0, 3.0]


def test_results_hold_times(right: Verdict) -> None:
    for found in (times(), times("slower", 2.0), times("wrong", 2.0, sizes=(), wrong="\x1b[2Jraised")):
        document = results("hw5", [replace(right, times=found)], 1.0, "phantom")
        jsonschema.validate(json.loads(json.dumps(document)), SCHEMA)
        assert "\x1b" not in json.dumps(document, ensure_ascii=False)
    few = replace(LARGE, ratio=Interval(0.0, 2.4, math.inf))
    part = SCHEMA["properties"]["exercises"]["items"]["properties"]["time"]
    jsonschema.validate(json.loads(json.dumps(shown.document(times(sizes=(few,))))), part)


def said(view: type[TableView] | type[LinearView], verdict: Verdict) -> str:
    console = Console(width=80, file=io.StringIO(), record=True)
    view(console).show(verdict)
    return console.export_text()


def test_bars_and_sentences(right: Verdict) -> None:
    verdict = replace(right, times=times())
    table = said(TableView, verdict)
    assert "reference  ██" in table and "9.6 ms, 2.4 × (2.2 to 2.6)" in table and "naive loop" in table
    assert "memory     4 KiB, reference 1 KiB" in table
    linear = said(LinearView, verdict)
    assert "█" not in linear and "you 9.6 ms, 2.4 × (2.2 to 2.6)" in linear
    page = results_page("hw5", [verdict])
    assert 'role="img"' in page and "2.4 × (2.2 to 2.6)" in page and "<script" not in page
    assert "time" not in said(TableView, right)


def test_a_loop_is_told_apart_from_slower_code() -> None:
    slower = times()
    loop = times(sizes=(replace(slower.sizes[0], ratio=Interval(1.0, 1.1, 1.2)), LARGE))
    assert loop.falls_behind and not slower.falls_behind
    assert "as loops do" in " ".join(shown.notes(shown.document(loop)))


@given(st.floats(0, 10), st.floats(0, 10), st.none() | st.floats(0, 100))
def test_no_bar_is_longer_than_the_longest(reference: float, mine: float, naive: float | None) -> None:
    found = shown.document(times(sizes=(replace(LARGE, reference=reference, mine=mine, naive=naive),)))
    bars = shown.bars(found["sizes"][0])
    assert all(0 <= bar.share <= 1 for bar in bars)
    assert not any(bar.cut for bar in bars[:2])
    assert str(shown.drawing(found)).count("<rect") == len(bars)
