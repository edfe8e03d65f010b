"""Of train.py: train_epoch and evaluate_accuracy, once through the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
CLASSES = 3
SETTINGS = ("flag “settings of torch changed”", "flag “gradients are recorded afterwards”")


def _epoch(student: Any, call: Any) -> Any:
    from autograder.exercises.hw2 import _training

    return _training.epoch(student.train_epoch, call)


def _evaluation(student: Any, call: Any) -> Any:
    from autograder.exercises.hw2 import _training

    return _training.evaluation(student.evaluate_accuracy, call)


class Cases:
    """Makes cases with a small classifier in them."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(
        self,
        name: str,
        aspect: str,
        samples: int,
        report: tuple[str, ...],
        *,
        features: int = 2,
        hidden: int = 0,
        spare: bool = False,
        device: bool = False,
        **options: Any,
    ) -> Case:
        """`fixed` are parts of the net that come in evaluation mode, `loose` such that come in training mode; `stale`
        puts gradients there beforehand, and `nested` a part within a part."""
        draw, width = self._draw, hidden or features
        weights = {"output.weight": draw.floats((CLASSES, width)), "output.bias": draw.floats((CLASSES,), 0.5)}
        if hidden:
            weights["hidden.weight"] = draw.floats((hidden, features), 1.0)
            weights["hidden.bias"] = draw.floats((hidden,), 0.25)
        if spare:
            weights["spare"] = draw.floats((2,))
        inputs = draw.floats((samples, features), 4.0)
        labels = draw.integers((samples,), 0, CLASSES - 1)
        return self.made(name, aspect, (inputs, labels), report, weights, device=device, **options)

    def known(self, name: str, aspect: str, right: str, report: tuple[str, ...], **options: Any) -> Case:
        """A net whose scores are its inputs, and samples that it gets right (`x`) or not (`.`)."""
        draw = self._draw
        inputs = draw.distinct((len(right), CLASSES))
        best = inputs.data.argmax(1)
        labels = [
            int(b) if mark == "x" else (int(b) + draw.integer(1, 2)) % CLASSES
            for b, mark in zip(best, right, strict=True)
        ]
        weights = {
            "output.weight": tensor([[float(i == j) for j in range(CLASSES)] for i in range(CLASSES)]),
            "output.bias": tensor([0.0] * CLASSES),
        }
        return self.made(name, aspect, (inputs, tensor(labels or [0], "int64")), report, weights, **options)

    def scored(self, name: str, aspect: str, report: tuple[str, ...], **options: Any) -> Case:
        """A net whose scores are its inputs: large ones, and such as lie close together. All of them are right."""
        rows = [[40.0, 50.0, 30.0], [0.0, 1e-9, -1.0], [7e4, 8e4, 1.0], [1e-4, 2e-4, 0.0], [-80.0, -70.0, -90.0]]
        identity = {"output.weight": tensor([[float(i == j) for j in range(CLASSES)] for i in range(CLASSES)]),
                    "output.bias": tensor([0.0] * CLASSES)}  # fmt: skip
        return self.made(name, aspect, (tensor(rows), tensor([1] * 5)), report, identity, **options)

    @staticmethod
    def made(
        name: str,
        aspect: str,
        args: Any,
        report: tuple[str, ...],
        weights: Any,
        *,
        device: bool = False,
        **options: Any,
    ) -> Case:
        usual: dict[str, Any] = {
            "report": list(report),
            "batch_size": 4,
            "training": True,
            "fixed": [],
            "iterator": False,
            "frozen": [],
            "gain": 1.0,
            "norm": False,
            "lr": 0.5,
            "momentum": 0.0,
            "stale": False,
            "loose": [],
            "nested": False,
            "double": False,
            "empty batch": False,
            "unrecorded": False,
        }
        return Case(
            name, aspect, args, options={**usual, **options}, weights=weights, runs=ON_DEVICE if device else PLAIN
        )


