"""Each family of checks on recordings made by hand: the judge runs nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.arrays import Array
from autograder.battery import judge
from autograder.battery.base import Context
from autograder.battery.cost import growth
from autograder.exercise import Case, Check, Count, Exercise, Operations
from autograder.recording import Fault, Record, Recording
from autograder.verdict import Outcome
from autograder.verdict import judge as judge_all

CASES = (
    Case("small"),
    Case("wide", aspect="wide"),
    *(Case(f"{n} rows", aspect="rows", grows="rows", size=n) for n in (2, 4, 8)),
    Case("bad", aspect="errors"),
)


def array(*values: float, dtype: str = "float32") -> Array:
    return Array(dtype, np.array(values, dtype=dtype), {})


def witnessed(**counts: int) -> dict[str, Any]:
    """What both witnesses tell of costs."""
    return {"counts": counts, "recorded": counts}


def recording(
    values: dict[int, Any] | None = None,
    gradients: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    counts: tuple[int, int, int] = (5, 5, 5),
    counted_facts: dict[str, Any] | None = None,
    phantom: Record | None = None,
    bad: Fault | None = None,
    detached: bool = False,
) -> Recording:
    """A submission that answers [1, 2] and [3] with the gradients given, changed where told."""
    answers = {0: array(1, 2), 1: array(3)} | (values or {})
    records: dict[tuple[int, str], Record] = {}
    for index, value in answers.items():
        record = Record(fault=value) if isinstance(value, Fault) else Record(value, facts or {"profiled": ["add"]})
        records[index, "plain"] = record
        if record.ok:
            found = {"x": array(1)} if gradients is None else gradients
            records[index, "gradient"] = Record(value, {}, found, detached)
            records[index, "counted"] = Record(value, {"dispatched": {"add": 1}, **(counted_facts or {})})
            records[index, "phantom"] = phantom or Record(value, {"on_device": [True], "events": []})
    for index, count in zip((2, 3, 4), counts, strict=True):
        records[index, "counted"] = Record(
            array(0), {"dispatched": {"add": count}, **witnessed(operators=count, held=count * 4096)}
        )
    records[5, "plain"] = Record(fault=bad) if bad else Record(array(0))
    return Recording(records)


RAISES = Fault("error", "ValueError", "bad")
REFERENCE = recording(bad=RAISES)


def exercise(*checks: Check, **rest: Any) -> Exercise:
    return Exercise("hw0", "f", "f.py", sum(c.points for c in checks), checks, lambda draw: CASES, **rest)


def codes(
    family: str, theirs: Recording, aspect: str | None = None, ours: Recording = REFERENCE, **rest: Any
) -> set[str]:
    check = Check(family, 1, "", aspect)
    found = judge(Context(exercise(check, **rest), CASES, ours, theirs), check)
    return {failure.code for failure in found.failures}


def growing(count: Count, sizes: tuple[int, int, int]) -> Recording:
    """A submission with these counts of one kind, as both witnesses tell of them."""
    made = recording()
    for index, number in zip((2, 3, 4), sizes, strict=True):
        made.records[index, "counted"] = Record(array(0), {"dispatched": {"add": 5}, **witnessed(**{count: number})})
    return made


@pytest.mark.parametrize(
    "family", ["value", "gradient", "purity", "device", "transfers", "scaling", "memory", "errors"]
)
def test_the_reference_passes_its_own_checks(family: str) -> None:
    aspect = "basic" if family == "value" else "rows" if family == "scaling" else None
    assert codes(family, recording(bad=RAISES), aspect) == set()


def test_a_wrong_value_fails_its_own_aspect_only() -> None:
    wrong = recording({1: array(4)})
    assert codes("value", wrong, "basic") == set()
    assert codes("value", wrong, "wide") == {"value"}


def test_shape_and_dtype_have_checks_of_their_own() -> None:
    assert codes("shape", recording({0: array(1, 2, 3)})) == {"shape"}
    assert codes("dtype", recording({0: array(1, 2, dtype="float64")})) == {"dtype"}
    assert codes("shape", recording({0: array(1, 9)})) == set()


def test_an_answer_that_never_came_fails() -> None:
    silent = recording()
    del silent.records[0, "plain"]
    assert codes("value", silent, "basic") == {"missing"}


def test_a_missing_gradient_is_named_by_its_leaf() -> None:
    assert codes("gradient", recording(gradients={"x": None})) == {"gradient:missing:x"}
    assert codes("gradient", recording(gradients={})) == {"gradient:missing:x"}
    assert codes("gradient", recording(gradients={"x": array(2)})) == {"gradient:x"}


def test_gradients_are_only_asked_where_the_value_is_right() -> None:
    check = Check("gradient", 1, "")
    wrong = recording({0: array(9, 9), 1: array(9)})
    assert judge(Context(exercise(check), CASES, REFERENCE, wrong), check).untested


def test_purity_names_what_was_touched_beyond_what_the_reference_touches() -> None:
    facts = {"mutated": ["x"], "rng": ["torch"], "aliases": ["x"], "globals": ["default dtype"]}
    assert codes("purity", recording(facts=facts)) == {
        "purity:changed:x",
        "purity:rng:torch",
        "purity:alias:x",
        "purity:global:default dtype",
    }
    assert codes("purity", recording(facts=facts), ours=recording(facts=facts)) == set()


def test_mixed_devices_and_an_answer_left_on_the_cpu_are_told_apart() -> None:
    mixed = Record(fault=Fault("error", "RuntimeError", "found at least two devices, cuda:0 and cpu!"))
    assert codes("device", recording(phantom=mixed)) == {"device:mixed"}
    left = Record(array(1, 2), {"on_device": [False]})
    assert "device:answer" in codes("device", recording(phantom=left))


def test_transfers_beyond_the_references_are_counted() -> None:
    busy = Record(array(1, 2), {"on_device": [True], "events": [["sync", "item", "f.py", 3]] * 2})
    assert codes("transfers", recording(phantom=busy)) == {"transfers:sync"}
    assert codes("transfers", recording(phantom=busy), ours=recording(phantom=busy)) == set()


def test_a_forbidden_operator_is_seen_by_either_witness() -> None:
    rule = Operations(forbidden=("*conv*",))
    assert codes("operations", recording(counted_facts={"dispatched": {"convolution": 1}}), operations=rule) == {
        "operations:convolution"
    }
    assert codes("operations", recording(facts={"profiled": ["conv2d"]}), operations=rule) == {"operations:conv2d"}


def test_hiding_from_one_witness_fails() -> None:
    rule = Operations(forbidden=("*conv*",))
    hidden = recording(facts={"profiled": ["mm"]}, counted_facts={"dispatched": {}})
    assert codes("operations", hidden, operations=rule) == {"operations:hidden"}


def test_leaving_torch_fails_where_the_rule_says_so() -> None:
    left = recording(counted_facts={"left": {"numpy": 1}})
    assert codes("operations", left, operations=Operations()) == {"operations:left"}
    assert codes("operations", left, operations=Operations(stay_in_torch=False)) == set()


def test_a_loop_grows_and_a_vectorised_answer_does_not() -> None:
    assert codes("scaling", recording(counts=(20, 40, 80)), "rows") == {"scaling:rows"}
    assert codes("scaling", recording(counts=(500, 500, 500)), "rows") == set()


def test_counts_hidden_from_dispatch_still_grow_for_the_profiler() -> None:
    hidden = recording()
    for index, count in zip((2, 3, 4), (20, 40, 80), strict=True):
        hidden.records[index, "counted"] = Record(
            array(0), {"dispatched": {"add": 9}, "recorded": {"operators": count}}
        )
    assert codes("scaling", hidden, "rows") == {"scaling:rows"}


def test_two_witnesses_that_disagree_show_no_growth() -> None:
    hidden = recording()
    facts = {"dispatched": {"add": 5}, "recorded": {"operators": 500}}
    hidden.records[4, "counted"] = Record(array(0), facts)
    assert codes("scaling", hidden, "rows") == {"scaling:disagree"}


def test_code_that_is_too_slow_for_the_limit_has_grown_unless_it_always_is() -> None:
    def timed(*seconds: float | Fault) -> Recording:
        runs = [Record(fault=s) if isinstance(s, Fault) else Record(array(0), {"seconds": s, "lines": 9})
                for s in seconds]  # fmt: skip
        return Recording({(index, "timed"): run for index, run in zip((2, 3, 4), runs, strict=True)})

    ours, stopped = timed(0.01, 0.02, 0.04), Fault("timeout", message="it was stopped")
    assert codes("scaling", timed(0.01, 0.02, 0.9), "rows", ours) == {"scaling:rows"}
    assert codes("scaling", timed(0.01, 0.02, stopped), "rows", ours) == {"scaling:rows"}
    assert codes("scaling", timed(stopped, stopped, stopped), "rows", ours) == {"scaling:timeout"}


@pytest.mark.parametrize("left", ["thread", "process", "numpy", "data_ptr", "profiler"])
def test_work_out_of_sight_shows_no_growth(left: str) -> None:
    hidden = recording()
    facts = {"dispatched": {"add": 5}, **witnessed(operators=5), "left": {left: 1}}
    hidden.records[3, "counted"] = Record(array(0), facts)
    assert codes("scaling", hidden, "rows") == {"scaling:hidden"}


def test_what_is_quick_at_the_largest_size_alone_has_grown() -> None:
    assert codes("scaling", recording(counts=(20, 80, 6)), "rows") == {"scaling:rows"}


def test_work_that_hides_growth_behind_a_constant_is_seen() -> None:
    assert codes("scaling", recording(counts=(5002, 5004, 5008)), "rows") == {"scaling:rows"}


@pytest.mark.parametrize("count", ["arithmetic", "allocated", "held"])
def test_twice_the_work_passes_where_growth_is_the_lesson_and_a_square_does_not(count: Count) -> None:
    ours = growing(count, (10_000, 20_000, 40_000))
    check = Check("scaling", 1, "", "rows", count=count, growth=1.5, times=8)

    def found(*sizes: int) -> list[str]:
        theirs = growing(count, (sizes[0], sizes[1], sizes[2]))
        judged = judge(Context(exercise(check), CASES, ours, theirs), check)
        return [failure.message for failure in judged.failures]

    assert found(20_000, 40_000, 80_000) == []
    assert (
        "grows with n^2.0, the reference's with n^1.0, and at most n^1.5 is allowed" in found(5000, 20_000, 80_000)[0]
    )
    assert "more than 8 times" in found(400_000, 400_000, 400_000)[0]


def test_growth_is_the_exponent_of_the_power_law() -> None:
    assert growth([(2, 10.0), (4, 40.0), (8, 160.0)]) == pytest.approx(2)
    assert growth([(2, 7.0), (8, 7.0)]) == 0


def test_memory_beyond_the_allowance_fails() -> None:
    large = recording(counts=(5, 100, 100))
    assert codes("memory", large) == codes("memory", large, "rows") == {"memory:4 rows", "memory:8 rows"}
    assert codes("memory", large, "columns") == set()


def test_little_memory_for_a_wrong_answer_or_none_or_out_of_sight_is_no_merit() -> None:
    theirs = recording()
    theirs.records[2, "counted"] = Record(array(7), witnessed(held=4096))
    theirs.records[3, "counted"] = Record(fault=Fault("error", "ValueError", "x"))
    theirs.records[4, "counted"] = Record(array(0), {})
    assert codes("memory", theirs) == {"memory:value", "memory:error:ValueError", "memory:hidden"}


def test_who_holds_the_whole_has_earned_nothing() -> None:
    whole = tuple(replace(case, options={"whole": 4096 * 6}) if case.grows else case for case in CASES)
    checks = Check("value", 1, "", "basic"), Check("memory", 1, "")
    asked = Exercise("hw0", "f", "f.py", 2, checks, lambda draw: whole)
    held = [judge_all(asked, whole, REFERENCE, recording(counts=(5, 5, count), bad=RAISES)) for count in (5, 6)]
    assert [verdict.score for verdict in held] == [2, 0]
    assert held[1].checks[0].blocked == "counts once the whole is not held at one time"


def test_errors_must_be_the_named_ones_and_say_something() -> None:
    assert codes("errors", recording()) == {"errors:none:bad"}
    assert codes("errors", recording(bad=Fault("error", "KeyError", "x"))) == {"errors:KeyError"}
    assert codes("errors", recording(bad=Fault("error", "ValueError", " "))) == {"errors:silent"}


def test_a_case_for_the_device_alone_is_judged_there() -> None:
    cases = (Case("on the device", runs=("phantom",)), Case("both", runs=("plain", "phantom")))
    answers = {"phantom": 1, "plain": 2}

    def answering(run: str, value: float) -> Recording:
        both = {(index, name): Record(array(answers[name])) for index in (0, 1) for name in answers}
        return Recording({**both, (0, run): Record(array(value))})

    check = Check("value", 1, "", "basic")
    asked = Exercise("hw0", "f", "f.py", 1, (check,), lambda draw: cases)
    ours = answering("phantom", 1)
    for run, failing in (("phantom", {0}), ("plain", set())):
        found = judge(Context(asked, cases, ours, answering(run, 9)), check)
        assert {failure.case for failure in found.failures} == failing


def test_different_answers_to_the_same_arguments_fail() -> None:
    moody = recording()
    moody.records[0, "counted"] = Record(array(1, 7))
    assert codes("determinism", moody) == {"determinism"}


def test_nothing_counts_before_the_first_check_passes() -> None:
    checks = (Check("value", 4, "", "basic"), Check("purity", 3, ""), Check("value", 3, "", "wide"))
    verdict = judge_all(exercise(*checks), CASES, REFERENCE, recording({0: array(0, 0)}))
    assert verdict.score == 0
    assert [c.outcome for c in verdict.checks] == [Outcome.FAILED, Outcome.SKIPPED, Outcome.SKIPPED]


def test_an_answer_cut_off_from_the_graph_earns_nothing() -> None:
    checks = (Check("value", 9, "", "basic"), Check("gradient", 1, ""))
    cut = recording(gradients={"x": None}, detached=True)
    assert judge_all(exercise(*checks, differentiable=True), CASES, REFERENCE, cut).score == 0


def test_the_score_is_the_sum_of_the_checks_that_pass() -> None:
    checks = (Check("value", 4, "", "basic"), Check("value", 3, "", "wide"), Check("purity", 3, ""))
    verdict = judge_all(exercise(*checks), CASES, REFERENCE, recording({1: array(0)}))
    assert verdict.score == 7 and not verdict.full


def outcome_for(*parameters: tuple[str, bool]) -> Outcome:
    """Of a submission with these parameters (name, has a default), where the stub has (x, size, stride=1)."""

    def with_signature(names: tuple[tuple[str, bool], ...]) -> Recording:
        found = recording(bad=RAISES)
        found.signature = [[name, default, "POSITIONAL_OR_KEYWORD"] for name, default in names]
        return found

    ours = with_signature((("x", False), ("size", False), ("stride", True)))
    return judge_all(exercise(Check("value", 1, "", "basic")), CASES, ours, with_signature(parameters)).outcome


def test_parameters_keep_the_stub_s_names_and_order() -> None:
    assert outcome_for(("x", False), ("size", False), ("stride", True)) is Outcome.PASSED
    assert outcome_for(("x", False), ("size", False), ("stride", True), ("mine", True)) is Outcome.PASSED
    assert outcome_for(("size", False), ("x", False), ("stride", True)) is Outcome.ERROR
    assert outcome_for(("x", False), ("length", False), ("stride", True)) is Outcome.ERROR
