"""RelativePositionalEncoding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw6._modules import try_module

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, steps: int, d: int, **rest: Any) -> Case:
        init: dict[str, Any] = {"num_hiddens": d}
        if "max_len" in rest:
            init["max_len"] = rest.pop("max_len")
        layout = rest.pop("layout", "contiguous")
        queries = draw.floats((batch, steps, d), layout=layout, requires_grad=batch > 0)
        return Case(name, aspect, (queries,), init=init, **rest)

    yield case("two steps of two features", "basic", 1, 2, 2)
    yield case("three steps of four features", "basic", 1, 3, 4)
    yield case("five steps of six features", "basic", 1, 5, 6)
    yield case("as many steps as features", "basic", 1, 4, 4)
    yield case("other numbers in the same tensor", "basic", 1, 3, 4, options={"again": True}, **PLAIN)
    yield case("two sequences of three steps", "batch", 2, 3, 4)
    yield case("as many sequences as steps", "batch", 4, 4, 4)
    yield case("five sequences of two steps", "batch", 5, 2, 6)
    yield case("an empty batch", "batch", 0, 3, 4, **PLAIN)
    yield case("after a shorter batch", "batch", 3, 4, 4, options={"shorter": True}, **PLAIN)
    yield case("transposed queries", "batch", 2, 4, 4, layout="transposed", **PLAIN)
    yield case("three features", "odd", 2, 4, 3)
    yield case("one feature", "odd", 1, 3, 1)
    yield case("one step", "length", 2, 1, 4)
    yield case("as many steps as there may be", "length", 1, 5, 4, max_len=5)
    yield case("one of one step", "length", 2, 1, 4, max_len=1)
    yield case("sixty steps", "length", 1, 60, 8, max_len=64, **PLAIN)
    yield case("the table is registered", "state", 1, 3, 4, max_len=5, options={"state": True}, **PLAIN)
    yield case("the table with five features is registered", "state", 1, 2, 5, max_len=4, options={"state": True},
               **PLAIN)  # fmt: skip
    yield case("seven steps, at most six", "errors", 1, 7, 4, max_len=6, options={"names": 7}, **PLAIN)
    yield case("three steps, at most two", "errors", 2, 3, 4, max_len=2, options={"names": 3}, **PLAIN)
    for size in (8, 16, 32):
        yield case(f"{size} steps", "steps", 1, size, 4, max_len=size, runs=("counted",), grows="number of steps",
                   size=size)  # fmt: skip


RelativePositionalEncoding = Exercise(
    homework="hw6",
    name="RelativePositionalEncoding",
    file="positions.py",
    points=4,
    difficulty=2,
    arguments=("queries",),
    kind="module",
    probe=partial(try_module, "RelativePositionalEncoding"),
    differentiable=True,
    cases=_cases,
    max_growth=0.25,
    checks=(
        Check("value", 1, "The entry [b, i, j] is the dot product of queries[b, i] and r(i - j)", aspect="basic"),
        Check("value", 0.5, "Every sequence of the batch is\nanswered by itself", aspect="batch"),
        Check("value", 0.25, "with an odd\n`num_hiddens` the last sine has no cosine", aspect="odd"),
        Check("value", 0.5, "max_len: the largest number of steps", aspect="length"),
        Check("state", 0.5, "a float32 tensor of shape (2 * max_len - 1, num_hiddens)"),
        Check("errors", 0.25, "More steps than `max_len` raise a ValueError that names both numbers"),
        Check("gradient", 0.25, "Gradients flow to the queries"),
        Check("purity", 0.25, "The queries are not changed"),
        Check("device", 0.25, "Works on the device of the queries and of the module"),
        Check("scaling", 0.25, "does not grow with `max_len` or with the steps", aspect="number of steps"),
    ),
    hints=(
        "For three steps, write the table of the distances i - j. Which different numbers stand in it?",
        "Negative numbers cannot be rows of a table, so everything is moved: which row of `P` belongs to distance 0?",
        "A column of steps minus a row of steps broadcasts to all distances at once. Indexing the table with that "
        "gives "
        "one vector for each pair, and an einsum multiplies them with the queries.",
    ),
)  # fmt: skip
