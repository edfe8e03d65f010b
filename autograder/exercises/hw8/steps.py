"""Of loop.py: train_step_amp and accumulate_gradients, a step of the training loop and a part of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run, Tensor

CLASSES = 3
PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
DEFAULTS: dict[str, Any] = {
    "lr": 0.5,
    "momentum": 0.0,
    "frozen": [],
    "stale": False,
    "training": True,
    "gain": 1.0,
    "overflows": [],
    "refused": False,
}


def _step_amp(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _stepping

    return _stepping.step_amp(student.train_step_amp, call)


def _accumulate(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _stepping

    return _stepping.accumulate(student.accumulate_gradients, call)


class Cases:
    """Makes cases with a small classifier in them."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(
        self,
        name: str,
        aspect: str,
        samples: tuple[int, ...],
        report: tuple[str, ...],
        settings: dict[str, Any],
        *,
        features: int = 2,
        hidden: int = 0,
        spare: bool = False,
        surprise: bool = False,
        device: bool = False,
        **options: Any,
    ) -> Case:
        """With `surprise` all labels are a class that the model holds for impossible: the gradient is not small."""
        draw, width = self._draw, hidden or features
        weights = {"output.weight": draw.floats((CLASSES, width)), "output.bias": draw.floats((CLASSES,), 0.5)}
        if surprise:
            weights["output.bias"] = tensor([-16.0, 0.25, -0.5])
        if hidden:
            weights["hidden.weight"] = draw.floats((hidden, features), 1.0)
            weights["hidden.bias"] = draw.floats((hidden,), 0.25)
        if spare:
            weights["spare"] = draw.floats((2,))
        args: list[Tensor] = []
        for count in samples:
            args.append(draw.floats((count, features)))
            args.append(draw.integers((count,), 0, 0 if surprise else CLASSES - 1))
        asked = {**DEFAULTS, **options, "report": list(report)}
        runs = ON_DEVICE if device else PLAIN
        return Case(name, aspect, tuple(args), settings, weights=weights, options=asked, runs=runs)


LEARNT = ("weights",)
ROUGHLY = ("weights, roughly",)  # so that what is missing beside the step costs its own points
FORM = ("form of the answer",)
SOME_LOSS = ("flag “the answer does not depend on the batch”",)


def _amp_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw)

    def case(
        name: str,
        aspect: str,
        samples: tuple[int, ...] | int,
        report: tuple[str, ...],
        *,
        max_norm: float | None = None,
        autocast_dtype: str = "bfloat16",
        **options: Any,
    ) -> Case:
        settings = {"max_norm": max_norm, "autocast_dtype": autocast_dtype}
        return make(name, aspect, (samples,) if isinstance(samples, int) else samples, report, settings, **options)

    deep: dict[str, Any] = {"features": 3, "hidden": 2}
    still: dict[str, Any] = {"lr": 0.0}
    yield case("one sample", "basic", 1, ROUGHLY, device=True)
    yield case("two layers", "basic", 4, ROUGHLY, device=True, **deep)
    yield case("the losses of two batches", "basic", (3, 4), SOME_LOSS, **still)
    yield case("one step, exactly", "steps", 3, LEARNT, device=True)
    yield case("two steps", "steps", (3, 2), LEARNT)
    yield case("three steps, two layers and momentum", "steps", (4, 4, 4), LEARNT, momentum=0.5, **deep)
    yield case("gradients from before", "left over", 3, LEARNT, stale=True)
    yield case("one step", "loss", 4, ("losses",))
    yield case("two steps", "loss", (3, 5), ("losses",), **deep)
    yield case("of float16", "loss", 4, ("losses",), autocast_dtype="float16", device=True)
    yield case("one step", "form", 4, FORM)
    yield case("one step on a device", "form", 3, FORM, device=True)
    yield case("after the step", "graph", 4, ("flag “a graph is kept alive”",), **still)
    yield case("one step", "scaled", 4, ("scaled passes",), **still)
    yield case("two steps", "scaled", (4, 4), ("scaled passes",), **still)
    yield case("two good steps", "scaler", (3, 3), ("steps",), overflows=[5])
    yield case("the first step overflows", "scaler", (3, 3), ("steps", "weights"), overflows=[1])
    yield case("the second of three overflows", "scaler", (3, 3, 3), ("steps", "weights"), overflows=[2], max_norm=8.0)
    yield case("one step", "clipping", 4, LEARNT, max_norm=2**-3, surprise=True)
    yield case("two layers", "clipping", 4, LEARNT, max_norm=2**-4, surprise=True, **deep, device=True)
    yield case("two steps", "clipping", (4, 4), LEARNT, max_norm=2**-4, surprise=True, momentum=0.5, **deep)
    yield case("a small gradient", "not clipped", 4, LEARNT, max_norm=64.0, **deep)
    yield case("two layers", "autocast", 4, ("autocast",), **deep, **still)
    yield case("of float16", "autocast", 4, ("autocast",), autocast_dtype="float16", device=True, **still)
    elsewhere = ("in mixed precision as well",)
    yield case("one step", "without autocast", 4, elsewhere)
    yield case("one clipped step", "without autocast", 4, elsewhere, max_norm=2**-4, surprise=True)
    yield case("a frozen bias", "frozen", 4, LEARNT, frozen=["output.bias"])
    yield case("what is frozen", "frozen", 4, ("flag “requires_grad changed”",), frozen=["output.bias"])
    yield case("a frozen bias, clipped", "frozen", 4, LEARNT, frozen=["output.bias"], max_norm=2**-4, surprise=True)
    yield case("weights that are not used, clipped", "frozen", 4, LEARNT, spare=True, max_norm=2**-4, surprise=True)
    yield case("one clipped step", "once", 4, ("calls",), max_norm=0.5, **still)
    yield case("the inputs", "once", 4, ("flag “the inputs were converted”",), **still)
    mode = ("flag “the mode of the model was changed”",)
    yield case("in evaluation", "mode", 4, mode, training=False)
    yield case("in training", "mode", 4, mode)
    yield case("one clipped step", "first order", 4, ("flag “gradients have a graph”",), max_norm=0.25)
    yield case("two clipped steps", "transfers", (4, 4), LEARNT, max_norm=2**-3, surprise=True, device=True)
    yield case("two small steps", "transfers", (4, 4), LEARNT, max_norm=64.0, device=True)
    everything = ("weights", "losses", "steps", "calls", "scaled passes", "autocast")
    both: dict[str, Any] = {"momentum": 0.5, "overflows": [2], "max_norm": 2**-4, "surprise": True, "stale": True}
    yield case("everything", "together", (5, 4, 3), everything, **both, **deep)


