"""masked_softmax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Tensor, Timing
from autograder.exercises.hw6._cases import VECTORISED, random_lengths


def _masked_softmax_cases(draw: Draw) -> Iterable[Case]:
    def scores(*shape: int, **rest: Any) -> Tensor:
        return draw.floats(shape, requires_grad=True, **rest)

    yield Case("one row", args=(scores(1, 1, 3), tensor([3])))
    yield Case("three rows", args=(scores(1, 3, 4), tensor([4])))
    yield Case("one row, no lengths", "no lengths", (scores(1, 1, 3), None))
    yield Case("two sequences, no lengths", "no lengths", (scores(2, 3, 4), None))
    one = "a length for every sequence"
    yield Case("one sequence", one, (scores(1, 1, 3), tensor([2])))
    yield Case("three sequences of two queries", one, (scores(3, 2, 5), tensor([1, 5, 3])))
    yield Case("as many queries as sequences", one, (scores(3, 3, 4), tensor([3, 1, 4])))
    every = "a length for every query"
    yield Case("one sequence of three queries", every, (scores(1, 3, 4), tensor([[1, 4, 2]])))
    yield Case("two sequences of three queries", every, (scores(2, 3, 5), tensor([[2, 5, 1], [4, 1, 3]])))
    transposed = Tensor(random_lengths(draw, 2, 3, 4).data, "int64", "transposed")
    yield Case("transposed lengths", every, (scores(2, 3, 4), transposed), runs=("plain",))
    yield Case("a sequence without a key", "length 0", (scores(1, 2, 3), tensor([0])))
    yield Case("queries without a key", "length 0", (scores(1, 4, 4), tensor([[0, 2, 4, 0]])))
    yield Case("a huge score at a masked key", "magnitude", (_plus(scores(1, 2, 4), (..., 3), 1e10), tensor([3])))
    low = _plus(scores(1, 2, 3), (..., slice(0, 2)), -1e11)
    yield Case("very low valid scores", "magnitude", (low, tensor([2])), runs=("plain",))
    yield Case("large valid scores", "magnitude", (_plus(scores(1, 2, 3), ..., 300.0), tensor([2])))
    apart = tensor([[[2e6, 2e6 + 1], [-2e6, 1 - 2e6], [8e9, 8e9 + 1024], [8192 - 8e10, -8e10]]])
    yield Case("huge valid scores that differ", "magnitude", (apart, tensor([2])), runs=("plain",))
    yield Case("transposed scores", "layout", (scores(1, 3, 4, layout="transposed"), tensor([3])), runs=("plain",))
    yield Case("strided scores", "layout", (scores(1, 2, 3, layout="strided"), tensor([2])), runs=("plain",))
    yield Case("double precision", "dtype", (scores(1, 2, 3, dtype="float64"), tensor([2])), runs=("plain",))
    for dtype in ("float16", "bfloat16"):
        yield Case(dtype, "dtype", (tensor([[[0.0] * 4] * 2] * 2, dtype), tensor([2, 4])), runs=("plain",))
    yield Case("512 keys", one, (tensor([[[0.0] * 512]] * 2), tensor([257, 512])), runs=("plain",))
    yield Case("empty batch", "empty", (scores(0, 2, 3), draw.integers((0,), 1, 3)), runs=("plain",))
    for size in (2, 16):
        yield Case(f"{size} sequences of {size} queries and keys", "size",
                   (scores(size, size, size), random_lengths(draw, size, size, size)),
                   runs=("counted",), grows="size of the scores", size=size)  # fmt: skip


def _plus(scores: Tensor, where: Any, amount: float) -> Tensor:
    """The scores, moved by the amount in one part."""
    data = scores.data.copy()
    data[where] += amount
    return Tensor(data, scores.dtype, requires_grad=scores.requires_grad)


def _masked_softmax_timing(draw: Draw, size: int) -> Case:
    return Case(f"batch of {size}", args=(draw.floats((size, 16, 64)), random_lengths(draw, size, 16, 64)))


masked_softmax = Exercise(
    homework="hw6",
    name="masked_softmax",
    file="attention.py",
    points=14,
    arguments=("X", "valid_lens"),
    differentiable=True,
    cases=_masked_softmax_cases,
    timing=Timing(_masked_softmax_timing, (4, 192), "batch", naive="loops"),
    max_growth=VECTORISED,
    checks=(
        Check("value", 1, "The softmax is taken over the keys, the last axis", aspect="basic"),
        Check("value", 0.75, "With `valid_lens` None all keys are valid", aspect="no lengths"),
        Check("value", 2.25, "of shape (batch,), one length for all the queries of a sequence",
              aspect="a length for every sequence"),
        Check("value", 2, "of shape (batch, queries), one length for every query", aspect="a length for every query"),
        Check("value", 1.5, "A row with valid length 0 is all zeros", aspect="length 0"),
        Check("value", 1.5, "The scores may be of any finite size", aspect="magnitude"),
        Check("value", 0.25, "A new tensor with the shape and dtype of `X`", aspect="dtype"),
        Check("value", 0.25, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.5, "The arguments may have any memory layout", aspect="layout"),
        Check("gradient", 1, "Gradients flow to `X`"),
        Check("gradient", 0.75, "Its gradient is zero too, without a NaN on the way", aspect="length 0"),
        Check("purity", 0.75, "No argument is changed"),
        Check("device", 0.75, "Works on whatever device the arguments are on"),
        Check("transfers", 0.25, "nothing is copied to the host"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch, nor with the queries "
              "or keys", aspect="size of the scores"),
    ),
    hints=(
        "Write down which keys take part as a boolean tensor that broadcasts to the shape of the scores, whether "
        "there is a length for every sequence or one for every query.",
        "Comparing the positions 0, 1, 2, … of the keys with the lengths needs no loop. Mask before the softmax, so "
        "that the remaining weights add up to one.",
        "Masked scores have to vanish in the softmax whatever the others are: fill a copy with the lowest number that "
        "the dtype has. In a row that has nothing but masked keys that is not enough, so mask the weights once more.",
    ),
)  # fmt: skip