def _epoch_cases(draw: Draw) -> Iterable[Case]:
    case = Cases(draw)
    learnt = ("weights",)
    still: dict[str, Any] = {"lr": 0.0}
    deep: dict[str, Any] = {"features": 3, "hidden": 2}
    yield case("one batch", "basic", 3, learnt, device=True)
    yield case("one batch, two layers", "basic", 4, learnt, device=True, **deep)
    yield case("the loss of one batch", "basic", 3, ("train_loss",), **still)
    yield case("the loss of another batch", "basic", 4, ("train_loss",), **still)
    yield case("two batches", "steps", 8, learnt, device=True)
    yield case("three batches, momentum", "steps", 6, learnt, batch_size=2, momentum=0.5, **deep)
    yield case("a smaller last batch", "steps", 7, learnt, batch_size=3)
    yield case("gradients from before", "left over", 4, learnt, stale=True)
    yield case("gradients from before, two batches", "left over", 8, learnt, stale=True)
    yield case("two batches of one size", "loss", 8, ("train_loss",), **still)
    yield case("a last batch of one sample", "loss", 5, ("train_loss",), device=True, **still)
    yield case("batches of 3, 3 and 2", "loss", 8, ("train_loss",), batch_size=3, **still)
    yield case("before each step", "loss", 7, ("train_loss",), batch_size=3)
    accuracy = ("train_acc",)
    yield case.known("two of three", "accuracy", "x.x", accuracy, **still)
    yield case.known("a last batch of one sample", "accuracy", ".x.xx", accuracy, device=True, **still)
    yield case.known("all", "accuracy", "xxxxx", accuracy, batch_size=2, **still)
    yield case.known("none", "accuracy", "....", accuracy, batch_size=3, **still)
    yield case.known("five of six", "accuracy", "xxxxx.", accuracy, batch_size=6, **still)
    yield case.known("more than a byte holds", "accuracy", "x" * 300 + "..", accuracy, batch_size=302, **still)
    yield case.scored("large scores, and close ones", "accuracy", accuracy, **still)
    yield case("before each step", "accuracy", 9, accuracy, batch_size=2)
    yield case("two batches", "form", 8, ("form",), **still)
    modes = ("modes", "modes afterwards")
    yield case("comes in training mode", "training mode", 8, modes, **still)
    yield case("comes in evaluation mode", "training mode", 8, modes, training=False, gain=2.0, **still)
    yield case("batch norm", "training mode", 8, ("running mean",), training=False, norm=True, **still)
    yield case("parts come in evaluation mode", "training mode", 8, modes, fixed=["gain"], gain=2.0, **still)
    came = ("inputs", "scores given to the loss")
    yield case("float64", "as it comes", 6, came, double=True, **still)
    yield case("two batches", "as it comes", 6, came, **still)
    yield case("two batches", "once", 8, ("calls", "steps"), **still)
    yield case("five batches", "memory", 10, ("flag “a graph is kept alive”",), batch_size=2)
    yield case("an iterator", "iterator", 7, ("weights", "train_loss"), batch_size=3, iterator=True)
    yield case("an iterator, accuracy", "iterator", 7, accuracy, batch_size=3, iterator=True)
    yield case("a frozen bias", "frozen", 4, learnt, frozen=["output.bias"], spare=True)
    yield case("stays frozen", "frozen", 4, ("flag “requires_grad changed”",), frozen=["output.bias"])
    yield case("of torch", "settings", 4, SETTINGS)


train_epoch = Exercise(
    homework="hw2",
    name="train_epoch",
    file="train.py",
    points=6,
    kind="probe",
    probe=_epoch,
    arguments=("inputs", "labels"),
    mixed_precision=True,
    cases=_epoch_cases,
    checks=(
        Check("value", 1, "one step is taken, along the gradient of this batch alone", aspect="basic"),
        Check("value", 1, "along the gradient of this batch alone", aspect="steps"),
        Check("value", 0.5, "Gradients that the parameters have when the function is called", aspect="left over"),
        Check("value", 0.75, "a batch counts as often as it has samples", aspect="loss"),
        Check("value", 0.75, "the fraction (0 to 1) of samples whose largest score", aspect="accuracy"),
        Check("value", 0.25, "two floats (Python floats, not tensors)", aspect="form"),
        Check("value", 0.5, "it is in training mode for all batches, and is left there", aspect="training mode"),
        Check("value", 0.125, "the net with X as it comes", aspect="as it comes"),
        Check("value", 0.125, "For each batch the net and the loss are called once", aspect="once"),
        Check("value", 0.25, "No graph of an earlier batch is kept alive", aspect="memory"),
        Check("value", 0.25, "one that can be gone through only once and has no length", aspect="iterator"),
        Check("value", 0.125, "some of which may be frozen", aspect="frozen"),
        Check("value", 0.125, "Trains a classifier for one epoch", aspect="settings"),
        Check("device", 0.25, "on the device of the net"),
    ),
    hints=(
        "Five things happen for each batch: scores, loss, zeros, backward, step. Everything else is counting.",
        "The mean over all samples is not the mean of the means when the last batch is smaller. By what must the mean"
        " of a batch be multiplied to be the sum of its losses?",
        "What you add up over the batches should be a number. A tensor that has a graph keeps everything that it was"
        " computed from.",
    ),
)


