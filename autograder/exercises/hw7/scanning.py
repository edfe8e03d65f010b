"""selective_scan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Layout, Tensor, Tolerance

NAMES = ("x", "delta", "A", "B", "C", "D")
VECTORISED = 0.1


def scan(student: Any, call: Any) -> Any:
    from autograder.worker import probes

    return probes.call_function("selective_scan", student, call)


def scan_inputs(
    draw: Draw, batch: int, length: int, channels: int, state: int, *, dtype: str = "float32", decay: float = 1.0,
    skip: bool = True, keep: bool = False,
) -> list[Tensor]:  # fmt: skip
    """Six arguments. Step sizes lie between 1/4 and 1, and -A between 1/2 and 2 times `decay`; without `skip` D is
    zero, and with `keep` A is so near to zero that nothing is forgotten."""

    def floats(*shape: int) -> Tensor:
        return draw.floats(shape, 1.0, dtype=dtype, requires_grad=True)

    def between(low: float, high: float, *shape: int) -> Tensor:
        drawn = floats(*shape)
        return replace(drawn, data=(low + (high - low) * abs(drawn.data)).astype(dtype))

    rates = between(0.5 * decay, 2.0 * decay, channels, state)
    A = replace(rates, data=-rates.data * (1e-9 if keep else 1), requires_grad=length > 1)
    D = floats(channels)
    return [floats(batch, length, channels), between(0.25, 1.0, batch, length, channels), A,
            floats(batch, length, state), floats(batch, length, state),
            D if skip else replace(D, data=D.data * 0)]  # fmt: skip


def _scan_cases(draw: Draw) -> Iterable[Case]:
    make = partial(scan_inputs, draw)

    def case(name: str, aspect: str, args: list[Tensor], **rest: Any) -> Case:
        return Case(name, aspect, tuple(args), **rest)

    yield case("one step, one channel, one number of state", "basic", make(1, 1, 1, 1, skip=False))
    yield case("one step", "basic", make(3, 1, 2, 4, skip=False))
    yield case("as many of everything, one step", "basic", make(3, 1, 3, 3, skip=False))
    yield case("one step, after other numbers in the same tensors", "basic", make(2, 1, 3, 2, skip=False),
               options={"again": True})  # fmt: skip
    yield case("two steps, nothing is forgotten", "state", make(1, 2, 1, 1, skip=False, keep=True))
    yield case("four steps, nothing is forgotten", "state", make(2, 4, 3, 2, skip=False, keep=True))
    yield case("two steps", "decay", make(1, 2, 1, 1, skip=False))
    yield case("four steps", "decay", make(2, 4, 3, 2, skip=False))
    yield case("as many of everything", "decay", make(3, 3, 3, 3, skip=False))
    yield case("seven steps", "decay", make(1, 7, 2, 5, skip=False))
    yield case("forty steps, little is forgotten", "decay", make(1, 40, 2, 1, skip=False, decay=0.02))
    yield case("one step with the skip", "skip", make(1, 1, 2, 1))
    yield case("five steps with the skip", "skip", make(2, 5, 4, 3))
    yield case("factors that underflow to 0", "strong decay", make(1, 6, 2, 3, decay=400.0))
    yield case("forty steps that forget fast", "strong decay", make(1, 40, 2, 2, decay=30.0))
    some = make(2, 8, 2, 3)
    some[2] = replace(some[2], data=some[2].data * tensor([[1.0, 300.0, 1.0], [1e-6, 1.0, 300.0]]).data)
    yield case("some numbers forget at once, others never", "strong decay", some)
    yield case("empty batch", "empty", make(0, 3, 2, 2), runs=("plain",))
    yield case("no step", "empty", make(2, 0, 3, 2), runs=("plain",))
    yield case("float64", "float64", make(2, 3, 2, 2, dtype="float64"), runs=("plain",))
    ways: tuple[Layout, ...] = ("transposed", "strided") * 3
    layouts = [replace(argument, layout=way) for argument, way in zip(make(2, 3, 4, 3), ways, strict=True)]
    yield case("transposed and strided", "layout", layouts, runs=("plain",))
    for size in (2, 24):
        yield case(f"{size} of each", "many", make(size, 4, size, size), runs=("counted",),
                   grows="batch, channels and N", size=size)  # fmt: skip


selective_scan = Exercise(
    homework="hw7",
    name="selective_scan",
    file="ssm.py",
    points=3,
    arguments=NAMES,
    differentiable=True,
    tolerance=Tolerance(rtol=4e-6),
    cases=_scan_cases,
    max_growth=VECTORISED,
    checks=(
        Check("value", 0.5, "delta[b, t, c] * B[b, t, n] * x[b, t, c]", aspect="basic"),
        Check("value", 0.25, "with h = 0 before the first step", aspect="state", title="values: the state"),
        Check("value", 0.5, "exp(delta[b, t, c] * A[c, n]) * h[b, t - 1, c, n]", aspect="decay"),
        Check("value", 0.25, "plus D[c] * x[b, t, c]", aspect="skip"),
        Check("value", 0.25, "there is neither an overflow nor a NaN", aspect="strong decay"),
        Check("value", 0.125, "An empty batch or a length of 0 gives an empty answer", aspect="empty"),
        Check("value", 0.125, "a new tensor of the shape and dtype of `x`", aspect="float64"),
        Check("layout", 0.0625, "the input, floating point, shape (batch, length, channels)", aspect="layout"),
        Check("gradient", 0.375, "Gradients flow to all six"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.125, "Works on whatever device the arguments are on"),
        Check("copies", 0.0625, "nothing is copied to the host"),
        Check("scaling", 0.25, "grows neither with the batch, nor with the channels, nor with N",
              aspect="batch, channels and N"),
    ),
    hints=(
        "Write down the shape of a state for the whole batch at one step. Which axes does each of the six arguments "
        "lack?",
        "Make two tensors of shape (batch, length, channels, N) before the loop: what the state is multiplied by, "
        "and what is added to it. The loop then has two short lines.",
        "Indexing with None puts an axis of size one where an argument lacks one: `delta` and `x` lack the last axis, "
        "B and C the third. Start with zeros, collect the answers of the steps in a list, stack them along axis 1.",
    ),
)  # fmt: skip
