"""train.py: seeds, a regression from scratch, gradients in bounds, folds; and the epochs of `epochs.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Generator, Run, Tensor
from autograder.exercises.hw2 import epochs

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")


# ---- set_seed


def _seed(student: Any, call: Any) -> Any:
    from autograder.exercises.hw2 import _numbers

    return _numbers.seeded(student.set_seed, call)


def _seed_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, seeds: list[int], *report: str) -> Case:
        return Case(name, aspect, (seeds,), options={"report": list(report)})

    drawn = draw.integer(10, 9000)
    yield case("7", "basic", [7], "torch")
    yield case("two seeds", "basic", [3, drawn], "torch")
    yield case("the same seed twice", "basic", [5, 5], "torch")
    for aspect, name in (("Python", "random"), ("NumPy", "numpy.random")):
        yield case("7", aspect, [7], name)
        yield case("two seeds", aspect, [3, drawn], name)
        yield case("the same seed twice", aspect, [5, 5], name)
    yield case("normal numbers, the same seed twice", "Python", [5, 5, 5], "random, normal")
    yield case("normal numbers, the same seed twice", "NumPy", [5, 5, 5], "numpy.random, normal")
    yield case("two seeds", "GPUs", [3, drawn], "seed of the GPUs")
    yield case("0", "ends", [0, 1], "torch", "random", "numpy.random")
    yield case("the largest", "ends", [2**32 - 1], "torch", "random", "numpy.random")
    yield case("negative", "errors", [-1], "torch")
    yield case("too large", "errors", [2**32], "torch")


set_seed = Exercise(
    homework="hw2",
    name="set_seed",
    difficulty=1,
    file="train.py",
    points=2,
    kind="probe",
    probe=_seed,
    arguments=("seeds",),
    cases=_seed_cases,
    checks=(
        Check("value", 0.375, "is the same after every call with this seed", aspect="basic", title="values: torch"),
        Check("value", 0.125, "on the CPU and on every GPU", aspect="GPUs"),
        Check("value", 0.5, "Python's `random`", aspect="Python"),
        Check("value", 0.5, "NumPy's global generator", aspect="NumPy"),
        Check("value", 0.25, "an int from 0 to 2**32 - 1", aspect="ends"),
        Check("errors", 0.25, "`seed` is negative or too large"),
    ),
    hints=(
        "Which libraries in this file draw random numbers? Each has a function that seeds its global generator.",
        "A new generator object that nobody draws from does not help: it is the global ones that have to be seeded.",
        "torch takes any seed, NumPy does not. Look at the seed before any generator is seeded.",
    ),
)

# ---- linear_regression


def _fit(student: Any, call: Any) -> Any:
    from autograder.exercises.hw2 import _numbers

    return _numbers.fitted(student.linear_regression, call)


def _regression_cases(draw: Draw) -> Iterable[Case]:
    line = ("w", "b")

    def case(
        name: str,
        aspect: str,
        n: int,
        d: int,
        batch_size: int,
        num_epochs: int,
        report: tuple[str, ...] = line,
        *,
        lr: float = 0.125,
        column: bool = False,
        dtype: str = "float32",
        layout: Any = "contiguous",
        seed: int | None = None,
        device: bool = False,
    ) -> Case:
        X = draw.floats((n, d), dtype=dtype, layout=layout)
        y = draw.floats((n, 1) if column else (n,), 4.0, dtype=dtype)
        extra: dict[str, Any] = {} if seed is None else {"generator": Generator("torch", seed)}
        runs = ON_DEVICE if device else PLAIN
        return Case(
            name, aspect, (X, y, batch_size, lr, num_epochs), extra, options={"report": list(report)}, runs=runs
        )

    yield case("one sample", "basic", 1, 2, 1, 1, device=True)
    yield case("one batch", "basic", 4, 2, 4, 1, column=True, device=True)
    yield case("one batch, three features", "basic", 3, 3, 3, 1, lr=0.25, column=True)
    yield case("labels of shape (n,)", "labels", 4, 2, 4, 1)
    yield case("labels of shape (n,), two batches", "labels", 6, 3, 3, 1, device=True)
    yield case("two batches", "batches", 6, 2, 3, 1, column=True)
    yield case("batches of one", "batches", 3, 2, 1, 1, column=True)
    yield case("a smaller last batch", "batches", 5, 2, 3, 1, column=True)
    yield case("more than there are", "batches", 3, 2, 8, 1, column=True)
    yield case("two", "epochs", 6, 2, 3, 2, column=True)
    yield case("three, a smaller last batch", "epochs", 7, 2, 3, 3, column=True, lr=0.0625)
    yield case("none", "epochs", 3, 2, 3, 0, ("w", "b", "losses"), column=True)
    yield case("one epoch", "losses", 4, 2, 2, 1, ("losses",), column=True)
    yield case("two epochs", "losses", 5, 2, 2, 2, ("losses",), column=True, lr=0.0625)
    yield case("no step", "losses", 5, 2, 2, 2, ("losses",), column=True, lr=0.0)
    yield case("their form", "losses", 3, 2, 2, 2, ("form of the losses",), column=True, lr=0.0)
    yield case("one epoch", "order", 7, 2, 3, 1, column=True, seed=5)
    yield case("two epochs", "order", 8, 2, 3, 2, ("w", "b", "losses"), column=True, seed=draw.integer(3, 900))
    yield case(
        "what is left in the generator", "order", 6, 2, 4, 2, ("next numbers of the generator",), column=True, seed=3
    )
    yield case("the line", "cut off", 4, 2, 2, 1, ("cut off",), column=True)
    yield case("double precision", "dtype", 5, 2, 3, 2, column=True, dtype="float64")
    yield case("strided features", "dtype", 4, 3, 3, 1, column=True, layout="strided")


linear_regression = Exercise(
    homework="hw2",
    name="linear_regression",
    file="train.py",
    points=5,
    kind="probe",
    probe=_fit,
    arguments=("X", "y", "batch_size", "lr", "num_epochs"),
    cases=_regression_cases,
    checks=(
        Check("value", 1, "take one step against the gradient", aspect="basic"),
        Check("value", 0.75, "the labels, shape (n,) or (n, 1)", aspect="labels"),
        Check("value", 0.75, "the mean over the samples that the batch has", aspect="batches"),
        Check("value", 0.5, "In every epoch all samples are used once", aspect="epochs"),
        Check("value", 0.625, "the mean of the losses of all n samples after its last step", aspect="losses"),
        Check("value", 0.5, "draws an order of its own", aspect="order"),
        Check("value", 0.125, "cut off from any graph", aspect="cut off"),
        Check("value", 0.25, "with the dtype and device of X", aspect="dtype"),
        Check("purity", 0.25, "X and y are left as they are"),
        Check("device", 0.25, "floating, on any device"),
    ),
    hints=(
        "Write it for one batch first: the predictions, the errors, the gradient of the mean for w and for b. What are"
        " their shapes?",
        "Shape (n, 1) minus shape (n,) is (n, n), without any message. Give y the shape of the predictions.",
        "Indices can be drawn, cut into batches, and used to read rows of X and y. The last batch has its own size.",
    ),
)

# ---- clip_grad_norm


def _clip(student: Any, call: Any) -> Any:
    from autograder.exercises.hw2 import _numbers

    return _numbers.shortened(student.clip_grad_norm, call)


def _clip_cases(draw: Draw) -> Iterable[Case]:
    both = ("gradients", "norm")

    def case(
        name: str,
        aspect: str,
        gradients: list[Tensor | None],
        max_norm: float,
        report: tuple[str, ...] = both,
        *,
        iterator: bool = False,
        device: bool = False,
    ) -> Case:
        return Case(
            name,
            aspect,
            (gradients, max_norm),
            options={"report": list(report), "iterator": iterator},
            runs=ON_DEVICE if device else PLAIN,
        )

    def long(*shapes: tuple[int, ...], dtype: str = "float32") -> list[Tensor | None]:
        found: list[Tensor | None] = []
        for shape in shapes:
            drawn = draw.floats(shape, 8.0, dtype=dtype)
            drawn.data.reshape(-1)[:1] += 4  # so that no gradient is short
            found.append(drawn)
        return found

    yield case("one gradient", "basic", [tensor([3.0, 4.0])], 1.0, device=True)
    yield case("two gradients", "basic", [tensor([2.0, 4.0]), tensor([4.0])], 3.0, device=True)
    yield case("three gradients of other shapes", "basic", long((3,), (2, 3), ()), 2.0)
    yield case("one is much longer", "basic", [tensor([32.0, 0.5]), tensor([0.25, 0.125, -0.5])], 1.0)
    yield case("short", "short", [tensor([0.5, -0.25]), tensor([0.125])], 2.0, device=True)
    yield case("not much shorter", "short", long((2, 2), (3,)), 64.0)
    yield case("just as long", "short", [tensor([3.0, 4.0])], 5.0)
    yield case("one is None", "none", [None, *long((2,), (3,))], 1.0, device=True)
    yield case("one between is None", "none", [*long((2,)), None, *long((2, 2))], 2.0)
    yield case("all are None", "no gradient", [None, None], 1.0)
    yield case("no parameter", "no gradient", [], 1.0)
    zero = (*both, "flag “the norm is not zero”")
    yield case("all zero", "zeros", [tensor([0.0, 0.0]), tensor([0.0])], 1.0, zero)
    yield case("all zero, max_norm 0", "zeros", [tensor([0.0, 0.0])], 0.0)
    yield case("max_norm 0", "zeros", [tensor([3.0, -4.0])], 0.0)
    yield case("an iterator", "iterator", long((2,), (2, 3)), 1.0, iterator=True)
    same = ("flag “a gradient is another tensor”",)
    yield case("long", "in place", long((2,), (3,)), 1.0, same)
    yield case("short", "in place", [tensor([0.5, -0.25]), None], 2.0, same)
    rest = ("parameters", "flag “gradients are recorded as before”")
    yield case("the parameters", "rest", long((2,), (3,)), 1.0, rest)
    yield case("double precision, short", "dtype", long((2,), (3,), dtype="float64"), 64.0)
    yield case("half precision", "dtype", [tensor([3.0, 0.0, -4.0, 0.0], "float16")], 2.5)
    yield case("half precision, short", "dtype", [tensor([[3.0, -4.0], [0.0, 0.0]], "bfloat16")], 8.0)
    mixed = [replace(draw.floats((3, 2), 8.0), layout="transposed"), *long((2,))]
    yield case("transposed, long", "layout", mixed, 1.0)
    yield case("transposed, short", "layout", mixed, 64.0)
    yield case("long", "transfers", long((2,), (2, 2)), 1.0, device=True)
    yield case("short", "transfers", long((2,), (2, 2)), 128.0, device=True)


clip_grad_norm = Exercise(
    homework="hw2",
    name="clip_grad_norm",
    file="train.py",
    points=3.5,
    kind="probe",
    probe=_clip,
    arguments=("gradients", "max_norm"),
    cases=_clip_cases,
    checks=(
        Check("value", 1, "All gradients together are taken as one vector", aspect="basic"),
        Check("value", 0.5, "Where it does not, the gradients are left as they are", aspect="short"),
        Check("value", 0.375, "A parameter whose `grad` is None is left as it is", aspect="none"),
        Check("value", 0.125, "a zero where there is no gradient", aspect="no gradient"),
        Check("value", 0.25, "Gradients of zeros stay zeros", aspect="zeros"),
        Check("value", 0.125, "one that can be gone through only once", aspect="iterator"),
        Check("value", 0.125, "Gradients may have any\n            memory layout", aspect="layout", title="layouts"),
        Check("value", 0.25, "each is the same tensor as before", aspect="in place"),
        Check("value", 0.125, "The gradients are changed in place", aspect="rest", title="all else as before"),
        Check("value", 0.125, "with the dtype and device of the gradients", aspect="dtype"),
        Check("device", 0.25, "with the dtype and device of the gradients"),
        Check("transfers", 0.25, "The function never waits for the device", aspect="transfers", title="no waiting"),
    ),
    hints=(
        "The gradients are needed twice: for the norm, and to be multiplied. Make a list of them first.",
        "The norm of several vectors put together is the root of the sum of the squares of their norms.",
        "An `if` on a tensor makes Python wait. A factor that is never more than 1 can be applied always: which"
        " function cuts a tensor off at 1?",
    ),
)

# ---- k_fold


def _fold_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        k: int,
        i: int,
        n: int,
        *,
        rest: tuple[int, ...] = (2,),
        labels: tuple[int, ...] = (),
        layout: Any = "contiguous",
    ) -> Case:
        X = draw.floats((n, *rest), layout=layout)
        y = draw.floats((n, *labels)) if labels else draw.integers((n,), 0, 9)
        return Case(name, aspect, (k, i, X, y))

    yield case("two folds, first", "basic", 2, 0, 4)
    yield case("two folds, second", "basic", 2, 1, 6)
    yield case("three folds, the middle one", "basic", 3, 1, 6)
    yield case("five over two, first", "remainder", 2, 0, 5)
    yield case("five over two, second", "remainder", 2, 1, 5)
    yield case("eleven over four, the last of the longer ones", "remainder", 4, 2, 11)
    yield case("eleven over four, the shorter one", "remainder", 4, 3, 11)
    yield case("seven over five, the third", "remainder", 5, 2, 7)
    yield case("thirteen over five, the fourth", "remainder", 5, 3, 13)
    yield case("one left out", "remainder", 5, 3, 5)
    yield case("two samples", "remainder", 2, 1, 2)
    yield case("one axis", "axes", 3, 1, 7, rest=())
    yield case("images", "axes", 2, 0, 5, rest=(1, 2, 3))
    yield case("labels of two axes", "axes", 3, 2, 7, labels=(2,))
    yield case("strided", "axes", 2, 1, 5, rest=(3,), layout="strided")
    yield case("one fold", "errors", 1, 0, 4)
    yield case("no fold", "errors", 0, 0, 4)
    yield case("more folds than samples", "errors", 5, 1, 4)
    yield case("round k", "errors", 3, 3, 7)
    yield case("a negative round", "errors", 3, -1, 7)


k_fold = Exercise(
    homework="hw2",
    name="k_fold",
    file="train.py",
    points=3.5,
    arguments=("k", "i", "X", "y"),
    cases=_fold_cases,
    checks=(
        Check("value", 1.25, "Fold i is for validation, the others are for training", aspect="basic"),
        Check("value", 1.25, "each of the first n % k folds has one more", aspect="remainder"),
        Check("value", 0.5, "shape (n, *): one axis or more", aspect="axes"),
        Check("purity", 0.25, "X and y are left as they are"),
        Check("errors", 0.25, "there are no k folds (`k` is less than 2, or more than n), or no round `i`"),
    ),
    hints=(
        "Where does fold i begin, and where does it end? What is before it and what is behind it is for training.",
        "Count the samples of all folds for n = 5 and k = 2. Where did the fifth go? `torch.tensor_split` knows how to"
        " share out what is left over.",
        "Two parts of a tensor are put one behind the other by `torch.cat`, whatever further axes they have. An index"
        " for the first axis alone goes for all of them.",
    ),
)

EXERCISES = (set_seed, linear_regression, *epochs.EXERCISES, clip_grad_norm, k_fold)
