"""bert.py, for pairs of texts: truncate_pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw7._words import WORDS


def _truncate_cases(draw: Draw) -> Iterable[Case]:
    def text(count: int) -> list[str]:
        return draw.words(count, WORDS)

    def case(name: str, aspect: str, p: Sequence[str], h: Sequence[str], max_len: int) -> Case:
        return Case(name, aspect, (list(p), list(h), max_len))

    yield case("the first is longer by two", "longer", text(4), text(2), 7)
    yield case("the second is longer by two", "longer", text(2), text(4), 7)
    yield case("the first is much longer", "longer", text(12), text(3), 11)
    yield case("the second is much longer", "longer", text(3), text(15), 12)
    yield case("the longer one becomes as long, then both are cut", "both", text(6), text(3), 8)
    yield case("the second becomes as long, then both are cut", "both", text(4), text(9), 9)
    yield case("equally long, one too many", "ties", text(2), text(2), 6)
    yield case("equally long, two too many", "ties", text(4), text(4), 9)
    yield case("equally long, three too many", "ties", text(4), text(4), 8)
    yield case("both fit", "whole", text(3), text(4), 20)
    yield case("both fit exactly", "whole", text(3), text(4), 10)
    yield case("one token too many", "whole", text(3), text(4), 9)
    yield case("one token each", "whole", text(1), text(1), 5)
    yield case("the first is empty", "empty", [], text(5), 6)
    yield case("the second is empty", "empty", text(5), [], 6)
    yield case("both are empty", "empty", [], [], 6)
    yield case("room for one token", "none", text(3), text(3), 4)
    yield case("room for the special tokens only", "none", text(2), text(3), 3)
    yield case("no room at all", "none", text(2), text(1), 1)
    yield case("max_len 0", "none", text(1), text(2), 0)
    yield Case("two pairs, the first list changed in between", "new", (text(3), text(2), 9), options={"again": True})


def _call_truncate(student: Any, call: Any) -> Any:
    """One call; where the case asks for it, two, with the first answer's lists changed before the second."""
    from autograder.worker.probes import call_function

    if not call.options.get("again"):
        return call_function("truncate_pair", student, call)
    function = student.find("truncate_pair")
    for tokens in function(*call.args):
        if isinstance(tokens, list):
            tokens.append("!")
    return function(*call.args)


truncate_pair = Exercise(
    homework="hw7",
    name="truncate_pair",
    difficulty=1,
    file="bert.py",
    points=4,
    arguments=("p_tokens", "h_tokens", "max_len"),
    probe=_call_truncate,
    cases=_truncate_cases,
    checks=(
        Check("value", 1, "the longer one loses its last token", aspect="longer"),
        Check("value", 0.5, "While the two have more than `max_len - 3` tokens together", aspect="both"),
        Check("value", 0.5, "when they are equally\nlong, the second one does", aspect="ties"),
        Check("value", 0.75, "Texts that fit stay whole", aspect="whole"),
        Check("value", 0.25, "two new lists, the beginnings of the two texts", aspect="empty", title="an empty text"),
        Check("value", 0.25, "Below 4 nothing is left of either text", aspect="none", title="no room"),
        Check("value", 0.25, "two new lists", aspect="new", title="new lists"),
        Check("purity", 0.5, "The arguments are not changed"),
    ),
    hints=(
        "Do it with your fingers: four tokens and two, and room for four. Who loses, and how often?",
        "A loop that runs while there are too many, and takes from the longer one. What ends it when both are empty "
        "and there is still no room?",
        "Nothing has to be taken away to know how many stay: count two lengths down, and slice once at the end. A "
        "slice is a new list.",
    ),
)  # fmt: skip

EXERCISES = (truncate_pair,)