train_step_amp = Exercise(
    homework="hw8",
    name="train_step_amp",
    difficulty=3,
    file="loop.py",
    points=7,
    kind="probe",
    probe=_step_amp,
    arguments=("inputs", "labels", "next inputs", "next labels", "last inputs", "last labels"),
    mixed_precision=True,
    cases=_amp_cases,
    checks=(
        Check("value", 1, "The step uses the gradient of this batch alone", aspect="basic"),
        Check("value", 0.5, "The step uses the gradient of this batch alone", aspect="steps", title="values: steps"),
        Check("value", 0.375, "Gradients that the parameters have when the function is called are not used",
              aspect="left over"),
        Check("value", 0.5, "The loss of the batch before the step, as `loss_fn` returned it and not scaled",
              aspect="loss"),
        Check("value", 0.375, "a tensor of shape (), which is detached", aspect="form", title="form of the loss"),
        Check("value", 0.125, "so that the graph of the batch is not kept alive", aspect="graph"),
        Check("value", 0.5, "The backward pass starts from the scaled loss", aspect="scaled"),
        Check("value", 0.625, "The step is taken by the scaler, which may leave it out", aspect="scaler"),
        Check("value", 0.625, "Where the norm of all unscaled gradients together, taken as one vector",
              aspect="clipping"),
        Check("value", 0.25, "Smaller gradients are left as they are", aspect="not clipped"),
        Check("value", 0.625, "Both run under torch.autocast", aspect="autocast"),
        Check("value", 0.25, "All else runs without it", aspect="without autocast", title="nothing else in autocast"),
        Check("value", 0.25, "Some of them may be frozen, and stay so, or get no gradient", aspect="frozen",
              title="values: frozen weights"),
        Check("value", 0.125, "The model and `loss_fn` are called once, for the batch as it is", aspect="once"),
        Check("value", 0.125, "in which it is to be trained: the step changes neither", aspect="mode"),
        Check("value", 0.125, "builds no graph of the gradients", aspect="first order", title="plain gradients"),
        Check("value", 0.125, "the scaler is updated once, after the step", aspect="together"),
        Check("device", 0.125, "for the type of the device on which the inputs are"),
        Check("transfers", 0.375, "The step never waits for the device", aspect="transfers", title="no waiting"),
    ),
    hints=(
        "Put the words clear, forward, scale, backward, unscale, clip, step and update in order. Which of them depend"
        " on an argument?",
        "Two lines belong into the `with` of autocast, no more. And which number do the gradients carry between"
        " `backward` and the step, so that a norm of them means nothing yet?",
        "The scaler has four methods, and each of them is called in this step, one of them only for clipping. It calls"
        " the optimizer's step itself, or does not.",
    ),
)  # fmt: skip


