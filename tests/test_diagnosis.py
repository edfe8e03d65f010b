"""A mistake is named when the submission behaves as it does, and only then."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder import diagnosis
from autograder.arrays import Array
from autograder.diagnosis import Signature, close, fingerprint, named
from autograder.recording import Fault
from autograder.verdict import Named

FLIPPED, LOOP, BOTH = (Named(name, name, "") for name in ("flipped", "loop", "loop and overwrite"))


def signature(answers: dict[int, object] | None = None, codes: set[str] | None = None) -> Signature:
    prints = {case: fingerprint(value) for case, value in (answers or {}).items()}
    return Signature(prints, {}, frozenset(codes or set()))


def array(values: object) -> Array:
    return Array("float32", np.asarray(values, dtype="float32"), {})


CATALOGUE = [
    (FLIPPED, signature({0: array([1, 2, 3]), 2: array([4.0])}, {"value"})),
    (LOOP, signature(codes={"scaling:batch"})),
    (BOTH, signature(codes={"scaling:batch", "purity:changed:x"})),
]


def names(found: Signature) -> list[str]:
    return [entry.name for entry in named(found, CATALOGUE)]


def test_the_same_wrong_answers_are_recognised_up_to_rounding() -> None:
    assert names(signature({0: array([1, 2, 3.000001]), 2: array([4.0])}, {"value"})) == ["flipped"]


def test_other_wrong_answers_get_no_name() -> None:
    assert names(signature({0: array([1, 2, 4]), 2: array([4.0])}, {"value"})) == []
    assert names(signature({0: array([1, 2, 3])}, {"value"})) == []
    assert names(signature({0: array([1, 2, 3]), 2: array([4.0]), 3: array([0.0])}, {"value"})) == []


def test_right_answers_with_a_flaw_are_recognised_by_its_code() -> None:
    assert names(signature(codes={"scaling:batch"})) == ["loop"]
    assert names(signature(codes={"scaling:batch", "purity:changed:x"})) == ["loop and overwrite"]
    assert names(signature(codes={"purity:changed:x"})) == []


def test_a_wrong_answer_and_a_flaw_are_both_named() -> None:
    both = signature({0: array([1, 2, 3]), 2: array([4.0])}, {"value", "scaling:batch"})
    assert names(both) == ["flipped", "loop"]


SHIFTED = Named("shifted", "shifted", "")
WITH_SHIFTED = [*CATALOGUE, (SHIFTED, signature({2: array([9.0]), 5: array([7.0]), 6: array([8.0])}, {"value"}))]


def test_two_mistakes_at_once_are_named_where_they_explain_every_wrong_answer() -> None:
    together: dict[int, object] = {0: array([1, 2, 3]), 2: array([55.0]), 5: array([7.0]), 6: array([8.0])}
    found = named(signature(together, {"value"}), WITH_SHIFTED)
    assert {entry.name for entry in found} == {"flipped", "shifted"}


def test_two_mistakes_get_no_name_where_a_wrong_answer_is_left_over() -> None:
    together: dict[int, object] = {
        0: array([1, 2, 3]),
        2: array([55.0]),
        5: array([7.0]),
        6: array([8.0]),
        9: array([1.0]),
    }
    assert named(signature(together, {"value"}), WITH_SHIFTED) == ()


floats = st.floats(-1e3, 1e3, width=32)


@given(arrays(np.float32, st.integers(1, 30), elements=floats), st.integers(0, 29), st.floats(0.01, 10))
def test_a_changed_element_changes_the_fingerprint(data: np.ndarray, place: int, change: float) -> None:
    other = data.copy()
    other[place % data.size] += np.float32(change * (1 + np.abs(data).sum()))
    assert close(fingerprint(array(data)), fingerprint(array(data)))
    assert not close(fingerprint(array(data)), fingerprint(array(other)))


def test_fingerprints_see_shape_dtype_and_non_finite_places() -> None:
    assert not close(fingerprint(array([[1, 2]])), fingerprint(array([1, 2])))
    assert not close(fingerprint(array([np.nan, 1])), fingerprint(array([1, np.nan])))
    assert close(fingerprint(array([np.inf, 1])), fingerprint(array([np.inf, 1])))


def test_of_parameters_that_are_not_the_stubs_it_counts_how_they_differ() -> None:
    told = [
        diagnosis._of_fault(Fault("state", "StateMismatch", message))
        for message in ("missing: a (2,)", "missing: b (3,)", "a has shape (1,), expected (2,)", "unexpected: c (1,)")
    ]
    assert told[0] == told[1] and len(set(told)) == 3
    assert diagnosis._of_fault(Fault("error", "KeyError", "missing: a")) == "fault error KeyError"
