"""The output layers of BERT and the whole: MaskLM, NextSentencePred, BERTModel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Finding, Layout
from autograder.exercises.hw7._building import VECTORISED, Weights, build
from autograder.exercises.slopes import SLOPES, slopes_law


def _mask_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, positions: list[list[int]], steps: int, *, vocab: int = 5, hiddens: int = 4,
        inputs: int | None = 3, dtype: str = "float32", layouts: tuple[Layout, Layout] = ("contiguous", "contiguous"),
        **rest: Any,
    ) -> Case:  # fmt: skip
        init = {"vocab_size": vocab, "num_hiddens": hiddens} | ({} if inputs is None else {"num_inputs": inputs})
        weights = Weights(draw, dtype).mask_lm(vocab, hiddens, inputs or 768)
        shape = (len(positions), steps, inputs or 768)
        X = draw.floats(shape, dtype=dtype, layout=layouts[0], requires_grad=True)
        places = replace(tensor(positions, "int64"), layout=layouts[1])
        return Case(name, aspect, (X, places), init=init, weights=weights, **rest)

    yield case("one position", "basic", [[1]], 2)
    yield case("two positions in each of three sequences", "basic", [[1, 3], [0, 2], [2, 3]], 4)
    yield case("as many of everything", "basic", [[0, 1, 2], [0, 1, 2], [0, 1, 2]], 3, vocab=3, hiddens=3)
    yield case("after other numbers in the same tensors", "basic", [[2, 3], [0, 1]], 4, options={"again": True})
    yield case("768 inputs when nothing is said", "basic", [[1], [0]], 2, inputs=None, runs=("plain",))
    yield case("in any order", "positions", [[3, 1, 2], [2, 0, 1]], 4)
    yield case("padded with position 0", "positions", [[1, 2, 0, 0], [3, 0, 0, 0]], 4)
    yield case("more positions than steps", "positions", [[1, 1, 0], [0, 1, 1]], 2)
    init = {"vocab_size": 5, "num_hiddens": 4, "num_inputs": 3}
    for name, batch, predictions in (("no sequence", 0, 2), ("no position", 2, 0)):
        args = (draw.floats((batch, 3, 3), requires_grad=True), draw.integers((batch, predictions), 0, 2))
        yield Case(name, "empty", args, init=init, weights=Weights(draw).mask_lm(5, 4, 3), runs=("plain",))
    yield case("float64", "float64", [[1, 2], [3, 0]], 4, dtype="float64", options={"double": True})
    yield case("transposed, transposed", "layout", [[1, 3], [0, 2], [2, 2]], 4, layouts=("transposed", "transposed"),
               runs=("plain",))  # fmt: skip
    yield case("registered parameters", "state", [[1], [2]], 3, options={"state": True}, runs=("plain",))
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", [[1, 2]] * size, 3, runs=("counted",), grows="batch", size=size)
    for size in (4, 16, 64):
        yield case(f"{size} positions", "M", [[1, 0] * (size // 2)] * 2, 3, runs=("counted",), grows="M", size=size)
    for size in (8, 32, 128):
        yield case(f"{size} steps", "steps", [[1, 0], [2, 1]], size, hiddens=8, runs=("counted",), grows="steps",
                   size=size)  # fmt: skip


MaskLM = Exercise(
    homework="hw7",
    name="MaskLM",
    file="bert.py",
    points=4,
    kind="module",
    probe=partial(build, "MaskLM"),
    arguments=("X", "pred_positions"),
    differentiable=True,
    cases=_mask_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 1.25, "at [b, m] the scores for position `pred_positions[b, m]` of\n            sequence b",
              aspect="basic"),
        Check("value", 0.75, "in any order; a position may come several\n                times", aspect="positions"),
        Check("value", 0.125, "An empty batch gives an empty answer", aspect="empty"),
        Check("value", 0.125, "Gradients flow to `X`\n        and to all parameters", aspect="float64"),
        Check("layout", 0.125, "The\n        arguments may have any memory layout", aspect="layout"),
        Check("state", 0.25, "Registered is one `nn.Sequential` under the name `mlp`"),
        Check("gradient", 0.5, "a position that is picked twice gets both gradients"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and the parameters are on"),
        Check("copies", 0.125, "nothing is copied to the host"),
        Check("scaling", 0.0625, "The number of torch operations grows neither with the batch", aspect="batch"),
        Check("scaling", 0.0625, "nor with M", aspect="M"),
        Check("scaling", 0.25, "the arithmetic does not grow with the steps", aspect="steps", title="arithmetic: steps",
              count="arithmetic", growth=0.5, times=8),
    ),
    hints=(
        "Take two sequences and three positions for each. Which six rows of X are wanted, as pairs (sequence, step)?",
        "Indexing with two integer tensors pairs their elements, after broadcasting them against each other. Which "
        "shape must the numbers of the sequences have beside positions of shape (batch, M)?",
        "A column of the numbers 0 to batch - 1, made on the device of X, and the positions as they are: the answer "
        "has the shape (batch, M, num_inputs) at once. The layers come afterwards.",
    ),
)  # fmt: skip


def _next_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, batch: int, inputs: int, dtype: str = "float32", **rest: Any) -> Case:
        weights = Weights(draw, dtype).linear("output", inputs, 2)
        X = draw.floats((batch, inputs), dtype=dtype, requires_grad=True)
        return Case(name, aspect, (X,), init={"num_inputs": inputs}, weights=weights, **rest)

    yield case("one pair", "basic", 1, 1)
    yield case("three pairs", "basic", 3, 4)
    yield case("as many pairs as scores", "basic", 2, 2)
    yield case("after other numbers in the same tensors", "basic", 4, 3, options={"again": True})
    yield case("no pair", "empty", 0, 3, runs=("plain",))
    yield case("float64", "float64", 2, 3, "float64", options={"double": True})
    yield case("registered parameters", "state", 2, 3, options={"state": True}, runs=("plain",))


NextSentencePred = Exercise(
    homework="hw7",
    name="NextSentencePred",
    difficulty=1,
    file="bert.py",
    points=2,
    kind="module",
    probe=partial(build, "NextSentencePred"),
    arguments=("X",),
    differentiable=True,
    cases=_next_cases,
    checks=(
        Check("value", 0.75, "Sends the features of each pair through `output`, and nothing else", aspect="basic"),
        Check("value", 0.125, "An empty batch gives an empty answer", aspect="empty"),
        Check("value", 0.125, "The scores, shape (batch, 2)", aspect="float64"),
        Check("state", 0.25, "under the name `output`, and nothing else"),
        Check("gradient", 0.375, "Gradients flow to `X` and to the parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the argument and\n        the parameters are on"),
    ),
    hints=(
        "How many classes are there, and how many scores does a classifier give for each pair?",
        "The loss is a cross entropy. What does it do with scores itself, so that the module need not?",
        "One layer is made in the constructor and called in `forward`; there is nothing else.",
    ),
)  # fmt: skip


def _model_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, int], *, lengths: Any = None, positions: Any = None,
        hiddens: int = 4, heads: int = 2, layers: int = 1, max_len: int = 5, dropout: float = 0.0,
        dtype: str = "float32", **rest: Any,
    ) -> Case:  # fmt: skip
        vocab, ffn = 6, 5
        init = {"vocab_size": vocab, "num_hiddens": hiddens, "ffn_num_hiddens": ffn, "num_heads": heads,
                "num_layers": layers, "dropout": dropout, "max_len": max_len}  # fmt: skip
        make = Weights(draw, dtype)
        weights = make.encoder(vocab, hiddens, ffn, layers, max_len, "encoder.")
        weights |= make.linear("hidden.0", hiddens, hiddens) | make.mask_lm(vocab, hiddens, hiddens, "mlm.")
        weights |= make.linear("nsp.output", hiddens, 2)
        ids = draw.integers(shape, 0, vocab - 1), draw.integers(shape, 0, 1)
        rest_of_args = (None if x is None else tensor(x) for x in (lengths, positions))
        return Case(name, aspect, (*ids, *rest_of_args), init=init, weights=weights, **rest)

    yield case("one position", "basic", (1, 3), positions=[[1]], layers=0)
    yield case("two sequences, a block", "basic", (2, 3), positions=[[1, 2], [2, 0]])
    yield case("three sequences, two blocks", "basic", (3, 4), positions=[[2], [0], [3]], hiddens=6, heads=3, layers=2)
    yield case("lengths 2 and 3", "lengths", (2, 3), lengths=[2, 3], positions=[[1, 0], [1, 2]])
    yield case("lengths in float32", "lengths", (2, 4), lengths=[3.0, 1.0], positions=[[2], [0]])
    yield case("no positions", "none", (2, 3))
    yield case("lengths, and no positions", "none", (2, 3), lengths=[1, 3])
    yield case("float64", "float64", (2, 3), positions=[[1], [2]], dtype="float64", options={"double": True})
    yield case("in training mode", "dropout", (2, 4), positions=[[1], [2]], dropout=0.5, training=True, runs=("plain",),
               options={"laws": True, "twice": True})  # fmt: skip
    yield case("two sequences, in training mode", "dropout", (2, 4), positions=[[1], [2]], dropout=0.25, **SLOPES)
    yield case("registered parameters", "state", (2, 3), positions=[[1], [2]], options={"state": True}, runs=("plain",))


def _model_law(case: Case, value: Any) -> Iterator[Finding]:
    if "twice" in case.options:
        one, other = (answer[0].data for answer in value["draws"])
        if (one == other).all():
            yield Finding("none", "two calls in training mode encode the tokens alike: nothing is dropped")


BERTModel = Exercise(
    homework="hw7",
    name="BERTModel",
    uses=("BERTEncoder", "MaskLM", "NextSentencePred"),
    difficulty=1,
    file="bert.py",
    points=2,
    kind="module",
    probe=partial(build, "BERTModel"),
    laws=(_model_law, slopes_law),
    arguments=("tokens", "segments", "valid_lens", "pred_positions"),
    differentiable=True,
    cases=_model_cases,
    checks=(
        Check("value", 0.5, "Encodes the sequences, and scores the masked tokens and the pair", aspect="basic"),
        Check("value", 0.25, "tokens, segments, valid_lens: as for `BERTEncoder`", aspect="lengths"),
        Check("value", 0.125, "or None without\n            pred_positions", aspect="none"),
        Check("value", 0.0625, "A tuple of three", aspect="float64"),
        Check("randomness", 0.125, "BERTEncoder with all the arguments", aspect="dropout", title="dropout"),
        Check("state", 0.25, "Registered are, under these names and nothing else"),
        Check("gradient", 0.375, "Gradients flow to all parameters"),
        Check("purity", 0.0625, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and the\n        parameters are on"),
    ),
    hints=(
        "Draw it: which of the three outputs needs the encoded sequence as a whole, which needs some of its tokens, "
        "and which needs a single one?",
        "The constructor of your `MaskLM` has a default for its inputs that does not fit here. What goes into it has "
        "num_hiddens features.",
        "Encode once, with the lengths. The first token of each sequence is a slice along the axis of the steps; it "
        "goes through `hidden` before the two scores are made of it.",
    ),
)  # fmt: skip
