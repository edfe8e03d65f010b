"""nets.py, networks made of blocks: vgg_block, vgg."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw3._nets import classify, dropped_features, dropping, weights
from autograder.exercises.slopes import SLOPES, slopes_law

PLAIN: dict[str, Any] = {"runs": ("plain",)}


def _block_shapes(num_convs: int, in_channels: int, out_channels: int) -> dict[str, tuple[int, ...]]:
    inputs = [in_channels, *[out_channels] * (num_convs - 1)]
    return {str(2 * i): (out_channels, channels, 3, 3) for i, channels in enumerate(inputs)}


def _block_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, n: int, sizes: tuple[int, int, int], image: tuple[int, int], biased: bool = False,
        **rest: Any,
    ) -> Case:  # fmt: skip
        init = dict(zip(("num_convs", "in_channels", "out_channels"), sizes, strict=True))
        held = weights(draw, _block_shapes(**init), biased=biased)
        x = draw.floats((n, sizes[1], *image), rest.pop("scale", 2.0), requires_grad=n > 0)
        return Case(name, aspect, (x,), init=init, weights=held, **rest)

    yield case("one convolution", "basic", 1, (1, 1, 1), (2, 4))
    yield case("two channels", "basic", 2, (1, 2, 3), (4, 6))
    yield case("as many channels as before", "basic", 3, (1, 3, 3), (6, 4))
    yield case("large numbers", "basic", 2, (1, 2, 3), (4, 4), scale=512.0)
    yield case("other numbers in the same tensors", "basic", 2, (1, 2, 2), (4, 4), options={"again": True}, **PLAIN)
    yield case("two convolutions", "convolutions", 2, (2, 2, 3), (4, 6))
    yield case("two convolutions, as many channels", "convolutions", 2, (2, 2, 2), (4, 4))
    yield case("three convolutions", "convolutions", 1, (3, 3, 2), (6, 4))
    yield case("four convolutions", "convolutions", 1, (4, 1, 2), (4, 6))
    yield case("odd sizes", "odd", 2, (1, 1, 2), (5, 7))
    yield case("odd sizes, two convolutions", "odd", 1, (2, 2, 3), (3, 4))
    yield case("biases", "biases", 2, (2, 2, 3), (4, 4), True)
    yield case("no images", "empty", 0, (2, 1, 2), (4, 4), **PLAIN)
    yield case("in training mode", "basic", 3, (1, 2, 3), (4, 4), training=True, **PLAIN)
    yield case("what is registered", "state", 2, (3, 2, 3), (4, 4), True, options={"state": True}, **PLAIN)


vgg_block = Exercise(
    homework="hw3",
    name="vgg_block",
    file="nets.py",
    difficulty=1,
    points=2,
    arguments=("x",),
    kind="probe",
    probe=partial(classify, "vgg_block"),
    differentiable=True,
    cases=_block_cases,
    checks=(
        Check("value", 0.75, "num_convs times a convolution (kernel 3 by 3, padding 1, with a bias) and a ReLU",
              aspect="basic"),
        Check("value", 0.25, "each later one takes what the one before it gives", aspect="convolutions"),
        Check("value", 0.125, "the last row or column of an odd number is left out", aspect="odd"),
        Check("value", 0.125, "Every convolution is used with its bias", aspect="biases"),
        Check("value", 0.125, "An empty batch gives an empty output", aspect="empty"),
        Check("state", 0.25, "The parameters thus have the names"),
        Check("gradient", 0.125, "Gradients flow to the input and to all parameters"),
        Check("purity", 0.125, "The input is not changed"),
        Check("device", 0.125, "After `.to(device)` the block works on that device"),
    ),
    hints=(
        "Write down the layers of a block with three convolutions, from 1 channel to 8. Which numbers change from one "
        "convolution to the next?",
        "Collect layers in a list, in a loop. nn.Sequential takes them one by one, not as a list: the star unpacks it.",
        "In each round a convolution and a ReLU are added, and from then on the number of input channels is that of "
        "the output. Pooling comes once, behind the loop.",
    ),
)  # fmt: skip


def _vgg_shapes(
    conv_arch: tuple[tuple[int, int], ...], in_channels: int, image: tuple[int, int], num_hidden: int, num_classes: int
) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for block, (num_convs, channels) in enumerate(conv_arch):
        inside = _block_shapes(num_convs, in_channels, channels)
        shapes |= {f"{block}.{name}": shape for name, shape in inside.items()}
        in_channels = channels
    count = len(conv_arch)
    left = (image[0] >> count) * (image[1] >> count)
    linear = {1: (num_hidden, in_channels * left), 4: (num_hidden, num_hidden), 7: (num_classes, num_hidden)}
    return shapes | {str(count + place): shape for place, shape in linear.items()}


def _vgg_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, n: int, arch: tuple[tuple[int, int], ...], image: int | tuple[int, int] = 8,
        channels: int = 1, hidden: int = 6, classes: int = 3, p: float | None = 0.0, biased: bool = False, **rest: Any,
    ) -> Case:  # fmt: skip
        size = (image, image) if isinstance(image, int) else image
        shapes = _vgg_shapes(arch, channels, size, hidden, classes)
        x = draw.floats((n, channels, *size), requires_grad=n > 0)
        init: dict[str, Any] = {"conv_arch": arch, "image_size": image, "num_hidden": hidden}
        init |= {"in_channels": channels} if channels != 1 else {}
        init |= {"num_classes": classes} if classes != 10 else {}
        init |= {} if p is None else {"dropout": p}
        if aspect == "dropout" and not rest:
            return dropping(name, x, shapes, init)
        return Case(name, aspect, (x,), init=init, weights=weights(draw, shapes, biased=biased), **rest)

    two = ((1, 2), (1, 3))
    yield case("one block", "basic", 1, ((1, 2),), 4)
    yield case("two blocks", "basic", 2, two)
    yield case("three blocks", "basic", 3, ((1, 3), (2, 2), (1, 4)))
    yield case("as many channels in every block", "basic", 2, ((2, 2), (2, 2)))
    yield case("other numbers in the same tensors", "basic", 2, two, options={"again": True}, **PLAIN)
    yield case("images of 7 by 7", "image size", 2, two, 7, **PLAIN)
    yield case("images of 6 by 6", "image size", 2, two, 6, **PLAIN)
    yield case("images of 4 by 10", "image size", 2, two, (4, 10), **PLAIN)
    yield case("images of 13 by 8", "image size", 1, ((1, 2), (1, 2), (1, 3)), (13, 8), **PLAIN)
    yield case("images of 28 by 28", "image size", 1, ((1, 1), (1, 1)), 28, **PLAIN)
    yield case("colour images", "options", 2, two, channels=3, **PLAIN)
    yield case("ten classes", "options", 2, two, classes=10, **PLAIN)
    yield case("more hidden features", "options", 2, two, hidden=12, classes=5, **PLAIN)
    yield case("biases", "biases", 2, ((2, 2), (1, 3)), biased=True)
    yield case("no images", "empty", 0, two, **PLAIN)
    yield case("with dropout, in evaluation mode", "evaluation", 2, two, p=0.5, **PLAIN)
    yield case("twice in evaluation mode", "evaluation", 4, two, hidden=16, p=0.5, options={"twice": True}, **PLAIN)
    yield case("dropout 0.5", "dropout", 24, ((1, 4),), 4, hidden=32, classes=32, p=None)
    yield case("dropout 0.25", "dropout", 24, ((1, 4),), 4, hidden=32, classes=32, p=0.25)
    yield case("what is registered", "state", 2, ((2, 2), (1, 3)), biased=True, options={"state": True}, **PLAIN)
    yield case("two images, in training mode", "dropout", 2, two, p=0.5, biased=True, **SLOPES)
    for name, arch, size in (
        ("two blocks for 3 by 3", two, 3),
        ("two blocks for 9 by 3", two, (9, 3)),
        ("two blocks for 2 by 8", two, (2, 8)),
        ("three blocks for 7 by 7", ((1, 1),) * 3, 7),
    ):
        init = {"conv_arch": arch, "image_size": size, "num_hidden": 4}
        yield Case(name, "errors", init=init, options={"construct": True}, **PLAIN)


vgg = Exercise(
    homework="hw3",
    name="vgg",
    uses=("vgg_block",),
    file="nets.py",
    difficulty=2,
    points=3,
    arguments=("x",),
    kind="probe",
    probe=partial(classify, "vgg"),
    differentiable=True,
    laws=(dropped_features, slopes_law),
    cases=_vgg_cases,
    checks=(
        Check("value", 0.75, "A VGG network: blocks one after the other, then three fully connected layers",
              aspect="basic"),
        Check("value", 0.375, "Every block halves height and width, rounding down", aspect="image size"),
        Check("value", 0.25, "num_hidden: features of the two hidden layers", aspect="options"),
        Check("value", 0.125, "Every layer is used with its bias", aspect="biases"),
        Check("randomness", 0.375, "In training mode dropout follows the two hidden ReLUs", aspect="dropout",
              title="dropout"),
        Check("value", 0.25, "In evaluation mode nothing is dropped", aspect="evaluation"),
        Check("value", 0.125, "An empty batch gives (0, num_classes)", aspect="empty"),
        Check("errors", 0.125, "no pixel is left of an image after the last block"),
        Check("state", 0.375, "The parameters thus have names like"),
        Check("gradient", 0.125, "Gradients flow to the images and to all parameters"),
        Check("device", 0.125, "After `.to(device)` the network works on that device"),
    ),
    hints=(
        "For two blocks and images of 8 by 8: which shape comes out of each block? How many numbers is that when it is "
        "flattened, and which of them does image_size decide?",
        "Walk through conv_arch once, and keep three numbers up to date: the channels, the height and the width. Do "
        "not compute with the size of somebody else's images.",
        "The blocks go into a list, the channels of one being what the next one takes. Behind them nn.Flatten, twice a "
        "linear layer with ReLU and dropout, and a last linear layer; the star unpacks lists into nn.Sequential.",
    ),
)  # fmt: skip
