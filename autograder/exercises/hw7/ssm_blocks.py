"""SSMBlock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Tensor, Tolerance
from autograder.exercises.fitting import fit, loaded


def build(student: Any, call: Any) -> Any:
    """Builds the block and calls it. Options: `start` reports how the parameters with a fixed start begin, `state` what
    is registered."""
    from autograder.worker import probes

    block = student.SSMBlock(**call.init)
    if call.options.get("start"):
        return {name: getattr(block, name).detach().clone() for name in ("A_log", "D")}
    if call.options.get("state"):
        fit(call, block)
        return probes.call_module("SSMBlock", student, call)
    return probes.called(loaded(call, block), call)


def _block_cases(draw: Draw) -> Iterable[Case]:
    def zeros(weight: Tensor) -> Tensor:
        return tensor(weight.data * 0, "float32", requires_grad=True)

    def case(
        name: str, aspect: str, batch: int, length: int, sizes: tuple[int, int, int, int, int],
        biased: bool = False, **rest: Any,
    ) -> Case:  # fmt: skip
        d, inner, state, kernel, rank = sizes

        def floats(*shape: int, scale: float = 1.0) -> Tensor:
            return draw.floats(shape, scale, requires_grad=True)

        weights = {
            "in_proj.weight": floats(2 * inner, d),
            "conv.weight": floats(inner, 1, kernel),
            "conv.bias": floats(inner),
            "x_proj.weight": floats(rank + 2 * state, inner),
            "dt_proj.weight": floats(inner, rank, scale=rest.pop("steep", 1.0)),
            "dt_proj.bias": floats(inner),
            "A_log": replace(floats(inner, state), requires_grad=length > 1),
            "D": floats(inner),
            "out_proj.weight": floats(d, inner),
        }
        if not biased:
            weights |= {name: zeros(weights[name]) for name in ("conv.bias", "dt_proj.bias")}
        init = {"num_hiddens": d, "inner_size": inner, "state_size": state, "kernel_size": kernel, "dt_rank": rank}
        X = draw.floats((batch, length, d), layout=rest.pop("layout", "contiguous"), requires_grad=True)
        return Case(name, aspect, (X,), init=init, weights=weights, **rest)

    yield case("one step, everything of size one", "basic", 1, 1, (1, 1, 1, 1, 1))
    yield case("one step", "basic", 3, 1, (3, 2, 4, 1, 2))
    yield case("one step, after other numbers in the same tensors", "basic", 2, 1, (2, 3, 2, 1, 1),
               options={"again": True})  # fmt: skip
    yield case("three steps without a convolution", "scan", 1, 3, (2, 3, 2, 1, 1))
    yield case("five steps without a convolution", "scan", 2, 5, (3, 4, 3, 1, 2))
    yield case("six steps, some of which forget everything", "scan", 2, 6, (3, 4, 3, 1, 2), steep=24.0)
    yield case("one step, a kernel of three", "convolution", 1, 1, (2, 2, 1, 3, 1))
    yield case("four steps, a kernel of two", "convolution", 1, 4, (2, 3, 2, 2, 1))
    yield case("six steps, a kernel of four", "convolution", 2, 6, (3, 4, 2, 4, 2))
    yield case("as many of everything", "convolution", 3, 3, (3, 3, 3, 3, 3))
    yield case("biases", "biases", 2, 4, (2, 3, 2, 2, 2), biased=True)
    yield case("empty batch", "empty", 0, 3, (2, 3, 2, 2, 1), runs=("plain",))
    yield case("transposed", "layout", 2, 3, (4, 3, 2, 2, 1), layout="transposed", runs=("plain",))
    yield case("a new block", "start", 1, 1, (2, 3, 4, 2, 1), options={"start": True}, runs=("plain",))
    yield case("registered parameters", "registered", 2, 3, (2, 3, 4, 2, 1), options={"state": True}, runs=("plain",))


SSMBlock = Exercise(
    homework="hw7",
    name="SSMBlock",
    file="ssm.py",
    points=2,
    uses=("selective_scan",),
    arguments=("X",),
    kind="module",
    probe=build,
    differentiable=True,
    tolerance=Tolerance(rtol=4e-6),
    cases=_block_cases,
    checks=(
        Check("value", 0.5, "Its answer is multiplied with SiLU(z), and goes through `out_proj`", aspect="basic"),
        Check("value", 0.375, "`selective_scan` runs with D over what step 2 gave", aspect="scan"),
        Check("value", 0.375, "the last weight of a channel's kernel belongs to step t", aspect="convolution"),
        Check("value", 0.125, "R → I, with a bias", aspect="biases"),
        Check("value", 0.125, "starts as the logarithms of 1, 2, …, N, and `D` starts as ones", aspect="start",
              title="values: how it starts"),
        Check("value", 0.0625, "An empty batch gives an empty answer", aspect="empty"),
        Check("layout", 0.0625, "Reads a batch of sequences", aspect="layout"),
        Check("state", 0.125, "there are no other parameters and no buffers"),
        Check("gradient", 0.125, "Gradients flow to X and to all parameters"),
        Check("purity", 0.0625, "X is not changed"),
        Check("device", 0.0625, "Works on whatever device X and the parameters are on"),
    ),
    hints=(
        "Follow the shapes: which axis does `nn.Conv1d` take for the channels, and which for the steps?",
        "For step t the convolution may see K - 1 steps before it. How many zeros have to stand before the first step, "
        "and how many behind the last one?",
        "Pad on the left only, or on both sides and cut off what is too long at the end. `split` with three sizes "
        "takes r, B and C apart, and of these r has a way of its own to become delta.",
    ),
)  # fmt: skip
