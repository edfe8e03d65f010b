"""losses.py: squared_loss, cross_entropy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Operations, Run, Tensor

INF = float("inf")
READY_MADE = (
    "*cross_entropy*",
    "*nll_loss*",
    "*softmax*",
    "*logsumexp*",
    "*logcumsumexp*",
    "*logaddexp*",
    "*log_sigmoid*",
)


def _squared_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, shape: Sequence[int], other: Sequence[int] | None = None, **rest: Any) -> Case:
        """Predictions of the shape, and targets of the same or of the other one."""
        dtype, layout = rest.pop("dtype", "float32"), rest.pop("layout", "contiguous")
        y_hat = draw.floats(shape, dtype=dtype, layout=layout, requires_grad=True)
        lies = rest.pop("y_layout", "contiguous")
        targets = draw.floats(shape if other is None else other, dtype=dtype, layout=lies, requires_grad=True)
        y = rest.pop("y", targets)
        return Case(name, aspect, (y_hat, y), **rest)

    yield case("two predictions", "basic", (2,))
    yield case("a column of three", "basic", (3, 1))
    yield case("four rows of three", "basic", (4, 3))
    yield case("a column, and targets in a row", "shapes", (2, 1), (2,))
    yield case("a column of five, and targets in a row", "shapes", (5, 1), (5,))
    yield case("a row, and targets in a column", "shapes", (4,), (4, 1))
    yield case("six predictions in three rows, targets in two", "shapes", (3, 2), (2, 3))
    yield case("one prediction of shape ()", "shapes", (), (1,))
    yield case("three axes", "shapes", (2, 3, 2), (6, 2))
    yield case("float64", "dtype", (2, 3), dtype="float64")
    double = replace(draw.floats((3,)), dtype="float64")
    yield case("float64 targets", "dtype", (3, 1), y=replace(double, data=double.data.astype("float64")))
    yield case("int64 targets", "dtype", (2, 2), y=draw.integers((4,), -3, 3))
    near = replace(draw.floats((3, 1)), requires_grad=True)
    yield Case("near a thousand, and close", "magnitudes",
               tuple(replace(held, data=held.data + held.data.dtype.type(1024))
                     for held in (near, draw.floats((3, 1)))), runs=("plain",))  # fmt: skip
    billion = (replace(draw.floats((3,), dtype="float64"), requires_grad=True), draw.floats((3,), dtype="float64"))
    yield Case("near a billion in float64, and close", "magnitudes",
               tuple(replace(held, data=held.data + 2.0**30) for held in billion), runs=("plain",))  # fmt: skip
    whole = tensor([2**33, -(2**34), 3 * 2**31], "int64")
    yield case("large whole numbers", "magnitudes", (3,), y=whole, runs=("plain",))
    far = draw.floats((2, 2), 4096.0, requires_grad=True)
    yield Case("far off", "magnitudes", (far, draw.floats((2, 2), 16.0)))
    yield case("no predictions", "empty", (0, 1), (0,))
    yield case("a transposed matrix", "layout", (3, 4), layout="transposed")
    yield case("a strided column, and targets in a row", "layout", (4, 1), (4,), layout="strided")
    yield case("a transposed matrix, and targets in a row", "layout", (2, 3), (6,), layout="transposed")
    yield case("an expanded batch", "layout", (3, 2), layout="expanded")
    yield case("six predictions, and a transposed matrix of targets", "layout", (6,), (2, 3), y_layout="transposed")
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", (size, 1), (size,), runs=("counted",), grows="batch", size=size)
    yield case("one target for three predictions", "errors", (3, 1), (1,), options={"names": "1"})
    yield case("three targets for a matrix with three columns", "errors", (2, 3), (3,), options={"names": "3"})
    yield case("seven targets for five predictions", "errors", (5,), (7,), options={"names": "7"})
    yield case("six targets in two rows", "errors", (5,), (2, 3), options={"names": "6"})
    yield case("no targets", "errors", (1, 1), (0,))


squared_loss = Exercise(
    homework="hw2",
    name="squared_loss",
    difficulty=1,
    file="losses.py",
    points=3,
    arguments=("y_hat", "y"),
    differentiable=True,
    operations=Operations(),
    cases=_squared_cases,
    checks=(
        Check("value", 0.625, "Element i of the answer is (y_hat[i] - y[i])**2 / 2", aspect="basic"),
        Check("value", 0.75, "then they are taken row by row, and never broadcast", aspect="shapes"),
        Check("value", 0.25, "A new tensor with the shape and the dtype of y_hat", aspect="dtype"),
        Check("value", 0.125, "as exact for large numbers that lie close together", aspect="magnitudes"),
        Check("value", 0.125, "No predictions give an empty answer", aspect="empty"),
        Check("layout", 0.125, "any memory layout", aspect="layout"),
        Check("errors", 0.25, "there are not as many targets as predictions, even where they could be broadcast"),
        Check("gradient", 0.25, "Gradients flow to the predictions, and to the targets where they require them"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.125, "Works on whatever device the arguments are on"),
        Check("operations", 0.125, "no value leaves torch"),
        Check("scaling", 0.125, "The number of torch operations does not grow with the batch", aspect="batch"),
    ),
    hints=(
        "What is the shape of a column of shape (3, 1) minus a row of shape (3,)? Try it.",
        "Bring the targets into the shape of the predictions before anything is subtracted. Which method does that "
        "whatever the layout, and what does it say when the numbers of elements differ?",
        "Compare the numbers of elements first, and raise when they differ. Then give the targets the shape and the "
        "dtype of the predictions; what is left is the formula.",
    ),
)  # fmt: skip


def _entropy_cases(draw: Draw) -> Iterable[Case]:
    def logits(rows: int, classes: int, scale: float = 4.0, **rest: Any) -> Tensor:
        return draw.floats((rows, classes), scale, requires_grad=True, **rest)

    def case(
        name: str, aspect: str, y_hat: Tensor, reduction: str | None = None, y: Sequence[int] | None = None, **rest: Any
    ) -> Case:
        rows, classes = y_hat.data.shape
        labels = draw.integers((rows,), 0, classes - 1) if y is None else tensor(list(y), "int64")
        return Case(name, aspect, (y_hat, labels), {} if reduction is None else {"reduction": reduction}, **rest)

    def moved(y_hat: Tensor, by: Sequence[float]) -> Tensor:
        """With a number added to all logits of each row."""
        import numpy as np

        return replace(y_hat, data=(y_hat.data + np.array(by, "float32")[:, None]).astype(y_hat.data.dtype))

    def with_inf(y_hat: Tensor, places: Sequence[tuple[int, int]]) -> Tensor:
        data = y_hat.data.copy()
        for place in places:
            data[place] = -INF
        return replace(y_hat, data=data)

    plain: tuple[Run, ...] = ("plain",)
    yield case("one sample of two classes", "basic", logits(1, 2))
    yield case("two samples of three classes", "basic", logits(2, 3))
    yield case("three samples of three classes", "basic", logits(3, 3), y=[2, 0, 1])
    yield case("five samples of four classes", "basic", logits(5, 4))
    yield case("none, two samples", "reduction", logits(2, 3), "none")
    yield case("none, four samples of four classes", "reduction", logits(4, 4), "none", y=[3, 0, 2, 0])
    yield case("sum, three samples", "reduction", logits(3, 2), "sum")
    yield case("mean, given by name", "reduction", logits(4, 3), "mean")
    yield case("logits in the thousands", "large", logits(2, 3, 4096.0), "none")
    yield case("all logits far above 0", "large", moved(logits(2, 3), [500.0, 1000.0]), "none", y=[0, 2])
    yield case("all logits far below 0", "large", moved(logits(2, 3), [-500.0, -1000.0]), "none", y=[1, 2])
    yield case("one sample far above the others", "large", moved(logits(3, 4), [0.0, 800.0, -800.0]), "none")
    yield case("a label that is nearly impossible", "large", moved(tensor([[200.0, 0.0], [0.0, 300.0]]), [0.0, 0.0]),
               "none", y=[1, 0], runs=plain)  # fmt: skip
    near = tensor([[0.0, 1.0, 0.5], [1.5, 0.25, 0.0]], requires_grad=True)
    yield case("near a million", "close", moved(near, [2.0**20, 2.0**20]), "none", y=[0, 1], runs=plain)
    yield case("near minus a million", "close", moved(near, [-(2.0**20), -(2.0**20)]), "mean", y=[2, 0], runs=plain)
    yield case("an impossible class", "impossible", with_inf(logits(2, 3), [(0, 1)]), "none", y=[0, 1])
    yield case("all classes impossible but one", "impossible", with_inf(logits(2, 3), [(1, 0), (1, 2)]), "none",
               y=[2, 1])  # fmt: skip
    yield case("one sample, none", "single", logits(1, 3), "none")
    yield case("one class", "single", logits(3, 1), "none")
    yield case("one sample of one class", "single", logits(1, 1), "none")
    yield case("float64", "dtype", logits(3, 4, dtype="float64"), "none")
    yield case("float64, mean", "dtype", logits(2, 3, dtype="float64"))
    yield case("none", "empty", logits(0, 3), "none")
    yield case("sum", "empty", logits(0, 2), "sum")
    yield case("transposed logits", "layout", logits(3, 4, layout="transposed"), "none")
    yield case("strided logits", "layout", logits(4, 3, layout="strided"), "none")
    yield case("expanded logits", "layout", logits(3, 3, layout="expanded"), "none")
    for size in (4, 16, 64):
        yield case(f"batch of {size}", "batch", logits(size, 3), runs=("counted",), grows="batch", size=size)
    for size in (4, 16, 64):
        yield case(f"{size} classes", "classes", logits(3, size), runs=("counted",), grows="classes", size=size)
    for reduction in ("average", "Mean", "add"):
        yield case(f"reduction {reduction}", "errors", logits(2, 2), reduction, options={"names": reduction})


cross_entropy = Exercise(
    homework="hw2",
    name="cross_entropy",
    file="losses.py",
    points=7,
    arguments=("y_hat", "y", "reduction"),
    differentiable=True,
    operations=Operations(forbidden=READY_MADE),
    cases=_entropy_cases,
    checks=(
        Check("value", 1.5, "The loss of sample i is log(sum_j exp(y_hat[i, j])) - y_hat[i, y[i]]", aspect="basic"),
        Check("value", 0.75, 'With "none" the losses of the samples, shape (N,)', aspect="reduction"),
        Check("value", 1.5, "The loss is right for logits of any magnitude", aspect="large"),
        Check("value", 0.5, "It is as exact for logits that lie close together near a million", aspect="close"),
        Check("value", 0.25, "stands for an impossible class and adds nothing to the sum", aspect="impossible"),
        Check("value", 0.25, "also when there is one sample or one class", aspect="single"),
        Check("value", 0.25, "A new tensor with the dtype of y_hat", aspect="dtype"),
        Check("value", 0.125, 'With "none" an empty batch gives an empty answer, with "sum" 0', aspect="empty"),
        Check("layout", 0.125, "any memory layout", aspect="layout"),
        Check("errors", 0.25, "for any other reduction, with a message that names it"),
        Check("gradient", 0.5, "Gradients flow to the logits"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments are on"),
        Check("operations", 0.25, "neither torch's cross entropy nor its softmax, log-softmax or logsumexp may be "
              "called",
              instead={"operations:left": "no value leaves torch"}),
        Check("scaling", 0.125, "grows neither with the batch", aspect="batch"),
        Check("scaling", 0.125, "nor with the number of classes", aspect="classes"),
    ),
    hints=(
        "Write the formula down for one sample with three logits, then with two axes: along which of them is added?",
        "What is exp(1000) in single precision, and what the logarithm of a sum of exp(-1000)? Which number, taken off "
        "all logits of a sample, makes the largest of them harmless?",
        "Shift every row by its own maximum, and from then on use nothing but the shifted logits: for the sum of the "
        "exponentials and for the logit of the right class as well.",
    ),
)  # fmt: skip

EXERCISES = (squared_loss, cross_entropy)
