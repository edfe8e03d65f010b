"""When two answers count as the same."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.arrays import Array
from autograder.battery.compare import compare
from autograder.exercise import Tolerance

TOLERANCE = Tolerance()


def array(values: object, dtype: str = "float32", **meta: object) -> Array:
    return Array(dtype, np.asarray(values, dtype=dtype), dict(meta))


def kind(expected: object, got: object) -> str:
    return compare(expected, got, TOLERANCE).kind


def test_equal_tensors_agree() -> None:
    assert kind(array([1.0, 2.0]), array([1.0, 2.0])) == ""


def test_the_first_difference_is_told_in_order_of_weight() -> None:
    assert kind(array([1.0]), [1.0]) == "type"
    assert kind(array([1.0]), array([[1.0]])) == "shape"
    assert kind(array([1.0]), array([1.0], "float64")) == "dtype"
    assert kind(array([1.0]), array([1.1])) == "value"


def test_rounding_is_allowed_and_more_is_not() -> None:
    assert kind(array([1000.0]), array([1000.001])) == ""
    assert kind(array([1000.0]), array([1000.1])) == "value"


def test_the_tolerance_follows_the_largest_element() -> None:
    big = array([1e6, 1.0])
    assert kind(big, array([1e6, 1.5])) == ""
    assert kind(array([1.0, 1.0]), array([1.0, 1.5])) == "value"


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_non_finite_value_is_right_exactly_where_the_reference_has_it(odd: float) -> None:
    assert kind(array([odd, 1.0]), array([odd, 1.0])) == ""
    assert kind(array([1.0, 1.0]), array([odd, 1.0])) == "value"
    assert kind(array([odd, 1.0]), array([1.0, 1.0])) == "value"


def test_infinities_of_other_sign_differ() -> None:
    assert kind(array([np.inf]), array([-np.inf])) == "value"


def test_the_worst_element_is_shown_with_its_place() -> None:
    found = compare(array([[1.0, 2.0], [3.0, 4.0]]), array([[1.0, 2.1], [9.0, 4.0]]), TOLERANCE)
    assert found.where == "[1, 0]" and found.got == "9" and found.expected == "3"
    assert "2 of 4 elements are wrong" in found.message


def test_a_list_is_no_tuple_but_a_tuple_may_come_as_a_list() -> None:
    assert kind([1, 2], (1, 2)) == "type"
    assert kind((1, 2), [1, 2]) == ""


def test_numbers_compare_by_value_and_strings_by_letter() -> None:
    assert kind(True, 1) == ""
    assert kind(1, 1.5) == "value"
    assert kind(1, "1") == "type"
    assert kind("a", "b") == "value"
    assert kind(0.1 + 0.2, 0.3) == ""


def test_keys_that_are_missing_or_too_many_are_named() -> None:
    found = compare({"a": 1}, {"b": 1}, TOLERANCE)
    assert found.kind == "structure" and "'a'" in found.message and "'b'" in found.message


def test_an_empty_tensor_has_nothing_to_differ() -> None:
    assert kind(array(np.zeros((0, 3))), array(np.zeros((0, 3)))) == ""
