"""LitClassifier, of transfer.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Run
from autograder.exercises.hw9._parts import NESTED, NORMED, ON_DEVICE, PLAIN, SMALL

CLASSES = 4


def _play(student: Any, call: Any) -> Any:
    from autograder.exercises.hw9 import _lit

    return _lit.play(student, call)


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, do: str, *report: str, parts: dict[str, Any] = SMALL, samples: int = 3, **rest: Any
    ) -> Case:
        init = {"head": rest.pop("head", "fc"), **rest.pop("init", {})}
        args = (draw.floats((samples, 3)), draw.integers((samples,), 0, CLASSES - 1))
        runs: tuple[Run, ...] = ON_DEVICE if rest.pop("device", False) else PLAIN
        options = {"parts": parts, "do": do, "report": list(report), "start": draw.integer(0, 9), **rest}
        return Case(name, aspect, args, init=init, options=options, runs=runs)

    loss = ("answer", "logged")
    yield case("one sample", "basic", "train", *loss, samples=1)
    yield case("three samples", "basic", "train", *loss, "flag “the loss has a graph”", device=True)
    yield case("five samples", "basic", "train", *loss, samples=5)
    yield case("gradients", "graph", "train", "flag “the loss has a graph”", "gradients", samples=4)
    yield case("the trainer steps", "graph", "train", "flag “backward was called”", "changed")
    yield case("the model itself answers", "forward", "forward")
    yield case("a batch of one", "forward", "forward", samples=1)
    yield case("one sample", "validation", "validate", "logged", samples=1)
    yield case("three samples", "validation", "validate", "logged", device=True)
    yield case("seven samples", "validation", "validate", "logged", samples=7)
    deep: dict[str, Any] = {"parts": NORMED, "samples": 6}
    yield case("batch norm and dropout", "validation", "validate", "logged", **deep)
    yield case("the mode is the trainer's", "mode", "validate", "changed", **deep)
    yield case("the mode of training", "mode", "train", "flag “backward was called”", **deep)
    yield case("four samples", "prediction", "predict", "answer", samples=4, device=True)
    yield case("one sample", "prediction", "predict", "answer", samples=1)
    yield case("what is logged while predicting", "prediction", "predict", "answer", "logged", samples=3)
    yield case(
        "model and hyperparameters", "hyperparameters", "made", init={"lr": 0.5, "factor": 0.25, "freeze": False}
    )
    yield case("by default", "hyperparameters", "made")
    yield case("with freeze", "hyperparameters", "made", init={"lr": 0.125, "freeze": True})
    yield case("groups", "optimizer", "optimizer", init={"lr": 0.5, "factor": 0.25})
    yield case("groups by default", "optimizer", "optimizer")
    yield case(
        "groups, a part of a part", "optimizer", "optimizer", parts=NESTED, head="classifier.1", init={"lr": 0.25}
    )
    yield case("groups of a frozen model", "optimizer", "optimizer", parts=NORMED, init={"lr": 0.5, "freeze": True})
    yield case("frozen from the start", "freeze", "constructor", parts=NORMED, init={"freeze": True})
    yield case(
        "frozen from the start, a part of a part",
        "freeze",
        "constructor",
        parts=NESTED,
        head="classifier.1",
        init={"freeze": True},
    )
    yield case("not frozen", "freeze", "constructor", parts=NORMED, frozen=["body.bias"])
    yield case("an epoch begins", "epoch", "epoch start", parts=NORMED, init={"freeze": True})
    yield case(
        "an epoch begins, a part of a part",
        "epoch",
        "epoch start",
        parts=NESTED,
        head="classifier.1",
        init={"freeze": True},
    )
    yield case(
        "an epoch begins, nothing frozen", "epoch", "epoch start", parts=NORMED, frozen=["body.bias"], resting=["norm"]
    )


LitClassifier = Exercise(
    homework="hw9",
    name="LitClassifier",
    uses=("param_groups", "freeze_except"),
    file="transfer.py",
    points=9,
    kind="probe",
    probe=_play,
    arguments=("X", "y"),
    preload=("torch._dynamo",),
    cases=_cases,
    checks=(
        Check("value", 2.5, 'Logs the mean cross-entropy of the batch as "train_loss" and returns it', aspect="basic"),
        Check(
            "value",
            0.75,
            "The step itself calls neither `backward` nor an optimizer",
            aspect="graph",
            title="values: the loss and its graph",
        ),
        Check("value", 0.5, "The scores of the model for inputs X", aspect="forward"),
        Check(
            "value",
            1.25,
            "the fraction (0 to 1) of its samples whose largest score is that of the label",
            aspect="validation",
        ),
        Check("value", 0.25, "The trainer has set the mode, and the step leaves it alone", aspect="mode"),
        Check("value", 0.75, "The class with the largest score for every sample", aspect="prediction"),
        Check("value", 0.75, "the model is not among them", aspect="hyperparameters"),
        Check("value", 1, "with momentum 0.9 and the groups of `param_groups`", aspect="optimizer"),
        Check("value", 0.5, "the model is frozen as `freeze_except` does it", aspect="freeze"),
        Check("value", 0.5, "the trainer may have put all of it in training mode", aspect="epoch"),
        Check("purity", 0.125, "The step itself calls neither", title="batches untouched"),
        Check("device", 0.125, "All hooks work where model and batch are on another device"),
    ),
    hints=(
        "The loop is the trainer's. What is left of a training step when forward, `zero_grad`, `backward` and"
        " `step` are"
        " divided between you and it?",
        "`save_hyperparameters` looks at the arguments of the constructor that calls it. It can leave some of them out."
        " And what does Lightning do with a method whose name it does not know?",
        "`param_groups` and `freeze_except` do the work of two hooks. The one that freezes is needed twice: when the"
        " module is made, and whenever an epoch begins.",
    ),
)
