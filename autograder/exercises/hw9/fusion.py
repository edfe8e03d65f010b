"""fusion.py: two modalities side by side, or as a sum."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Tensor
from autograder.exercises.hw9._fusing import (
    NAMES,
    VECTORISED,
    Cases,
    first_cases,
    fuse,
    negative_cases,
    projected,
    usual_checks,
)

# ---- ConcatenationFusion


def _side_by_side(text_dim: int, image_dim: int, hidden_dim: int, num_classes: int) -> dict[str, tuple[int, int]]:
    layers = projected(text_dim, image_dim, hidden_dim, num_classes)
    return layers | {"classifier": (2 * hidden_dim, num_classes)}


def _concatenation_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, _side_by_side, (*NAMES[:3], "num_classes"))
    yield from first_cases(make)
    yield make("negative numbers", "no activation", 2, (2, 3, 4, 2))
    yield make("negative numbers, five samples", "no activation", 5, (4, 2, 6, 3))
    yield from make.usual((4, 3, 2, 3), (2, 4, 3, 2))


ConcatenationFusion = Exercise(
    homework="hw9",
    name="ConcatenationFusion",
    difficulty=1,
    file="fusion.py",
    points=7,
    arguments=("text", "image"),
    kind="module",
    probe=partial(fuse, "ConcatenationFusion"),
    differentiable=True,
    cases=_concatenation_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 3, "The projections of a sample are concatenated, those of the text come first", aspect="basic"),
        Check("value", 0.75, "There is no activation function", aspect="no activation"),
        *usual_checks(),
    ),
    hints=(
        "Write down the shapes: what does each projection give for a batch of N, and what should the classifier see for"
        " one sample?",
        "Two tensors of shape (N, h) can be joined to (2N, h) or to (N, 2h). Only one of them has a row for"
        " each sample.",
        "`torch.cat` along the axis of the features, the text first. The classifier has twice as many inputs as a"
        " projection has outputs.",
    ),
)

# ---- WeightedFusion


def _weighted_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, projected, NAMES)

    def weights(text: float, image: float, dtype: str = "float32") -> dict[str, Tensor]:
        return {
            f"{name}_weight": tensor([value], dtype, requires_grad=True)
            for name, value in (("text", text), ("image", image))
        }

    yield from first_cases(make, extra=weights(0.25, 0.75))
    yield from negative_cases(make, extra=weights(0.5, 0.25))
    yield make("a sum of 3", "weights", 3, (2, 3, 4, 2), positive=True, extra=weights(1.25, 1.75))
    yield make("a negative weight", "weights", 2, (3, 2, 3, 2), positive=True, extra=weights(-0.75, 1.5))
    yield make("no weight", "weights", 2, (3, 2, 3, 2), positive=True, extra=weights(0.0, 0.5))
    init = dict(zip(NAMES, (3, 2, 4, 2), strict=True))
    yield Case("a new module", "start", init=init, runs=("plain",), options={"start": ["text_weight", "image_weight"]})
    yield from make.usual((4, 3, 2, 3), (2, 4, 3, 2), extra=weights(0.75, 0.5))


WeightedFusion = Exercise(
    homework="hw9",
    name="WeightedFusion",
    difficulty=1,
    file="fusion.py",
    points=6,
    arguments=("text", "image"),
    kind="module",
    probe=partial(fuse, "WeightedFusion"),
    differentiable=True,
    cases=_weighted_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 1.5, "Adds up the features of both modalities, each times its weight", aspect="basic"),
        Check("value", 0.5, "The features of a modality are its projection after ReLU", aspect="ReLU"),
        Check("value", 0.5, "the weights may be negative, and need not add up to 1", aspect="weights"),
        Check("value", 0.25, "both are 0.5 at the start", aspect="start"),
        *usual_checks(),
    ),
    hints=(
        "What has to be true of the two weights for an optimizer that gets `module.parameters()` to train them?",
        "An `nn.Parameter` that is an attribute of a module is one of its parameters; a plain tensor is not,"
        " whatever its"
        " `requires_grad`.",
        "Two projections, ReLU, two products with parameters of one element, which broadcast, a sum, and the"
        " classifier.",
    ),
)

# ---- ElementWiseFusion


def _element_wise_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, lambda op="add", **sizes: projected(**sizes), NAMES)
    yield from first_cases(make)
    yield from negative_cases(make)
    for op in ("mul", "max"):
        yield make(f"“{op}”, one sample", op, 1, (1, 1, 1, 1), positive=True, init={"op": op})
        yield make(f"“{op}”", op, 3, (4, 2, 3, 2), positive=True, init={"op": op})
        yield make(f"“{op}”, negative numbers", op, 4, (2, 3, 6, 2), init={"op": op}, biased=True)
    yield make("“add”, by name", "basic", 2, (2, 3, 3, 2), positive=True, init={"op": "add"})
    yield from make.usual((4, 3, 2, 3), (2, 4, 3, 2))
    for op in ("sum", "MAX", ""):
        init = dict(zip(NAMES, (3, 2, 4, 2), strict=True)) | {"op": op}
        yield Case(f"op={op!r}", "errors", init=init, runs=("plain",), options={"construct": True, "names": op})


ElementWiseFusion = Exercise(
    homework="hw9",
    name="ElementWiseFusion",
    difficulty=1,
    file="fusion.py",
    points=6,
    arguments=("text", "image"),
    kind="module",
    probe=partial(fuse, "ElementWiseFusion"),
    differentiable=True,
    cases=_element_wise_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 1.25, 'With "add" number i of the text and number i of the image are added', aspect="basic"),
        Check("value", 0.5, "The features of a modality are its projection after ReLU", aspect="ReLU"),
        Check("value", 0.5, 'with "mul" they are multiplied', aspect="mul"),
        Check("value", 0.375, 'with "max" the larger one is taken', aspect="max"),
        Check("errors", 0.125, "Anything else raises a ValueError whose message has the word"),
        *usual_checks(),
    ),
    hints=(
        "Three functions of two tensors of one shape, and a word that chooses between them. When is the earliest moment"
        " at which a wrong word can be noticed?",
        "`torch.max` of two tensors goes number by number, as `torch.maximum` does; with an axis it does"
        " something else.",
        "Keep the word in the constructor, after looking whether it is one of three. In `forward` each modality is"
        " projected and goes through ReLU before they meet.",
    ),
)

# ---- AttentionFusion


def _gated(text_dim: int, image_dim: int, hidden_dim: int, output_dim: int) -> dict[str, tuple[int, int]]:
    return {**projected(text_dim, image_dim, hidden_dim, output_dim), "attention": (2 * hidden_dim, 1)}


def _attention_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw, _gated, NAMES)
    small: dict[str, Any] = {"scales": {"attention": 0.25}}
    yield from first_cases(make, **small)
    yield from negative_cases(make, **small)
    yield make(
        "weights of one sample",
        "weights",
        1,
        (2, 3, 2, 2),
        positive=True,
        options={"weights": True},
        runs=("plain",),
        **small,
    )
    yield make(
        "weights of four samples", "weights", 4, (2, 3, 3, 2), options={"weights": True}, runs=("plain",), **small
    )
    yield make("weights near 0 and 1", "gate", 4, (3, 2, 4, 2), biased=True, scales={"attention": 4.0})
    yield make("as many samples as features", "gate", 4, (3, 2, 4, 4), biased=True, **small)
    yield from make.usual((4, 3, 2, 3), (2, 4, 3, 2), **small)


AttentionFusion = Exercise(
    homework="hw9",
    name="AttentionFusion",
    file="fusion.py",
    points=9,
    arguments=("text", "image"),
    kind="module",
    probe=partial(fuse, "AttentionFusion"),
    differentiable=True,
    cases=_attention_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 3.5, "the fused features are a * text + (1 - a) * image", aspect="basic"),
        Check("value", 0.75, "The features of a modality are its projection after ReLU", aspect="ReLU"),
        Check("value", 0.75, "Every sample has one weight of its own", aspect="gate"),
        Check("value", 0.75, "holds the weights a of the last call, shape (batch, 1)", aspect="weights"),
        *usual_checks(),
    ),
    hints=(
        "How many numbers does the attention layer give for a batch of N samples, and where do they have to be"
        " between 0"
        " and 1?",
        "A sigmoid looks at one number; a softmax over an axis of length 1 gives 1 whatever is in it. The weight of the"
        " image is what the text's leaves.",
        "Put the features of both side by side, as ConcatenationFusion does, and give them to the attention layer. Its"
        " answer, shape (N, 1), broadcasts over the features.",
    ),
)
