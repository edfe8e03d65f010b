"""conv.py: corr2d, conv2d, Conv2d."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout, Operations, Run, Tensor, Timing
from autograder.exercises.hw3._layer import initial_weights, own_convolution, probe_layer

BY_HAND = Operations(
    forbidden=("*convolution*", "*conv[123]d*", "*conv_*", "im2col", "col2im", "*fft*"),
)
LARGE, NAN, INF = 2.0**20, float("nan"), float("inf")
PROPORTIONAL: dict[str, Any] = {"count": "arithmetic", "growth": 1.5, "times": 8}
INDEPENDENT: dict[str, Any] = {"count": "arithmetic", "growth": 0.5, "times": 8}


def _far_from_zero(draw: Draw, shape: tuple[int, ...]) -> Tensor:
    """Numbers whose differences single precision loses."""
    return Tensor(2.0**30 + draw.floats(shape).data.astype("float64"), "float64", requires_grad=True)


def _differences(draw: Draw, shape: tuple[int, ...]) -> Tensor:
    """Kernels of an even width, each row of which sums to zero."""
    import numpy as np

    half = draw.integers((*shape[:-1], shape[-1] // 2), 1, 5).data.astype(np.float64)
    return Tensor(np.concatenate([half, -half[..., ::-1]], axis=-1), "float64", requires_grad=True)


def _with(held: Tensor, value: float, row: int = 1, column: int = 1) -> Tensor:
    """The numbers with another one at a place; on three by three, every window of two by two meets the middle."""
    data = held.data.copy()
    data[..., row, column] = value
    return replace(held, data=data)


def _corr2d_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        x: tuple[int, ...],
        k: tuple[int, ...],
        *,
        scale: float = 2.0,
        layouts: tuple[Layout, Layout] = ("contiguous", "contiguous"),
        frozen: str = "",
    ) -> Case:
        return Case(
            name,
            aspect,
            (
                draw.floats(x, scale, layout=layouts[0], requires_grad=frozen != "X"),
                draw.floats(k, layout=layouts[1], requires_grad=frozen != "K"),
            ),
        )

    yield case("a kernel of one row", "basic", (2, 3), (1, 2))
    yield case("square kernel", "basic", (3, 4), (2, 2))
    yield case("tall kernel", "basic", (4, 6), (3, 2))
    yield case("wide kernel", "basic", (6, 5), (2, 3))
    yield case("a kernel of one element", "basic", (3, 2), (1, 1))
    yield case("large numbers", "basic", (5, 4), (2, 2), scale=LARGE)
    yield case("frozen kernel", "basic", (4, 5), (2, 3), frozen="K")
    yield case("frozen X", "basic", (5, 4), (2, 3), frozen="X")
    yield case("kernel as large as X", "as large as X", (3, 3), (3, 3))
    yield case("kernel as high as X", "as large as X", (2, 4), (2, 3))
    yield case("kernel as wide as X", "as large as X", (4, 2), (3, 2))
    yield Case("float64", "float64", (_far_from_zero(draw, (4, 5)), _differences(draw, (2, 2))))
    yield case("transposed X", "layout", (4, 5), (3, 2), layouts=("transposed", "contiguous"))
    yield case("strided X", "layout", (5, 4), (2, 3), layouts=("strided", "contiguous"))
    yield case("expanded X", "layout", (4, 5), (2, 2), layouts=("expanded", "contiguous"))
    yield case("transposed kernel", "layout", (5, 6), (3, 2), layouts=("contiguous", "transposed"))
    yield case("kernel one row too high", "errors", (2, 3), (3, 1))
    yield case("kernel one column too wide", "errors", (3, 2), (1, 3))
    yield case("kernel two rows too high", "errors", (2, 3), (4, 2))
    yield case("kernel larger both ways", "errors", (2, 2), (3, 4))
    X, K = case("", "NaN", (3, 4), (2, 2)).args
    for name, x, k in (
        ("NaN in four of six windows", _with(X, NAN), K),
        ("NaN in the first window alone", _with(X, NAN, 0, 0), K),
        ("NaN under a zero of the kernel", _with(X, NAN, 2, 3), _with(K, 0.0)),
        ("NaN in the kernel", X, _with(K, NAN, 0, 1)),
        ("infinity in two windows", _with(X, INF, 0, 1), K),
    ):
        yield Case(name, "NaN", (x, k), runs=("plain",))
    yield Case("float64, other numbers", "float64", tuple(draw.floats(s, dtype="float64") for s in ((4, 5), (3, 2))))


corr2d = Exercise(
    homework="hw3",
    name="corr2d",
    difficulty=1,
    file="conv.py",
    points=8,
    arguments=("X", "K"),
    differentiable=True,
    operations=BY_HAND,
    cases=_corr2d_cases,
    checks=(
        Check("value", 2.25, "Lays the kernel on every place of X where it fits, without flipping it", aspect="basic"),
        Check("value", 0.5, "A kernel may be as high or as wide as X", aspect="as large as X"),
        Check("value", 0.5, "in the dtype of X and computed in its full precision", aspect="float64"),
        Check("value", 0.25, "where the window meets a NaN, the answer is NaN", aspect="NaN"),
        Check("layout", 0.5, "X and K may have any memory layout", aspect="layout"),
        Check("errors", 0.75, "ValueError: with a message, when the kernel is higher or wider than X"),
        Check("gradient", 1, "Gradients flow to X and K"),
        Check("purity", 0.5, "Neither X nor K is changed"),
        Check("device", 0.5, "Works on whatever device X and K are on"),
        Check("copies", 0.25, "where the work is done too: nothing is copied to the host"),
        Check(
            "operations",
            1,
            "Built by hand from tensor arithmetic: calls none of torch's own convolutions",
            instead={"operations:left": "Keeps every value in a tensor"},
        ),
    ),
    hints=(
        "With pencil and paper: a kernel of 2 rows on an X of 3 rows. At which rows of X can its first row lie?",
        "The window that starts at (i, j) and is as large as the kernel is a slice of X. What has to be done with the "
        "window and the kernel to get one number?",
        "Make the result with `X.new_zeros`, which takes dtype and device from X, and fill it one element at a time: "
        "the sum of the elementwise product of kernel and window. Before that, compare the two shapes.",
    ),
)


def _conv2d_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        x: tuple[int, ...],
        w: tuple[int, ...],
        *more: Any,
        bias: bool = False,
        scale: float = 2.0,
        layouts: tuple[Layout, Layout, Layout] = ("contiguous", "contiguous", "contiguous"),
        frozen: bool = False,
        grows: str = "",
        size: int | None = None,
        compare: bool = True,
        **named: Any,
    ) -> Case:
        learned = x[0] > 0  # an answer without elements need not be part of the graph
        args = (
            draw.floats(x, scale, layout=layouts[0], requires_grad=learned),
            draw.floats(w, layout=layouts[1], requires_grad=learned and not frozen),
            *([draw.floats(w[:1], layout=layouts[2], requires_grad=learned)] if bias else []),
            *more,
        )
        runs: tuple[Run, ...] | None = ("counted",) if grows else None
        options = {} if compare else {"laws": True}
        return Case(name, aspect, args, named, runs=runs, grows=grows, size=size, options=options)

    yield case("one channel", "basic", (1, 1, 2, 3), (1, 1, 1, 2))
    yield case("square kernel", "basic", (1, 1, 3, 4), (1, 1, 2, 2))
    yield case("channels", "basic", (1, 3, 4, 5), (2, 3, 2, 3))
    yield case("batch", "basic", (3, 2, 5, 4), (4, 2, 3, 2))
    yield case("kernel as large as the image", "basic", (2, 2, 3, 3), (2, 2, 3, 3))
    yield case("frozen weight", "basic", (2, 2, 4, 4), (3, 2, 3, 3), frozen=True)
    yield case("large numbers", "basic", (2, 2, 4, 5), (3, 2, 2, 2), scale=LARGE)
    yield case("bias of one channel", "bias", (2, 1, 2, 3), (1, 1, 2, 2), bias=True)
    yield case("bias of three channels", "bias", (2, 2, 4, 5), (3, 2, 3, 2), bias=True)
    yield case("as many channels as columns", "bias", (1, 2, 4, 4), (3, 2, 3, 2), bias=True)
    yield case("stride 2 on even", "stride", (1, 1, 4, 4), (1, 1, 2, 2), stride=2)
    yield case("stride 2 on odd", "stride", (2, 2, 5, 7), (3, 2, 2, 2), stride=2)
    yield case("stride (2, 3)", "stride", (2, 2, 7, 9), (3, 2, 3, 2), stride=(2, 3))
    yield case("stride (3, 1)", "stride", (1, 2, 8, 4), (2, 2, 2, 3), stride=(3, 1))
    yield case("padding 1", "padding", (1, 1, 2, 2), (1, 1, 3, 3), padding=1)
    yield case("padded 1 by 1 kernel", "padding", (2, 2, 3, 2), (3, 2, 1, 1), padding=1)
    yield case("padding (2, 1)", "padding", (2, 2, 3, 5), (3, 2, 3, 2), padding=(2, 1))
    yield case("padding (0, 1)", "padding", (2, 1, 5, 4), (2, 1, 2, 3), padding=(0, 1))
    yield case("padding wider than the kernel", "padding", (1, 2, 2, 3), (2, 2, 2, 1), padding=4)
    yield case("stride larger than the kernel", "stride", (1, 2, 9, 8), (2, 2, 2, 1), stride=4)
    yield case("dilation 2", "dilation", (1, 1, 5, 5), (1, 1, 2, 2), dilation=2)
    yield case("dilation (1, 3)", "dilation", (2, 2, 4, 9), (3, 2, 2, 3), dilation=(1, 3))
    yield case("dilated kernel of one row", "dilation", (1, 2, 3, 6), (2, 2, 1, 3), dilation=2)
    yield case("two groups", "groups", (1, 2, 3, 3), (2, 1, 2, 2), groups=2)
    yield case("three groups, two outputs each", "groups", (2, 6, 4, 5), (6, 2, 3, 2), groups=3)
    yield case("depthwise", "groups", (2, 4, 5, 5), (8, 1, 3, 3), groups=4)
    yield case("bias of groups", "together", (2, 4, 3, 5), (6, 2, 2, 3), bias=True, groups=2,
               layouts=("contiguous", "contiguous", "strided"))  # fmt: skip
    yield case("padding (0, 1) and stride 2", "together", (2, 1, 5, 4), (2, 1, 2, 3), padding=(0, 1), stride=2)
    yield case("dilation (3, 2), padding and stride", "together", (2, 2, 9, 8), (2, 2, 3, 2),
               dilation=(3, 2), padding=(2, 1), stride=(2, 1))  # fmt: skip
    yield case("depthwise, by position", "together", (2, 4, 5, 5), (8, 1, 3, 3), 2, 1, 1, 4, bias=True)
    yield case("everything", "together", (2, 4, 7, 6), (6, 2, 3, 2), bias=True,
               stride=(2, 1), padding=(1, 2), dilation=(2, 3), groups=2)  # fmt: skip
    yield Case("float64", "float64", (_far_from_zero(draw, (2, 2, 4, 6)), _differences(draw, (3, 2, 3, 2))))
    double = [draw.floats(s, dtype="float64", requires_grad=True) for s in ((2, 2, 4, 3), (3, 2, 2, 2))]
    yield Case("float64, padded", "float64", tuple(double), {"padding": 1})
    double += [draw.floats((3,), dtype="float64", requires_grad=True)]
    yield Case("float64, with a bias", "bias", tuple(double))
    yield case("transposed x", "layout", (2, 2, 5, 4), (3, 2, 3, 2), layouts=("transposed", "contiguous", "contiguous"))
    yield case("strided x", "layout", (2, 2, 4, 5), (3, 2, 3, 2), layouts=("strided", "contiguous", "contiguous"))
    yield case("expanded x", "layout", (3, 2, 4, 4), (2, 2, 3, 3), layouts=("expanded", "contiguous", "contiguous"))
    yield case("transposed weight", "layout", (2, 2, 4, 5), (3, 2, 2, 3),
               layouts=("contiguous", "transposed", "contiguous"))  # fmt: skip
    yield case("empty batch", "empty", (0, 2, 4, 5), (3, 2, 3, 2))
    yield case("larger empty batch", "empty", (0, 4, 5, 3), (2, 4, 2, 2))
    # Sizes are drawn, so that what is quick at certain sizes only is found out where cases are hidden.
    for least in (4, 16, 64):
        size = draw.integer(least, least + least // 4)
        yield case(f"batch of {size}", "batch", (size, 2, 4, 4), (2, 2, 3, 3), grows="batch", size=size)
    for least in (6, 12, 24):
        size = draw.integer(least, least + least // 6)
        yield case(f"{size} pixels a side", "image", (1, 2, size, size), (2, 2, 3, 3), grows="image side", size=size)
    for least in (4, 16, 64):
        size = draw.integer(least, least + least // 4)
        yield case(f"{size} output channels", "outputs", (1, 2, 4, 4), (size, 2, 3, 3),
                   grows="output channels", size=size)  # fmt: skip
    for what, sizes in (("batch", (4, 64)), ("image side", (8, 32)), ("output channels", (4, 64))):
        for size in sizes:
            batch, side, outputs = (size if what == name else 4 for name in ("batch", "image side", "output channels"))
            side = max(side, 6)
            grows = f"{what}, with all options"
            yield case(f"{grows}, {size}", grows, (batch, 2, side, side), (outputs, 1, 2, 2), grows=grows, size=size,
                       stride=2, padding=1, dilation=2, groups=2, compare=False)  # fmt: skip
    for name, channels, bias in (("NaN in every window", (1, 1), False), ("NaN in every window, a bias", (2, 3), True)):
        hurt = case(name, "NaN", (1, channels[0], 3, 3), (channels[1], channels[0], 2, 2), bias=bias)
        yield replace(hurt, args=(_with(hurt.args[0], NAN), *hurt.args[1:]), runs=("plain",))
    hurt = case("NaN in one window of each channel", "NaN", (2, 2, 4, 5), (3, 2, 2, 2))
    yield replace(hurt, args=(_with(hurt.args[0], NAN, 0, 4), *hurt.args[1:]), runs=("plain",))
    for least in (2, 8, 32):
        size = draw.integer(least, least + least // 4)
        yield case(f"{size} groups of two channels", "work", (1, 2 * size, 5, 5), (2 * size, 2, 3, 3), groups=size,
                   grows="number of groups", size=size)  # fmt: skip
    for least in (6, 12, 24):
        size = draw.integer(least, least + least // 6)
        yield case(f"{size * size} pixels", "work", (1, 1, size, size), (1, 1, 2, 2), grows="number of pixels",
                   size=size * size)  # fmt: skip
    for size in (2, 4, 8):
        yield case(f"16 windows, {size} apart", "work", (1, 2, 3 * size + 3, 3 * size + 3), (8, 2, 3, 3), stride=size,
                   grows="stride", size=size)  # fmt: skip
    for size in (2, 4, 8):
        yield case(f"16 windows, dilation {size}", "work", (1, 2, 2 * size + 4, 2 * size + 4), (8, 2, 3, 3),
                   dilation=size, grows="dilation", size=size)  # fmt: skip
    for least in (4, 11, 32):
        size = draw.integer(least, least + least // 4)
        yield case(f"{size} channels in and out", "work", (1, size, 15, 15), (size, size, 2, 2),
                   grows="number of channels", size=size)  # fmt: skip


def _conv2d_timing(draw: Draw, size: int) -> Case:
    args = draw.floats((8, 16, size, size)), draw.floats((32, 16, 3, 3)), draw.floats((32,))
    return Case(f"{size} pixels a side", args=args, kwargs={"padding": 1})


conv2d = Exercise(
    homework="hw3",
    name="conv2d",
    difficulty=3,
    file="conv.py",
    points=20,
    arguments=("x", "weight", "bias", "stride", "padding", "dilation", "groups"),
    differentiable=True,
    operations=BY_HAND,
    cases=_conv2d_cases,
    timing=Timing(_conv2d_timing, (4, 32), "image side", naive="loop_over_pixels"),
    checks=(
        Check("value", 1.75, "Slides every kernel over the padded input without flipping it", aspect="basic"),
        Check("value", 1, "`bias[o]` is added once to every element of output channel o", aspect="bias"),
        Check("value", 1.5, "`stride` is the step of the window in rows and columns", aspect="stride"),
        Check("value", 1.5, "`padding` rows and columns of zeros are added on both sides", aspect="padding"),
        Check("value", 1.5, "`dilation` is the distance between neighbouring kernel elements", aspect="dilation"),
        Check("value", 1.75, "`groups` splits the channels into independent convolutions", aspect="groups"),
        Check("value", 0.25, "The options work together", aspect="together", title="values: all options"),
        Check("value", 0.25, "An empty batch gives an empty output", aspect="empty"),
        Check("value", 0.25, "in the dtype of x and computed in its full precision", aspect="float64"),
        Check("value", 0.25, "where the window meets a NaN, the answer is NaN", aspect="NaN"),
        Check("layout", 0.5, "The arguments may have any memory layout", aspect="layout"),
        Check("gradient", 1.75, "Gradients flow to `x`, `weight` and `bias`"),
        Check("purity", 0.5, "No argument is changed"),
        Check("determinism", 0.25, "The same arguments give the same answer"),
        Check("device", 0.5, "Works on whatever device the arguments are on"),
        Check("copies", 0.25, "where the work is done too: nothing is copied to the host"),
        Check("operations", 1.25, "calls none of torch's own convolutions, nor `unfold` or `fold`",
              instead={"operations:left": "Keeps every value in a tensor"}),
        Check("scaling", 0.5, "The number of torch operations does not grow with the batch", aspect="batch", times=400),
        Check("scaling", 1, "nor with the height and width of the image", aspect="image side", times=400),
        Check("scaling", 0.5, "nor with the number of output channels", aspect="output channels", times=400),
        Check("scaling", 0.25, "whatever the options are", aspect="batch, with all options"),
        Check("scaling", 0.5, "whatever the options are", aspect="image side, with all options"),
        Check("scaling", 0.25, "whatever the options are", aspect="output channels, with all options"),
        Check("scaling", 0.5, "in proportion to the number of groups, whose channels stay as they are",
              aspect="number of groups", title="arithmetic: groups", **PROPORTIONAL),
        Check("scaling", 0.25, "to the number of pixels", aspect="number of pixels", title="arithmetic: pixels",
              **PROPORTIONAL),
        Check("scaling", 0.5, "It does not grow with the stride", aspect="stride", title="arithmetic: stride",
              **INDEPENDENT),
        Check("scaling", 0.25, "nor with the dilation", aspect="dilation", title="arithmetic: dilation",
              **INDEPENDENT),
        Check("scaling", 0.5, "the memory that is held at once grows in proportion to the number of channels",
              aspect="number of channels", title="memory: channels", count="held", growth=1.5, times=32),
    ),
    hints=(
        "Begin with stride 1, no padding, no groups. Fix one kernel element (a, b): which pixels of x does it meet as "
        "the window slides over the whole image?",
        "They are one slice of x. A step in the slice is the stride; the kernel element, times the dilation, says "
        "where the slice starts. Padding comes before all this, and the bias after it.",
        "Loop over kernel elements. For each, contract the slice, seen as (N, groups, C_in / groups, H_out, W_out), "
        "with the weight at this element, seen as (groups, C_out / groups, C_in / groups), over the input channels "
        "(`torch.einsum` or a matrix product), and add up the results.",
    ),
)  # fmt: skip


def _layer_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        x: tuple[int, ...],
        w: tuple[int, ...],
        *,
        ask: str = "",
        frozen: bool = False,
        biased: bool = False,
        **init: Any,
    ) -> Case:
        learned = x[0] > 0
        weights = {"weight": draw.floats(w, requires_grad=learned and not frozen)}
        if biased:
            weights["bias"] = draw.floats(w[:1], requires_grad=learned)
        elif init.get("bias", True):
            weights["bias"] = tensor([0.0] * w[0])
        init = {"in_channels": x[1], "out_channels": w[0], **init}
        args = (draw.floats(x, requires_grad=learned),)
        return Case(
            name, aspect, args, init=init, weights=weights, options={ask: True} if ask else {}, training=bool(ask)
        )

    yield case("one channel", "basic", (1, 1, 3, 4), (1, 1, 2, 2), kernel_size=2)
    yield case("channels", "basic", (2, 3, 5, 4), (4, 3, 3, 3), kernel_size=3)
    yield case("frozen weight", "basic", (2, 2, 4, 4), (3, 2, 2, 2), kernel_size=2, frozen=True)
    yield case("after other numbers in the same tensors", "basic", (2, 2, 4, 4), (3, 2, 3, 3), ask="again",
               kernel_size=3)  # fmt: skip
    yield case("in training mode", "bias", (2, 2, 4, 3), (3, 2, 2, 2), ask="training", kernel_size=2, biased=True)
    yield case("after a smaller batch", "empty", (4, 2, 3, 4), (3, 2, 2, 2), ask="after one", kernel_size=2)
    yield case("kernel (3, 2)", "kernel size", (2, 2, 5, 4), (3, 2, 3, 2), kernel_size=(3, 2))
    yield case("kernel (1, 3)", "kernel size", (1, 1, 3, 4), (2, 1, 1, 3), kernel_size=(1, 3))
    yield case("bias of one channel", "bias", (1, 1, 3, 4), (1, 1, 2, 2), kernel_size=2, biased=True)
    yield case("bias of three channels", "bias", (2, 2, 4, 5), (3, 2, 3, 3), kernel_size=3, biased=True)
    yield case("registered parameters", "state", (1, 2, 3, 3), (3, 2, 2, 2), ask="state", kernel_size=2)
    yield case("without a bias", "no bias", (2, 2, 4, 5), (3, 2, 2, 2), ask="no bias", kernel_size=2, bias=False)
    yield case("a state dict without a bias", "state", (1, 1, 3, 4), (2, 1, 2, 2), ask="state",
               kernel_size=2, bias=False)  # fmt: skip
    yield case("stride (2, 3)", "stride", (2, 2, 6, 8), (3, 2, 2, 2), kernel_size=2, stride=(2, 3))
    yield case("padding 2", "padding", (2, 2, 4, 5), (3, 2, 3, 3), kernel_size=3, padding=2)
    yield case("padding (2, 1)", "padding", (1, 2, 3, 5), (2, 2, 2, 2), kernel_size=2, padding=(2, 1))
    yield case("dilation (3, 2)", "dilation", (2, 2, 6, 7), (3, 2, 2, 2), kernel_size=2, dilation=(3, 2))
    yield case("three groups", "groups", (2, 6, 4, 5), (3, 2, 3, 3), kernel_size=3, groups=3)
    yield case("depthwise", "groups", (1, 2, 4, 4), (4, 1, 2, 2), kernel_size=2, groups=2)
    yield case("empty batch", "empty", (0, 2, 4, 4), (3, 2, 3, 3), kernel_size=3)
    by_hand = case("whose convolution", "by hand", (2, 2, 4, 4), (3, 2, 3, 3), ask="watch", kernel_size=3)
    by_hand.options["laws"] = True
    yield replace(by_hand, runs=("plain",))
    made = {"kernel_size": (3, 4), "in_channels": 4, "out_channels": 10}
    for name, init in (("new layer", made), ("new layer with groups", {**made, "groups": 2})):
        yield Case(name, "initialisation", init=init, runs=("plain",), options={"laws": True, "initial": True})
    for name, channels in (("input channels do not split", (3, 4)), ("output channels do not split", (4, 3))):
        init = {"in_channels": channels[0], "out_channels": channels[1], "kernel_size": 3, "groups": 2}
        yield Case(name, "errors", init=init, runs=("plain",), options={"construct": True})


Conv2d = Exercise(
    homework="hw3",
    name="Conv2d",
    uses=("conv2d",),
    file="conv.py",
    points=10,
    arguments=("x",),
    kind="module",
    probe=probe_layer,
    differentiable=True,
    operations=Operations(),
    laws=(initial_weights, own_convolution),
    cases=_layer_cases,
    checks=(
        Check(
            "value",
            1.5,
            "The convolution of x, shape (N, C_in, H, W), with the layer's weight and bias",
            aspect="basic",
        ),
        Check("value", 0.5, "an int for a square kernel, or a tuple (K_h, K_w)", aspect="kernel size"),
        Check("value", 0.75, "with the layer's weight and bias", aspect="bias"),
        Check("value", 0.5, "Without a bias, the attribute `bias` is None", aspect="no bias"),
        Check("value", 0.5, "`stride`, `padding` and `dilation` mean what they mean in `conv2d`", aspect="stride"),
        Check("value", 0.5, "`stride`, `padding` and `dilation` mean what they mean in `conv2d`", aspect="padding"),
        Check("value", 0.5, "`stride`, `padding` and `dilation` mean what they mean in `conv2d`", aspect="dilation"),
        Check("value", 0.75, "and so does `groups`", aspect="groups"),
        Check("value", 0.25, "The layer may be called on a batch of any size", aspect="empty"),
        Check("state", 0.5, "registered under these names"),
        Check(
            "randomness",
            0.75,
            "the weight starts with random numbers from torch's global generator",
            aspect="initialisation",
            title="initialisation",
        ),
        Check("errors", 0.5, "when in_channels or out_channels is not divisible by groups"),
        Check("gradient", 0.5, "Gradients flow to x, `weight` and `bias`"),
        Check("purity", 0.25, "x is not changed"),
        Check("device", 0.25, "After `.to(device)` the layer works on that device"),
        Check("copies", 0.25, "nothing is copied to the host"),
        Check("value", 1, "none of torch's own convolutions", aspect="by hand", title="your own convolution"),
        Check("operations", 0.25, "no `.item()`, `.tolist()` or `.numpy()`", title="values stay in tensors"),
    ),
    hints=(
        "The class computes nothing new. What does `conv2d` need at every call, and what of it has to be remembered "
        "from the constructor?",
        "An `nn.Parameter` assigned to an attribute is registered under the attribute's name. The shape of the weight "
        "stands in the docstring; a kernel_size that is one number stands for two.",
        "The constructor checks that the channels split into groups, stores the options, and makes both parameters "
        "(`torch.rand`, `torch.randn` or `nn.init` draw from the global generator). `forward` passes all of them on "
        "to `conv2d`, by name, so that none is mistaken for another.",
    ),
)

EXERCISES = (corr2d, conv2d, Conv2d)
