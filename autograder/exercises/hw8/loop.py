"""loop.py: the training loop and steps of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run
from autograder.exercises.hw8 import steps


def _run_training(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _training

    return _training.run(student.train, call)


CLASSES = 3
DEFAULTS: dict[str, Any] = {
    "val_batch_size": 4,
    "num_epochs": 1,
    "lr": 0.5,
    "momentum": 0.0,
    "accumulate": None,
    "max_norm": None,
    "overflows": None,
    "autocast_dtype": "",
    "model_training": True,
    "gain": 1.0,
    "norm": False,
    "frozen": [],
    "stale": False,
    "device": "",
    "history": None,
}
PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")


def _train_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        samples: int,
        report: tuple[str, ...],
        *,
        val: int = 0,
        features: int = 2,
        hidden: int = 0,
        spare: bool = False,
        surprise: bool = False,
        device: bool = False,
        where: str = "",
        **options: Any,
    ) -> Case:
        """With `surprise` all labels are a class that the model holds for impossible: the gradient is not small."""
        width = hidden or features
        weights = {"output.weight": draw.floats((CLASSES, width)), "output.bias": draw.floats((CLASSES,), 0.5)}
        if surprise:
            weights["output.bias"] = tensor([-16.0, 0.25, -0.5])
        if hidden:
            weights["hidden.weight"] = draw.floats((hidden, features), 1.0)
            weights["hidden.bias"] = draw.floats((hidden,), 0.25)
        if spare:
            weights["spare"] = draw.floats((2,))
        args = tuple(
            part
            for count in (samples, val)
            if count
            for part in (draw.floats((count, features)), draw.integers((count,), 0, 0 if surprise else CLASSES - 1))
        )
        asked = {"batch_size": 4, **({"device": where} if where else {}), **options}
        rest = {name: value for name, value in DEFAULTS.items() if name not in asked}
        return Case(
            name,
            aspect,
            args,
            asked,
            weights=weights,
            options={**rest, "report": list(report)},
            runs=ON_DEVICE if device else PLAIN,
        )

    learnt = ("weights",)
    yield case("one batch", "basic", 3, learnt, device=True)
    yield case("one batch, two layers", "basic", 4, learnt, features=3, hidden=2, device=True)
    still: dict[str, Any] = {"lr": 0.0}
    yield case("the loss of one batch", "basic", 4, ("train_loss",), **still)
    yield case("two epochs", "steps", 3, learnt, num_epochs=2)
    yield case(
        "three batches and momentum", "steps", 12, learnt, features=3, hidden=2, momentum=0.5, num_epochs=2, device=True
    )
    yield case("a smaller last batch", "steps", 6, learnt, num_epochs=2)
    yield case("a last batch of one sample", "average", 5, ("train_loss",), **still)
    yield case("batches of 3, 3 and 2, two epochs", "average", 8, ("train_loss",), batch_size=3, num_epochs=2, **still)
    yield case("the loss of a group", "average", 8, ("train_loss",), accumulate=2, **still)
    yield case("the loss of a last group", "average", 5, ("train_loss",), batch_size=2, accumulate=2, **still)
    yield case("the loss before the step", "average", 3, ("train_loss",))
    yield case("the loss with a scaler", "average", 4, ("train_loss",), overflows=[], **still)
    yield case("two epochs", "history", 4, ("form of the history",), num_epochs=2, **still)
    yield case(
        "two epochs of two batches, validated", "history", 8, ("form of the history",), num_epochs=2, val=3, **still
    )
    yield case("no epoch", "history", 2, ("form of the history",), num_epochs=0, **still)
    yield case("two batches, one step", "accumulation", 8, learnt, accumulate=2, device=True)
    yield case("three batches of 2, 2 and 1", "accumulation", 5, learnt, batch_size=2, accumulate=3)
    yield case("six batches, two steps", "accumulation", 12, ("steps",), batch_size=2, accumulate=3)
    yield case("two batches left of three", "tail", 8, learnt, accumulate=3)
    yield case("one batch left of two", "tail", 3, learnt, accumulate=2)
    yield case("five batches in threes, twice", "tail", 10, ("steps",), batch_size=2, accumulate=3, num_epochs=2)
    deep: dict[str, Any] = {"features": 3, "hidden": 2}
    yield case("a long gradient", "clipping", 4, learnt, max_norm=2**-4, **deep, surprise=True, device=True)
    yield case("a short gradient", "clipping", 4, learnt, max_norm=64.0, **deep)
    yield case("scaled", "scaler", 4, learnt, overflows=[], device=True)
    yield case("scaled and clipped", "scaler", 4, learnt, overflows=[], max_norm=2**-4, **deep, surprise=True)
    yield case("overflow", "scaler", 4, ("weights", "scale"), overflows=[1])
    wide: dict[str, Any] = {"batch_size": 2, "accumulate": 3}
    yield case("three batches a step", "scaled groups", 6, ("scaled passes", "scale"), overflows=[], **wide)
    yield case(
        "comes in evaluation mode", "training mode", 8, ("modes in train",), model_training=False, gain=2.0, **still
    )
    yield case("second epoch", "training mode", 4, ("modes in train",), val=3, num_epochs=2, gain=2.0, **still)
    yield case("two batches", "evaluation mode", 4, ("modes in validation",), val=5, gain=2.0, **still)
    yield case("batch norm", "evaluation mode", 4, ("running mean", "val_loss"), val=4, gain=2.0, norm=True, **still)
    yield case("no graph", "no gradients", 4, ("gradients recorded in validation",), val=5, num_epochs=2, **still)
    yield case(
        "batches of 4 and 2", "validation", 4, ("val_loss", "val_accuracy"), val=6, num_epochs=2, device=True, **still
    )
    yield case("after learning", "validation", 3, ("val_loss", "val_accuracy"), val=7)
    yield case("frozen bias", "frozen", 4, learnt, frozen=["output.bias"], max_norm=2**-4, spare=True, surprise=True)
    yield case(
        "frozen layer", "frozen", 4, learnt, frozen=["hidden.weight", "hidden.bias"], max_norm=64.0, **deep, device=True
    )
    yield case("six batches", "memory", 12, ("graphs of earlier batches are alive",), batch_size=2, num_epochs=2)
    yield case("four batches a step", "memory", 16, ("graphs of earlier batches are alive",), accumulate=4, **still)
    yield case("bfloat16", "autocast", 4, ("autocast",), val=3, autocast_dtype="bfloat16", device=True)
    yield case("float16", "autocast", 4, ("autocast",), val=3, autocast_dtype="float16")
    yield case("off", "autocast", 4, ("autocast",), val=3)
    yield case("eight batches", "transfers", 16, learnt, batch_size=2, momentum=0.5, max_norm=0.25, device=True)
    yield case("eight validated batches", "validation transfers", 2, learnt, val=16, val_batch_size=2, device=True)
    yield case("gradients from before", "left over", 4, learnt, stale=True)
    yield case("every batch once", "once", 8, ("passes and calls",), val=5, num_epochs=2, **still)
    yield case("of torch", "settings", 4, ("flag “settings of torch changed”",), val=3, accumulate=2, max_norm=1.0)
    one, two = {"train_loss": [1.5]}, {"train_loss": [2.0, 1.25]}
    scores = {"val_loss": [2**-5, 2**-6], "val_accuracy": [0.25, 0.5]}
    yield case("one epoch missing", "resume", 4, learnt, num_epochs=2, history=one)
    yield case(
        "two epochs missing",
        "resume",
        3,
        ("train_loss", "val_loss"),
        val=4,
        num_epochs=4,
        history=two | scores,
        **still,
    )
    yield case(
        "no epoch missing", "resume", 4, ("weights", "train_loss", "val_accuracy"), val=2, num_epochs=2,
        history=two | scores,
    )  # fmt: skip
    yield case("more epochs than asked for", "resume", 4, ("weights", "train_loss"), num_epochs=1, history=two)
    yield case("is a copy", "given history", 4, ("flag “given history changed”",), num_epochs=3, history=two)
    yield case("frozen bias, validated", "frozen", 4, learnt, frozen=["output.bias"], val=3, num_epochs=2)
    here = ("device of the weights",)
    yield case("the CPU beside an accelerator", "given device", 3, here, device=True, where="cpu")
    yield case("no epoch missing, beside an accelerator", "given device", 3, here, device=True, history=one)
    everything = ("weights", "train_loss", "val_loss", "val_accuracy", "scale")
    asked: dict[str, Any] = {"momentum": 0.5, "accumulate": 2, "max_norm": 0.25, "overflows": [2], "gain": 2.0}
    came = ("flag “requires_grad changed”",)
    yield case("a frozen bias, two epochs", "trainable", 4, came, frozen=["output.bias"], num_epochs=2)
    yield case("a frozen bias, one validated epoch", "trainable", 4, came, frozen=["output.bias"], val=3)
    second = ("flag “gradients have a graph”",)
    yield case("two batches, one step, clipped", "first order", 8, second, accumulate=2, max_norm=0.25)
    yield case("full groups and a smaller one", "together", 15, learnt, batch_size=2, accumulate=3, num_epochs=2)
    yield case("a clipped group", "together", 8, learnt, accumulate=2, max_norm=2**-4, surprise=True, **deep)
    yield case("everything", "together", 9, everything, val=6, batch_size=2, num_epochs=2, **asked, **deep)


train = Exercise(
    homework="hw8",
    name="train",
    difficulty=3,
    file="loop.py",
    points=30,
    kind="probe",
    probe=_run_training,
    arguments=("inputs", "labels", "validation inputs", "validation labels"),
    mixed_precision=True,
    cases=_train_cases,
    checks=(
        Check("value", 2, "Every optimizer step uses the gradient of its own group alone", aspect="basic"),
        Check("value", 2, "nothing is left from the steps before", aspect="steps"),
        Check("value", 1.25, "a batch counts as often as it has samples", aspect="average", title="values: mean loss"),
        Check("value", 0.75, "Each value is a list with one float for every epoch", aspect="history"),
        Check(
            "value", 2.25, "The gradient of a group is the mean of the gradients of its batches", aspect="accumulation"
        ),
        Check(
            "value",
            1.75,
            "gradient is the mean over the batches that it has",
            aspect="tail",
            title="values: last group",
        ),
        Check("value", 1.75, "all of them are multiplied by `max_norm` / norm before the step", aspect="clipping"),
        Check("value", 1.5, "the step is taken by the scaler, which may leave it out", aspect="scaler"),
        Check("value", 1, "every backward pass starts from the scaled loss", aspect="scaled groups"),
        Check(
            "value", 1, "The model is in training mode in every training batch of every epoch", aspect="training mode"
        ),
        Check("value", 1, "It is in evaluation mode in every validation batch", aspect="evaluation mode"),
        Check("value", 0.5, "Validation records no gradients", aspect="no gradients"),
        Check("value", 1.25, 'and "val_accuracy" is the fraction (0 to 1) of its samples', aspect="validation"),
        Check(
            "value",
            1,
            "Some of them may be frozen, or get no gradient",
            aspect="frozen",
            title="values: frozen weights",
        ),
        Check(
            "value",
            0.25,
            "every parameter has the `requires_grad` that it came with",
            aspect="trainable",
            title="still trainable",
        ),
        Check("value", 0.25, "It builds no graph of the gradients", aspect="first order", title="plain gradients"),
        Check("value", 0.5, "Gradients that the parameters have when the function is called", aspect="left over"),
        Check("value", 0.5, "For every batch the model and `loss_fn` are called once", aspect="once"),
        Check("value", 1.75, "only the epochs that are missing are trained", aspect="resume"),
        Check("value", 0.25, "which is left as it was", aspect="given history"),
        Check("value", 0.25, "settings are as before when the function returns", aspect="settings"),
        Check("value", 1.25, "the graphs of earlier batches are not kept alive", aspect="memory"),
        Check("value", 1, "the model and the loss run under torch.autocast", aspect="autocast"),
        Check("value", 1.5, "it gets a step of its own, and its gradient is the mean", aspect="together"),
        Check("device", 1.75, "Inputs and labels of every batch are moved to `device`"),
        Check(
            "transfers",
            1,
            "Between its batches an epoch never waits for the device",
            aspect="transfers",
            title="no waiting in training",
        ),
        Check(
            "transfers",
            0.5,
            "At the end of an epoch at most three numbers are read",
            aspect="validation transfers",
            title="no waiting in validation",
        ),
        Check("purity", 0.25, "global settings are as before when the function returns"),
    ),
    hints=(
        "Write the loop for one epoch first, with `accumulate` 1 and nothing optional. What does each optional argument"
        " add to it, and between which two lines?",
        "How many batches does the last group have, and how do you know it at the first of them? The length of the"
        " loader and the number of the batch tell.",
        "Only two of the things that happen are done once for every batch: forward and backward. Everything that has to"
        " do with the gradients' size, and the zeroing, is done once for every group; every number is read once for"
        " every epoch.",
    ),
)

EXERCISES = (train, *steps.EXERCISES)
