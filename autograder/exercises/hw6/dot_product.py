"""DotProductAttention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Tensor, Timing
from autograder.exercises.hw6._attending import NO_ATTENTION, attend
from autograder.exercises.hw6._cases import LOG_3, VECTORISED, dropout_case, far, random_lengths, unlike
from autograder.exercises.hw6._laws import dropout_law, stored_law
from autograder.exercises.slopes import SLOPES, slopes_law


def _dot_product_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, queries: int, keys: int, d: int, value_size: int, **rest: Any) -> Case:
        layouts = rest.pop("layouts", ("contiguous",) * 3)
        lengths = rest.pop("lengths", None)
        apart = rest.pop("apart", False)
        shapes = (batch, queries, d), (batch, keys, d), (batch, keys, value_size)
        args = [
            draw.floats(shape, layout=layout, requires_grad=True) for shape, layout in zip(shapes, layouts, strict=True)
        ]
        if apart:
            args[:2] = [
                replace(far(draw, *shapes[0]), layout=layouts[0]),
                replace(unlike(draw, *shapes[1]), layout=layouts[1]),
            ]
        if lengths is not None:
            args.append(lengths if isinstance(lengths, Tensor) else tensor(lengths))
        return Case(name, aspect, tuple(args), **rest)

    yield case("one query, two keys", "basic", 1, 1, 2, 1, 1, apart=True)
    yield case("batch of three", "basic", 3, 2, 4, 1, 5, apart=True)
    yield case("after other numbers in the same tensors", "basic", 2, 3, 4, 1, 2, apart=True, options={"again": True})
    yield case("four features", "features", 1, 2, 3, 4, 2)
    yield case("nine features", "features", 2, 3, 2, 9, 5)
    yield case("a length for every sequence", "lengths", 3, 2, 4, 1, 3, lengths=[1, 4, 2])
    yield case("a length for every query", "lengths", 2, 3, 5, 1, 2, lengths=[[1, 5, 3], [2, 4, 1]])
    yield case("a query without a key", "length 0", 2, 2, 3, 1, 2, lengths=[[2, 0], [0, 3]])
    yield case("weights of the last call", "weights", 2, 3, 4, 1, 2, options={"weights": True}, runs=("plain",))
    queries, keys, values = (tensor([rows] * 8) for rows in ([[1.0]] * 64, [[0.0], [LOG_3]], [[4.0], [8.0]]))
    stored = {"laws": True, "weights": True, "stored": [0.25, 0.75]}
    yield Case("weights of the last call, in training", "weights", (queries, keys, values), init={"dropout": 0.25},
               training=True, runs=("plain",), options=stored)  # fmt: skip
    yield dropout_case("training", "dropout", queries, keys, values, init={"dropout": 0.25})
    training = dropout_case("training, with lengths", "dropout", queries, keys, values, init={"dropout": 0.25})
    yield replace(training, args=(*training.args, tensor([2] * 8)))
    yield case("evaluation", "evaluation", 2, 3, 4, 1, 2, init={"dropout": 0.5})
    yield case("no dropout in training", "evaluation", 2, 2, 3, 1, 2, training=True, runs=("plain",))
    yield case("transposed, strided, expanded", "layout", 2, 3, 4, 4, 2, apart=True, runs=("plain",),
               layouts=("strided", "transposed", "expanded"))  # fmt: skip
    for size in (2, 16):
        yield case(f"{size} sequences of {size} queries and keys", "size", size, size, size, 1, 2,
                   lengths=random_lengths(draw, size, size, size),
                   runs=("counted",), grows="size of the batch", size=size)  # fmt: skip
    yield case("four features after one", "features", 2, 2, 3, 4, 2, options={"after one feature": True},
               runs=("plain",))  # fmt: skip
    yield case("what is registered", "state", 2, 2, 3, 1, 2, apart=True, options={"state": True}, runs=("plain",))
    yield case(
        "two sequences, in training mode", "dropout", 2, 3, 4, 3, 2, lengths=[2, 4], init={"dropout": 0.25}, **SLOPES
    )


def _dot_product_timing(draw: Draw, size: int) -> Case:
    three = (draw.floats((size, 24, 32)) for _ in range(3))
    return Case(f"batch of {size}", args=(*three, random_lengths(draw, size, 24, 24)), init={"dropout": 0.0})


DotProductAttention = Exercise(
    homework="hw6",
    name="DotProductAttention",
    uses=("masked_softmax",),
    file="attention.py",
    points=10,
    arguments=("queries", "keys", "values", "valid_lens"),
    kind="module",
    probe=partial(attend, "DotProductAttention"),
    differentiable=True,
    operations=NO_ATTENTION,
    laws=(dropout_law, stored_law, slopes_law),
    cases=_dot_product_cases,
    timing=Timing(_dot_product_timing, (4, 96), "batch", "Einsum", "Loops"),
    max_growth=VECTORISED,
    checks=(
        Check("value", 1.75, "Answers every query with a weighted mean of the values", aspect="basic"),
        Check("value", 1.75, "The dot products are divided by the square root of d", aspect="features"),
        Check("state", 0.25, "a module without parameters and buffers"),
        Check("value", 1, "Keys at or beyond the valid length get no weight", aspect="lengths"),
        Check("value", 0.25, "A query without a valid key is answered with zeros", aspect="length 0"),
        Check("value", 0.75, "`attention_weights` holds the weights of the last call", aspect="weights"),
        Check("randomness", 1, "each is dropped with probability `dropout`, on its own and anew in every call, and "
              "those that stay are divided by 1 - `dropout`", aspect="dropout", title="dropout in training"),
        Check("value", 0.5, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("layout", 0.25, "The arguments may have any memory layout", aspect="layout"),
        Check("gradient", 0.75, "Gradients flow to `queries`, `keys` and `values`"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments are on"),
        Check("copies", 0.25, "where the work is done too: nothing is copied to the host"),
        Check("operations", 0.5, "Calls none of torch's own attention functions"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch, nor with the queries or "
              "keys", aspect="size of the batch"),
    ),
    hints=(
        "Everything happens for all queries and keys of all sequences at once: two batched matrix products with a "
        "softmax between them.",
        "The first product needs the last two axes of the keys exchanged, which is not the same as reshaping them. "
        "It is divided by a root of the size of a query before the softmax.",
        "Keep the masked softmax of the scores in the attribute, hand it to an `nn.Dropout` made in the constructor, "
        "and multiply what comes out with the values.",
    ),
)  # fmt: skip
