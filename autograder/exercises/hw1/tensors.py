"""tensors.py: one_hot, pairwise_distance, standardize, batched_matmul_mask; its heads have a module of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Operations, Tensor
from autograder.exercises.hw1._cases import LAYOUTS, SIZES, VECTORISED
from autograder.exercises.hw1.heads import merge_heads, split_heads


def _one_hot_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, indices: Tensor, num_classes: int, **rest: Any) -> Case:
        return Case(name, aspect, (indices, num_classes), **rest)

    yield case("one index", "basic", tensor([1]), 3)
    yield case("three indices", "basic", tensor([2, 0, 2]), 4)
    yield case("three other indices", "basic", tensor([3, 1, 0]), 4)
    yield case("seven indices, not every class", "basic", draw.integers((7,), 1, 4), 9)
    yield case("as many indices as classes", "basic", tensor([3, 1, 1, 0]), 4)
    yield case("a single number", "shape", tensor(2), 4)
    yield case("two axes", "shape", draw.integers((2, 3), 0, 4), 5)
    yield case("three axes", "shape", draw.integers((3, 1, 2), 0, 2), 3)
    yield case("transposed indices", "shape", replace(draw.integers((4, 3), 0, 5), layout="transposed"), 6)
    yield case("one class", "shape", tensor([0, 0]), 1)
    yield case("a negative index", "outside", tensor([-1, 1]), 3)
    yield case("indices that are too large", "outside", tensor([3, 0, 100, 2]), 3)
    yield case("only indices that are no class", "outside", tensor([[-100], [4]]), 4)
    yield case("int32 indices", "dtype", draw.integers((5,), 0, 3, "int32"), 4)
    yield case("uint8 indices", "dtype", tensor([1, 0, 1], "uint8"), 3)
    yield case("uint8 indices, 300 classes", "dtype", tensor([255, 44, 0], "uint8"), 300)
    yield case("int8 indices, 200 classes", "dtype", tensor([127, -56, 3], "int8"), 200)
    yield case("no indices", "empty", tensor([], "int64"), 3)
    yield case("no indices in two axes", "empty", draw.integers((2, 0), 0, 1), 3)
    for size in SIZES:
        indices = draw.integers((size,), 0, 3)
        yield case(f"{size} indices", "indices", indices, 4, runs=("counted",), grows="indices", size=size)
    for size in SIZES:
        indices = draw.integers((3,), 0, size - 1)
        yield case(f"{size} classes", "classes", indices, size, runs=("counted",), grows="classes", size=size)


one_hot = Exercise(
    homework="hw1",
    name="one_hot",
    file="tensors.py",
    points=4,
    difficulty=1,
    arguments=("indices", "num_classes"),
    operations=Operations(forbidden=("one_hot",)),
    max_growth=VECTORISED,
    cases=_one_hot_cases,
    checks=(
        Check("value", 0.75, "1 at the class that the index names, 0 at all others", aspect="basic"),
        Check("value", 0.75, "of any shape, also (): a single number", aspect="shape"),
        Check("value", 0.5, "gives a row of zeros, not the row of another class and no error", aspect="outside"),
        Check("value", 0.5, "of any integer dtype (also one too small to count to `num_classes`)", aspect="dtype"),
        Check("value", 0.25, "No indices give an empty answer", aspect="empty"),
        Check("purity", 0.25, "`indices` is not changed"),
        Check("device", 0.5, "Works on whatever device `indices` is on"),
        Check("operations", 0.25, "without `torch.nn.functional.one_hot`",
              instead={"operations:left": "no value leaves torch"}),
        Check("scaling", 0.125, "grows neither with the number of indices", aspect="indices"),
        Check("scaling", 0.125, "nor with that of classes", aspect="classes"),
    ),
    hints=(
        "Write the classes 0, 1, 2, … as a row and the indices as a column. Where does the table have its ones?",
        "A comparison broadcasts as a sum does: give the indices an axis of length 1 at the end.",
        "Make the row of classes on the device of the indices. A comparison gives True and False: turn them into "
        "numbers of the dtype that is asked for.",
    ),
)  # fmt: skip


def _pairwise_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, x: Any, y: Any, **rest: Any) -> Case:
        points = [p if isinstance(p, Tensor) else draw.floats(p, requires_grad=True) for p in (x, y)]
        return Case(name, aspect, tuple(points), **rest)

    def far(shape: tuple[int, int], there: Sequence[float] = (8192,)) -> Tensor:
        """Points around `there`, less than 2 apart; single precision holds their coordinates exactly."""
        import numpy as np

        held = draw.floats(shape, 1.0, requires_grad=True)
        return replace(held, data=held.data + np.asarray(there, np.float32)[:, None])

    yield case("one point and two", "basic", (1, 2), (2, 2))
    yield case("two points and three", "basic", (2, 3), (3, 3))
    yield case("four points and two on five axes", "basic", (4, 5), (2, 5))
    yield case("as many points as axes", "basic", (3, 3), (3, 3))
    yield case("frozen Y", "basic", (2, 2), draw.floats((3, 2)))
    yield case("frozen X", "basic", draw.floats((3, 2)), (2, 2))
    yield case("one axis", "single", (3, 1), (2, 1))
    yield case("one point each", "single", (1, 4), (1, 4))
    yield case("one point on one axis", "single", (1, 1), (3, 1))
    yield case("far from the origin", "far", far((2, 3)), far((3, 3)))
    yield case("far from the origin, one axis", "far", far((3, 1)), far((2, 1)))
    yield case("two clusters far apart", "far", far((2, 3), (8192, -8192)), far((3, 3), (-8192, 8192, -8192)))
    close = tensor([[96.0, -40.0], [96.0, -40.0 + 2.0**-12]], "float32", requires_grad=True)
    yield case("points that nearly coincide", "far", close, tensor([[96.0 + 2.0**-10, -40.0]], "float32"))
    same = tensor([[0.5, 1.0], [2.0, -1.0]], "float32", requires_grad=True)
    other = tensor([[2.0, -1.0], [0.5, 0.0], [0.5, 1.0]], "float32", requires_grad=True)
    yield case("points that coincide", "coinciding", same, other)
    same = draw.floats((3, 4), dtype="float64", requires_grad=True)
    yield case("points and themselves", "coinciding", same, same)
    far_away = tensor([[4096.25, -4096.5], [100.125, 33.0]], "float32", requires_grad=True)
    yield case("points and themselves, far out", "coinciding", far_away, far_away)
    x, y = (draw.floats(shape, dtype="float64", requires_grad=True) for shape in ((2, 3), (4, 3)))
    yield case("float64", "dtype", x, y)
    yield case("no points in X", "empty", (0, 3), (2, 3), runs=("plain",))
    yield case("no points in Y", "empty", (2, 3), (0, 3), runs=("plain",))
    layouts: list[tuple[Any, Any]] = [("transposed", "strided"), ("strided", "expanded"), ("expanded", "transposed")]
    for one, two in layouts:
        x = draw.floats((3, 2), layout=one, requires_grad=True)
        y = draw.floats((4, 2), layout=two, requires_grad=True)
        yield case(f"{one} X, {two} Y", "layout", x, y)
    for size in SIZES:
        yield case(f"{size} points in X", "points of X", (size, 3), (2, 3), runs=("counted",), grows="points of X",
                   size=size)  # fmt: skip
    for size in SIZES:
        yield case(f"{size} points in Y", "points of Y", (2, 3), (size, 3), runs=("counted",), grows="points of Y",
                   size=size)  # fmt: skip


pairwise_distance = Exercise(
    homework="hw1",
    name="pairwise_distance",
    file="tensors.py",
    points=6,
    arguments=("X", "Y"),
    differentiable=True,
    operations=Operations(forbidden=("*cdist*", "*euclidean_dist*", "pairwise_distance", "*pdist*")),
    max_growth=VECTORISED,
    cases=_pairwise_cases,
    checks=(
        Check("value", 1.5, "D[i, j] is the square root of the sum over k of (X[i, k] - Y[j, k])²", aspect="basic"),
        Check("value", 0.25, "n, m and d may be 1", aspect="single"),
        Check("value", 0.75, "Points far from the origin that lie close together keep their distance", aspect="far"),
        Check("value", 0.25, "Where two points coincide their distance is exactly 0", aspect="coinciding"),
        Check("value", 0.25, "with the dtype and on the device of `X`", aspect="dtype"),
        Check("value", 0.25, "Without points, n or m being 0, the answer is empty", aspect="empty"),
        Check("layout", 0.25, "each may have any memory layout", aspect="layout"),
        Check("gradient", 0.5, "Gradients flow to X and to Y", aspect="basic"),
        Check("gradient", 0.25, "Gradients flow to X and to Y"),
        Check("gradient", 0.5, "Its gradient is taken to be 0 there, not NaN", aspect="coinciding"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device they are on"),
        Check("operations", 0.25, "without `torch.cdist`, `torch.pdist` and `F.pairwise_distance`",
              instead={"operations:left": "no value leaves torch"}),
        Check("scaling", 0.25, "does not grow with the points of X or of Y", aspect="points of X"),
        Check("scaling", 0.25, "does not grow with the points of X or of Y", aspect="points of Y"),
    ),
    hints=(
        "For two points and three, write down the six differences that you need. Which shape holds all of them?",
        "An axis of length 1 in the right place of X, another one in Y: then a single subtraction gives (n, m, d).",
        "What remains is the length of a vector along the last axis. The square root has an infinite slope at 0, and "
        "infinity times 0 is NaN: torch's norm of a vector takes care of it, your own square root must not see a 0.",
    ),
)  # fmt: skip


def _standardize_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, x: Any, dim: Any, eps: float | None = None, **rest: Any) -> Case:
        held = x if isinstance(x, Tensor) else draw.floats(x, requires_grad=True)
        return Case(name, aspect, (held, dim), {} if eps is None else {"eps": eps}, **rest)

    def far(shape: tuple[int, ...]) -> Tensor:
        held = draw.floats(shape, dtype="float64", requires_grad=True)
        return replace(held, data=held.data + 2.0**16)

    yield case("three numbers", "basic", (3,), 0)
    yield case("two rows, over the columns", "basic", (2, 3), 1)
    yield case("four rows, over the rows", "basic", (4, 3), 0)
    yield case("three by three, over the columns", "basic", (3, 3), 1)
    yield case("three axes, over the middle", "basic", (2, 4, 3), 1)
    yield case("over the last axis, from the end", "axes", (3, 4), -1)
    yield case("over the middle of three, from the end", "axes", (3, 2, 4), -2)
    yield case("over two axes", "several", (3, 4), (0, 1))
    yield case("over the first and the last of three", "several", (2, 3, 4), (0, 2))
    yield case("over three of four, as in an image", "several", (2, 3, 4, 2), (0, 2, -1))
    flat = tensor([[2.5, 2.5, 2.5], [1.0, 2.0, 3.0]], requires_grad=True)
    yield case("a row of equal numbers", "equal", flat, 1)
    yield case("all equal", "equal", tensor([[-3.0] * 4] * 2, requires_grad=True), (0, 1))
    yield case("a row of numbers that hardly differ", "eps", draw.floats((2, 4), 2.0**-8, requires_grad=True), 1)
    yield case("eps 0.5", "eps", (3, 4), 0, 0.5)
    yield case("eps 3", "eps", (2, 4), 1, 3.0)
    yield case("eps 0", "eps", (2, 3), 1, 0.0)
    yield case("one element along the axis", "length 1", (3, 1), 1)
    yield case("one row", "length 1", (1, 4), 0)
    yield case("far from 0", "far", far((2, 4)), 1, runs=("plain",))
    yield case("far from 0, over the rows", "far", far((5, 2)), 0, runs=("plain",))
    yield case("float64", "dtype", draw.floats((3, 4), dtype="float64", requires_grad=True), 1)
    yield case("no rows", "empty", (0, 3), 1, runs=("plain",))
    for layout in LAYOUTS:
        yield case(f"{layout} X", "layout", draw.floats((3, 4), layout=layout, requires_grad=True), 1)


standardize = Exercise(
    homework="hw1",
    name="standardize",
    file="tensors.py",
    points=5,
    difficulty=1,
    arguments=("X", "dim", "eps"),
    differentiable=True,
    operations=Operations(forbidden=("*layer_norm*", "*batch_norm*", "*instance_norm*", "*group_norm*", "*rms_norm*")),
    cases=_standardize_cases,
    checks=(
        Check("value", 1, "The variance has the divisor n, the number of elements that it is taken over",
              aspect="basic"),
        Check("value", 0.25, "an axis may be counted from the end", aspect="axes"),
        Check("value", 0.5, "or a tuple of axes that they are taken over together", aspect="several"),
        Check("value", 0.5, "divided by the square root of the variance plus `eps`", aspect="eps"),
        Check("value", 0.25, "so that elements which are all equal become 0, not NaN", aspect="equal"),
        Check("value", 0.25, "The axes `dim` may have length 1", aspect="length 1"),
        Check("value", 0.25, "Elements far from 0 with a small variance stay exact", aspect="far"),
        Check("value", 0.25, "A new tensor with the shape, the dtype and the device of `X`", aspect="dtype"),
        Check("value", 0.125, "Where another axis has length 0 the answer is empty", aspect="empty"),
        Check("layout", 0.125, "of any shape and any memory layout", aspect="layout"),
        Check("gradient", 0.75, "Gradients flow to `X`, also through the mean and the variance"),
        Check("purity", 0.25, "`X` is not changed"),
        Check("device", 0.25, "Works on whatever device `X` is on"),
        Check("operations", 0.25, "without torch's own normalizations"),
    ),
    hints=(
        "Which shape must the means have, so that they can be subtracted from X again?",
        "A reduction can leave an axis of length 1 where it was: what it gives broadcasts back then, for any `dim`.",
        "Subtract the means once and use the result twice: its squares have the variance for their mean, and it is "
        "what gets divided. Mind whether torch's own variance divides by n or by n - 1.",
    ),
)  # fmt: skip


def _matmul_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        sizes: tuple[int, int, int, int],
        mask: Any = None,
        value: float | None = None,
        a: Any = None,
        b: Any = None,
        **rest: Any,
    ) -> Case:
        """`sizes` are batch, n, k, m; `mask` is a shape, a mask or None for the full shape."""
        batch, n, k, m = sizes
        shape = mask if isinstance(mask, tuple) else (batch, n, m)
        held = mask if isinstance(mask, Tensor) else _mixed(draw, shape)
        left = draw.floats((batch, n, k), requires_grad=True, **(a or {}))
        right = draw.floats((batch, k, m), requires_grad=True, **(b or {}))
        return Case(name, aspect, (left, right, held), {} if value is None else {"value": value}, **rest)

    yield case("one sample of a row and two columns", "basic", (1, 1, 1, 2))
    yield case("two samples", "basic", (2, 2, 3, 2))
    yield case("three samples, unequal sizes", "basic", (3, 2, 5, 4))
    yield case("everything is three", "basic", (3, 3, 3, 3))
    yield case("one mask for all samples", "broadcast", (2, 3, 2, 4), (3, 4))
    yield case("one mask for all samples of a square", "broadcast", (3, 3, 2, 3), (3, 3))
    yield case("a row of columns for each sample", "broadcast", (3, 2, 3, 4), (3, 1, 4))
    yield case("whole rows", "broadcast", (2, 4, 3, 2), (2, 4, 1))
    yield case("whole rows, of all samples", "broadcast", (2, 3, 2, 4), (3, 1))
    yield case("columns of all samples", "broadcast", (2, 4, 3, 4), (4,))
    yield case("whole samples", "broadcast", (3, 2, 2, 2), (3, 1, 1))
    yield case("True everywhere", "everywhere", (2, 2, 3, 2), tensor([[True]]))
    yield case("False everywhere", "everywhere", (2, 2, 3, 2), tensor([[False]]))
    yield case("value -1", "value", (2, 2, 3, 3), None, -1)
    yield case("value 0.1, whole rows", "value", (2, 3, 2, 2), (2, 3, 1), 0.1)
    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("value -inf", "value", (2, 2, 2, 3), None, float("-inf"), **plain)
    mask = tensor([[[False, True], [True, False]]])
    nothing = draw.floats((1, 2, 2)).data.copy()
    nothing[0, 0] = [3e38, 3e38]
    right = draw.floats((1, 2, 2)).data.copy()
    right[0, :, 0], right[0, :, 1] = [2.0, 3.0], 0.0
    yield Case("a masked product that overflows", "nonfinite", (Tensor(nothing), Tensor(right), mask), **plain)
    nothing = nothing.copy()
    nothing[0, 0] = [float("nan"), 1.0]
    mask = tensor([[[False, False], [True, True]]])
    yield Case("masked products that are NaN", "nonfinite", (Tensor(nothing), Tensor(right), mask, 7.5), **plain)
    endless = nothing.copy()
    endless[0, 1] = [float("inf"), 1.0]
    yield Case("kept products that are infinite or NaN", "nonfinite", (Tensor(endless), Tensor(right), mask), **plain)
    double = {"dtype": "float64"}
    yield case("float64", "dtype", (2, 2, 3, 2), None, 0.1, double, double)
    yield case("float64, value 0", "dtype", (1, 2, 3, 2), None, None, double, double)
    yield case("empty batch", "empty", (0, 2, 3, 2), (2, 2), **plain)
    yield case("no rows", "empty", (2, 0, 3, 2), (1, 2), **plain)
    layouts: list[tuple[Any, Any]] = [("transposed", "strided"), ("strided", "expanded"), ("expanded", "transposed")]
    for one, two in layouts:
        mask = replace(_mixed(draw, (2, 3, 4)), layout=one if one != "expanded" else "strided")
        yield case(f"{one} A, {two} B", "layout", (2, 3, 2, 4), mask, None, {"layout": one}, {"layout": two})
    for size in SIZES:
        yield case(f"batch of {size}", "batch", (size, 2, 3, 2), runs=("counted",), grows="batch", size=size)


def _mixed(draw: Draw, shape: tuple[int, ...]) -> Tensor:
    """A mask that is True at some entries and False at others, and not the same in every row or sample."""
    import numpy as np

    data = draw.integers(shape, 0, 1, "bool").data
    if data.size > 1:
        flat = data.reshape(-1)
        flat[0], flat[-1] = False, True
        if len({part.tobytes() for part in np.asarray(data)}) == 1 and len(data) > 1:
            data[0] = ~data[0]
    return Tensor(data, "bool")


batched_matmul_mask = Exercise(
    homework="hw1",
    name="batched_matmul_mask",
    file="tensors.py",
    points=5,
    difficulty=1,
    arguments=("A", "B", "mask", "value"),
    differentiable=True,
    operations=Operations(),
    max_growth=VECTORISED,
    cases=_matmul_cases,
    checks=(
        Check("value", 1, "is the matrix product A[b] @ B[b] where the mask is True", aspect="basic"),
        Check("value", 0.75, "of any shape that broadcasts to (batch, n, m)", aspect="broadcast"),
        Check("value", 0.25, "A mask may be True, or False, everywhere", aspect="everywhere"),
        Check("value", 0.5, "the number that replaces masked entries, infinite ones included", aspect="value"),
        Check("value", 0.5, "also where it is infinite or NaN", aspect="nonfinite"),
        Check("value", 0.25, "with the dtype and on the device of `A`", aspect="dtype"),
        Check("value", 0.125, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.125, "each may have any memory layout", aspect="layout"),
        Check("gradient", 0.5, "Gradients flow to A and B, and none from the masked entries"),
        Check("purity", 0.25, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device they are on"),
        Check("operations", 0.25, "no value leaves torch"),
        Check("scaling", 0.25, "The number of torch operations does not grow with the batch", aspect="batch"),
    ),
    hints=(
        "Two steps: all the products, then the masked entries. Do you need a loop over the samples for either?",
        "torch multiplies batches of matrices in one call. For the mask, look for a function that chooses between two "
        "things by a boolean tensor.",
        "Mind what True means: where the mask is True the product is kept. A function that fills where a mask is True "
        "wants the opposite mask, and makes a new tensor unless its name ends in an underscore.",
    ),
)  # fmt: skip

EXERCISES = (one_hot, pairwise_distance, split_heads, merge_heads, standardize, batched_matmul_mask)
