"""get_tokens_and_segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw7._words import WORDS


def _tokens_cases(draw: Draw) -> Iterable[Case]:
    def some(count: int) -> list[str]:
        return draw.words(count, WORDS)

    def case(name: str, aspect: str, *args: Any) -> Case:
        return Case(name, aspect, args, runs=("plain", "counted"))

    yield case("one token", "basic", some(1))
    yield case("one sentence", "basic", some(4))
    yield case("None for the second sentence", "basic", some(3), None)
    yield case("two sentences of one token", "pair", some(1), some(1))
    yield case("a longer second sentence", "pair", some(2), some(5))
    yield case("a longer first sentence", "pair", some(6), some(3))
    yield case("the same sentence twice", "pair", ["map", "key", "map"], ["map", "key", "map"])
    yield case("capitals, blank and empty tokens", "any tokens", ["It", "", "RAINS"], ["<unk>", " ", "", "Ärger"])
    yield case("600 tokens", "any tokens", some(250), some(350))
    yield case("an empty second sentence", "empty", some(3), [])
    yield case("an empty first sentence", "empty", [], some(2))
    yield case("an empty sentence alone", "empty", [])


get_tokens_and_segments = Exercise(
    homework="hw7",
    name="get_tokens_and_segments",
    difficulty=1,
    file="bert_data.py",
    points=6,
    arguments=("tokens_a", "tokens_b"),
    cases=_tokens_cases,
    checks=(
        Check("value", 1.5, 'The input is "<cls>", the first sentence, "<sep>"', aspect="basic"),
        Check("value", 0.25, "Tokens are taken as they are, and as many as there are", aspect="any tokens"),
        Check("value", 2.25, 'and when there is a second sentence, that sentence and another "<sep>"', aspect="pair",
              title="two sentences"),
        Check("value", 1, "An empty list is a second sentence too", aspect="empty", title="empty sentences"),
        Check("purity", 0.5, "No argument is changed"),
        Check("determinism", 0.5, "The same sentences give the same answer every time"),
    ),
    hints=(
        "Write down by hand what comes out for ['a', 'b'] alone and for the pair ['a', 'b'] and ['c'].",
        "How many tokens have segment 0, and how many have segment 1? Mind the separators.",
        "Make a new list of tokens and a list of zeros as long as it; when there is a second sentence (even an empty "
        "one), extend both.",
    ),
)  # fmt: skip
