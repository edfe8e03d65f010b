"""split_heads and merge_heads: the same cases, seen from both sides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Tensor
from autograder.exercises.hw1._cases import LAYOUTS, SIZES, VECTORISED


def _heads_cases(draw: Draw, name: str) -> Iterable[Case]:
    """Cases for both directions: `name` says which. Sizes are given as batch, steps, heads, size of a head."""

    def held(batch: int, steps: int, heads: int, size: int, layout: Any = "contiguous", **rest: Any) -> Tensor:
        shape = (batch, steps, heads * size) if name == "split" else (batch * heads, steps, size)
        return draw.floats(shape, layout=layout, requires_grad=True, **rest)

    def case(title: str, aspect: str, batch: int, steps: int, heads: int, size: int, **rest: Any) -> Case:
        how = {key: rest.pop(key) for key in ("runs", "grows", "size_of") if key in rest}
        number = how.pop("size_of", None)
        return Case(title, aspect, (held(batch, steps, heads, size, **rest), heads), size=number, **how)

    yield case("two steps, two heads", "basic", 1, 2, 2, 1)
    yield case("two steps, two heads of two", "basic", 1, 2, 2, 2)
    yield case("three steps, two heads of four", "basic", 1, 3, 2, 4)
    yield case("two samples", "batch", 2, 3, 2, 2)
    yield case("three samples, two heads of three", "batch", 3, 4, 2, 3)
    yield case("two samples, four heads", "batch", 2, 3, 4, 2)
    yield case("three samples, steps, heads and features of a head", "batch", 3, 3, 3, 3)
    yield case("one head", "single", 2, 3, 1, 4)
    yield case("one step", "single", 2, 1, 3, 2)
    yield case("heads of one feature", "single", 2, 3, 4, 1)
    yield case("one of each", "single", 1, 1, 1, 1)
    yield case("float64", "dtype", 2, 3, 2, 2, dtype="float64")
    shape = (2, 3, 4) if name == "split" else (4, 3, 2)
    yield Case("int64", "dtype", (draw.integers(shape, -9, 9), 2))
    yield Case("bool", "dtype", (draw.integers(shape, 0, 1, "bool"), 2))
    for layout in LAYOUTS:
        yield case(layout, "layout", 2, 3, 2, 2, layout=layout)
    yield case("empty batch", "empty", 0, 3, 2, 2, runs=("plain",))
    yield case("no steps", "empty", 2, 0, 2, 2, runs=("plain",))
    for size, heads in ((5, 2), (4, 3), (2, 4)):
        shape = (2, 3, size) if name == "split" else (size, 3, 2)
        yield Case(f"{size} {'features' if name == 'split' else 'rows'}, {heads} heads", "errors",
                   (draw.floats(shape), heads))  # fmt: skip
    for size in SIZES:
        yield case(f"batch of {size}", "batch size", size, 2, 2, 2, runs=("counted",), grows="batch size", size_of=size)
    for size in SIZES:
        yield case(f"{size} heads", "heads", 2, 2, size, 2, runs=("counted",), grows="heads", size_of=size)


def _split_cases(draw: Draw) -> Iterable[Case]:
    return _heads_cases(draw, "split")


def _merge_cases(draw: Draw) -> Iterable[Case]:
    return _heads_cases(draw, "merge")


def _heads_checks(basic: str, batch: str, error: str) -> tuple[Check, ...]:
    return (
        Check("value", 1, basic, aspect="basic"),
        Check("value", 0.75, batch, aspect="batch"),
        Check("value", 0.25, "Any of the sizes may be 1", aspect="single"),
        Check("value", 0.25, "with the dtype and on the device of `X`", aspect="dtype"),
        Check("value", 0.25, "An empty batch or no steps give an empty answer", aspect="empty"),
        Check("errors", 0.5, error),
        Check("layout", 0.25, "of any dtype and any memory layout", aspect="layout"),
        Check("gradient", 0.25, "Gradients flow to `X`"),
        Check("purity", 0.25, "which is not changed"),
        Check("scaling", 0.125, "grows neither with the batch", aspect="batch size"),
        Check("scaling", 0.125, "nor with the number of heads", aspect="heads"),
    )


split_heads = Exercise(
    homework="hw1",
    name="split_heads",
    file="tensors.py",
    points=4,
    arguments=("X", "num_heads"),
    differentiable=True,
    max_growth=VECTORISED,
    cases=_split_cases,
    checks=_heads_checks(
        "Head h is made of the num_hiddens / num_heads features that begin with feature h * num_hiddens / num_heads",
        "Row b * num_heads + h of the answer is head h of sample b",
        "when num_hiddens is not divisible by `num_heads`",
    ),
    hints=(
        "Number the features of two steps from 1 to 8 and write down what each head has to hold.",
        "First cut the last axis in two, then bring the axis of the heads to where it belongs, then join it with the "
        "batch. Only the middle one changes the order of the numbers.",
        "The axes are (batch, steps, heads, size) after the cut and (batch, heads, steps, size) after the permutation. "
        "A -1 in a reshape cannot be worked out where another size is 0: compute the sizes yourself.",
    ),
)

merge_heads = Exercise(
    homework="hw1",
    name="merge_heads",
    file="tensors.py",
    points=4,
    arguments=("X", "num_heads"),
    differentiable=True,
    max_growth=VECTORISED,
    cases=_merge_cases,
    checks=_heads_checks(
        "The features of a step are those of head 0, then those of head 1, and so on",
        "Row b * num_heads + h of `X` is head h of sample b",
        "when the rows of `X` are not divisible by `num_heads`",
    ),
    hints=(
        "Do `split_heads` by hand on a small example, and read your steps from the last to the first.",
        "First the batch axis is cut in two. Which of the two new axes runs faster, the samples or the heads?",
        "The axes are (batch, heads, steps, size) after the cut and (batch, steps, heads, size) after the permutation; "
        "then the two last ones are joined.",
    ),
)
