"""PositionalEncoding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw6._dropping import LARGE, P, dropping
from autograder.exercises.hw6._modules import try_module
from autograder.exercises.slopes import SLOPES, slopes_law


def _positional_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, steps: int, d: int, dropout: float = 0.0, **rest: Any) -> Case:
        init: dict[str, Any] = {"num_hiddens": d, "dropout": dropout}
        if "max_len" in rest:
            init["max_len"] = rest.pop("max_len")
        offset = rest.pop("offset", None)
        layout = rest.pop("layout", "contiguous")
        X = draw.floats((batch, steps, d), layout=layout, requires_grad=batch > 0)
        return Case(name, aspect, (X,) if offset is None else (X, offset), init=init, **rest)

    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("one step of two features", "basic", 1, 1, 2)
    yield case("three steps of four features", "basic", 1, 3, 4)
    yield case("two sequences of five steps", "basic", 2, 5, 6)
    yield case("four sequences of two steps", "basic", 4, 2, 8)
    yield case("other numbers in the same tensor", "basic", 2, 3, 4, options={"again": True}, **plain)
    yield case("many steps", "waves", 1, 200, 8, **plain)
    yield case("wide", "waves", 1, 6, 64, **plain)
    yield case("three features", "odd", 2, 4, 3)
    yield case("five features", "odd", 1, 3, 5)
    yield case("one feature", "odd", 2, 3, 1)
    yield case("positions from 3 on", "offset", 2, 4, 4, offset=3)
    yield case("one step at position 7", "offset", 3, 1, 6, offset=7)
    yield case("after a shorter batch", "calls", 3, 4, 4, options={"shorter": True}, **plain)
    yield case("as many steps as there are positions", "length", 2, 6, 4, max_len=6)
    yield case("up to the last position", "length", 1, 2, 4, max_len=6, offset=4)
    yield case("1500 of 2000 positions", "length", 1, 1500, 2, max_len=2000, **plain)
    yield case("three sequences, one position", "length", 3, 1, 4, max_len=1, **plain)
    yield case("an empty batch", "calls", 0, 3, 4, **plain)
    yield case("evaluation", "evaluation", 2, 3, 4, 0.5, **plain)
    large = tensor([[[LARGE] * 16] * 16] * 4)
    yield Case("training", "dropout", (large,), init={"num_hiddens": 16, "dropout": P}, training=True,
               options={"laws": True, "falls": "on the sum"}, **plain)  # fmt: skip
    yield case("two sequences, in training mode", "dropout", 2, 3, 4, 0.25, **SLOPES)
    yield case("transposed X", "calls", 2, 3, 4, layout="transposed", **plain)
    yield case("the table is registered", "state", 1, 3, 4, max_len=5, options={"state": True}, **plain)
    yield case("the table with five features is registered", "state", 1, 3, 5, max_len=7, options={"state": True},
               **plain)  # fmt: skip
    yield case("seven steps, six positions", "errors", 1, 7, 4, max_len=6, options={"names": 7}, **plain)
    yield case("three steps, one position", "errors", 2, 3, 4, max_len=1, options={"names": 3}, **plain)
    yield case("past the end by its offset", "errors", 1, 3, 4, max_len=6, offset=4, options={"names": 7}, **plain)
    for size in (16, 64, 256):
        yield case(f"{size} positions", "positions", 1, 8, 4, max_len=size, runs=("counted",),
                   grows="number of positions", size=size)  # fmt: skip


PositionalEncoding = Exercise(
    homework="hw6",
    name="PositionalEncoding",
    file="positions.py",
    points=5,
    difficulty=2,
    arguments=("X", "offset"),
    kind="module",
    probe=partial(try_module, "PositionalEncoding"),
    differentiable=True,
    laws=(dropping, slopes_law),
    cases=_positional_cases,
    max_growth=0.25,
    checks=(
        Check("value", 1, "P[0, t, 2j] is sin(t / 10000 ** (2j / num_hiddens))", aspect="basic"),
        Check("value", 0.25, "the cosine of the same angle", aspect="waves", title="many steps, many features"),
        Check("value", 0.25, "With an odd `num_hiddens` the last sine has no cosine", aspect="odd"),
        Check("value", 0.5, "Step t of every sequence gets the position `offset` + t", aspect="offset"),
        Check("value", 0.25, "the largest number of positions", aspect="length"),
        Check("value", 0.25, "shape (batch, steps, num_hiddens), floating point", aspect="calls", title="other "
              "batches"),
        Check("randomness", 0.5, "each element of the sum is dropped with probability `dropout`, on its own and anew "
              "in "
              "every call", aspect="dropout", title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.5, "a buffer called `P`, a float32 tensor of shape (1, max_len, num_hiddens)"),
        Check("errors", 0.25, "raises a ValueError that names both numbers"),
        Check("gradient", 0.25, "Gradients flow to X"),
        Check("purity", 0.25, "X is not changed"),
        Check("device", 0.25, "Works on the device of X and of the module"),
        Check("scaling", 0.25, "does not grow with `max_len`", aspect="number of positions"),
    ),
    hints=(
        "Write the table for three positions and four features by hand. Which columns share an angle?",
        "Positions in a column, wave lengths in a row: dividing the one by the other broadcasts to a table of angles. "
        "Slices with a step of 2 put sines and cosines where they belong; with an odd number of features one of the "
        "two "
        "has a column more.",
        "`register_buffer` keeps the table in the module. In `forward` cut the positions that are needed out of it, "
        "along "
        "the axis of the steps, and let the axis of size 1 broadcast over the batch.",
    ),
)  # fmt: skip
