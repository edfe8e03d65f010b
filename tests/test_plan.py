"""Which runs are made of which cases, and where operators are watched."""

from __future__ import annotations

from autograder.exercise import Case, Check, Exercise, Operations
from autograder.plan import plan, watched


def exercise(rule: Operations | None) -> Exercise:
    checks = (Check("value", 1, "", aspect="basic"), Check("operations", 1, ""), Check("device", 1, ""))
    return Exercise("hw0", "f", "f.py", 3, checks, lambda draw: (), operations=rule)


CASES = (
    Case("one", "basic"),
    Case("two", "basic"),
    Case("three", "basic"),
    Case("other", "other"),
    Case("again", "other", runs=("plain",)),
    Case("alone", "alone", runs=("plain",)),
)


def seen(rule: Operations | None) -> set[str]:
    one = exercise(rule)
    return {CASES[index].name for index in watched(one, CASES, list(plan(one, CASES)))}


def test_without_a_rule_nothing_is_watched() -> None:
    assert seen(None) == set()


def test_where_values_must_stay_in_torch_what_is_counted_is_watched_and_the_first_of_each_aspect() -> None:
    assert seen(Operations()) == {"one", "two", "other", "alone"}


def test_where_a_ready_made_function_could_do_the_work_every_plain_run_is_watched() -> None:
    assert seen(Operations(forbidden=("conv2d",))) == {case.name for case in CASES}
    assert seen(Operations(allowed=("add",))) == {case.name for case in CASES}
