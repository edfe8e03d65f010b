"""layers.py, the layers that pool: MaxPool2d, AvgPool2d."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout, Tensor
from autograder.exercises.hw3.layers import NO_POOLING

NAMES = ("kernel_size", "stride", "padding")


def _pool_through(name: str, student: Any, call: Any) -> Any:
    """Makes the layer and calls it. Where the case's options have `before`, it is given this tensor first; `beside` are
    the options of a second layer, made later."""
    from autograder.worker import probes

    if not call.options.keys() & {"before", "beside"}:
        return probes.call_module(name, student, call)
    layer = call.load(student.find(name)(**call.init))
    if "before" in call.options:
        layer(call.options["before"])
    if "beside" in call.options:
        student.find(name)(**call.options["beside"])
    return layer(*call.args)


def _cases(draw: Draw, padded: Iterable[Case] = ()) -> Iterable[Case]:
    """The cases of both layers; `padded` are those of one of them."""

    def case(
        name: str, aspect: str, x: tuple[int, ...], *init: Any, layout: Layout = "contiguous", **rest: Any
    ) -> Case:
        held = replace(draw.distinct(x, requires_grad=x[0] > 0), layout=layout)
        return Case(name, aspect, (held,), init=dict(zip(NAMES, init, strict=False)), **rest)

    yield case("one window", "basic", (1, 1, 2, 2), 2)
    yield case("batch and channels", "basic", (2, 3, 4, 6), 2)
    yield case("windows of three", "basic", (3, 2, 6, 3), 3)
    yield case("other numbers in the same tensor", "calls", (2, 2, 4, 4), 2, options={"again": True})
    yield case("after a smaller image", "calls", (2, 2, 6, 4), 2, options={"before": draw.distinct((1, 1, 2, 2))})
    beside = {"kernel_size": 3, "stride": 1, "padding": 1}
    yield case("beside another layer", "calls", (2, 2, 4, 4), 2, options={"beside": beside})
    yield case("in training mode", "calls", (2, 1, 4, 4), 2, training=True)
    yield case("a window (2, 3)", "sizes", (2, 2, 4, 6), (2, 3))
    yield case("a window (3, 1)", "sizes", (1, 2, 6, 3), (3, 1))
    yield case("stride 1", "stride", (1, 1, 3, 4), 2, 1)
    yield case("stride 3 for a window of 2", "stride", (2, 2, 8, 5), 2, 3)
    yield case("stride (2, 1)", "stride", (2, 2, 5, 4), 3, (2, 1))
    yield case("rows and columns that are left over", "floor", (1, 1, 5, 7), 2)
    yield case("a remainder for stride 3", "floor", (2, 1, 9, 7), 2, 3)
    yield case("padding 1", "padding", (1, 1, 4, 4), 2, None, 1)
    yield case("padding (0, 1) and stride 2", "padding", (2, 2, 4, 5), 3, 2, (0, 1))
    yield case("padding (2, 1) and stride (1, 2)", "padding", (1, 2, 5, 4), (4, 3), (1, 2), (2, 1))
    yield from padded
    yield case("an empty batch", "empty", (0, 2, 4, 4), 2)
    far = Tensor(2.0**30 + draw.floats((2, 1, 4, 4)).data.astype("float64"), "float64", requires_grad=True)
    yield Case("float64", "float64", (far,), init={"kernel_size": 2})
    yield case("transposed x", "basic", (2, 2, 6, 4), 2, layout="transposed")
    yield case("what is registered", "state", (2, 1, 4, 4), 2, options={"state": True}, runs=("plain",))


def _max_cases(draw: Draw) -> Iterable[Case]:
    negative = tensor([[[[-2.0, -3.0, -8.0], [-5.0, -4.0, -7.0], [-1.0, -9.0, -6.0]]]], requires_grad=True)
    return _cases(draw, [Case("all entries negative, padding 1", "padding", (negative,), init={
        "kernel_size": 3, "stride": 1, "padding": 1,
    })])  # fmt: skip


def _layer(name: str, answer: str, padding: str, cases: Any, last_hint: str) -> Exercise:
    return Exercise(
        homework="hw3",
        name=name,
        uses=("pool2d",),
        difficulty=1,
        file="layers.py",
        points=3,
        arguments=("x",),
        kind="module",
        probe=partial(_pool_through, name),
        differentiable=True,
        operations=NO_POOLING,
        cases=cases,
        checks=(
            Check("value", 0.625, f"{answer} of each window of x, shape (N, C, H, W)", aspect="basic"),
            Check("value", 0.125, "keeps nothing from one call to the next", aspect="calls"),
            Check("value", 0.25, "the window, an int or a tuple (h, w)", aspect="sizes"),
            Check("value", 0.375, "stride: an int, a tuple (rows, columns), or None", aspect="stride"),
            Check("value", 0.125, "a window that does not fit is left out", aspect="floor", title="remainders"),
            Check("value", 0.375, padding, aspect="padding"),
            Check("value", 0.125, "An empty batch gives an empty output", aspect="empty"),
            Check("value", 0.125, "in the dtype of x", aspect="float64"),
            Check("state", 0.125, "neither parameters nor buffers"),
            Check("gradient", 0.25, "Gradients flow to x"),
            Check("purity", 0.125, "x is not changed"),
            Check("device", 0.125, "Works on the device of x"),
            Check("copies", 0.125, "nothing is copied to the host"),
            Check(
                "operations",
                0.125,
                "one of torch's own pooling layers or functions",
                instead={"operations:left": "nor are values taken out of tensors"},
            ),
        ),
        hints=(
            "The class computes nothing new. What does `pool2d` need at every call, and what of it has to be "
            "remembered from the constructor?",
            "Attributes of `self` remember. They may hold what the constructor was given, as it is: `pool2d` knows "
            "what None means, and that one number stands for two.",
            last_hint,
        ),
    )


MaxPool2d = _layer(
    "MaxPool2d",
    "The largest entry",
    "padding never wins",
    _max_cases,
    "The constructor of nn.Module comes first, then three attributes. `forward` hands them to `pool2d` beside x, by "
    "name if you like, so that stride and padding are not exchanged.",
)
AvgPool2d = _layer(
    "AvgPool2d",
    "The mean",
    "padding counts as zeros",
    _cases,
    "It is the other layer with one argument more: the mode of `pool2d` that gives means. Everything else is stored "
    "and handed on in the same way.",
)

EXERCISES = (MaxPool2d, AvgPool2d)
