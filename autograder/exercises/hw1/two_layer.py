"""autograd.py: two_layer_numpy and train_two_layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Finding, Layout, Operations, Tensor

LARGE = 2.0**12
BY_TORCH = ("mm", "bmm", "addmm", "baddbmm", "mv", "addmv", "dot", "linear", "sum", "mse_loss")


def _run_by_hand(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _two_layer

    return _two_layer.by_hand(student.two_layer_numpy, call)


def _network(
    draw: Draw,
    sizes: tuple[int, int, int, int],
    scale: float = 2.0,
    dtype: str = "float32",
    layout: Layout = "contiguous",
) -> tuple[Tensor, ...]:
    """x, y, w1 and w2 for N samples, D_in inputs, H units and D_out outputs."""
    samples, inputs, units, outputs = sizes
    shapes = ((samples, inputs), (samples, outputs), (inputs, units), (units, outputs))
    return tuple(draw.floats(shape, scale, dtype=dtype, layout=layout) for shape in shapes)


def _by_hand_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        sizes: tuple[int, int, int, int],
        *report: str,
        scale: float = 2.0,
        dtype: str = "float32",
        layout: Layout = "contiguous",
    ) -> Case:
        return Case(name, aspect, _network(draw, sizes, scale, dtype, layout), options={"report": list(report)})

    everything = ("loss", "grad_w1", "grad_w2")
    small = tuple(map(tensor, ([[1.0, 2.0]], [[5.0]], [[1.0, 3.0], [-1.0, 1.0]], [[1.0], [2.0]])))
    yield Case("one sample, two units", "basic", small, options={"report": ["loss"]})
    yield case("two samples", "basic", (2, 1, 1, 1), "loss")
    yield case("several of everything", "basic", (4, 3, 5, 2), "loss")
    yield case("large numbers", "basic", (3, 2, 4, 3), "loss", scale=LARGE)
    for weight, aspect in (("grad_w2", "w2"), ("grad_w1", "w1")):
        yield Case("one sample, two units", aspect, small, options={"report": [weight]})
        yield case("more units than samples", aspect, (2, 3, 5, 1), weight)
        yield case("more samples than units", aspect, (6, 2, 3, 4), weight)
        yield case("as many of everything", aspect, (3, 3, 3, 3), weight)
        yield case("large numbers", aspect, (3, 2, 4, 3), weight, scale=LARGE)
    idle = ([[1.0, 2.0], [3.0, 1.0]], [[5.0], [1.0]], [[-1.0, -2.0], [-1.0, -0.5]], [[1.0], [2.0]])
    yield Case("no unit is active", "w1", tuple(map(tensor, idle)), options={"report": ["grad_w1", "grad_w2"]})
    at_zero = ([[1.0, 2.0]], [[5.0]], [[2.0, 3.0], [-1.0, 1.0]], [[1.0], [2.0]])
    yield Case("a unit at exactly 0", "zero", tuple(map(tensor, at_zero)), options={"report": ["grad_w1"]})
    nothing = ([[1.0, -2.0], [2.0, 0.5]], [[5.0], [1.0]], [[0.0, 0.0], [0.0, 0.0]], [[1.0], [2.0]])
    yield Case("a hidden layer of zeros", "zero", tuple(map(tensor, nothing)), options={"report": ["grad_w1"]})
    yield case("several of everything", "float64", (4, 3, 5, 2), *everything, dtype="float64")
    yield case("no samples", "empty", (0, 3, 4, 2), *everything)
    yield case("transposed arrays", "layout", (3, 4, 2, 3), *everything, layout="transposed")
    yield case("every second element of larger arrays", "layout", (4, 2, 3, 2), *everything, layout="strided")


two_layer_numpy = Exercise(
    homework="hw1",
    name="two_layer_numpy",
    file="autograd.py",
    points=7,
    kind="probe",
    probe=_run_by_hand,
    arguments=("x", "y", "w1", "w2"),
    operations=Operations(forbidden=BY_TORCH, stay_in_torch=False),
    cases=_by_hand_cases,
    checks=(
        Check("value", 1.25, "its loss is the sum of the squares of all errors", aspect="basic", title="loss"),
        Check("value", 1.5, "`grad_w2` is the derivative with respect to w2", aspect="w2", title="gradient of w2"),
        Check("value", 2, "only units with h > 0 pass a gradient on", aspect="w1", title="gradient of w1"),
        Check("value", 0.25, "At h = 0 exactly, ReLU has no derivative; take 0 there", aspect="zero",
              title="gradient at zero"),
        Check("value", 0.5, "in the dtype of the arguments and computed in its full precision", aspect="float64"),
        Check("value", 0.25, "An empty batch has loss 0 and gradients of zeros", aspect="empty"),
        Check("layout", 0.25, "The arrays may have any memory layout", aspect="layout"),
        Check("purity", 0.5, "None of them is changed"),
        Check("operations", 0.5, "nothing is computed by torch", title="in NumPy"),
    ),
    hints=(
        "Write down the shape of every array on the way forward. What shape must the gradient of each have?",
        "Go backwards one line at a time: from the loss to y_pred, from y_pred to w2 and max(h, 0), from there to h, "
        "and from h to w1. Which of these lines needs something that was computed on the way forward?",
        "The derivative of a sum of squares is twice the error. A product gives each factor the gradient of the result "
        "times the other factor, transposed; which side it stands on the shapes tell. ReLU lets the gradient through "
        "where h was positive, and nowhere else.",
    ),
)  # fmt: skip


def _run_training(student: Any, call: Any) -> Any:
    from autograder.exercises.hw1 import _two_layer

    return _two_layer.trained(student.train_two_layer, call)


def _by_autograd(case: Case, value: Any) -> Iterable[Finding]:
    if case.options.get("watched") and not value["autograd"]:
        yield Finding("by_hand", "nothing that autograd saved on the way forward was used on a way back")


def _training_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        sizes: tuple[int, int, int, int],
        steps: int,
        report: tuple[str, ...] = ("w1", "w2", "losses"),
        *,
        rate: float = 2.0**-7,
        scale: float = 1.0,
        dtype: str = "float32",
        **options: Any,
    ) -> Case:
        settings = {"learning_rate": rate, "steps": steps}
        options["report"] = list(report)
        return Case(name, aspect, _network(draw, sizes, scale, dtype), settings, options=options)

    yield case("one step", "basic", (1, 2, 2, 1), 1)
    yield case("one step, several of everything", "basic", (4, 3, 5, 2), 1)
    yield case("one step, another learning rate", "basic", (3, 2, 4, 3), 1, rate=2.0**-5)
    yield case("two steps", "steps", (2, 2, 3, 1), 2)
    yield case("three steps", "steps", (4, 3, 5, 2), 3)
    yield case("ten steps", "steps", (5, 2, 6, 2), 10, dtype="float64")
    yield case("three steps, nearly fitted", "steps", (3, 2, 4, 2), 3, scale=2.0**-8, dtype="float64")
    yield case("no step", "none", (2, 3, 4, 1), 0)
    yield case("three steps", "float64", (3, 2, 4, 2), 3, dtype="float64")
    yield case("two steps", "form", (2, 2, 3, 1), 2, ("losses are",))
    yield case("two steps", "graph", (2, 2, 3, 1), 2, ("flag “the weights still require a gradient”",))
    theirs = ("w1", "w2", "flag “the weights that were given have got a gradient”")
    yield case("weights that require a gradient", "leaves", (3, 2, 4, 1), 2, theirs, leaves=True)
    yield case("two steps", "autograd", (3, 2, 4, 1), 2, watched=True, laws=True)


train_two_layer = Exercise(
    homework="hw1",
    name="train_two_layer",
    file="autograd.py",
    points=7,
    kind="probe",
    probe=_run_training,
    arguments=("x", "y", "w1", "w2"),
    laws=(_by_autograd,),
    cases=_training_cases,
    checks=(
        Check("value", 2, "both weights move at once, from gradients of the same loss", aspect="basic",
              title="one step"),
        Check("value", 1.5, "In each step both weights move", aspect="steps", title="several steps"),
        Check("value", 0.25, "With 0 steps the weights come back as they were", aspect="none", title="no step"),
        Check("value", 0.25, "in the dtype of the arguments", aspect="float64"),
        Check("value", 0.5, "as Python floats", aspect="form", title="form of the losses"),
        Check("value", 0.5, "they do not require a gradient and have no graph", aspect="graph",
              title="no graph is left"),
        Check("value", 0.5, "the weights that were given get no gradient", aspect="leaves",
              title="weights that require a gradient"),
        Check("value", 0.5, "The gradients come from autograd", aspect="autograd", title="by autograd"),
        Check("purity", 0.5, "The arguments are not changed"),
        Check("device", 0.5, "Works on whatever device the arguments are on"),
    ),
    hints=(
        "Take one step on paper: which tensors require a gradient, and where is it after `backward`?",
        "The weights that train are not those that were given: what makes a tensor a leaf with numbers of its own? And "
        "what has to happen to `.grad` before the next `backward`?",
        "Make copies that are cut off from everything and require a gradient. In the loop: loss, `backward`, the loss "
        "as a number into the list, then under `torch.no_grad()` the step in place, and the gradients away.",
    ),
)  # fmt: skip

EXERCISES = (two_layer_numpy, train_two_layer)
