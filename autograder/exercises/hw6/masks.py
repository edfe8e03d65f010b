"""causal_mask, padding_mask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Device, Exercise, Operations, Tensor

SIZES = (4, 16, 64)


def _causal_cases(draw: Draw) -> Iterable[Case]:
    yield Case("two steps", "basic", (2,))
    yield Case("three steps", "basic", (3,))
    yield Case("several steps", "basic", (draw.integer(5, 9),))
    yield Case("one step", "ends", (1,))
    yield Case("no step", "ends", (0,))
    yield Case("three hundred steps", "large", (300,))
    yield Case("device given by name", "device", (4,), {"device": "cpu"}, runs=("plain",))
    yield Case("the device of the run", "device", (5,), {"device": Device()}, runs=("plain", "phantom"))
    for size in SIZES:
        yield Case(f"{size} steps", "num_steps", (size,), runs=("counted",), size=size, grows="num_steps")


causal_mask = Exercise(
    homework="hw6",
    name="causal_mask",
    difficulty=1,
    file="attention.py",
    points=4,
    arguments=("num_steps", "device"),
    max_growth=0.25,
    cases=_causal_cases,
    checks=(
        Check("value", 1.5, "True where step i may look at step j, which is\nwhere j is at most i", aspect="basic"),
        Check("value", 0.25, "int of at least 0", aspect="ends", title="one step, none"),
        Check("value", 0.25, "Every row has a True", aspect="large", title="many steps"),
        Check("dtype", 0.5, "A bool tensor"),
        Check("shape", 0.25, "shape (num_steps, num_steps)"),
        Check("device", 0.75, "where the mask is made", aspect="device"),
        Check("scaling", 0.5, "The number of torch operations does not grow with `num_steps`", aspect="num_steps"),
    ),
    operations=Operations(stay_in_torch=True),
    hints=(
        "Draw the table for three steps. Which entries are on the diagonal, and may a step look at itself?",
        "It is a triangle. torch has a function that keeps one half of a matrix and sets the other to zero, and "
        "comparing two aranges does it too.",
        "Which triangle: the one with the diagonal and what is left of it. Make it of bools, on the device that was "
        "asked for.",
    ),
)


def _padding_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, lengths: Any, num_steps: int, dtype: str = "int64", **rest: Any) -> Case:
        held = lengths if isinstance(lengths, Tensor) else tensor(lengths, dtype)
        return Case(name, aspect, (held, num_steps), **rest)

    def some(count: int, most: int) -> Sequence[int]:
        return [draw.integer(1, most) for _ in range(count)]

    yield case("one of two steps, and two", "basic", [1, 2], 2)
    yield case("one and three of four", "basic", [1, 3], 4)
    yield case("random lengths", "basic", some(5, 6), 7)
    yield case("as many rows as steps", "basic", [2, 1, 3], 3)
    yield case("length 0", "zero", [0, 2], 3)
    yield case("all lengths 0", "zero", [0, 0, 0], 2)
    yield case("full rows", "full", [3, 3], 3)
    yield case("lengths above the number of steps", "full", [9, 2, 4], 3)
    yield case("a length for every query", "queries", [[1, 2, 3], [3, 0, 2]], 4)
    yield case("as many queries as rows and steps", "queries", [[1, 2], [2, 0]], 2)
    yield case("random lengths for every query", "queries", [some(4, 5) for _ in range(3)], 6)
    yield case("one query", "queries", [[2], [1]], 3)
    yield case("one row", "one", [2], 4)
    yield case("one step", "one", [1, 0, 1], 1)
    yield case("an empty batch", "one", draw.integers((0,), 1, 2), 3)
    yield case("an empty batch of queries", "one", draw.integers((0, 2), 1, 2), 3)
    yield case("no steps", "one", [1, 0], 0)
    yield case("int32 lengths", "integers", [1, 4], 5, "int32")
    yield case("uint8 lengths and many steps", "integers", [200, 3], 300, "uint8")
    yield case("int8 lengths and many steps", "integers", [100, 3], 200, "int8")
    transposed = Tensor(draw.integers((3, 4), 0, 5).data, "int64", "transposed")
    yield case("lengths that are not contiguous", "queries", transposed, 5)
    for size in SIZES:
        yield case(f"{size} rows", "batch", some(size, 8), 8, runs=("counted",), size=size, grows="batch")
        yield case(f"{size} steps", "num_steps", [3, size], size, runs=("counted",), size=size, grows="num_steps")


padding_mask = Exercise(
    homework="hw6",
    name="padding_mask",
    difficulty=1,
    file="attention.py",
    points=5,
    arguments=("valid_lens", "num_steps"),
    max_growth=0.25,
    cases=_padding_cases,
    checks=(
        Check("value", 1, "True at step t where t is less than the length", aspect="basic"),
        Check("value", 0.25, "A length of 0 gives a\nrow without a True", aspect="zero"),
        Check("value", 0.25, "lengths above `num_steps` give rows that are True throughout", aspect="full"),
        Check("value", 0.75, "or of shape (batch, queries) when every query has a length of its", aspect="queries"),
        Check("value", 0.25, "An empty batch gives an empty", aspect="one", title="one row, one step, none"),
        Check("value", 0.25, "integers from 0 up", aspect="integers", title="small integers"),
        Check("dtype", 0.25, "A bool tensor"),
        Check("shape", 0.25, "of `valid_lens` and an axis of steps"),
        Check("purity", 0.25, "They are not changed"),
        Check("device", 0.75, "on the device of `valid_lens`"),
        Check("operations", 0.25, "no value leaves torch"),
        Check("scaling", 0.25, "does not grow with the batch", aspect="batch"),
        Check("scaling", 0.25, "or with `num_steps`", aspect="num_steps"),
    ),
    operations=Operations(stay_in_torch=True),
    hints=(
        "For one sequence: the steps 0, 1, 2, … compared with its length. Write the row for length 2 of 5 steps.",
        "For a batch compare all steps with all lengths at once: which axis of size 1 do the lengths need, so that "
        "broadcasting makes a table of it?",
        "An axis behind the last works for (batch,) and for (batch, queries) alike. arange makes its numbers on the "
        "CPU unless it is told otherwise.",
    ),
)

EXERCISES = (causal_mask, padding_mask)
