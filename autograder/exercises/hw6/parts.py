"""PositionWiseFFN, AddNorm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw6._dropping import WIDTH, P, base_row, branch_row, dropping
from autograder.exercises.hw6._modules import try_module
from autograder.exercises.hw6._weights import network, norm
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _network_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, shape: tuple[int, ...], sizes: tuple[int, int, int], biased: bool = True, **rest: Any
    ) -> Case:
        layout = rest.pop("layout", "contiguous")
        weights = network(draw, "", *sizes)
        if not biased:
            weights |= {
                name: replace(weight, data=weight.data * 0) for name, weight in weights.items() if "bias" in name
            }
        X = draw.floats((*shape, sizes[0]), rest.pop("scale", 2.0), layout=layout, requires_grad=0 not in shape)
        init = dict(zip(("ffn_num_input", "ffn_num_hiddens", "ffn_num_outputs"), sizes, strict=True))
        return Case(name, aspect, (X,), init=init, weights=weights, **rest)

    yield case("one step", "basic", (1, 1), (2, 3, 2), False)
    yield case("three steps", "basic", (1, 3), (2, 4, 3), False)
    yield case("two sequences of four steps", "basic", (2, 4), (3, 8, 5), False)
    yield case("everything is four", "basic", (4, 4), (4, 4, 4), False)
    yield case("large numbers", "basic", (2, 3), (2, 6, 3), False, scale=256.0)
    yield case("other numbers in the same tensor", "basic", (2, 3), (3, 6, 2), False, options={"again": True}, **PLAIN)
    yield case("biases", "biases", (2, 3), (3, 5, 4))
    yield case("biases, everything is three", "biases", (3, 3), (3, 3, 3))
    yield case("one axis", "shapes", (), (3, 4, 2))
    yield case("two axes", "shapes", (5,), (3, 4, 2))
    yield case("four axes", "shapes", (2, 3, 2), (2, 4, 3))
    yield case("an empty batch", "shapes", (0, 3), (3, 4, 2), **PLAIN)
    yield case("in training mode", "shapes", (2, 3), (3, 16, 4), training=True, **PLAIN)
    yield case("transposed X", "shapes", (2, 4), (3, 5, 2), layout="transposed", **PLAIN)
    yield case("what is registered", "state", (2, 2), (3, 5, 2), options={"state": True}, **PLAIN)
    for size in (4, 16, 64):
        yield case(f"{size} steps", "steps", (2, size), (2, 3, 2), runs=("counted",), grows="steps", size=size)


PositionWiseFFN = Exercise(
    homework="hw6",
    name="PositionWiseFFN",
    file="blocks.py",
    points=3,
    difficulty=1,
    arguments=("X",),
    kind="module",
    probe=partial(try_module, "PositionWiseFFN"),
    differentiable=True,
    cases=_network_cases,
    max_growth=0.25,
    checks=(
        Check("value", 1, "The first layer, a ReLU, the second layer", aspect="basic"),
        Check("value", 0.25, "Two linear layers with a bias", aspect="biases"),
        Check("value", 0.25, "There may be any number of axes before the last", aspect="shapes"),
        Check("state", 0.5, "There is nothing else in the state dict, and it restores the module"),
        Check("gradient", 0.25, "Gradients flow to X and to the parameters"),
        Check("purity", 0.25, "X is not changed"),
        Check("device", 0.25, "Works on the device of X and of the parameters"),
        Check("scaling", 0.25, "The number of torch operations does not grow with the steps", aspect="steps"),
    ),
    hints=(
        "What does an `nn.Linear` do with an input that has three axes?",
        "It works on the last axis and leaves those before alone, so that no loop and no reshape is needed.",
        "Make both layers in the constructor, with the sizes in the order in which the numbers go through them. In "
        "`forward` there is one activation, between the two.",
    ),
)


def _add_norm_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, shape: tuple[int, ...], dropout: float = 0.0, **rest: Any) -> Case:
        layout = rest.pop("layout", "contiguous")
        scale, shift = rest.pop("scale", 2.0), rest.pop("shift", 0.0)
        other = rest.pop("other", shape)
        X = draw.floats(shape, scale, layout=layout, requires_grad=0 not in shape)
        X = replace(X, data=X.data + X.data.dtype.type(shift))
        Y = draw.floats(other, scale, layout=layout, requires_grad=0 not in shape)
        weights = {key.removeprefix("it."): weight for key, weight in norm(draw, "it", shape[-1]).items()}
        if rest.pop("plain_norm", aspect == "basic"):
            weights |= {key: tensor([float("weight" in key)] * shape[-1], requires_grad=True) for key in weights}
        init = {"normalized_shape": shape[-1], "dropout": dropout}
        return Case(name, aspect, (X, Y), init=init, weights=weights, **rest)

    yield case("one step", "basic", (1, 1, 3))
    yield case("three steps", "basic", (1, 3, 4))
    yield case("two sequences", "basic", (2, 3, 6))
    yield case("everything is four", "basic", (4, 4, 4))
    yield case("other numbers in the same tensors", "basic", (2, 3, 4), options={"again": True}, **PLAIN)
    yield case("weight and bias", "weights", (2, 3, 4))
    yield case("weight and bias, everything is three", "weights", (3, 3, 3))
    yield case("features that hardly differ", "eps", (2, 3, 4), scale=2.0**-6)
    yield case("equal features", "eps", (2, 3, 1), **PLAIN)
    yield case("far from zero", "eps", (2, 2, 4), shift=8.0)
    yield case("after a shorter batch", "calls", (3, 4, 4), options={"shorter pair": True}, **PLAIN)
    yield case("other numbers, in training mode", "calls", (2, 3, 4), training=True, options={"again": True}, **PLAIN)
    yield case("an empty batch", "calls", (0, 3, 4), **PLAIN)
    yield case("transposed", "calls", (2, 4, 4), layout="transposed", **PLAIN)
    yield case("evaluation", "evaluation", (2, 3, 8), 0.5, **PLAIN)
    rows = (tensor([[row] * 16] * 4) for row in (base_row(), branch_row()))
    plain = {f"ln.{name}": tensor([float(name == "weight")] * WIDTH) for name in ("weight", "bias")}
    yield Case("training", "dropout", tuple(rows), init={"normalized_shape": WIDTH, "dropout": P}, weights=plain,
               training=True, options={"laws": True, "falls": "on a branch"}, **PLAIN)  # fmt: skip
    yield case("two sequences, in training mode", "dropout", (2, 3, 4), 0.25, **SLOPES)
    yield case("what is registered", "state", (1, 3, 4), options={"state": True}, **PLAIN)
    yield case("Y has one step", "errors", (2, 3, 4), other=(2, 1, 4), **PLAIN)
    yield case("Y has no batch", "errors", (2, 3, 4), other=(3, 4), **PLAIN)
    yield case("X has one sequence", "errors", (1, 3, 4), other=(2, 3, 4), **PLAIN)


AddNorm = Exercise(
    homework="hw6",
    name="AddNorm",
    file="blocks.py",
    points=3,
    difficulty=1,
    arguments=("X", "Y"),
    kind="module",
    probe=partial(try_module, "AddNorm"),
    differentiable=True,
    laws=(dropping, slopes_law),
    cases=_add_norm_cases,
    checks=(
        Check("value", 0.5, "Both are those of the features of one step", aspect="basic"),
        Check("value", 0.25, "Then each feature is multiplied with its `ln.weight`", aspect="weights"),
        Check("value", 0.25, "the square root of the biased\nvariance plus 1e-5", aspect="eps"),
        Check("value", 0.25, "no step and no sequence changes the\nanswer of another", aspect="calls", title="calls"),
        Check("randomness", 0.25, "dropout falls on Y, and on nothing else", aspect="dropout",
              title="dropout in training"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("state", 0.25, "There are no other parameters and no buffers, and the state dict restores the module"),
        Check("errors", 0.25, "A ValueError that names both shapes is raised"),
        Check("gradient", 0.25, "Gradients flow to X, Y and the parameters"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on the device of the arguments"),
    ),
    hints=(
        "Three things happen to Y, and one of them to X as well. In which order?",
        "`nn.LayerNorm(d)` normalises over the last axis; given a list of several sizes it normalises over as many "
        "axes.",
        "Dropout first, on what came out of the part; then the sum; then the norm. Compare the shapes before you add.",
    ),
)  # fmt: skip
