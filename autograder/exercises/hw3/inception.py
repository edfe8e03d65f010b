"""blocks.py: Inception, nin_block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Layout, Tensor
from autograder.exercises.hw3._blocks import Weights, call_block

Pair = tuple[int, int]


def _without_ties(draw: Draw, shape: tuple[int, ...], dtype: str) -> Tensor:
    """Numbers around 0, so far apart that the largest of a window stays the largest."""
    data = draw.distinct(shape).data.astype(dtype) / 8
    if dtype == "float64":
        data += draw.floats(shape, 2.0**-12, dtype=dtype).data
    return Tensor(data, dtype, requires_grad=True)


def _inception_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, x: tuple[int, int, int, int], sizes: tuple[int, Pair, Pair, int], *,
        positive: bool = True, biased: bool = False, pooled: bool = True, dtype: str = "float32",
        layout: Layout = "contiguous", training: bool = False, below_zero: bool = False, **options: Any,
    ) -> Case:  # fmt: skip
        weights = Weights(draw, positive=positive, biased=biased, dtype=dtype)
        c1, c2, c3, c4 = sizes
        weights.conv("p1_1", x[1], c1, 1)
        weights.conv("p2_1", x[1], c2[0], 1)
        weights.conv("p2_2", c2[0], c2[1], 3)
        weights.conv("p3_1", x[1], c3[0], 1)
        weights.conv("p3_2", c3[0], c3[1], 5)
        weights.conv("p4_2", x[1], c4, 1, zero=not pooled)
        held = replace(_without_ties(draw, x, dtype), layout=layout)
        if positive:
            held = replace(held, data=held.data - held.data.min(initial=0) + 0.0625)
        if below_zero:
            held = replace(held, data=held.data - held.data.max(initial=0) - 0.0625)
        init = {"in_channels": x[1], "c1": c1, "c2": c2, "c3": c3, "c4": c4}
        return Case(name, aspect, (held,), init=init, weights=weights.all, training=training, options=options)

    yield case("one channel everywhere", "basic", (1, 1, 2, 2), (1, (1, 1), (1, 1), 1), pooled=False)
    yield case("two images", "basic", (2, 3, 4, 5), (2, (3, 4), (1, 2), 3), pooled=False)
    yield case("as many of everything", "basic", (2, 2, 2, 2), (2, (2, 2), (2, 2), 2), pooled=False)
    yield case("after other numbers in the same tensors", "basic", (2, 2, 5, 4), (1, (2, 3), (2, 1), 2), pooled=False,
               again=True)  # fmt: skip
    yield case("in training mode", "basic", (3, 2, 3, 4), (2, (1, 2), (2, 3), 1), pooled=False, training=True)
    yield case("path 4, one channel", "pooling", (1, 1, 2, 3), (1, (1, 1), (1, 1), 1))
    yield case("path 4", "pooling", (2, 3, 4, 5), (2, (3, 1), (1, 2), 3))
    yield case("path 4, all entries negative", "pooling", (2, 2, 4, 3), (1, (2, 1), (2, 1), 3), positive=False,
               below_zero=True)  # fmt: skip
    yield case("path 4, in training mode", "pooling", (2, 2, 4, 3), (1, (2, 1), (2, 1), 3), training=True)
    yield case("negative numbers", "ReLU", (1, 2, 3, 3), (2, (2, 2), (2, 2), 2), positive=False)
    yield case("negative numbers, two images", "ReLU", (2, 3, 5, 4), (3, (4, 3), (3, 4), 4), positive=False)
    yield case("one pixel", "sizes", (2, 2, 1, 1), (2, (1, 2), (3, 2), 1))
    yield case("a row of pixels", "sizes", (1, 2, 1, 7), (1, (2, 3), (1, 2), 2))
    yield case("8 by 10 pixels", "sizes", (2, 2, 8, 10), (2, (2, 1), (1, 3), 2))
    yield case("biases", "biases", (2, 2, 3, 4), (2, (3, 2), (2, 1), 2), biased=True)
    yield case("biases, negative numbers", "biases", (2, 2, 4, 3), (2, (3, 2), (2, 3), 3), biased=True, positive=False)
    yield case("float64", "float64", (2, 2, 3, 4), (1, (2, 2), (2, 1), 2), dtype="float64", double=True)
    yield case("an empty batch", "empty", (0, 2, 3, 4), (1, (2, 2), (2, 1), 2))
    yield case("transposed X", "layout", (2, 2, 4, 3), (1, (2, 2), (2, 1), 2), layout="transposed")
    yield case("strided X", "layout", (2, 2, 3, 4), (2, (1, 2), (1, 2), 1), layout="strided")
    yield case("registered parameters", "state", (2, 3, 3, 3), (2, (3, 4), (1, 2), 5), state=True)


Inception = Exercise(
    homework="hw3",
    name="Inception",
    file="blocks.py",
    points=3,
    arguments=("X",),
    kind="module",
    probe=partial(call_block, "Inception"),
    differentiable=True,
    cases=_inception_cases,
    checks=(
        Check("value", 0.75, "The channels of path 1 come first, then those of paths 2, 3 and 4", aspect="basic"),
        Check("value", 0.375, "whose padding never wins, also where all entries are negative", aspect="pooling",
              title="values: path 4"),
        Check("value", 0.375, "Behind each convolution there is a ReLU, also behind the last one of a path",
              aspect="ReLU"),
        Check("value", 0.25, "H and W may be any size from 1", aspect="sizes"),
        Check("value", 0.125, "all of stride 1 and with a bias", aspect="biases"),
        Check("value", 0.125, "In a float64 block everything is computed in float64", aspect="float64"),
        Check("value", 0.125, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.125, "may have any memory layout", aspect="layout"),
        Check("state", 0.25, "registered under these names, and no other parameters or buffers are"),
        Check("gradient", 0.25, "Gradients flow to X, by all paths, and to all parameters"),
        Check("purity", 0.125, "X is not changed"),
        Check("device", 0.125, "Works on whatever device X and the parameters are on"),
    ),
    hints=(
        "For X of shape (N, C, H, W), write down the shape after every layer of every path. What do the four last "
        "shapes have in common, and along which axis can they be joined?",
        "A window of k pixels keeps the size of the image when the stride is 1 and the padding (k - 1) / 2. That holds "
        "for the pooling too, whose stride is its window when nothing is said.",
        "Each path is a line of calls that begins at X, with a ReLU around every convolution. The four answers go, in "
        "the order of the paths, into `torch.cat` along the axis of the channels.",
    ),
)  # fmt: skip


def _nin_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, x: tuple[int, int, int, int], outputs: int, kernel: int | Pair, *,
        positive: bool = True, biased: bool = False, dtype: str = "float32", training: bool = False,
        init: dict[str, Any] | None = None, **options: Any,
    ) -> Case:  # fmt: skip
        weights = Weights(draw, positive=positive, biased=biased, dtype=dtype)
        weights.conv("0", x[1], outputs, kernel)
        weights.conv("2", outputs, outputs, 1)
        weights.conv("4", outputs, outputs, 1)
        init = {"in_channels": x[1], "out_channels": outputs, "kernel_size": kernel} | (init or {})
        args = (weights.numbers(*x),)
        return Case(name, aspect, args, init=init, weights=weights.all, training=training, options=options)

    yield case("one channel", "basic", (1, 1, 3, 3), 1, 2)
    yield case("channels", "basic", (2, 2, 4, 5), 3, 3)
    yield case("a window of one", "basic", (3, 3, 2, 3), 2, 1)
    yield case("after other numbers in the same tensors", "basic", (2, 2, 4, 4), 3, 2, again=True)
    yield case("in training mode", "basic", (2, 3, 3, 4), 4, 2, training=True)
    yield case("negative numbers", "ReLU", (1, 2, 3, 3), 3, 2, positive=False)
    yield case("negative numbers, several images", "ReLU", (3, 2, 4, 5), 4, 3, positive=False)
    yield case("stride 2", "options", (2, 2, 8, 7), 3, 3, init={"strides": 2})
    yield case("padding 1", "options", (1, 2, 4, 3), 2, 3, init={"padding": 1})
    yield case("stride 2 and padding 1", "options", (2, 1, 8, 9), 2, 3, init={"strides": 2, "padding": 1})
    yield case("a window (3, 2), stride (1, 2), padding (0, 1)", "options", (2, 2, 5, 6), 3, (3, 2),
               init={"strides": (1, 2), "padding": (0, 1)})  # fmt: skip
    yield case("biases", "biases", (2, 2, 4, 3), 3, 2, biased=True)
    yield case("biases, negative numbers", "biases", (2, 2, 5, 5), 4, 3, biased=True, positive=False,
               init={"padding": 1})  # fmt: skip
    yield replace(case("two blocks", "new", (1, 2, 3, 3), 2, 2, beside=True), runs=("plain",))
    yield case("float64", "float64", (2, 2, 3, 4), 3, 2, dtype="float64", double=True)
    yield case("registered parameters", "state", (2, 3, 4, 4), 2, 3, state=True)


nin_block = Exercise(
    homework="hw3",
    name="nin_block",
    difficulty=1,
    file="blocks.py",
    points=2,
    arguments=("X",),
    kind="probe",
    probe=partial(call_block, "nin_block"),
    differentiable=True,
    cases=_nin_cases,
    checks=(
        Check("value", 0.5, "a convolution and two of 1 × 1", aspect="basic"),
        Check("value", 0.375, "each with a ReLU behind it", aspect="ReLU"),
        Check("value", 0.375, "kernel_size, strides, padding: those of the first convolution", aspect="options"),
        Check("value", 0.125, "Every convolution has a bias", aspect="biases"),
        Check("value", 0.125, "at every call one with weights of its own", aspect="new", title="new weights"),
        Check("value", 0.125, "a float64 block computes in float64", aspect="float64"),
        Check("state", 0.125, "There are no other parameters and no buffers"),
        Check("gradient", 0.125, "Gradients flow to X and to all parameters"),
        Check("device", 0.125, "Works on whatever device X and the parameters are on"),
    ),
    hints=(
        "Count what the block consists of. Which of these things have weights, and at which places in the "
        "nn.Sequential do they stand?",
        "Which of the six layers changes the number of channels? Which changes the size of the image? All others keep "
        "both.",
        "nn.Sequential takes the layers as arguments, in their order, and numbers them from 0. The options go to the "
        "first convolution alone; the ReLUs have no weights, but take a number all the same.",
    ),
)  # fmt: skip

EXERCISES = (Inception, nin_block)
