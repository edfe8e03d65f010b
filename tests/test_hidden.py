"""Hidden checks: graded where the secret is, told as “hidden checks: x of y”, and nothing else of them leaves."""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import autograder.report
from autograder.batch.combine import combined, lost
from autograder.batch.feedback import page
from autograder.battery.base import Failure, Judgement
from autograder.errors import UsageError
from autograder.exercise import Case, Exercise
from autograder.isolation import DEFAULT, attempt
from autograder.recorder import CaseBook
from autograder.recording import Fault
from autograder.settings import settings
from autograder.verdict import CheckVerdict, Outcome, Verdict
from tests.conftest import ROOT, exercise
from tests.grades import Grade, document

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SCHEMA = json.loads((Path(autograder.report.__file__).parent / "results.schema.json").read_text("utf-8"))
SECRET = "0123456789abcdef of this course"
ISOLATION = () if attempt().holds >= DEFAULT else ("--require-isolation", "none")
LEAK = "a value of a hidden case: 4711"
SHORT = exercise("truncate_pad")

PARTLY = '''def truncate_pad(line, num_steps, padding_token):
    """Right, but for lines of seven tokens that do not begin as a visible one does."""
    if len(line) == 7 and line[0] not in {first}:
        raise ValueError(f"{{line}} is of a case that nobody knows")
    return [*line[:num_steps], *[padding_token] * (num_steps - len(line))]
'''


def verdict(declared: Exercise, failing: dict[str, Outcome] | None = None) -> Verdict:
    """A verdict in which these checks fail, in words that must not be told."""
    failing = failing or {}
    checks = []
    for check in declared.checks:
        outcome = failing.get(check.id, Outcome.PASSED)
        failure = Failure("value", LEAK, 0, Fault("error", "ValueError", LEAK), LEAK, LEAK)
        judgement = Judgement() if outcome is Outcome.PASSED else Judgement((failure,), note=LEAK)
        checks.append(CheckVerdict(check, outcome, check.points if outcome is Outcome.PASSED else 0.0, judgement))
    outcome = next(iter(failing.values()), Outcome.PASSED)
    return Verdict(declared, visible(), tuple(checks), outcome)


def visible() -> tuple[Case, ...]:
    book = CaseBook()
    cases = book.of(SHORT).cases
    book.close()
    return cases


def test_a_check_counts_when_it_passes_on_both_kinds_of_cases() -> None:
    seen, hidden = verdict(SHORT), verdict(SHORT, {"value.padding": Outcome.FAILED})
    made = combined("hw5", [seen], [hidden], "phantom")
    (test,) = [t for t in made["tests"] if t["tags"] == ["hidden"]]
    assert (made["score"], test["output"], test["score"]) == (4.75, "hidden checks: 8 of 9", -1.25)
    assert made["exercises"][0]["hidden"] == {"passed": 8, "of": 9}
    assert made["score"] == sum(t["score"] for t in made["tests"])
    assert made["exercises"][0]["outcome"] == "failed"
    jsonschema.validate(made, SCHEMA)


def test_what_fails_on_visible_cases_is_lost_once() -> None:
    failing = {"value.padding": Outcome.FAILED}
    made = combined("hw5", [verdict(SHORT, failing)], [verdict(SHORT, failing)], "phantom")
    assert made["score"] == 4.75 and made["exercises"][0]["hidden"] == {"passed": 8, "of": 9}


@pytest.mark.parametrize(("at_stake", "cost"), [(None, 2.75), (3.0, 1.375), (0.0, 0.0)])
def test_no_more_points_are_lost_than_hang_on_hidden_cases(at_stake: float | None, cost: float) -> None:
    declared = dataclasses.replace(SHORT, hidden=at_stake)
    failing = {"value.padding": Outcome.FAILED, "value.basic": Outcome.ERROR}
    assert lost(verdict(declared), verdict(declared, failing)) == cost


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.FAILED])
def test_how_a_hidden_check_failed_is_not_told(outcome: Outcome) -> None:
    made = combined("hw5", [verdict(SHORT)], [verdict(SHORT, {"value.padding": outcome})], "phantom")
    assert made == combined("hw5", [verdict(SHORT)], [verdict(SHORT, {"value.padding": Outcome.FAILED})], "phantom")
    text = json.dumps(made) + page("hw5", Grade("ana", made, made["score"], 6.0), "case")
    assert "4711" not in text and "ValueError" not in text


@pytest.mark.parametrize("outcome", [Outcome.TAMPERED, Outcome.GRADER_ERROR])
def test_what_a_teacher_has_to_look_at_is_told_apart(outcome: Outcome) -> None:
    made = combined("hw5", [verdict(SHORT)], [verdict(SHORT, {"value.padding": outcome})], "phantom")
    assert made["tests"][-1]["outcome"] == outcome.value
    html = page("hw5", Grade("ana", made, made["score"], 6.0), "case")
    assert "tampered" not in html and "4711" not in html


def test_the_page_says_how_many_and_what_they_cost() -> None:
    made = combined("hw5", [verdict(SHORT)], [verdict(SHORT, {"value.padding": Outcome.FAILED})], "phantom")
    for reveal in ("family", "mistake", "case"):
        html = page("hw5", Grade("ana", made, made["score"], 6.0), reveal)
        assert "Hidden checks: 8 of 9</strong>, 1.25 points lost" in html
    assert "idden checks" not in page("hw5", Grade("ana", document(), 0.0, 6.0), "case")


