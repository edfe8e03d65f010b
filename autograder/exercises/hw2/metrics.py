"""metrics.py: Accuracy, Precision, Recall, F1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run, Tensor
from autograder.exercises.hw2._streams import use_metric

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
COMPUTE, RESET, TYPE = ("compute",), ("reset",), ("type",)


def _batch(predictions: Sequence[Any], labels: Sequence[int], step: str = "update") -> tuple[Any, ...]:
    floating = bool(predictions) and not isinstance(predictions[0], int)
    given = tensor([list(row) for row in predictions], "float32") if floating else tensor(list(predictions), "int64")
    return (step, given, tensor(list(labels), "int64"))


def _drawn(draw: Draw, count: int, classes: int, step: str = "update") -> tuple[Any, ...]:
    return (step, draw.integers((count,), 0, classes - 1), draw.integers((count,), 0, classes - 1))


def _scores(draw: Draw, count: int, classes: int) -> tuple[Any, ...]:
    """Scores no two of which are equal."""
    held = draw.distinct((count, classes))
    return ("update", Tensor(held.data, "float32", requires_grad=True), draw.integers((count,), 0, classes - 1))


def _one_class() -> tuple[Any, ...]:
    return ("update", tensor([[0.5], [-2.0], [1.0]]), tensor([0, 0, 0]))


def _close(dtype: str) -> tuple[Any, ...]:
    """Scores that differ, and that a sigmoid, a softmax or less precision would make equal; class 1 has the largest."""
    rows = [[20.0, 30.0, 10.0], [0.0, 2e-6, -1.0], [-40.0, -30.0, -50.0]]
    rows += [[1.0, 1.0 + 1e-12, 0.0]] if dtype == "float64" else []
    return ("update", tensor(rows, dtype), tensor([1] * len(rows)))


def _no_scores(draw: Draw) -> tuple[Any, ...]:
    return ("update", draw.floats((0, 3)), draw.integers((0,), 0, 2))


def _large() -> tuple[Any, ...]:
    """Sixty-four batches with more labels and predictions of class 1 than 16 bits can count."""
    return _batch([1] * 540 + [0] * 60, [1] * 480 + [0] * 80 + [1] * 40, "many")


def _accuracy_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, *steps: Any, device: bool = False, **options: Any) -> Case:
        return Case(name, aspect, (list(steps),), options=options, runs=ON_DEVICE if device else PLAIN)

    yield case("one of two", "basic", _batch([0, 1], [0, 0]), COMPUTE, device=True)
    yield case("three of four", "basic", _batch([2, 0, 1, 1], [2, 0, 0, 1]), COMPUTE)
    yield case("none of three", "basic", _batch([0, 1, 2], [1, 2, 0]), COMPUTE)
    yield case("twenty samples", "basic", _drawn(draw, 20, 3), COMPUTE)
    first, second = _batch([0, 1, 2, 3], [0, 1, 2, 0]), _batch([1], [0])
    yield case("batches of 4 and 1", "batches", first, second, COMPUTE, device=True)
    yield case("three batches", "batches", *(_drawn(draw, count, 2) for count in (5, 3, 1)), COMPUTE)
    yield case("an empty batch between", "batches", first, _batch([], []), second, COMPUTE)
    yield case("all are right, then none", "batches", _each_right(3), _batch([1, 2], [0, 0]), COMPUTE)
    yield case("asked for in between", "batches", first, COMPUTE, COMPUTE, second, COMPUTE)
    yield case("sixty-four large batches", "batches", _large(), COMPUTE)
    yield case("two samples, three classes", "scores", _scores(draw, 2, 3), COMPUTE, device=True)
    yield case("as many samples as classes", "scores", _scores(draw, 4, 4), COMPUTE)
    yield case("two classes, negative scores", "scores", _batch([(-3, -1), (-1, -4), (-2, -0.5)], [1, 1, 1]), COMPUTE)
    yield case("classes, then scores", "scores", _drawn(draw, 3, 3), _scores(draw, 5, 3), COMPUTE)
    yield case("a single class", "scores", _one_class(), COMPUTE)
    yield case("large scores, and close ones", "scores", _close("float32"), COMPUTE)
    yield case("scores in float64", "scores", _close("float64"), COMPUTE)
    yield case("scores in half precision", "scores", _close("float16"), COMPUTE)
    yield case("an empty batch of scores", "scores", first, _no_scores(draw), COMPUTE)
    yield case("before and after", "reset", first, RESET, second, COMPUTE, _batch([1, 1], [1, 0]), COMPUTE)
    yield case("asked for, then reset", "reset", first, COMPUTE, RESET, COMPUTE, _batch([0], [0]), COMPUTE)
    yield case("one beside", "two metrics", first, _batch([0, 0], [1, 1], "update the other"), COMPUTE, beside=True)
    yield case("no batch", "nothing", COMPUTE)
    yield case("an empty batch", "nothing", _batch([], []), COMPUTE)
    yield case("one of two", "type", _batch([0, 1], [0, 0]), TYPE)
    yield case("sixty-four batches", "memory", first, _drawn(draw, 5, 3, "many"))


Accuracy = Exercise(
    homework="hw2",
    name="Accuracy",
    difficulty=1,
    file="metrics.py",
    points=2.5,
    kind="probe",
    probe=use_metric("Accuracy"),
    arguments=("steps",),
    mixed_precision=True,
    cases=_accuracy_cases,
    checks=(
        Check("value", 0.625, "The fraction of right predictions", aspect="basic"),
        Check("value", 0.625, "every sample counting the same", aspect="batches", title="several batches"),
        Check("value", 0.25, "where the class with the largest score of a sample is its prediction", aspect="scores",
              title="scores"),
        Check("value", 0.25, "Forgets all batches: the metric is as it was when it was new", aspect="reset",
              title="reset"),
        Check("value", 0.125, "Two metrics share nothing", aspect="two metrics", title="two metrics"),
        Check("value", 0.125, "Without any sample it is NaN", aspect="nothing", title="no samples"),
        Check("value", 0.125, "a Python float from 0 to 1", aspect="type", title="a float"),
        Check("value", 0.125, "Only counts are kept", aspect="memory", title="counts only"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.125, "Predictions and labels are on one device, whichever it is"),
    ),
    hints=(
        "Four right of five, then none of one: how many of all are right? Which two numbers must be remembered for it?",
        "Scores have one axis more than classes. Make classes of them first, then everything else is the same.",
        "`update` adds to two counts, `compute` divides one by the other, and `reset` sets both to 0. The constructor "
        "can call `reset`.",
    ),
)  # fmt: skip


def _class_cases(draw: Draw) -> Iterable[Case]:
    """The cases of the metrics that count for each class."""

    def case(
        name: str, aspect: str, classes: int, average: str, *steps: Any, device: bool = False, **options: Any
    ) -> Case:
        init = {"num_classes": classes, **({"average": average} if average else {})}
        rest = {key: options.pop(key) for key in ("names",) if key in options}
        return Case(name, aspect, (list(steps),), init=init, options={**options, **rest},
                    runs=ON_DEVICE if device else PLAIN)  # fmt: skip

    yield case("two classes", "basic", 2, "", _batch([0, 0, 1, 1, 1], [0, 0, 0, 0, 1]), COMPUTE, device=True)
    yield case("three classes", "basic", 3, "", _batch([0, 0, 1, 2, 2, 2, 0], [0, 1, 1, 2, 0, 2, 0]), COMPUTE)
    yield case("three classes, named macro", "basic", 3, "macro", _batch([0, 1, 1, 1, 2, 0], [0, 1, 2, 1, 2, 2]),
               COMPUTE)  # fmt: skip
    all_four = _batch([0, 1, 2, 3], [0, 1, 2, 3])
    yield case("four classes, forty samples", "basic", 4, "", (_drawn(draw, 40, 4)), all_four, COMPUTE)
    yield case("two classes", "micro", 2, "micro", _batch([0, 0, 1, 1, 1], [0, 0, 0, 0, 1]), COMPUTE)
    yield case("three classes", "micro", 3, "micro", _batch([0, 0, 0, 1, 2, 2], [0, 0, 0, 0, 2, 1]), COMPUTE)
    yield case("batches of 4 and 1", "micro", 3, "micro", _batch([0, 0, 0, 1], [0, 0, 0, 1]), _batch([2], [1]),
               COMPUTE)  # fmt: skip
    first, second = _batch([0, 0, 1, 1], [0, 0, 0, 1]), _batch([1, 0], [0, 1])
    yield case("batches of 4 and 2", "batches", 2, "", first, second, COMPUTE, device=True)
    yield case("a class in each batch", "batches", 2, "", _batch([0, 0, 0], [0, 0, 1]), _batch([1], [1]), COMPUTE)
    yield case("asked for in between", "batches", 2, "", first, COMPUTE, COMPUTE, second, COMPUTE)
    yield case("asked for before a class comes", "batches", 2, "", _batch([0, 0], [0, 0]), COMPUTE,
               _batch([1, 1, 0], [1, 0, 1]), COMPUTE)  # fmt: skip
    yield case("an empty batch between", "batches", 3, "", _each_right(3), _batch([], []), _drawn(draw, 7, 3), COMPUTE)
    yield case("sixty-four large batches", "batches", 2, "", _large(), COMPUTE)
    yield case("two of five classes", "absent", 5, "", _batch([1, 1, 3, 3], [1, 3, 3, 3]), COMPUTE)
    yield case("the last class is absent", "absent", 3, "", _batch([0, 1, 1], [0, 1, 0]), COMPUTE)
    yield case("a class that is never predicted", "zero", 2, "", _batch([0, 0, 0], [0, 0, 1]), COMPUTE)
    yield case("a class that no label has", "zero", 3, "", _batch([0, 2, 0, 1], [0, 0, 0, 1]), COMPUTE)
    yield case("nothing is right", "zero", 3, "", _batch([0, 1, 2], [1, 2, 0]), COMPUTE)
    yield case("three classes", "scores", 3, "", _scores(draw, 8, 3), COMPUTE, device=True)
    yield case("as many samples as classes", "scores", 3, "", _scores(draw, 3, 3), _scores(draw, 3, 3), COMPUTE)
    yield case("a single class", "scores", 1, "", _one_class(), COMPUTE)
    yield case("large scores, and close ones", "scores", 3, "", _close("float32"), _each_right(3), COMPUTE)
    yield case("scores in float64", "scores", 3, "", _close("float64"), _each_right(3), COMPUTE)
    yield case("scores in half precision", "scores", 3, "", _close("float16"), _each_right(3), COMPUTE)
    yield case("an empty batch of scores", "scores", 3, "", _each_right(3), _no_scores(draw), _batch([0], [1]), COMPUTE)
    yield case("before and after", "reset", 2, "", first, RESET, second, _batch([0, 0], [0, 0]), COMPUTE)
    yield case("before and after, micro", "reset", 3, "micro", _drawn(draw, 9, 3), RESET, _drawn(draw, 11, 3), COMPUTE)
    absent = _batch([2, 0], [0, 0]), _batch([0, 0], [2, 0])
    yield case("a class only before", "reset", 3, "", *absent, RESET, _batch([0, 1, 1], [0, 1, 0]), COMPUTE)
    yield case("asked for, then reset", "reset", 2, "", first, COMPUTE, RESET, COMPUTE, second, COMPUTE)
    beside = _batch([0, 1, 1], [1, 0, 0], "update the other")
    yield case("one beside", "two metrics", 2, "", first, beside, COMPUTE, beside=True)
    yield case("no batch", "nothing", 3, "", COMPUTE)
    yield case("an empty batch, micro", "nothing", 2, "micro", _batch([], []), COMPUTE)
    yield case("two classes", "type", 2, "", first, TYPE)
    yield case("two classes, micro", "type", 2, "micro", first, TYPE)
    yield case("sixty-four batches", "memory", 3, "", first, _drawn(draw, 5, 3, "many"))
    for average in ("weighted", "Macro", "mean", "mic"):
        yield case(f"average {average}", "errors", 2, average, first, COMPUTE, names=average)


def _each_right(classes: int) -> tuple[Any, ...]:
    """A batch in which each class is right once."""
    return _batch(list(range(classes)), list(range(classes)))


def _class_metric(
    name: str, points: tuple[float, ...], cites: tuple[str, str, str, str, str], hints: tuple[str, ...]
) -> Exercise:
    """`points` and `cites` begin with those of the first five checks."""
    basic, micro, batches, absent, zero, scores, rest = points
    return Exercise(
        homework="hw2",
        name=name,
        file="metrics.py",
        points=sum(points[:6]) + 6 * rest,
        kind="probe",
        probe=use_metric(name),
        arguments=("steps",),
        mixed_precision=True,
        cases=_class_cases,
        checks=(
            Check("value", basic, cites[0], aspect="basic", title="values: macro"),
            Check("value", micro, cites[1], aspect="micro"),
            Check("value", batches, cites[2], aspect="batches", title="several batches"),
            Check("value", absent, cites[3], aspect="absent", title="absent classes"),
            Check("value", zero, cites[4], aspect="zero", title="nothing to divide by"),
            Check("value", scores, "where the class with the largest score of a sample is its prediction",
                  aspect="scores", title="scores"),
            Check("value", rest, "Forgets all batches: the metric is as it was when it was new", aspect="reset",
                  title="reset"),
            Check("value", rest / 2, "Two metrics share nothing", aspect="two metrics", title="two metrics"),
            Check("value", rest, "Without any sample it is NaN", aspect="nothing", title="no samples"),
            Check("value", rest / 2, "a Python float from 0 to 1", aspect="type", title="a float"),
            Check("value", rest, "Only counts are kept", aspect="memory", title="counts only"),
            Check("errors", rest, "for any other average, with a message that names it"),
            Check("purity", rest / 2, "No argument is changed"),
            Check("device", rest / 2, "Predictions and labels are on one device, whichever it is"),
        ),
        hints=hints,
    )  # fmt: skip


Precision = _class_metric(
    "Precision",
    (0.625, 0.25, 0.375, 0.25, 0.125, 0.125, 0.125),
    (
        "The precision of a class is its hits divided by its predictions",
        '"micro" for all hits divided by all predictions',
        "The value for all batches since the last reset",
        "where a class that has occurred neither as a prediction nor as a label is left out",
        "and 0 for a class that was never predicted although labels have it",
    ),
    (
        "Draw the table of labels and predictions for the example. Which of its numbers are the hits, and which "
        "sums are the predictions of a class?",
        "Keep the counts of each class as whole numbers: hits, predictions, labels. Is there a torch function that "
        "counts how often each class occurs in a batch?",
        "Divide when the value is asked for. For macro first see which classes have occurred at all, and take care "
        "that none of them divides by 0: no hit divided by anything is 0.",
    ),
)
Recall = _class_metric(
    "Recall",
    (0.5, 0.125, 0.25, 0.125, 0.125, 0.125, 0.125),
    (
        "The recall of a class is its hits divided by its labels",
        '"micro" for all hits divided by all labels',
        "The value for all batches since the last reset",
        "where a class that has occurred neither as a prediction nor as a label is left out",
        "and 0 for a class that no label has although it was predicted",
    ),
    (
        "Of all samples whose label is a class, how many were found? Which counts of the class does that need?",
        "What you count is what Precision counts. What is it divided by here?",
        "See first which classes have occurred, as a label or as a prediction. The counts of labels, raised to at "
        "least 1, can then divide the hits of each of them.",
    ),
)
F1 = _class_metric(
    "F1",
    (1.125, 0.25, 0.375, 0.25, 0.125, 0.125, 0.125),
    (
        "The F1 of a class is twice its hits divided by the sum of its predictions and its labels",
        '"micro" for the same quotient of all hits, predictions and labels',
        "The value for all batches since the last reset",
        "where a class that has occurred neither as a prediction nor as a label is left out",
        "The F1 of a class is twice its hits divided by the sum of its predictions and its labels",
    ),
    (
        "Put precision and recall, written with counts, into 2 p r / (p + r). What remains?",
        "Macro is a mean over classes. Of which number of each class, and which classes have none?",
        "Two counts for each class are enough: its hits, and how often it occurs in predictions and labels together. A "
        "class whose second count is 0 is left out.",
    ),
)

EXERCISES = (Accuracy, Precision, Recall, F1)
