"""layers.py: pool2d, batch_norm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Layout, Operations, Tensor

NO_POOLING = Operations(forbidden=("*pool*", "im2col", "col2im"))
NO_NORMALISING = Operations(forbidden=("*batch_norm*", "*group_norm*", "*layer_norm*", "*instance_norm*", "*rms_norm*"))


def _pool_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, x: tuple[int, ...], *args: Any, layout: Layout = "contiguous", **rest: Any
    ) -> Case:
        how = {key: rest.pop(key) for key in ("runs", "grows", "size") if key in rest}
        held = replace(draw.distinct(x, requires_grad=x[0] > 0), layout=layout)
        return Case(name, aspect, (held, *args), rest, **how)

    yield case("one window", "basic", (1, 1, 2, 2), 2)
    yield case("four windows", "basic", (1, 1, 4, 4), 2)
    yield case("batch and channels", "basic", (2, 3, 4, 6), 2)
    yield case("a window of one", "basic", (1, 2, 3, 2), 1)
    yield case("the mean of one window", "avg", (1, 1, 2, 2), 2, mode="avg")
    yield case("means of a batch", "avg", (2, 3, 4, 6), 2, mode="avg")
    yield case("means that overlap", "avg", (2, 2, 5, 4), 3, 1, mode="avg")
    yield case("a window (2, 3)", "sizes", (2, 2, 4, 6), (2, 3))
    yield case("a window (3, 1)", "sizes", (1, 2, 6, 3), (3, 1))
    yield case("means over (1, 2)", "sizes", (2, 1, 3, 4), (1, 2), mode="avg")
    yield case("stride 1", "stride", (1, 1, 3, 4), 2, 1)
    yield case("stride 3 for a window of 2", "stride", (2, 2, 8, 5), 2, 3)
    yield case("stride (2, 1)", "stride", (2, 2, 5, 4), 3, (2, 1))
    yield case("rows and columns that are left over", "floor", (1, 1, 5, 7), 2)
    yield case("a remainder for stride 3", "floor", (2, 1, 9, 7), 2, 3)
    negative = draw.distinct((2, 2, 4, 4), requires_grad=True)
    negative = replace(negative, data=negative.data - negative.data.max() - 1)
    yield Case("all entries negative, padding 1", "padding", (negative, 3, 2, 1))
    yield case("padding 1", "padding", (1, 1, 4, 4), 2, padding=1)
    yield case("padding (0, 1)", "padding", (2, 2, 4, 5), 2, 2, (0, 1))
    yield case("padding (2, 1)", "padding", (1, 2, 5, 4), (4, 3), (2, 1), (2, 1))
    yield case("means, padding 1", "padded means", (1, 1, 4, 4), 2, padding=1, mode="avg")
    yield case("means, padding (1, 0)", "padded means", (2, 2, 3, 4), 3, 1, (1, 0), mode="avg")
    yield case("an empty batch", "empty", (0, 2, 4, 4), 2)
    yield case("means of an empty batch", "empty", (0, 3, 4, 5), 2, mode="avg")
    far = Tensor(2.0**30 + draw.floats((2, 1, 4, 4)).data.astype("float64"), "float64", requires_grad=True)
    yield Case("float64", "float64", (far, 2), {"mode": "avg"})
    yield Case("float64, the largest", "float64", (replace(far), 2))
    yield case("transposed x", "layout", (2, 2, 5, 4), 2, layout="transposed")
    yield case("strided x", "layout", (2, 2, 4, 5), 2, 1, layout="strided", mode="avg")
    hurt = draw.distinct((1, 1, 4, 4))
    hurt.data[0, 0, 1, 2] = float("nan")
    yield Case("NaN in one window", "NaN", (hurt, 2), runs=("plain",))
    yield Case("NaN in one mean", "NaN", (replace(hurt), 2), {"mode": "avg"}, runs=("plain",))
    for mode in ("mean", "MAX", ""):
        yield case(f"mode {mode!r}", "errors", (1, 1, 4, 4), 2, mode=mode)
    for size in (2, 8, 32):
        yield case(f"batch of {size}", "batch", (size, 1, 4, 4), 2, runs=("counted",), grows="batch", size=size)
        yield case(f"{2 * size} pixels a side", "image", (1, 1, 2 * size, 2 * size), 2, runs=("counted",),
                   grows="image side", size=size)  # fmt: skip


pool2d = Exercise(
    homework="hw3",
    name="pool2d",
    difficulty=2,
    file="layers.py",
    points=12,
    arguments=("x", "pool_size", "stride", "padding", "mode"),
    differentiable=True,
    operations=NO_POOLING,
    cases=_pool_cases,
    checks=(
        Check("value", 1.5, "the answer is the largest entry of each window", aspect="basic"),
        Check("value", 1.5, "it is the mean, the sum divided by the number of places", aspect="avg", title="means"),
        Check("value", 0.75, "an int, or a tuple (h, w)", aspect="sizes"),
        Check("value", 1, "moves by `stride` as long as it fits", aspect="stride"),
        Check("value", 0.75, "the output has floor((H + 2 p - h) / s) + 1 rows", aspect="floor", title="remainders"),
        Check("value", 1, "padding never wins, also where all entries are\nnegative", aspect="padding"),
        Check("value", 0.75, "where padding counts\nas zeros", aspect="padded means"),
        Check("value", 0.25, "An empty batch gives an empty output", aspect="empty"),
        Check("value", 0.25, "in the dtype of x", aspect="float64"),
        Check("value", 0.25, "Where a window\nholds a NaN, the answer is NaN", aspect="NaN"),
        Check("layout", 0.25, "in any memory layout", aspect="layout"),
        Check("errors", 0.5, "for any other mode, with a message that names it"),
        Check("gradient", 1, "Gradients flow to x"),
        Check("purity", 0.25, "x is not changed"),
        Check("device", 0.25, "Works on the device of x"),
        Check("copies", 0.25, "nothing is copied to the host"),
        Check("operations", 0.75, "none of torch's own pooling functions",
              instead={"operations:left": "keeps values in tensors"}),
        Check("scaling", 0.25, "does not\ngrow with the batch", aspect="batch"),
        Check("scaling", 0.5, "nor with the height and width of the image", aspect="image side"),
    ),
    hints=(
        "Pool the numbers 0 to 15, in four rows of four, by hand: windows of two, moving by two. Which entries meet "
        "at the same place (a, b) of all windows?",
        "Those entries are one slice of x, with a step of the stride. There are as many slices as places in a window: "
        "combine them with an elementwise maximum, or add them up. Tensor.unfold lays out all windows at once.",
        "Pad first, with a value that cannot win a maximum, or with zeros for means. When stride is None it is the "
        "pool size, and every option may be one number or two.",
    ),
)  # fmt: skip


def _norm_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, x: tuple[int, ...], *, frozen: bool = False, shift: float = 0.0, dtype: str = "float32",
        layout: Layout = "contiguous", spread: float = 2.0, **rest: Any,
    ) -> Case:  # fmt: skip
        channels = (x[1],)
        held = draw.floats(x, spread, dtype=dtype, layout=layout, requires_grad=True)
        held = replace(held, data=held.data + held.data.dtype.type(shift))
        gamma, beta = (draw.floats(channels, dtype=dtype, requires_grad=not frozen) for _ in range(2))
        mean, var = draw.floats(channels, dtype=dtype), draw.floats(channels, dtype=dtype)
        var = replace(var, data=abs(var.data) + var.data.dtype.type(0.5))
        return Case(name, aspect, (held, gamma, beta, mean, var), rest)

    yield case("two vectors", "basic", (2, 2))
    yield case("five vectors", "basic", (5, 3))
    yield case("as many vectors as features", "basic", (4, 4))
    yield case("images of one channel", "images", (2, 1, 2, 3))
    yield case("images", "images", (3, 4, 2, 5))
    yield case("as many channels as columns", "images", (2, 3, 3, 3))
    yield case("one image", "images", (1, 2, 3, 4))
    yield case("frozen gamma and beta", "images", (2, 2, 3, 2), frozen=True)
    yield case("vectors, in evaluation", "evaluation", (3, 2), training=False)
    yield case("images, in evaluation", "evaluation", (2, 3, 2, 4), training=False)
    yield case("one vector, in evaluation", "evaluation", (1, 4), training=False)
    yield case("momentum 0.9", "momentum", (4, 2), momentum=0.9)
    yield case("momentum 0", "momentum", (3, 2), momentum=0.0)
    yield case("momentum 1", "momentum", (2, 3, 2, 2), momentum=1.0)
    yield case("eps 1", "eps", (4, 3), eps=1.0)
    yield case("eps 0.25, in evaluation", "eps", (2, 2, 3, 3), eps=0.25, training=False)
    yield case("small numbers", "eps", (6, 2), spread=2.0**-8)
    yield case("far from zero", "far", (4, 3), shift=64.0)
    yield case("images far from zero", "far", (2, 2, 3, 4), shift=-32.0)
    yield case("float64", "float64", (4, 3), dtype="float64")
    yield case("float64 images", "float64", (2, 3, 2, 2), dtype="float64")
    yield case("transposed images", "layout", (2, 3, 4, 3), layout="transposed")
    yield case("strided vectors", "layout", (4, 3), layout="strided")
    yield replace(case("whether there is a graph", "graph", (4, 2)), runs=("plain",), options={"graph": True})
    yield case("one vector, in training", "errors", (1, 3))
    yield case("one pixel, in training", "errors", (1, 2, 1, 1))


def _call_norm(student: Any, call: Any) -> Any:
    """Y, and the averages where they are compared. Where the case asks for it, whether these carry a graph."""
    from autograder.worker.probes import called

    function = student.find("batch_norm")
    if call.options.get("graph"):
        _, *averages = function(*(tensor.clone().requires_grad_() for tensor in call.args[:3]), *call.args[3:])
        return {"the averages carry a graph": any(average.requires_grad for average in averages)}
    Y, mean, var = called(function, call)
    return {"Y": Y} if call.run == "gradient" else {"Y": Y, "moving_mean": mean.detach(), "moving_var": var.detach()}


batch_norm = Exercise(
    homework="hw3",
    name="batch_norm",
    difficulty=2,
    file="layers.py",
    points=14,
    arguments=("X", "gamma", "beta", "moving_mean", "moving_var", "eps", "momentum", "training"),
    kind="probe",
    probe=_call_norm,
    differentiable=True,
    operations=NO_NORMALISING,
    cases=_norm_cases,
    checks=(
        Check("value", 2.5, "In training X is normalised by the mean and the biased variance", aspect="basic"),
        Check("value", 2, "or a channel of X of shape (N, C, H, W), has one mean and one variance", aspect="images"),
        Check("value", 1.5, "In evaluation X is normalised by `moving_mean` and `moving_var`, and these stay",
              aspect="evaluation"),
        Check("value", 1.5, "`(1 - momentum) * old + momentum * new`", aspect="momentum"),
        Check("value", 1, "added to the variance before the square root is taken", aspect="eps"),
        Check("value", 0.5, "Y has the shape and dtype of X", aspect="float64"),
        Check("value", 0.5, "normalised by the mean and the biased variance", aspect="far", title="far from zero"),
        Check("value", 0.5, "carry no\ngraph", aspect="graph", title="averages without a graph"),
        Check("layout", 0.25, "floating point, in any memory layout", aspect="layout"),
        Check("errors", 0.25, "in training, when n is 1"),
        Check("gradient", 1.75, "and gradients flow through both"),
        Check("purity", 0.5, "No argument is changed"),
        Check("device", 0.25, "Works on the device of X"),
        Check("copies", 0.25, "nothing is copied to the host"),
        Check("operations", 0.75, "calls none\nof torch's own normalisations",
              instead={"operations:left": "keeps values in tensors"}),
    ),
    hints=(
        "For three vectors of two features: write the two means, the two variances and the normalised table. Over "
        "which axes were the means taken? Over which for images?",
        "keepdim, or a view as (1, C, 1, 1), makes statistics of shape (C,) fit images. Which variance is the one that "
        "divides, and which one goes into the moving average?",
        "The moving averages are made of detached statistics, as new tensors: 0.9 of the old ones and 0.1 of the "
        "new. The statistics that normalise are not detached: the gradient of X goes through them.",
    ),
)  # fmt: skip

EXERCISES = (pool2d, batch_norm)