def course(root: Path, text: str) -> Path:
    for name in ("assignments", "reference", "solutions"):
        shutil.copytree(ROOT / name / "hw5", root / name / "hw5", dirs_exist_ok=True)
    (root / "course.toml").write_text(text, "utf-8")
    return root


@pytest.mark.parametrize(
    ("said", "hidden", "told"),
    [
        ("", {"truncate_pad": 6, "sequence_mask": 16, "MaskedSoftmaxCELoss": 12}, ()),
        (
            "hidden = true",
            {"truncate_pad": 6, "sequence_mask": 16, "MaskedSoftmaxCELoss": 12},
            ("truncate_pad", "sequence_mask", "MaskedSoftmaxCELoss"),
        ),
        ("hidden = false", {"truncate_pad": 0, "sequence_mask": 0, "MaskedSoftmaxCELoss": 0}, ()),
        (
            "hidden = { sequence_mask = 4 }",
            {"truncate_pad": 0, "sequence_mask": 4, "MaskedSoftmaxCELoss": 0},
            ("sequence_mask",),
        ),
        (
            "weights = { truncate_pad = 12 }\nhidden = { truncate_pad = 12 }",
            {"truncate_pad": 12, "sequence_mask": 0, "MaskedSoftmaxCELoss": 0},
            ("truncate_pad",),
        ),
    ],
)
def test_a_course_says_how_many_points_hang_on_hidden_cases(
    tmp_path: Path, said: str, hidden: dict[str, float], told: tuple[str, ...]
) -> None:
    chosen = 'exercises = ["truncate_pad", "sequence_mask", "MaskedSoftmaxCELoss"]'
    found = settings(course(tmp_path, f"[homework.hw5]\n{chosen}\n{said}\n"))
    assert {e.name: e.at_stake for e in found.exercises("hw5")} == hidden
    assert found.told_of_hidden("hw5") == told


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("hidden = { sequence_mask = 17 }", "homework.hw5.hidden.sequence_mask must be a number from 0 to 16"),
        ("hidden = { sequence_musk = 1 }", "is no exercise here; did you mean sequence_mask?"),
        ('hidden = "yes"', "must be a table"),
    ],
)
def test_a_course_that_says_it_wrongly_is_told_so(tmp_path: Path, said: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        settings(course(tmp_path, f"[homework.hw5]\n{said}\n"))
    assert sentence in str(error.value)


@pytest.fixture
def graded(grade: Run, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A batch of one who solved it and one whose code is right on the visible cases only."""
    handed_in = tmp_path / "handed in"
    first = [case.args[0][0] for case in visible() if len(case.args[0]) == 7]
    for name, text in (
        ("ada", (ROOT / "solutions/hw5/nmt.py").read_text("utf-8")),
        ("bob", PARTLY.format(first=first)),
    ):
        (handed_in / name).mkdir(parents=True)
        (handed_in / name / "nmt.py").write_text(text, "utf-8")

    def run(said: str, *options: str) -> subprocess.CompletedProcess[str]:
        root = course(tmp_path / "course", f'[homework.hw5]\nexercises = ["truncate_pad"]\n{said}\n')
        (tmp_path / "secret").write_text(SECRET, "utf-8")
        out = ("--out", str(tmp_path / "out"), "--root", str(root))
        return grade("batch", "hw5", str(handed_in), *out, *ISOLATION, *options)

    return run


def test_a_batch_with_the_secret_tells_how_many_hidden_checks_passed_and_nothing_else(
    graded: Callable[..., subprocess.CompletedProcess[str]], grade: Run, tmp_path: Path
) -> None:
    done = graded("hidden = true", "--secret", str(tmp_path / "secret"))
    assert done.returncode == 0, done.stdout + done.stderr
    out = tmp_path / "out"
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert (rows["ada"]["points"], rows["ada"]["hidden checks"]) == ("6", "9 of 9")
    assert (rows["bob"]["points"], rows["bob"]["hidden checks"]) == ("0", "0 of 9"), "values are what all else rests on"
    made = json.loads((out / "results" / "bob.json").read_text("utf-8"))
    jsonschema.validate(made, SCHEMA)
    assert made["tests"][-1]["output"] == "hidden checks: 0 of 9"
    assert "hidden checks: 0 of 9" in (out / "feedback" / "bob.html").read_text("utf-8").lower()
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["exercises"][0]["hidden checks"] == "9 of 18" and "9 of 18" in done.stdout
    for path in (*(out / "results").iterdir(), *(out / "feedback").iterdir(), out / "summary.json", out / "grades.csv"):
        text = path.read_text("utf-8")
        assert "nobody knows" not in text and "ValueError" not in text and SECRET not in text, path
    explained = grade("explain", str(out), "bob", "truncate_pad.hidden", "--root", str(tmp_path / "course"))
    assert "on the hidden cases: error" in explained.stdout and "nobody knows" in explained.stdout, "a teacher may see"


def test_a_batch_without_the_secret_says_that_hidden_checks_are_not_graded(
    graded: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = graded("hidden = true")
    assert "not graded without --secret" in done.stdout
    assert "idden checks" not in (tmp_path / "out" / "feedback" / "ada.html").read_text("utf-8")
    assert "not graded without --secret" not in graded("").stdout


def test_an_exercise_of_which_nothing_hangs_on_hidden_cases_is_not_tried_on_them(
    graded: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    graded("hidden = false", "--secret", str(tmp_path / "secret"))
    made = json.loads((tmp_path / "out" / "results" / "bob.json").read_text("utf-8"))
    assert made["score"] == 6 and "hidden" not in made["exercises"][0]
