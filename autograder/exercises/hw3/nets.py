"""nets.py: LeNet, AlexNet; VGG has a module of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw3._nets import classify, dropped_features, dropping, weights
from autograder.exercises.hw3.vgg import vgg, vgg_block
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _lenet_shapes(num_classes: int = 10) -> dict[str, tuple[int, ...]]:
    return {
        "conv1": (6, 1, 5, 5),
        "conv2": (16, 6, 5, 5),
        "fc1": (120, 400),
        "fc2": (84, 120),
        "fc3": (num_classes, 84),
    }


def _lenet_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, n: int, *, biased: bool = False, dtype: str = "float32", **rest: Any) -> Case:
        init = rest.pop("init", {})
        held = weights(draw, _lenet_shapes(**init), biased=biased, dtype=dtype, gain=5.0)
        x = draw.floats((n, 1, 28, 28), dtype=dtype, requires_grad=n > 0)
        return Case(name, aspect, (x,), init=init, weights=held, **rest)

    yield case("one image", "basic", 1, runs=("plain", "phantom"))
    yield case("two images", "basic", 2)
    yield case("five images", "basic", 5, **PLAIN)
    yield case("other numbers in the same tensors", "basic", 2, options={"again": True}, **PLAIN)
    yield case("three classes", "classes", 2, init={"num_classes": 3}, **PLAIN)
    yield case("one class", "classes", 1, init={"num_classes": 1}, **PLAIN)
    yield case("biases", "biases", 3, biased=True)
    yield case("in training mode", "modes", 2, training=True, **PLAIN)
    yield case("no images", "empty", 0, **PLAIN)
    yield case("float64", "float64", 2, dtype="float64", options={"double": True}, **PLAIN)
    yield case("what is registered", "state", 2, biased=True, options={"state": True}, **PLAIN)


LeNet = Exercise(
    homework="hw3",
    name="LeNet",
    file="nets.py",
    difficulty=2,
    points=4,
    arguments=("x",),
    kind="module",
    probe=partial(classify, "LeNet"),
    differentiable=True,
    cases=_lenet_cases,
    checks=(
        Check("value", 1.5, "x goes through conv1, sigmoid, average pooling, conv2, sigmoid, average pooling",
              aspect="basic"),
        Check("value", 0.25, "num_classes: number of scores", aspect="classes"),
        Check("value", 0.25, "Every layer is used with its bias", aspect="biases"),
        Check("value", 0.125, "an empty batch gives (0, num_classes)", aspect="empty"),
        Check("value", 0.125, "The answer is the same in training and in evaluation mode", aspect="modes"),
        Check("value", 0.125, "After `.double()` the network computes in float64", aspect="float64"),
        Check("state", 0.5, "are registered under these names, and nothing else is"),
        Check("gradient", 0.5, "Gradients flow to x and to all parameters"),
        Check("purity", 0.125, "x is not changed"),
        Check("device", 0.25, "After `.to(device)` the network works on that device"),
        Check("copies", 0.25, "nothing is copied to the host"),
    ),
    hints=(
        "Write the shape of one image behind every step on paper: (1, 28, 28) at the start, (16, 5, 5) at the end. "
        "Where does the 400 come from?",
        "Layers with parameters are made in the constructor. Sigmoid, pooling and flattening learn nothing: functions, "
        "or layers without parameters, do. Which axis must not be flattened?",
        "Twice a convolution, its sigmoid, its pooling; then flatten(1) leaves the batch as it is; then the three "
        "linear layers, with a sigmoid behind the first two.",
    ),
)  # fmt: skip


def _alexnet_shapes(in_channels: int = 1, num_classes: int = 10, dropout: float = 0.5) -> dict[str, tuple[int, ...]]:
    return {
        "conv1": (8, in_channels, 5, 5),
        "conv2": (16, 8, 5, 5),
        "conv3": (24, 16, 3, 3),
        "conv4": (24, 24, 3, 3),
        "conv5": (16, 24, 3, 3),
        "fc1": (32, 64),
        "fc2": (32, 32),
        "fc3": (num_classes, 32),
    }


def _alexnet_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, n: int, *, biased: bool = False, **rest: Any) -> Case:
        init = {"dropout": 0.0, **rest.pop("init", {})}
        held = weights(draw, _alexnet_shapes(**init), biased=biased)
        x = draw.floats((n, init.get("in_channels", 1), 28, 28), requires_grad=n > 0)
        return Case(name, aspect, (x,), init=init, weights=held, **rest)

    yield case("one image", "basic", 1, runs=("plain", "phantom"))
    yield case("two images", "basic", 2)
    yield case("five images", "basic", 5, **PLAIN)
    yield case("other numbers in the same tensors", "basic", 2, options={"again": True}, **PLAIN)
    yield case("colour images", "options", 2, init={"in_channels": 3}, **PLAIN)
    yield case("four classes", "options", 2, init={"num_classes": 4}, **PLAIN)
    yield case("biases", "biases", 3, biased=True)
    yield case("no images", "empty", 0, **PLAIN)
    yield case("with dropout, in evaluation mode", "evaluation", 2, init={"dropout": 0.5}, **PLAIN)
    yield case("twice in evaluation mode", "evaluation", 3, init={"dropout": 0.5}, options={"twice": True}, **PLAIN)
    for name, given in (("dropout 0.5", {}), ("dropout 0.25", {"dropout": 0.25})):
        init: dict[str, Any] = {"num_classes": 32, **given}
        yield dropping(name, draw.floats((24, 1, 28, 28)), _alexnet_shapes(**init), init)
    yield case("two images, in training mode", "dropout", 2, biased=True, init={"dropout": 0.5}, **SLOPES)
    yield case("what is registered", "state", 2, biased=True, options={"state": True}, **PLAIN)


AlexNet = Exercise(
    homework="hw3",
    name="AlexNet",
    file="nets.py",
    difficulty=2,
    points=3,
    arguments=("x",),
    kind="module",
    probe=partial(classify, "AlexNet"),
    differentiable=True,
    laws=(dropped_features, slopes_law),
    cases=_alexnet_cases,
    checks=(
        Check("value", 1, "Behind every layer but fc3 stands a ReLU", aspect="basic"),
        Check("value", 0.25, "in_channels: channels of the images", aspect="options"),
        Check("value", 0.125, "Every layer is used with its bias", aspect="biases"),
        Check("randomness", 0.5, "In training mode dropout follows the ReLU of fc1 and that of fc2", aspect="dropout",
              title="dropout"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("value", 0.125, "an empty batch gives (0, num_classes)", aspect="empty"),
        Check("state", 0.25, "are registered under these names, and no other parameters are"),
        Check("gradient", 0.25, "Gradients flow to x and to all parameters"),
        Check("purity", 0.0625, "x is not changed"),
        Check("device", 0.125, "After `.to(device)` the network works on that device"),
        Check("copies", 0.0625, "nothing is copied to the host"),
    ),
    hints=(
        "Follow one image on paper: how many pixels a side does it have behind every convolution, and behind every "
        "pooling? What are the 64 features?",
        "A window of 3 that moves by 2 is not what pooling does unless it is told: without a stride it moves by its "
        "own size. Dropout as a layer (nn.Dropout) knows the mode of the module; the function has to be told.",
        "Three groups: one convolution, one convolution, three convolutions, with one pooling behind each group. Then "
        "flatten(1), and twice a linear layer, ReLU, dropout, before the last one.",
    ),
)  # fmt: skip

EXERCISES = (LeNet, AlexNet, vgg_block, vgg)
