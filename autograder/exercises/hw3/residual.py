"""blocks.py: Residual, ResNet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw3._blocks import Weights, call_block


def _residual_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, image: tuple[int, int, int], channels: tuple[int, int], *, project: bool = False,
        strides: int = 1, positive: bool = True, biased: bool = False, frozen: str = "", training: bool = False,
        **options: Any,
    ) -> Case:  # fmt: skip
        weights = Weights(draw, positive=positive, biased=biased)
        weights.residual("", *channels, project)
        if frozen:
            weights.all[frozen] = replace(weights.all[frozen], requires_grad=False)
        batch, height, width = image
        x = weights.numbers(batch, channels[0], height, width)
        init: dict[str, Any] = {"input_channels": channels[0], "num_channels": channels[1]}
        if project:
            init["use_1x1conv"] = True
        if strides != 1:
            init["strides"] = strides
        return Case(name, aspect, (x,), init=init, weights=weights.all, training=training, options=options)

    yield case("two pixels", "basic", (1, 1, 2), (1, 1))
    yield case("two images of 3 by 4", "basic", (2, 3, 4), (2, 2))
    yield case("after a batch of one", "basic", (3, 4, 3), (3, 3), after_one=True)
    yield case("a frozen conv1", "basic", (2, 3, 3), (2, 2), frozen="conv1.weight")
    yield case("negative numbers", "ReLU", (1, 3, 3), (1, 1), positive=False)
    yield case("negative numbers, several channels", "ReLU", (2, 5, 4), (3, 3), positive=False)
    yield case("as many channels", "projection", (2, 3, 4), (2, 2), project=True)
    yield case("more channels", "projection", (2, 3, 3), (2, 4), project=True)
    yield case("fewer channels, negative numbers", "projection", (1, 4, 3), (3, 2), project=True, positive=False)
    yield case("stride 2, 2 by 2 pixels", "stride", (2, 2, 2), (1, 2), project=True, strides=2)
    yield case("stride 2, odd sizes", "stride", (2, 5, 8), (2, 3), project=True, strides=2)
    yield case("stride 3", "stride", (1, 7, 5), (2, 2), project=True, strides=3)
    yield case("biases", "biases", (2, 3, 4), (2, 3), project=True, biased=True)
    yield case("biases, negative numbers", "biases", (2, 4, 4), (2, 2), biased=True, positive=False)
    yield case("in training mode", "training", (2, 4, 4), (2, 2), positive=False, biased=True, training=True,
               averages=True)  # fmt: skip
    yield case("one image, in training mode", "training", (1, 5, 6), (2, 3), project=True, strides=2, positive=False,
               training=True, averages=True)  # fmt: skip
    yield case("the averages in evaluation mode", "training", (3, 4, 4), (2, 2), averages=True)
    yield case("registered parameters", "state", (2, 4, 4), (2, 2), state=True)
    yield case("registered parameters, 1 × 1 convolution", "state", (2, 4, 4), (2, 3), project=True, strides=2,
               state=True)  # fmt: skip
    for name, init in (
        ("other channels without a 1 × 1 convolution", {"input_channels": 2, "num_channels": 3}),
        ("stride 2 without a 1 × 1 convolution", {"input_channels": 2, "num_channels": 2, "strides": 2}),
    ):
        yield Case(name, "errors", init=init, runs=("plain",), options={"construct": True})


Residual = Exercise(
    homework="hw3",
    name="Residual",
    file="blocks.py",
    points=2,
    arguments=("X",),
    kind="module",
    probe=partial(call_block, "Residual"),
    differentiable=True,
    cases=_residual_cases,
    checks=(
        Check("value", 0.375, "Sends X through the layers and around them, and adds the two", aspect="basic"),
        Check("value", 0.25, "The answer is ReLU of the sum of both ways; there are no other ReLUs", aspect="ReLU"),
        Check("value", 0.25, "with use_1x1conv X goes through `conv3` alone", aspect="projection"),
        Check("value", 0.25, "strides: the stride of the block, an int", aspect="stride"),
        Check("value", 0.125, "every convolution has a bias", aspect="biases"),
        Check("value", 0.125, "In training mode the batch normalisations use the statistics of the batch and update "
              "their running averages", aspect="training", title="training mode"),
        Check("state", 0.125, "registered under these names, and no other parameters or buffers are"),
        Check("errors", 0.125, "raises a ValueError that says what is wrong"),
        Check("gradient", 0.125, "Gradients flow to X, by both ways, and to all parameters"),
        Check("purity", 0.125, "X is not changed"),
        Check("device", 0.125, "Works on whatever device X and the parameters are on"),
    ),
    hints=(
        "Draw the block: one line through five things, and a line around them. Where do the lines meet, and what "
        "stands behind that place?",
        "Follow the shapes along both lines for stride 2 and twice as many channels. Which one convolution of the line "
        "with five things makes the image smaller, and what makes the other line's image smaller too?",
        "Behind the second batch normalisation there is no ReLU: first the other way is added, then comes the ReLU. "
        "Make a new tensor for the sum (`X += …` writes into the caller's X).",
    ),
)  # fmt: skip


Arch = Sequence[tuple[int, int]]


def _resnet_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, image: tuple[int, int, int], arch: Arch, *, channels: int = 1, classes: int = 2,
        positive: bool = True, biased: bool = False, training: bool = False, default: bool = False, **options: Any,
    ) -> Case:  # fmt: skip
        weights = Weights(draw, positive=positive, biased=biased)
        now = arch[0][1]
        weights.conv("conv", channels, now, 3)
        weights.norm("bn", now)
        for stage, (blocks, width) in enumerate(arch):
            for block in range(blocks):
                weights.residual(f"stages.{stage}.{block}.", now, width, stage > 0 and block == 0)
                now = width
        weights.linear("fc", now, classes)
        batch, height, width = image
        x = weights.numbers(batch, channels, height, width)
        init: dict[str, Any] = {"arch": list(map(tuple, arch))}
        if not default:
            init |= {"in_channels": channels, "num_classes": classes}
        return Case(name, aspect, (x,), init=init, weights=weights.all, training=training, options=options)

    yield case("one block, two pixels", "basic", (1, 1, 2), [(1, 1)])
    yield case("one stage of two blocks", "basic", (2, 4, 3), [(2, 2)])
    yield case("after a batch of one", "basic", (3, 3, 4), [(1, 3)], after_one=True)
    yield case("negative numbers", "ReLU", (1, 3, 3), [(1, 2)], positive=False)
    yield case("negative numbers, four images", "ReLU", (4, 4, 5), [(2, 3)], positive=False, classes=3)
    yield case("two stages", "stages", (1, 4, 4), [(1, 1), (1, 2)])
    yield case("two stages, three and two blocks", "stages", (2, 8, 8), [(3, 2), (2, 3)])
    yield case("three stages", "stages", (2, 8, 12), [(1, 2), (2, 4), (1, 3)], positive=False)
    yield case("three colours, odd sizes", "images", (2, 9, 7), [(1, 2), (1, 3)], channels=3, classes=4)
    yield case("one channel, ten classes", "images", (2, 5, 4), [(1, 2)], classes=10, default=True)
    yield case("biases", "images", (2, 6, 5), [(1, 2), (1, 2)], channels=2, classes=3, biased=True)
    yield case("in training mode", "training", (3, 6, 6), [(1, 2), (1, 3)], positive=False, biased=True, training=True,
               averages=True)  # fmt: skip
    yield case("one image, in training mode", "training", (1, 8, 8), [(1, 2)], positive=False, training=True,
               averages=True)  # fmt: skip
    yield case("the averages in evaluation mode", "training", (3, 4, 4), [(1, 2)], averages=True)
    yield case("registered parameters", "state", (2, 6, 6), [(2, 2), (1, 3)], state=True)


ResNet = Exercise(
    homework="hw3",
    name="ResNet",
    uses=("Residual",),
    file="blocks.py",
    points=2,
    arguments=("X",),
    kind="module",
    probe=partial(call_block, "ResNet"),
    differentiable=True,
    cases=_resnet_cases,
    checks=(
        Check("value", 0.5, "`fc` makes the scores of the averages", aspect="basic"),
        Check("value", 0.25, "X goes through conv, bn and ReLU, then through all stages", aspect="ReLU"),
        Check("value", 0.375, "The first block of every stage but the first has use_1x1conv and strides 2",
              aspect="stages"),
        Check("value", 0.125, "H and W may be any size", aspect="images"),
        Check("value", 0.125, "In training mode the batch normalisations use the statistics of the batch",
              aspect="training", title="training mode"),
        Check("state", 0.25, "registered under these names, and no other parameters or buffers are"),
        Check("gradient", 0.125, "Gradients flow to X and to all parameters"),
        Check("purity", 0.125, "X is not changed"),
        Check("device", 0.125, "Works on whatever device X and the parameters are on"),
    ),
    hints=(
        "Write down, for two stages of two blocks with 8 and 16 channels, what each of the four blocks is given. Which "
        "of them is different from all others?",
        "Keep the number of channels that the next block will be given in a variable; it changes after the first block "
        "of a stage. Layers that are to be trained belong into an nn.Sequential, not into a list.",
        "Behind the stages the image has some size that the constructor does not know. A mean over both of its axes "
        "leaves one number for each channel, so that the size of the linear layer is known all the same.",
    ),
)  # fmt: skip

EXERCISES = (Residual, ResNet)