def _evaluation_cases(draw: Draw) -> Iterable[Case]:
    case = Cases(draw)
    accuracy = ("accuracy",)
    yield case.known("two of three", "basic", "x.x", accuracy, device=True)
    yield case.known("three of four", "basic", "xx.x", accuracy)
    yield case.known("none of two", "basic", "..", accuracy)
    yield case.known("two full batches", "basic", "x..x.x.x", accuracy, device=True)
    yield case.known("a last batch of one sample", "average", ".x.xx", accuracy, device=True)
    yield case.known("batches of 3, 3 and 2", "average", "xxx..x..", accuracy, batch_size=3)
    yield case.known("all, in batches of 2", "average", "xxxxxxx", accuracy, batch_size=2)
    yield case.known("five of six", "average", "xxxxx.", accuracy, batch_size=6)
    yield case.known("more than a byte holds", "average", "x" * 300 + "..", accuracy, batch_size=302)
    yield case.scored("large scores, and close ones", "average", accuracy)
    yield case.known("an empty batch between", "average", ".x..xxxx", accuracy, **{"empty batch": True})
    yield case("two layers", "average", 11, accuracy, batch_size=3, features=3, hidden=4)
    yield case("no batch", "nothing", 0, accuracy)
    yield case("no batch, the modes", "nothing", 0, ("modes afterwards",))
    yield case("no batch, its form", "nothing", 0, ("form",))
    yield case("two batches", "form", 5, ("form",))
    during = ("modes",)
    yield case("comes in training mode", "evaluation mode", 5, during, gain=2.0)
    yield case("comes in evaluation mode", "evaluation mode", 5, during, training=False)
    yield case("a part comes in training mode", "evaluation mode", 5, during, training=False, loose=["gain"], gain=2.0)
    yield case("batch norm", "evaluation mode", 6, ("running mean", "modes"), norm=True)
    after = ("modes afterwards",)
    yield case("was in training mode", "afterwards", 5, after)
    yield case("was in evaluation mode", "afterwards", 5, after, training=False)
    yield case("a part was in evaluation mode", "parts", 5, after, norm=True, fixed=["norm"])
    yield case("two parts were in evaluation mode", "parts", 5, after, norm=True, fixed=["norm", "gain"])
    yield case("a part within a part", "parts", 5, after, nested=True, fixed=["block.0.0"])
    yield case("a part that holds another one", "parts", 5, after, nested=True, fixed=["block.0"], loose=["block.0.0"])
    yield case("two batches", "no gradients", 5, ("gradients recorded",))
    yield case("what is trained", "no gradients", 5, ("flag “requires_grad changed”",))
    yield case("what is frozen", "untouched", 5, ("flag “requires_grad changed”",), frozen=["output.bias"])
    yield case("two batches", "as it comes", 5, ("inputs",))
    yield case("float64", "as it comes", 5, ("inputs",), double=True)
    yield case("a net that is not scaled", "as it comes", 9, accuracy, features=3, hidden=3, batch_size=2)
    yield case("two batches", "once", 6, ("calls",))
    yield case("an iterator", "iterator", 7, accuracy, batch_size=3, iterator=True)
    yield case.known("an iterator, four of seven", "iterator", "x.x.x.x", accuracy, batch_size=3, iterator=True)
    yield case("gradients that were there", "untouched", 5, ("gradients",), stale=True)
    recorded = ("flag “gradients are recorded afterwards”",)
    yield case("called with nothing recorded", "untouched", 5, recorded, unrecorded=True)
    yield case("weights and settings", "untouched", 5, ("weights", *SETTINGS), norm=True)


evaluate_accuracy = Exercise(
    homework="hw2",
    name="evaluate_accuracy",
    difficulty=1,
    file="train.py",
    points=4,
    kind="probe",
    probe=_evaluation,
    arguments=("inputs", "labels"),
    mixed_precision=True,
    cases=_evaluation_cases,
    checks=(
        Check("value", 1, "The number of samples whose largest score is that of the label", aspect="basic"),
        Check("value", 0.5, "A batch counts as often as it has samples", aspect="average"),
        Check("value", 0.125, "0.0 where there is no sample", aspect="nothing"),
        Check("value", 0.25, "a float (a Python float, not a tensor)", aspect="form"),
        Check("value", 0.5, "All of it is in evaluation mode meanwhile", aspect="evaluation mode"),
        Check("value", 0.5, "every part of the net is in the mode in which it came", aspect="afterwards"),
        Check("value", 0.25, "a batch normalisation that is kept in evaluation mode on purpose", aspect="parts"),
        Check("value", 0.25, "records no gradients", aspect="no gradients"),
        Check("value", 0.125, "with X as it comes", aspect="as it comes"),
        Check("value", 0.125, "The net is called once for each batch", aspect="once"),
        Check("value", 0.125, "one that can be gone through only once and has no length", aspect="iterator"),
        Check("value", 0.125, "nothing else has changed in it", aspect="untouched"),
        Check("device", 0.125, "on the device of the net"),
    ),
    hints=(
        "Count two things over all batches: samples, and those that are right. Divide once, at the end.",
        "`net.eval()` sets the mode of the net and of all its parts. What does `net.train()` do to a part that was in"
        " evaluation mode before?",
        "Every module has a flag `training`, and `net.modules()` goes through all of them. Modes and gradients are two"
        " different things: both need a line.",
    ),
)

EXERCISES = (train_epoch, evaluate_accuracy)
