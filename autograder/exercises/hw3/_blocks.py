"""How the blocks of blocks.py are tried, and the numbers that fill their layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Tensor
from autograder.exercises.fitting import fit, loaded

AVERAGES = ("running_mean", "running_var")
COUNTER = "num_batches_tracked"


def call_block(name: str, student: Any, call: Any) -> Any:
    """Makes the block, fills it with the case's weights and calls it. Options: `construct` stops after the first step,
    `state` reports what is registered, `averages` the running averages after the call too, `beside` whether a second
    block shares parameters with it; `after_one` first gives it a batch of one; with `double` it is a float64 block."""
    import torch

    from autograder.worker import probes

    make = student.find(name)
    block = make(**call.init)
    if call.options.get("construct"):
        return None
    if not isinstance(block, torch.nn.Module):
        return call.load(block)
    if call.options.get("state"):
        fit(call, block)
        return _without_counters(probes.call_module(name, student, call))
    if call.options.get("beside"):
        own = set(map(id, block.parameters()))
        return {"both blocks share weights": any(id(weight) in own for weight in make(**call.init).parameters())}
    block = loaded(call, block.double() if call.options.get("double") else block)
    if call.options.get("after_one"):
        block(call.args[0][:1].clone())
    answer = probes.called(block, call)
    if call.options.get("averages"):
        found = {name: value.detach().clone() for name, value in block.named_buffers() if name.endswith(AVERAGES)}
        return {"output": answer, "averages": found}
    return answer


def _without_counters(told: Any) -> Any:
    """A batch normalisation may count its batches, or not."""
    state = told["state"]
    for group in ("buffers", "saved"):
        names = [name for name in state[group] if not name.endswith(COUNTER)]
        state[group] = names if group == "saved" else {name: state[group][name] for name in names}
    return told


class Weights:
    """Collects numbers for layers, by their names. With `positive` all of them are, so that ReLU changes nothing; the
    biases of convolutions and linear layers are zero where they are not `biased`."""

    def __init__(self, draw: Draw, *, positive: bool, biased: bool, dtype: str = "float32") -> None:
        self._draw, self._positive, self._biased, self._dtype = draw, positive, biased, dtype
        self.all: dict[str, Tensor] = {}

    def numbers(self, *shape: int, scale: float = 1.0, learned: bool = True) -> Tensor:
        drawn = self._draw.floats(shape, scale, dtype=self._dtype, requires_grad=learned)
        return replace(drawn, data=abs(drawn.data)) if self._positive else drawn

    def _bias(self, size: int) -> Tensor:
        return self.numbers(size) if self._biased else tensor([0.0] * size, self._dtype)

    def conv(self, name: str, inputs: int, outputs: int, kernel: int | tuple[int, int], *, zero: bool = False) -> None:
        """With `zero` the layer makes nothing but zeros."""
        height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
        weight = self.numbers(outputs, inputs, height, width, scale=1.0 if height * width == 1 else 0.5)
        bias = self._bias(outputs)
        if zero:
            weight, bias = (replace(part, data=0 * part.data, requires_grad=False) for part in (weight, bias))
        self.all |= {f"{name}.weight": weight, f"{name}.bias": bias}

    def linear(self, name: str, inputs: int, outputs: int) -> None:
        self.all |= {f"{name}.weight": self.numbers(outputs, inputs), f"{name}.bias": self._bias(outputs)}

    def norm(self, name: str, channels: int) -> None:
        """A batch normalisation that has seen other batches before. Positive numbers stay so: the mean is negative."""
        gamma, beta = self.numbers(channels), self.numbers(channels)
        mean, var = (self._draw.floats((channels,), 1.0, dtype=self._dtype) for _ in range(2))
        if self._positive:
            mean = replace(mean, data=-abs(mean.data))
        var = replace(var, data=abs(var.data) + var.data.dtype.type(0.5))
        self.all |= {f"{name}.weight": gamma, f"{name}.bias": beta}
        self.all |= {f"{name}.running_mean": mean, f"{name}.running_var": var}

    def residual(self, prefix: str, inputs: int, outputs: int, project: bool) -> None:
        self.conv(f"{prefix}conv1", inputs, outputs, 3)
        self.norm(f"{prefix}bn1", outputs)
        self.conv(f"{prefix}conv2", outputs, outputs, 3)
        self.norm(f"{prefix}bn2", outputs)
        if project:
            self.conv(f"{prefix}conv3", inputs, outputs, 1)
