"""layers.py: Norm, TwoLayerNet, DynamicNet, TiedMLP; init_weights has a module of its own."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Generator, Tensor
from autograder.exercises.hw1._cases import AGAIN
from autograder.exercises.hw1._layers import (
    initial_parameters,
    probe_dynamic,
    probe_norm,
    probe_tied,
    probe_two_layer,
)
from autograder.exercises.hw1.initialising import init_weights


def _norm_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, x: Any, eps: float | None = None, **rest: Any) -> Case:
        held = x if isinstance(x, Tensor) else draw.floats(x, requires_grad=True)
        return Case(name, aspect, (held,), init={} if eps is None else {"eps": eps}, **rest)

    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("two numbers", "basic", (2,))
    yield case("two rows", "basic", (2, 3))
    yield case("three rows", "basic", (3, 4))
    yield case("four numbers around 10", "basic", tensor([8.0, 9.0, 10.0, 15.0], requires_grad=True))
    yield case("one axis of five", "shapes", (5,))
    yield case("three axes", "shapes", (2, 3, 4))
    yield case("four axes", "shapes", (2, 1, 3, 2))
    yield case("one row", "shapes", (1, 4))
    yield case("one column", "shapes", (4, 1))
    yield case("transposed x", "shapes", draw.floats((3, 4), layout="transposed", requires_grad=True))
    yield case("all elements equal", "eps", tensor([[2.5, 2.5], [2.5, 2.5]]), **plain)
    yield case("all elements 0", "eps", tensor([0.0, 0.0, 0.0]), 0.5, **plain)
    yield case("elements that hardly differ", "eps", draw.floats((2, 4), 2.0**-12, requires_grad=True))
    yield case("eps 0.5", "eps", (3, 3), 0.5)
    yield case("eps 0", "eps", (2, 4), 0.0)
    yield case("other numbers in the same tensor", "calls", (2, 3), options=AGAIN, **plain)
    yield case("after a smaller tensor", "calls", (3, 2), options={"before": draw.floats((2, 2))}, **plain)
    yield case("beside a layer with eps 3", "calls", (3, 2), options={"beside": 3.0}, **plain)
    yield case("in training mode", "calls", (3, 2), training=True, **plain)
    yield case("other numbers, in training mode", "calls", (2, 3), training=True, options=AGAIN, **plain)
    yield case("float64", "dtype", draw.floats((3, 4), dtype="float64", requires_grad=True))
    yield case("what is registered", "state", (2, 3), options={"state": True}, **plain)


Norm = Exercise(
    homework="hw1",
    name="Norm",
    file="layers.py",
    points=4,
    difficulty=1,
    kind="module",
    probe=probe_norm,
    arguments=("x",),
    differentiable=True,
    cases=_norm_cases,
    checks=(
        Check("value", 1, "Subtracts the mean of all elements of x, and divides by their standard deviation plus `eps`",
              aspect="basic"),
        Check("value", 0.5, "of any shape, with at least two elements", aspect="shapes"),
        Check("value", 0.5, "so that elements which are all equal become 0, not NaN", aspect="eps"),
        Check("value", 0.5, "the layer keeps nothing from one call to the next", aspect="calls"),
        Check("value", 0.25, "A new tensor with the shape, the dtype and the device of x", aspect="dtype"),
        Check("state", 0.25, "a module without parameters and buffers"),
        Check("gradient", 0.5, "Gradients flow to x, also through the mean and the standard deviation"),
        Check("purity", 0.25, "x is not changed"),
        Check("device", 0.25, "A new tensor with the shape, the dtype and the device of x"),
    ),
    hints=(
        "A layer that learns nothing needs little: what has to be remembered from the constructor?",
        "The constructor of nn.Module is called first in that of any module. Both statistics are methods of a tensor.",
        "Without an axis, mean and standard deviation are taken over everything. torch's standard deviation has the "
        "divisor n - 1 already; add eps to it before you divide.",
    ),
)  # fmt: skip


def _two_layer_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, n: int, sizes: tuple[int, int, int], biased: bool = True, **rest: Any) -> Case:
        d_in, h, d_out = sizes
        frozen, dtype = rest.pop("frozen", ""), rest.pop("dtype", "float32")
        shapes = {"weight1": (d_in, h), "bias1": (h,), "weight2": (h, d_out), "bias2": (d_out,)}
        weights = {
            name: draw.floats(shape, requires_grad=name != frozen)
            if biased or name.startswith("weight")
            else tensor([0.0] * shape[0])
            for name, shape in shapes.items()
        }
        x = draw.floats((n, d_in), rest.pop("scale", 2.0), dtype=dtype, requires_grad=True)
        return Case(name, aspect, (x,), init={"D_in": d_in, "H": h, "D_out": d_out}, weights=weights, **rest)

    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("two of each", "basic", 2, (2, 2, 2), biased=False)
    yield case("unequal sizes", "basic", 4, (5, 3, 2), biased=False)
    yield case("as many hidden units as outputs", "basic", 3, (4, 6, 6), biased=False)
    yield case("other numbers in the same tensors", "basic", 3, (2, 4, 3), biased=False, options=AGAIN, **plain)
    yield case("biases of two units", "bias", 2, (2, 2, 2))
    yield case("biases, unequal sizes", "bias", 4, (3, 5, 2))
    yield case("biases, everything is three", "bias", 3, (3, 3, 3))
    yield case("in training mode", "bias", 2, (3, 4, 5), training=True, **plain)
    yield case("frozen weight1", "bias", 2, (3, 4, 2), frozen="weight1")
    yield case("large numbers", "basic", 3, (4, 5, 3), biased=False, scale=256.0)
    yield case("one sample", "size", 1, (3, 4, 2))
    yield case("one of each", "size", 1, (1, 1, 1))
    yield case("no samples", "size", 0, (3, 4, 2), **plain)
    yield case("float64", "double", 3, (3, 4, 2), dtype="float64", options={"double": True}, **plain)
    yield case("what is registered", "state", 2, (3, 4, 2), biased=False, options={"state": True}, **plain)
    for name, (d_in, h, d_out) in (("new network", (6, 5, 4)), ("new network with more outputs", (3, 8, 9))):
        init = {"D_in": d_in, "H": h, "D_out": d_out}
        yield Case(name, "initialisation", init=init, options={"laws": True, "initial": True}, **plain)


TwoLayerNet = Exercise(
    homework="hw1",
    name="TwoLayerNet",
    file="layers.py",
    points=6,
    kind="module",
    probe=probe_two_layer,
    arguments=("x",),
    differentiable=True,
    laws=(initial_parameters,),
    cases=_two_layer_cases,
    checks=(
        Check("value", 1, "Computes relu(x @ weight1 + bias1) @ weight2 + bias2", aspect="basic"),
        Check("value", 0.75, "Each bias is added to every row", aspect="bias"),
        Check("value", 0.5, "N may be any number, 0 and 1 included", aspect="size"),
        Check("value", 0.25, "After `.double()` the network computes in float64", aspect="double"),
        Check("state", 0.75, "registered under these names, in float32 and requiring a gradient"),
        Check("randomness", 0.75, "the weights start with random numbers from torch's global generator",
              aspect="initialisation", title="initialisation"),
        Check("gradient", 1, "Gradients flow to x and to all four parameters"),
        Check("purity", 0.25, "x is not changed"),
        Check("device", 0.5, "after `.to(device)` on that device"),
        Check("copies", 0.25, "nothing is copied to the host"),
    ),
    hints=(
        "Count the numbers that the network learns: two matrices and two vectors. Which class makes a tensor something "
        "that an optimizer finds?",
        "The parameter is what you assign to `self`: whatever you still do to an `nn.Parameter` gives a plain tensor. "
        "So scale the random numbers first, and wrap them last.",
        "`forward` is the formula in one or two lines: a matrix product, a sum that broadcasts, a relu, and the same "
        "again without a relu. Use the parameters as they are.",
    ),
)  # fmt: skip


def _dynamic_cases(draw: Draw) -> Iterable[Case]:
    def seed(*repeats: int) -> int:
        """A seed whose generator draws these numbers of repeats, one after the other."""
        start = draw.integer(0, 2**20)
        while not _draws(start, repeats):
            start += 1
        return start

    def case(name: str, aspect: str, n: int, sizes: tuple[int, int, int], *repeats: int, **rest: Any) -> Case:
        d_in, h, d_out = sizes
        shapes = {"input_linear": (h, d_in), "middle_linear": (h, h), "output_linear": (d_out, h)}
        weights = {}
        for layer, shape in shapes.items():
            weights[f"{layer}.weight"] = draw.floats(shape, 1.0, requires_grad=True)
            weights[f"{layer}.bias"] = draw.floats(shape[:1], 0.5, requires_grad=True)
        middle = weights["middle_linear.bias"]  # large enough that no relu leaves nothing but zeros
        weights["middle_linear.bias"] = replace(middle, data=abs(middle.data))
        first = weights["input_linear.bias"]
        weights["input_linear.bias"] = replace(first, data=abs(first.data))
        x = draw.floats((n, d_in), rest.pop("scale", 1.0), requires_grad=True)
        init = {"D_in": d_in, "H": h, "D_out": d_out}
        return Case(name, aspect, (x, Generator("python", seed(*repeats))), init=init, weights=weights, **rest)

    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("no repeat", "basic", 2, (2, 3, 2), 0)
    yield case("one repeat", "basic", 2, (2, 3, 2), 1)
    yield case("one repeat, other sizes", "basic", 3, (4, 5, 1), 1)
    yield case("two repeats", "repeats", 2, (2, 3, 2), 2)
    yield case("three repeats", "repeats", 3, (3, 4, 2), 3)
    yield case("two repeats, large numbers", "repeats", 3, (3, 4, 2), 2, scale=256.0)
    yield case("two repeats, everything is three", "repeats", 3, (3, 3, 3), 2)
    yield case("three repeats, one sample", "repeats", 1, (2, 4, 3), 3)
    yield case("three repeats after none", "calls", 2, (2, 3, 2), 0, 3, options=AGAIN, **plain)
    yield case("one repeat after two", "calls", 2, (3, 4, 2), 2, 1, options=AGAIN, **plain)
    yield case("two repeats after two, in training mode", "calls", 2, (3, 4, 2), 2, 2, options=AGAIN, training=True,
               **plain)  # fmt: skip
    for name, aspect, repeats in (
        ("no repeat", "basic", 0),
        ("one repeat", "basic", 1),
        ("three repeats", "repeats", 3),
    ):
        yield case(f"{name}, in training mode", aspect, 2, (2, 3, 2), repeats, training=True, **plain)
    yield case("what is registered", "state", 2, (2, 3, 4), 2, options={"state": True}, **plain)
    yield case("no samples", "empty", 0, (2, 3, 2), 2, **plain)


def _draws(seed: int, repeats: tuple[int, ...]) -> bool:
    rng = random.Random(seed)
    return all(rng.randint(0, 3) == wanted for wanted in repeats)


DynamicNet = Exercise(
    homework="hw1",
    name="DynamicNet",
    file="layers.py",
    points=5,
    kind="module",
    probe=probe_dynamic,
    arguments=("x", "rng"),
    differentiable=True,
    cases=_dynamic_cases,
    checks=(
        Check("value", 1.25, "the input layer, the middle layer 0 to 3 times, the output layer", aspect="basic"),
        Check("value", 1, "A relu follows the input layer and every use of the middle layer", aspect="repeats"),
        Check("value", 0.5, "Every call draws its number of repeats anew", aspect="calls"),
        Check("value", 0.25, "shape (N, D_in)", aspect="empty"),
        Check("state", 0.5, "registered under these names"),
        Check("gradient", 0.75, "Gradients flow to x and to every layer that took part"),
        Check("purity", 0.5, "No other random generator is used", instead={"purity:changed": "x is not changed"}),
        Check("device", 0.25, "After `.to(device)` the network works on that device"),
    ),
    hints=(
        "Three layers are enough, however often the middle one is used. Where does a relu belong, and where not?",
        "A `for` loop over a range works in `forward` as anywhere. The number of rounds is drawn from `rng`, in each "
        "call and not in the constructor.",
        "Keep one variable for the hidden values: the input layer and a relu make it, each round sends it through the "
        "middle layer and a relu, and the output layer reads it.",
    ),
)


def _tied_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, n: int, sizes: tuple[int, int, int], biased: bool = True, **rest: Any) -> Case:
        inputs, hiddens, outputs = sizes
        shapes = {"input": (hiddens, inputs), "hidden1": (hiddens, hiddens), "hidden2": (hiddens, hiddens)}
        weights = {}
        for layer, shape in {**shapes, "output": (outputs, hiddens)}.items():
            weights[f"{layer}.weight"] = draw.floats(shape, 1.0, requires_grad=True)
            bias = draw.floats(shape[:1], 0.5, requires_grad=True)
            weights[f"{layer}.bias"] = replace(bias, data=abs(bias.data))
        weights["hidden2.weight"] = weights["hidden1.weight"]
        if not biased:
            weights["hidden2.bias"] = weights["hidden1.bias"]
        init = {"num_inputs": inputs, "num_hiddens": hiddens, "num_outputs": outputs}
        x = draw.floats((n, inputs), rest.pop("scale", 1.0), requires_grad=True)
        return Case(name, aspect, (x,), init=init, weights=weights, **rest)

    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("two hidden units", "basic", 2, (3, 2, 1), biased=False)
    yield case("unequal sizes", "basic", 4, (2, 5, 3), biased=False)
    yield case("everything is three", "basic", 3, (3, 3, 3), biased=False)
    yield case("other numbers in the same tensors", "basic", 2, (2, 4, 3), biased=False, options=AGAIN, **plain)
    yield case("unequal biases", "biases", 2, (3, 2, 1))
    yield case("unequal biases, other sizes", "biases", 3, (2, 4, 2))
    yield case("unequal biases, in training mode", "biases", 3, (2, 4, 2), training=True, **plain)
    yield case("large numbers", "biases", 3, (2, 4, 2), scale=256.0)
    yield case("one sample", "biases", 1, (1, 3, 2))
    yield case("after a step", "steps", 2, (2, 3, 2), options={"steps": 1}, **plain)
    yield case("after three steps", "steps", 3, (3, 4, 1), options={"steps": 3}, **plain)
    yield case("after a step of a deep copy", "steps", 2, (2, 3, 2), options={"steps": 1, "copied": True}, **plain)
    yield case("what is registered", "state", 2, (2, 3, 4), biased=False, options={"state": True}, **plain)
    yield case("no samples", "empty", 0, (2, 3, 2), **plain)
    yield case("before any call", "new", 1, (2, 3, 2), options={"new": True}, **plain)


TiedMLP = Exercise(
    homework="hw1",
    name="TiedMLP",
    file="layers.py",
    points=6,
    kind="module",
    probe=probe_tied,
    arguments=("x",),
    differentiable=True,
    cases=_tied_cases,
    checks=(
        Check("value", 1.25, "one after the other, with a relu after each but the last", aspect="basic"),
        Check("value", 0.75, "Each of the two layers has a bias of its own", aspect="biases"),
        Check("value", 1, "both layers still have the same weight", aspect="steps", title="still tied after a step"),
        Check("value", 0.25, "N may be any number, 0 included", aspect="empty"),
        Check("value", 0.25, "`parameters()` gives seven parameters", aspect="new", title="tied from the start"),
        Check("state", 0.75, "`hidden1.weight` and `hidden2.weight` are the same `nn.Parameter`"),
        Check("gradient", 1, "The gradient of the shared weight is the sum over both its uses"),
        Check("purity", 0.25, "x is not changed"),
        Check("device", 0.5, "After `.to(device)` the network works on that device"),
    ),
    hints=(
        "Make four ordinary layers first. Then one attribute of one of them has to change.",
        "A name in Python is bound to an object, and two names may be bound to the same one. What object is it here: a "
        "layer, a parameter, or the numbers in a parameter?",
        "In the constructor, bind the weight of the second hidden layer to the weight of the first. Nothing has to be "
        "copied, then or later, and `forward` knows nothing of it.",
    ),
)

EXERCISES = (Norm, TwoLayerNet, DynamicNet, TiedMLP, init_weights)
