"""What laws about repeated draws share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.exercise import Case, Finding


def draws_of(case: Case, value: Any) -> list[Any]:
    """The draws in an answer; a ValueError, which fails the case, where they are not those that it asks for."""
    draws = value["draws"]
    if type(draws) is not list or len(draws) != case.options["repeats"]:
        raise ValueError("the draws are not as many as the case asks for")
    return draws


def same_again(value: Any, noun: str) -> Iterator[Finding]:
    """The second series of draws, from the same state of the generator, is the first one again."""
    if value["draws"] != value["again"]:
        yield Finding("seed", f"from the same state of rng the {noun} came out differently the second time")


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
