"""Which sentence of the stub is quoted for a failure."""

from __future__ import annotations

import pytest

from autograder.exercise import Check


@pytest.mark.parametrize(
    ("family", "cites", "code", "quoted"),
    [
        ("value", "shape (n, V)", "shape", True),
        ("purity", "x is not changed", "purity:changed:x", True),
        ("purity", "x is not changed", "purity:alias:x", True),
        ("purity", "x is not changed", "purity:rng:numpy", False),
        ("purity", "x is not changed", "purity:global:default dtype", False),
        ("purity", "No other random generator is used", "purity:rng:torch", True),
        ("purity", "No other random generator is used", "purity:changed:x", False),
        ("operations", "calls none of torch's own convolutions", "operations:left", False),
        ("operations", "calls none of torch's own convolutions", "operations:conv2d", True),
        ("operations", "no value leaves torch", "operations:left", True),
    ],
)
def test_a_sentence_is_quoted_only_where_it_speaks_of_the_failure(
    family: str, cites: str, code: str, quoted: bool
) -> None:
    assert Check(family, 1, cites).cited(code) == (cites if quoted else "")


def test_another_sentence_is_quoted_for_the_failures_that_it_is_given_for() -> None:
    check = Check("purity", 1, "The corpus is not changed", instead={"purity:rng": "Global generators are not read"})
    assert check.cited("purity:rng:python") == "Global generators are not read"
    assert check.cited("purity:changed:corpus") == "The corpus is not changed"