def _accumulate_cases(draw: Draw) -> Iterable[Case]:
    make = Cases(draw)

    def case(
        name: str, aspect: str, samples: tuple[int, ...] | int, size: int, report: tuple[str, ...], **options: Any
    ) -> Case:
        settings = {"micro_batch_size": size}
        return make(name, aspect, (samples,) if isinstance(samples, int) else samples, report, settings, **options)

    deep: dict[str, Any] = {"features": 3, "hidden": 2}
    found = ("gradients",)
    yield case("two samples, one by one", "basic", 2, 1, found, device=True)
    yield case("three micro-batches of two", "basic", 6, 2, found, device=True, **deep)
    yield case("one micro-batch", "basic", 3, 3, found)
    yield case("the losses of two batches", "basic", (4, 2), 2, SOME_LOSS)
    yield case("two samples and one", "uneven", 3, 2, found)
    yield case("three, three and one", "uneven", 7, 3, found, device=True, **deep)
    yield case("five, and three", "uneven", 8, 5, found, surprise=True)
    yield case("larger than the batch", "uneven", 3, 8, found)
    yield case("gradients from before", "left over", 4, 2, found, stale=True)
    yield case("two batches", "left over", (4, 6), 2, found, **deep)
    yield case("of equal parts", "loss", 6, 2, ("losses",))
    yield case("of unequal parts", "loss", 5, 2, ("losses",), device=True, **deep)
    yield case("two batches", "loss", (4, 3), 2, ("losses",))
    yield case("of three parts", "form", 6, 2, FORM)
    yield case("of three parts, on a device", "form", 5, 2, FORM, device=True)
    yield case("afterwards", "graph", 4, 2, ("flag “a graph is kept alive”",))
    yield case("six micro-batches", "memory", 12, 2, ("graphs of earlier batches are alive",), **deep)
    yield case("the parts", "parts", 7, 2, ("inputs of each call",))
    yield case("parts of three", "parts", 9, 3, ("inputs of each call",))
    yield case("a part as large as the batch", "parts", 3, 3, ("inputs of each call",))
    yield case("three parts", "no step", 6, 2, ("steps", "weights"))
    yield case("two batches of two parts", "no step", (4, 3), 2, ("steps", "weights"), momentum=0.5)
    yield case("a frozen bias", "frozen", 5, 2, found, frozen=["output.bias"])
    yield case("weights that are not used", "frozen", 4, 2, found, spare=True, **deep)
    yield case("what is frozen", "frozen", 4, 2, ("flag “requires_grad changed”",), frozen=["output.bias"])
    mode = ("flag “the mode of the model was changed”",)
    yield case("in evaluation", "mode", 4, 2, mode, training=False)
    yield case("in training", "mode", 4, 2, mode)
    yield case("three parts", "first order", 6, 2, ("flag “gradients have a graph”",))
    yield case("four parts", "transfers", 7, 2, found, device=True)
    for size in (0, -2):
        yield case(f"micro_batch_size={size}", "errors", 4, size, found, names="micro_batch_size")
        yield case(f"micro_batch_size={size}", "refused", 4, size, found, refused=True)
    everything = ("gradients", "losses", "steps", "inputs of each call")
    yield case("two batches, everything", "together", (7, 5), 3, everything, stale=True, frozen=["output.bias"], **deep)


accumulate_gradients = Exercise(
    homework="hw8",
    name="accumulate_gradients",
    file="loop.py",
    points=5,
    kind="probe",
    probe=_accumulate,
    arguments=("inputs", "labels", "next inputs", "next labels"),
    cases=_accumulate_cases,
    checks=(
        Check("value", 1, "is the gradient of this mean loss, as one backward pass for the whole batch gives it",
              aspect="basic"),
        Check("value", 1, "every sample counts the same, in whatever micro-batch it is", aspect="uneven",
              title="values: uneven parts"),
        Check("value", 0.5, "Gradients that the parameters had before are no part of it", aspect="left over"),
        Check("value", 0.375, "The mean loss over all N samples of the batch", aspect="loss"),
        Check("value", 0.25, "a tensor of shape (), which is detached", aspect="form", title="form of the loss"),
        Check("value", 0.125, "are not kept alive", aspect="graph", title="no graph is left"),
        Check("value", 0.375, "so that the graphs of earlier ones are not kept alive", aspect="memory"),
        Check("value", 0.25, "called once for every micro-batch, and never see more samples at once", aspect="parts",
              title="values: size of the parts"),
        Check("value", 0.25, "The optimizer takes no step: the weights stay as they are", aspect="no step"),
        Check("value", 0.125, "Some of them may be frozen, and stay so, or get no gradient", aspect="frozen",
              title="values: frozen weights"),
        Check("value", 0.0625, "and so does the mode of the model", aspect="mode"),
        Check("value", 0.0625, "It builds no graph of the gradients", aspect="first order", title="plain gradients"),
        Check("value", 0.125, "they are cleared before the first backward pass", aspect="together"),
        Check("device", 0.125, "on its device already"),
        Check("transfers", 0.25, "The function never waits for the device", aspect="transfers", title="no waiting"),
        Check("value", 0.0625, "and nothing is computed", aspect="refused"),
        Check("errors", 0.0625, "`micro_batch_size` is less than 1. The message names it"),
    ),
    hints=(
        "Take three samples in micro-batches of two and one. With which factor does each of the two mean losses go into"
        " the mean over the three samples?",
        "`backward` adds to what is in `grad`. When is that what you want, and when is it not?",
        "The factor is known before the micro-batch goes through the model: it is made of its number of samples and"
        " that of the batch. It belongs on the loss before `backward`, and on what you report as well.",
    ),
)  # fmt: skip

EXERCISES = (train_step_amp, accumulate_gradients)
