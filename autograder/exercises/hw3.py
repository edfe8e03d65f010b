"""hw3, convolutional networks: corr2d, conv2d, Conv2d."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Operations

NO_CONVOLUTION = Operations(
    forbidden=("*conv*", "*Conv*", "im2col", "col2im", "*fft*", "*thnn*", "*mkldnn*", "cudnn*", "slow_conv*"),
)


def _conv2d_case(draw: Draw, name: str, aspect: str, x: tuple[int, ...], w: tuple[int, ...], **rest: Any) -> Case:
    bias = rest.pop("bias", True)
    layout = rest.pop("layout", "contiguous")
    frozen = rest.pop("frozen", False)
    args = (
        draw.floats(x, layout=layout, requires_grad=True),
        draw.floats(w, requires_grad=not frozen),
        *([draw.floats(w[:1], requires_grad=True)] if bias else []),
    )
    runs = rest.pop("runs", None)
    grows, size = rest.pop("grows", ""), rest.pop("size", None)
    return Case(name, aspect, args, rest, runs=runs, grows=grows, size=size)


def _conv2d_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, x: tuple[int, ...], w: tuple[int, ...], **rest: Any) -> Case:
        return _conv2d_case(draw, name, aspect, x, w, **rest)

    yield case("one-channel", "basic", (1, 1, 2, 3), (1, 1, 1, 2), bias=False)
    yield case("square kernel", "basic", (1, 1, 3, 4), (1, 1, 2, 2))
    yield case("channels", "basic", (1, 3, 4, 5), (2, 3, 2, 3))
    yield case("batch", "basic", (3, 2, 5, 4), (4, 2, 3, 2))
    yield case("kernel as large as the image", "basic", (2, 2, 3, 3), (2, 2, 3, 3))
    yield case("stride 2 on even", "stride", (1, 1, 4, 4), (1, 1, 2, 2), stride=2)
    yield case("stride 2 on odd", "stride", (2, 2, 5, 6), (3, 2, 2, 2), stride=2)
    yield case("stride (2, 3)", "stride", (2, 2, 7, 9), (3, 2, 3, 2), stride=(2, 3))
    yield case("stride (3, 1)", "stride", (1, 2, 8, 4), (2, 2, 2, 3), stride=(3, 1))
    yield case("padding 1", "padding", (1, 1, 2, 2), (1, 1, 3, 3), padding=1)
    yield case("padding (2, 1)", "padding", (2, 2, 3, 5), (3, 2, 3, 2), padding=(2, 1))
    yield case("padding (0, 1) and stride 2", "padding", (2, 1, 5, 4), (2, 1, 2, 3), padding=(0, 1), stride=2)
    yield case("dilation 2", "dilation", (1, 1, 5, 5), (1, 1, 2, 2), dilation=2)
    yield case("dilation (1, 3)", "dilation", (2, 2, 4, 9), (3, 2, 2, 3), dilation=(1, 3))
    yield case("dilation (3, 2), padding and stride", "dilation", (2, 2, 9, 8), (2, 2, 3, 2),
               dilation=(3, 2), padding=(2, 1), stride=(2, 1))  # fmt: skip
    yield case("two groups", "groups", (1, 2, 3, 3), (2, 1, 2, 2), groups=2)
    yield case("three groups, two outputs each", "groups", (2, 6, 4, 5), (6, 2, 3, 2), groups=3)
    yield case("depthwise", "groups", (2, 4, 5, 5), (8, 1, 3, 3), groups=4, padding=1, stride=2)
    yield case("transposed input", "layout", (2, 2, 5, 4), (3, 2, 3, 2), layout="transposed")
    yield case("strided input", "layout", (2, 2, 4, 5), (3, 2, 3, 2), layout="strided", padding=1)
    yield case("expanded input", "layout", (3, 2, 4, 4), (2, 2, 3, 3), layout="expanded")
    yield case("empty batch", "empty", (0, 2, 4, 5), (3, 2, 3, 2))
    yield case("frozen weight", "basic", (2, 2, 4, 4), (3, 2, 3, 3), frozen=True)
    for size in (2, 4, 8):
        yield case(f"batch of {size}", "batch", (size, 2, 6, 6), (2, 2, 3, 3), runs=("counted",), grows="batch", size=size)
    for size in (6, 12, 24):
        yield case(f"{size} pixels a side", "image", (1, 2, size, size), (2, 2, 3, 3),
                   runs=("counted",), grows="image side", size=size)  # fmt: skip
    for size in (2, 4, 8):
        yield case(f"{size} output channels", "channels", (2, 2, 6, 6), (size, 2, 3, 3),
                   runs=("counted",), grows="output channels", size=size)  # fmt: skip


conv2d = Exercise(
    homework="hw3",
    name="conv2d",
    file="conv.py",
    points=20,
    arguments=("x", "weight", "bias", "stride", "padding", "dilation", "groups"),
    differentiable=True,
    operations=NO_CONVOLUTION,
    cases=_conv2d_cases,
    checks=(
        Check("value", 4, "Slides every kernel over the padded input without flipping it", aspect="basic"),
        Check("value", 2, "`stride` is the step of the window in rows and columns", aspect="stride"),
        Check("value", 2, "`padding` rows and columns of zeros are added on both sides", aspect="padding"),
        Check("value", 2, "`dilation` is the distance between neighbouring kernel elements", aspect="dilation"),
        Check("value", 2, "`groups` splits the channels into independent convolutions", aspect="groups"),
        Check("value", 0.5, "An empty batch gives an empty output", aspect="empty"),
        Check("layout", 0.5, "The input may have any memory layout", aspect="layout"),
        Check("gradient", 2, "Gradients flow to `x`, `weight` and `bias`"),
        Check("purity", 1, "No argument is changed"),
        Check("device", 1, "Works on whatever device the arguments are on"),
        Check("operations", 1, "Calls none of torch's own convolutions, nor `unfold` from `torch.nn.functional`"),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch", aspect="batch"),
        Check("scaling", 1, "nor with the height and width of the image", aspect="image side"),
        Check("scaling", 0.5, "nor with the number of output channels", aspect="output channels"),
    ),
)

EXERCISES = (conv2d,)
