"""`course.toml`: what it may hold, what is wrong in it, and that its rules are fair."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.batch.records import Attempt
from autograder.errors import UsageError
from autograder.exercises import homework
from autograder.rules import Extension, Feedback, Homework, Late
from autograder.settings import Settings, settings

DUE = datetime(2026, 10, 5, 23, 59, tzinfo=timezone(timedelta(hours=2)))
WHOLE = """
[homework.hw3]
due = 2026-10-05T23:59:00+02:00
exercises = ["conv2d", "corr2d"]
weights = { conv2d = 30 }
[homework.hw3.feedback]
reveal = "none"
[late]
grace_minutes = 15
per_day = 0.1
at_most_days = 5
[attempts]
counts = "last_on_time"
[extensions.Alice]
hw3 = 2026-10-07T23:59:00+02:00
extra_days = 1
[feedback]
from = "due"
reveal = "family"
until = "closed"
then = "case"
"""


def _settings(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    return settings(tmp_path)


def test_without_a_file_nothing_is_decided(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    assert chosen == Settings()
    assert chosen.exercises("hw3") == homework("hw3")
    assert chosen.late("alice", "hw3", "2030-01-01T00:00:00+00:00") == (1.0, "")
    assert chosen.reveals("hw3", DUE) == "case"


def test_a_whole_file(tmp_path: Path) -> None:
    chosen = _settings(tmp_path, WHOLE)
    corr2d, conv2d = chosen.exercises("hw3")
    assert (corr2d.name, conv2d.name, conv2d.points) == ("corr2d", "conv2d", 30)
    assert sum(check.points for check in conv2d.checks) == pytest.approx(30)
    assert corr2d == homework("hw3")[0]
    assert chosen.due("alice", "hw3") == DUE + timedelta(days=2)
    assert chosen.due("bob", "hw3") == DUE
    assert chosen.strangers(["bob"]) == ["alice"]
    assert chosen.strangers(["ALICE"]) == []


@pytest.mark.parametrize(
    ("after", "kept", "told"),
    [
        (timedelta(0), 1.0, ""),
        (timedelta(minutes=15), 1.0, ""),
        (timedelta(minutes=16), 0.9, "Handed in 16 min late (1 day begun): 90 % of the points are kept."),
        (timedelta(days=1), 0.9, "Handed in 24 h late (1 day begun): 90 % of the points are kept."),
        (timedelta(days=1, hours=6), 0.8, "Handed in 30 h late (2 days begun): 80 % of the points are kept."),
        (timedelta(days=5, hours=1), 0.0, "Handed in 5 days late (6 days begun): that is too late to count."),
    ],
)
def test_lateness(tmp_path: Path, after: timedelta, kept: float, told: str) -> None:
    chosen = _settings(tmp_path, WHOLE)
    submitted = (DUE + after).astimezone(timezone.utc).isoformat()
    assert chosen.late("bob", "hw3", submitted) == (pytest.approx(kept), told)


def test_an_unknown_time_costs_nothing_and_is_said(tmp_path: Path) -> None:
    chosen = _settings(tmp_path, WHOLE)
    assert chosen.late("bob", "hw3", None) == (1.0, "It is not known when it was handed in; nothing was taken off.")
    assert "but not by how much" in chosen.late("bob", "hw3", None, late=True)[1]
    assert chosen.late("bob", "hw3", "2030-01-01T00:00:00")[0] == 1.0
    assert chosen.late("bob", "hw4", "2030-01-01T00:00:00Z") == (1.0, "")


def test_a_group_is_due_with_the_last_of_its_members(tmp_path: Path) -> None:
    chosen = _settings(tmp_path, WHOLE)
    submitted = (DUE + timedelta(days=2)).isoformat()
    assert chosen.late("alice + bob", "hw3", submitted)[0] == pytest.approx(0.8)
    assert chosen.late("alice + bob", "hw3", submitted, members=("alice", "bob")) == (1.0, "")


def test_late_none_takes_nothing_off(tmp_path: Path) -> None:
    chosen = _settings(tmp_path, 'late = "none"\n[homework.hw3]\ndue = 2026-10-05T23:59:00Z\n')
    assert chosen.late("bob", "hw3", "2030-01-01T00:00:00Z") == (1.0, "")


def test_feedback_by_date(tmp_path: Path) -> None:
    chosen = _settings(tmp_path, WHOLE.replace('[homework.hw3.feedback]\nreveal = "none"', ""))
    alice_is_due = DUE + timedelta(days=2, minutes=15)
    assert chosen.reveals("hw3", alice_is_due - timedelta(seconds=1)) == "none"
    assert chosen.reveals("hw3", alice_is_due) == "family"
    assert chosen.reveals("hw3", DUE + timedelta(days=7) - timedelta(seconds=1)) == "family"
    assert chosen.reveals("hw3", DUE + timedelta(days=7)) == "case"
    assert chosen.reveals("hw4", DUE + timedelta(days=9999)) == "none"
    assert _settings(tmp_path, WHOLE).reveals("hw3", DUE + timedelta(days=99)) == "none"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[homwork.hw3]", r"course.toml: homwork is no key here; did you mean homework\?"),
        ("[homework.hw33]", r"homework.hw33 is no homework here; did you mean hw3\?"),
        ("[homework.hw3]\ndues = 1", r"homework.hw3.dues is no key here; did you mean due\? Allowed: due, ex"),
        ("[homework.hw3]\ndue = 2026-10-05T23:59:00", "homework.hw3.due must be .* it has no offset"),
        ("[homework.hw3]\ndue = '2026'", "homework.hw3.due must be a date and time .* it is the text '2026'"),
        ("[homework.hw3]\ndue = 2026-10-05", "homework.hw3.due must be a date and time"),
        ("[homework.hw3]\nexercises = ['conv']", r"'conv', which is no exercise here; did you mean \w+\?"),
        ("[homework.hw3]\nexercises = []", "must be a list of exercises: corr2d"),
        ("[homework.hw3]\nexercises = ['conv2d', 'conv2d']", "twice"),
        ("[homework.hw3]\nweights = { conv2 = 1 }", r"weights.conv2 is no exercise here; did you mean conv2d\?"),
        ("[homework.hw3]\nweights = { conv2d = -1 }", "weights.conv2d must be a number from 0 upwards, it is -1"),
        ("[homework.hw3]\nweights = { conv2d = nan }", "weights.conv2d must be a number"),
        ("[late]\nper_day = 10", "late.per_day must be a number from 0 to 1, it is 10"),
        ("[late]\nper_day = true", "late.per_day must be .* it is true"),
        ("[late]\nat_most_days = 1.5", "late.at_most_days must be a whole number"),
        ("late = 'never'", "late cannot be 'never'; Allowed: none"),
        ("[attempts]\ncounts = 'lst'", r"attempts.counts cannot be 'lst'; did you mean last\?"),
        ("[extensions.bob]\nhw3 = 2026-10-05T23:59:00Z", "extends what is not due: set homework.hw3.due"),
        (
            "[homework.hw3]\ndue = 2026-10-05T23:59:00Z\n[extensions.bob]\nhw3 = 2026-10-04T23:59:00Z",
            "extensions.bob.hw3 is earlier",
        ),
        ("[extensions.bob]\n[extensions.Bob]", "is there twice"),
        ("[feedback]\nreveal = 'all'", "feedback.reveal cannot be 'all'"),
        ("[feedback]\nreveal = 'mistake'\nuntil = 'due'\nthen = 'family'", "feedback.then reveals less"),
        ("[feedback]\nthen = 'case'", "needs `until`"),
        ("[feedback]\nuntil = 'dew'", r"feedback.until cannot be 'dew'; did you mean due\?"),
        ("late]", "course.toml cannot be read: "),
        ("homework = 1", "homework must be a table, it is the number 1"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        _settings(tmp_path, text)


hours = st.floats(-400, 400).map(lambda h: timedelta(hours=h))
rules = st.builds(
    Late,
    st.floats(0, 3000).map(lambda minutes: timedelta(minutes=minutes)),
    st.just(0.0) | st.floats(0.001, 1),
    st.none() | st.integers(0, 10),
)


def _kept(rule: Late, submitted: datetime, extension: Extension | None = None) -> float:
    chosen = Settings({"hw3": Homework(DUE)}, rule, extensions={} if extension is None else {"bob": extension})
    return chosen.late("bob", "hw3", submitted.isoformat())[0]


@given(rules, hours, hours)
def test_later_is_never_more_and_a_fraction(rule: Late, one: timedelta, other: timedelta) -> None:
    early, late = sorted([one, other])
    assert 0.0 <= _kept(rule, DUE + late) <= _kept(rule, DUE + early) <= 1.0
    assert early > timedelta(0) or _kept(rule, DUE + early) == 1.0


@given(rules, hours, hours, st.floats(0, 30))
def test_an_extension_never_lowers(rule: Late, submitted: timedelta, due: timedelta, extra: float) -> None:
    more = Extension({"hw3": DUE + due}, timedelta(days=extra))
    assert _kept(rule, DUE + submitted, more) >= _kept(rule, DUE + submitted)


@given(rules, hours)
def test_what_counts_ends_when_it_is_closed(rule: Late, after: timedelta) -> None:
    if after > rule.span and (rule.per_day or rule.at_most_days is not None):
        assert rule.kept(after) <= 1e-9


@given(rules, st.lists(hours, min_size=1, max_size=5), st.lists(st.floats(0, 10), min_size=5, max_size=5))
def test_the_best_attempt_is_best_and_one_more_never_lowers(
    rule: Late, times: list[timedelta], points: list[float]
) -> None:
    chosen = Settings({"hw3": Homework(DUE)}, rule, counts="best")
    attempts = [Attempt("bob", Path(str(i)), i + 1, (DUE + after).isoformat()) for i, after in enumerate(sorted(times))]

    def worth(attempt: Attempt) -> float:
        return points[attempt.number - 1] * chosen.late("bob", "hw3", attempt.submitted)[0]

    best = chosen.counting("hw3", attempts, lambda a: points[a.number - 1])
    assert chosen.to_grade("hw3", attempts) == tuple(attempts)
    assert worth(best) == max(map(worth, attempts))
    if len(attempts) > 1:
        assert worth(best) >= worth(chosen.counting("hw3", attempts[:-1], lambda a: points[a.number - 1]))


def test_which_attempt_counts() -> None:
    times = (DUE - timedelta(days=1), DUE + timedelta(hours=1), DUE + timedelta(days=3))
    attempts = [Attempt("bob", Path("x"), i + 1, time.isoformat()) for i, time in enumerate(times)]
    last = Settings({"hw3": Homework(DUE)})
    on_time = Settings({"hw3": Homework(DUE)}, counts="last_on_time")
    assert last.counting("hw3", attempts[::-1]).number == 3
    assert on_time.counting("hw3", attempts).number == 1
    assert on_time.counting("hw3", attempts[1:]).number == 2
    more = Settings({"hw3": Homework(DUE)}, counts="last_on_time", extensions={"ann": Extension({}, timedelta(days=4))})
    group = [Attempt("ann + bob", Path("x"), 1, a.submitted, members=("ann", "bob")) for a in attempts[2:]]
    assert more.counting("hw3", [*attempts[:1], *group]).student in ("bob", "ann + bob")
    assert more._on_time("hw3", group[0])


def test_feedback_defaults_to_everything_at_once() -> None:
    assert Settings(feedback=Feedback("mistake")).reveals("hw3", DUE) == "mistake"
