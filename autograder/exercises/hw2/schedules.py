"""Of optim.py: the schedules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise


def _step_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, lr: float, epoch: int, step_size: int, **options: Any) -> Case:
        return Case(name, aspect, (lr, epoch, step_size), options)

    yield case("a drop", "basic", 1.0, 3, 2, gamma=0.5)
    yield case("no drop yet", "basic", 0.75, 1, 4, gamma=0.5)
    yield case("three drops", "basic", 0.5, 3 * 4 + 1, 4, gamma=0.25)
    for epoch in (0, 2, 3, 4, 5, 6):
        yield case(f"epoch {epoch} of three", "when", 0.75, epoch, 3, gamma=0.5)
    yield case("every epoch", "when", 1.0, 4, 1, gamma=0.5)
    yield case("a far epoch", "when", 2.0, draw.integer(90, 99), 7, gamma=0.75)
    yield case("gamma", "default", 1.0, 65, 30)
    yield case("0", "errors", 1.0, 3, 0)
    yield case("negative", "errors", 1.0, 3, -2)


step_lr = Exercise(
    homework="hw2",
    name="step_lr",
    difficulty=1,
    file="optim.py",
    points=1.5,
    arguments=("lr", "epoch", "step_size"),
    cases=_step_cases,
    checks=(
        Check("value", 0.75, "it is multiplied by `gamma` once more", aspect="basic"),
        Check("value", 0.375, "Between two drops it stays the same", aspect="when"),
        Check("value", 0.125, "the factor of a drop, a float", aspect="default"),
        Check("errors", 0.25, "`step_size` is less than 1"),
    ),
    hints=(
        "Write down the learning rates of the first seven epochs for `step_size` 3. How many drops has each of them"
        " behind it?",
        "A number of whole groups is what an integer division gives.",
        "Each drop multiplies. What is the factor after two drops, and after n?",
    ),
)


def _multistep_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, lr: float, epoch: int, milestones: Any, **options: Any) -> Case:
        return Case(name, aspect, (lr, epoch, milestones), options)

    yield case("one behind", "basic", 1.0, 3, [2], gamma=0.5)
    yield case("one ahead", "basic", 0.75, 1, [4], gamma=0.5)
    yield case("two of three behind", "basic", 0.5, 7, [2, 5, 9], gamma=0.25)
    yield case("all behind", "basic", 0.5, 40, [3, 4, 11], gamma=0.75)
    yield case("on a milestone", "included", 1.0, 3, [3, 8], gamma=0.5)
    yield case("on the last one", "included", 1.0, 8, [3, 8], gamma=0.5)
    yield case("just before one", "included", 1.0, 7, [3, 8], gamma=0.5)
    yield case("at the very start", "included", 1.0, 0, [0, 2], gamma=0.5)
    yield case("descending", "any order", 1.0, 5, [9, 4, 1], gamma=0.5)
    yield case("two ahead before two behind", "any order", 1.0, 5, [9, 7, 4, 1], gamma=0.5)
    yield case("a tuple", "any order", 1.0, 5, (7, 1, 4, 6, 3), gamma=0.5)
    yield case("none", "any order", 0.75, 5, [], gamma=0.5)
    yield case("twice the same", "twice", 1.0, 5, [2, 2, 7], gamma=0.5)
    yield case("twice the same, reached", "twice", 1.0, 4, [4, 4], gamma=0.5)
    yield case("gamma", "default", 1.0, 65, [30, 60])


multistep_lr = Exercise(
    homework="hw2",
    name="multistep_lr",
    difficulty=1,
    file="optim.py",
    points=2,
    arguments=("lr", "epoch", "milestones"),
    cases=_multistep_cases,
    checks=(
        Check("value", 0.75, "is multiplied by `gamma` once more", aspect="basic"),
        Check("value", 0.5, "from this epoch on, it included", aspect="included"),
        Check("value", 0.25, "a list or tuple of ints, in any order", aspect="any order"),
        Check("value", 0.25, "a number that is in it twice counts twice", aspect="twice"),
        Check("value", 0.125, "the factor of a drop, a float", aspect="default"),
        Check("purity", 0.125, "It is left as it is"),
    ),
    hints=(
        "How many of the milestones has this epoch reached? Their order does not matter for that.",
        "A milestone counts from its own epoch on: compare it with <=.",
        "With n of them reached, the learning rate has been multiplied n times.",
    ),
)


def _exponential_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, lr: float, epoch: int, gamma: float) -> Case:
        return Case(name, aspect, (lr, epoch, gamma))

    yield case("two epochs", "basic", 1.0, 2, 0.5)
    yield case("three epochs", "basic", 0.75, 3, 0.25)
    yield case("a far epoch", "basic", 0.5, draw.integer(30, 50), 0.875)
    yield case("a learning rate that rises", "basic", 0.125, 4, 1.25)
    yield case("the first epoch", "first", 0.75, 0, 0.5)
    yield case("the epoch after it", "first", 0.75, 1, 0.25)


exponential_lr = Exercise(
    homework="hw2",
    name="exponential_lr",
    difficulty=1,
    file="optim.py",
    points=1,
    arguments=("lr", "epoch", "gamma"),
    cases=_exponential_cases,
    checks=(
        Check("value", 0.75, "it is multiplied by `gamma` after every epoch", aspect="basic"),
        Check("value", 0.25, "the learning rate of epoch 0", aspect="first"),
    ),
    hints=(
        "What is the learning rate in the epochs 0, 1 and 2?",
        "Multiplying by the same number again and again is what a power is.",
        "In epoch 0 nothing has been multiplied yet.",
    ),
)


def _cosine_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, lr: float, epoch: int, T_max: int, **options: Any) -> Case:
        return Case(name, aspect, (lr, epoch, T_max), options)

    yield case("half way", "basic", 1.0, 2, 4)
    yield case("a quarter of the way", "basic", 0.75, 1, 4)
    yield case("most of the way", "basic", 0.5, 7, 9)
    yield case("somewhere", "basic", 2.0, draw.integer(11, 39), 50)
    yield case("the first epoch", "ends", 0.75, 0, 5)
    yield case("the last epoch", "ends", 0.75, 5, 5)
    yield case("a way of one epoch", "ends", 0.75, 0, 1)
    yield case("half way", "eta_min", 1.0, 2, 4, eta_min=0.25)
    yield case("a third of the way", "eta_min", 0.75, 2, 6, eta_min=0.125)
    yield case("the first epoch", "eta_min", 0.75, 0, 6, eta_min=0.125)
    yield case("the last epoch", "eta_min", 0.75, 6, 6, eta_min=0.125)
    yield case("the next epoch", "afterwards", 1.0, 5, 4, eta_min=0.25)
    yield case("as far again", "afterwards", 1.0, 8, 4)
    yield case("long after", "afterwards", 1.0, draw.integer(101, 107), 7, eta_min=0.125)
    yield case("0", "errors", 1.0, 3, 0)
    yield case("negative", "errors", 1.0, 0, -4)


cosine_lr = Exercise(
    homework="hw2",
    name="cosine_lr",
    difficulty=1,
    file="optim.py",
    points=3,
    arguments=("lr", "epoch", "T_max"),
    cases=_cosine_cases,
    checks=(
        Check("value", 1, "falls slowly at first, fastest half way, and slowly again at the end", aspect="basic"),
        Check("value", 0.5, "and reaches `eta_min` in epoch `T_max`", aspect="ends"),
        Check("value", 0.75, "(lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2", aspect="eta_min"),
        Check("value", 0.5, "From epoch `T_max` on it stays at `eta_min`", aspect="afterwards"),
        Check("errors", 0.25, "`T_max` is less than 1"),
    ),
    hints=(
        "What is the cosine at 0, at half of pi, at pi? Where is (1 + cosine) / 2 at these places?",
        "Work with the part of the way that is behind, a number from 0 to 1. What is it after the end of the way?",
        "Python's `math` has `cos`, which counts angles in radians, and `pi`.",
    ),
)


def _plateau_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, metrics: list[float], **options: Any) -> Case:
        return Case(name, aspect, (1.0, metrics), options)

    nan = float("nan")
    half: dict[str, Any] = {"factor": 0.5}
    yield case("no progress, patience 1", "basic", [2.0, 2.0, 2.0, 2.0], patience=1, **half)
    yield case("progress", "basic", [4.0, 3.0, 2.0, 1.0], patience=0, **half)
    yield case("no progress, then some", "basic", [4.0, 5.0, 4.5, 3.0, 2.0], patience=1, **half)
    yield case("one", "patience", [2.0], patience=0, **half)
    yield case("none", "patience", [2.0, 3.0, 1.0, 1.5, 2.0], patience=0, **half)
    yield case("two", "patience", [2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0], patience=2, **half)
    yield case("a better one between", "in a row", [4.0, 5.0, 3.0, 5.0, 5.0, 5.0], patience=1, **half)
    yield case("bad ones here and there", "in a row", [4.0, 5.0, 3.0, 5.0, 2.0, 5.0, 1.0, 5.0], patience=1, **half)
    yield case(
        "a better one after many bad ones", "in a row", [4.0, 5.0, 5.0, 5.0, 3.0, 5.0, 5.0, 5.0], patience=3, **half
    )
    yield case("drops again and again", "again", [1.0] * 9, patience=1, **half)
    yield case("every epoch", "again", [1.0, 2.0, 3.0, 4.0, 5.0], patience=0, factor=0.25)
    yield case("better than the last one only", "best", [1.0, 5.0, 4.0, 3.0, 2.0], patience=1, **half)
    yield case("the best before a drop stays", "best", [1.0, 3.0, 3.0, 2.0, 2.0, 2.0], patience=1, **half)
    yield case("a rising one", "mode", [1.0, 2.0, 2.0, 2.0, 3.0], mode="max", patience=0, **half)
    yield case("a rising one, patience 1", "mode", [0.5, 0.25, 0.75, 0.5, 0.5], mode="max", patience=1, **half)
    yield case("from 0", "mode", [0.0, 0.5, 0.25, 0.25], mode="max", patience=0, **half)
    small: dict[str, Any] = {"patience": 0, "threshold": 0.25, **half}
    yield case("too small a progress", "threshold", [4.0, 3.5, 2.5, 2.25], **small)
    yield case("many small ones", "threshold", [4.0, 3.5, 3.0, 2.5, 2.0], **small)
    yield case("exactly the threshold", "threshold", [4.0, 3.0, 2.0, 1.5], **small)
    yield case("of large metrics", "threshold", [400.0, 399.0, 299.0, 290.0], **small)
    yield case("rising", "threshold", [4.0, 4.5, 5.0, 5.5, 6.5, 8.0], mode="max", **small)
    yield case("a floor", "min_lr", [1.0] * 5, patience=0, min_lr=0.25, **half)
    yield case("a floor between", "min_lr", [1.0] * 5, patience=0, min_lr=0.375, **half)
    yield case("the first", "nan", [nan, 2.0, 1.0, 1.0], patience=0, **half)
    yield case("in the middle", "nan", [2.0, nan, 1.5, nan, nan, 1.0], patience=1, **half)
    yield case("all", "nan", [nan, nan, nan], patience=0, **half)
    yield case("no epoch", "no epoch", [])
    yield case("patience and factor", "defaults", [1.0] * 13)
    yield case("threshold", "defaults", [1.0, 0.99995, 0.9998], patience=0)
    yield case("another word", "errors", [2.0, 1.0], mode="maximum")
    yield case("another word, no epoch", "errors", [], mode="")


reduce_on_plateau = Exercise(
    homework="hw2",
    name="reduce_on_plateau",
    file="optim.py",
    points=4.5,
    arguments=("lr", "metrics"),
    cases=_plateau_cases,
    checks=(
        Check("value", 1, "the learning rate is multiplied by `factor`", aspect="basic"),
        Check("value", 0.5, "more bad epochs in a row than `patience`", aspect="patience"),
        Check("value", 0.375, "a better one sets the count back to 0", aspect="in a row"),
        Check("value", 0.375, "and the count starts again from 0", aspect="again"),
        Check("value", 0.375, "The best metric stays", aspect="best"),
        Check("value", 0.375, "more than best * (1 + `threshold`)", aspect="mode"),
        Check("value", 0.375, "by which part of the best metric another has to be better", aspect="threshold"),
        Check("value", 0.25, "never falls below `min_lr`", aspect="min_lr"),
        Check("value", 0.25, "the first one is better than none, unless it is NaN", aspect="nan"),
        Check("value", 0.125, "It may be empty", aspect="no epoch"),
        Check("value", 0.125, "how many bad epochs in a row are put up with", aspect="defaults"),
        Check("purity", 0.125, "It may be empty, and is left as it is"),
        Check("errors", 0.25, '`mode` is neither "min" nor "max"'),
    ),
    hints=(
        "Three things are carried from epoch to epoch: the best metric, the number of bad epochs, the learning rate.",
        "Go through [2, 3, 3, 3] with `patience` 1 by hand. After which epoch is the learning rate lowered, and what is"
        " the count then?",
        "Before the first epoch the best metric is the worst there can be: infinity, or minus infinity. A comparison"
        " with NaN is always false; write it so that this means a bad epoch.",
    ),
)

EXERCISES = (step_lr, multistep_lr, exponential_lr, cosine_lr, reduce_on_plateau)
