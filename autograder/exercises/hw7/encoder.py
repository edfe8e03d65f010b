"""BERTEncoder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout
from autograder.exercises.hw7._building import VECTORISED, Weights, build, dropout_cases, dropout_law
from autograder.exercises.slopes import SLOPES, slopes_law

VOCABULARY = 7


def _encoder_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], layers: int, *, lengths: Any = None, dtype: str = "float32",
        hiddens: int = 4, ffn: int = 6, heads: int = 2, max_len: int | None = 6, dropout: float = 0.0,
        layout: Layout = "contiguous", **rest: Any,
    ) -> Case:  # fmt: skip
        init = {"vocab_size": VOCABULARY, "num_hiddens": hiddens, "ffn_num_hiddens": ffn, "num_heads": heads,
                "num_layers": layers, "dropout": dropout}  # fmt: skip
        if max_len is not None:
            init["max_len"] = max_len
        weights = Weights(draw, dtype).encoder(VOCABULARY, hiddens, ffn, layers, max_len or 1000)
        args = [replace(draw.integers(shape, 0, top), layout=layout) for top in (VOCABULARY - 1, 1)]
        if lengths is not None:
            args.append(lengths)
        return Case(name, aspect, tuple(args), init=init, weights=weights, **rest)

    yield case("two tokens, no block", "basic", (1, 2), 0)
    yield case("three sequences, no block", "basic", (3, 4), 0)
    yield case("as many steps as sequences, no block", "basic", (4, 4), 0, hiddens=8)
    yield case("as long as there are places", "basic", (2, 6), 0)
    yield case("1000 places when nothing is said", "basic", (2, 3), 0, max_len=None, runs=("plain",))
    yield case("one token", "blocks", (1, 1), 1)
    yield case("one sequence", "blocks", (1, 3), 1)
    yield case("as many sequences as steps", "blocks", (3, 3), 1)
    yield case("after other numbers in the same tensors", "blocks", (2, 4), 1, options={"again": True})
    yield case("a block with three heads", "blocks", (2, 4), 1, hiddens=6, ffn=5, heads=3)
    yield case("two blocks", "several", (2, 3), 2)
    yield case("three blocks", "several", (3, 2), 3, ffn=3)
    yield case("lengths 2 and 3", "lengths", (2, 3), 1, lengths=tensor([2, 3]))
    yield case("lengths 4, 1 and 3 in float32", "lengths", (3, 5), 2, lengths=tensor([4.0, 1.0, 3.0]))
    yield case("as many sequences as steps", "lengths", (4, 4), 1, lengths=tensor([1, 4, 2, 3]))
    yield case("no lengths, after a call with lengths", "lengths", (2, 3), 1, lengths=tensor([1, 2]),
               options={"without": True}, runs=("plain",))  # fmt: skip
    yield case("all of full length", "lengths", (2, 3), 1, lengths=tensor([3, 3]))
    for name, aspect, layers, dropout, training in (
        ("two blocks", "evaluation", 2, 0.5, False),
        ("dropout 0", "dropout", 2, 0.0, True),
        ("no block", "dropout", 0, 0.5, True),
    ):
        yield case(name, aspect, (2, 3), layers, dropout=dropout, training=training, lengths=tensor([1, 3]),
                   options={"laws": True, "twice": True, "still": name}, runs=("plain",))  # fmt: skip
    yield from dropout_cases(draw)
    yield case("two sequences, in training mode", "dropout", (2, 3), 2, dropout=0.25, **SLOPES)
    yield case("float64", "float64", (2, 3), 1, dtype="float64", lengths=tensor([2, 3]), options={"double": True})
    yield case("transposed ids", "layout", (3, 4), 1, layout="transposed", runs=("plain",))
    yield case("registered parameters", "state", (2, 3), 2, options={"state": True}, runs=("plain",))
    for steps, places in ((7, 6), (3, 1)):
        yield case(f"{steps} steps, {places} places", "errors", (2, steps), 1, max_len=places, runs=("plain",))
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", (size, 3), 1, lengths=tensor([2] * size), runs=("counted",),
                   grows="batch", size=size)  # fmt: skip
    for size in (4, 16, 64):
        yield case(f"{size} steps", "steps", (2, size), 1, lengths=tensor([2, size]), max_len=64, runs=("counted",),
                   grows="steps", size=size)  # fmt: skip


BERTEncoder = Exercise(
    homework="hw7",
    name="BERTEncoder",
    file="bert.py",
    points=4,
    kind="module",
    probe=partial(build, "BERTEncoder"),
    laws=(dropout_law, slopes_law),
    arguments=("tokens", "segments", "valid_lens"),
    differentiable=True,
    cases=_encoder_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 0.75, "Adds up the three embeddings", aspect="basic"),
        Check("value", 0.5, "In every block a token attends to the tokens of its own sequence", aspect="blocks"),
        Check("value", 0.25, "sends the sum through the blocks, one after the other", aspect="several"),
        Check("value", 0.5, "that stand before the valid length, and to no others", aspect="lengths"),
        Check("randomness", 0.25, "In training mode dropout falls where the blocks have it", aspect="dropout",
              title="dropout"),
        Check("value", 0.125, "in evaluation mode nothing is dropped", aspect="evaluation"),
        Check("value", 0.0625, "with the dtype of the parameters", aspect="float64"),
        Check("layout", 0.0625, "ids, shape (batch, steps), int64", aspect="layout"),
        Check("errors", 0.125, "when an input has more than max_len steps"),
        Check("state", 0.25, "Registered are, under these names and nothing else"),
        Check("gradient", 0.5, "Gradients\n        flow to all parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and the parameters are on"),
        Check("copies", 0.125, "nothing is copied to the host"),
        Check("scaling", 0.0625, "The number of torch operations grows neither with the batch", aspect="batch"),
        Check("scaling", 0.0625, "nor with the steps", aspect="steps"),
    ),
    hints=(
        "Begin without blocks: what are the shapes of the three embeddings, and along which axis is one of them "
        "broadcast? How many of its places does an input of four steps need?",
        "The block wants to know which keys to leave out, as a boolean tensor of shape (batch, steps). Which "
        "comparison gives it, and is True for a token or for padding?",
        "A parameter is part of the graph as it is; anything that takes its bare numbers out cuts the gradient. "
        "Compare the steps, made on the device of the tokens, with a column of lengths, and hand the table to every "
        "block.",
    ),
)  # fmt: skip
