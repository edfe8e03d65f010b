"""The instruments of a checkpointed forward pass: layers that tell how often, where and on what they were computed, and
what of it is still held.

Imported by the probe, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import gc
import weakref
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from autograder.worker.values import cotangent

SLACK = 2  # segments whose activations may be there at one time on the way back
WITHIN = 2  # activations that a layer holds


class Log:
    """What the layers saw. `backward` says that the way back has begun."""

    def __init__(self, device: str, layers: int, segment_size: int) -> None:
        self.device = device
        self.times = [0] * layers
        self.precisions: set[str] = set()
        self.dropped: list[list[torch.Tensor]] = [[] for _ in range(layers)]
        self.backward = False
        self.most = 0
        self._last = {min(start + segment_size, layers) - 1 for start in range(0, layers, segment_size)}
        self._held: dict[int, weakref.ref[Any]] = {}

    def enter(self, index: int) -> None:
        self.times[index] += 1
        dtype = "off"
        if torch.is_autocast_enabled(self.device):
            dtype = str(torch.get_autocast_dtype(self.device)).removeprefix("torch.")
        self.precisions.add(dtype)

    def hold(self, index: int, tensor: torch.Tensor, *, output: bool = False) -> None:
        """Follows the memory of an activation, but for what a segment hands on to the next."""
        if output and index in self._last:
            return
        storage = tensor.untyped_storage()
        key = storage._cdata

        def freed(_: weakref.ref[Any], key: int = key) -> None:
            self._held.pop(key, None)

        self._held[key] = weakref.ref(storage, freed)
        if self.backward:
            self.most = max(self.most, len(self._held))

    def held(self) -> int:
        if self._held:
            gc.collect()
        return len(self._held)


class Layer(nn.Module):
    """A linear layer with tanh and a gain. In the middle it drops each number with probability `drop`."""

    def __init__(self, index: int, weights: dict[str, torch.Tensor], frozen: list[int], drop: float, log: Log) -> None:
        super().__init__()
        trained = index not in frozen
        self.weight = nn.Parameter(weights[f"{index}.weight"].detach().clone(), requires_grad=trained)
        self.gain = nn.Parameter(weights[f"{index}.gain"].detach().clone(), requires_grad=trained)
        self._index, self._drop, self._log = index, drop, log

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        self._log.enter(self._index)
        hidden = torch.tanh(F.linear(X, self.weight))
        if self._drop:
            kept = torch.rand(hidden.shape, device=hidden.device) >= self._drop
            self._log.dropped[self._index].append(kept.detach().cpu())
            hidden = hidden * kept
        self._log.hold(self._index, hidden)
        output = hidden * self.gain
        self._log.hold(self._index, output, output=True)
        return output


def run(checkpoint_forward: Any, call: Any) -> dict[str, Any]:
    """A forward pass and, unless the case says otherwise, a backward pass; what the case asks to be reported of it."""
    options = call.options
    X, segment_size = call.args
    count = len(call.weights) // 2
    log = Log(call.device, count, segment_size)
    layers = [Layer(index, call.weights, options["frozen"], options["drop"], log) for index in range(count)]
    if call.device == "cuda":
        layers = [layer.to(torch.device("cuda")) for layer in layers]
    X.requires_grad_(options["of X"])
    torch.manual_seed(options["seed"])
    with (
        torch.set_grad_enabled(options["recorded"]),
        torch.autocast(call.device, dtype=torch.bfloat16, enabled=options["autocast"]),
    ):
        Y = checkpoint_forward(list(layers), X, segment_size)
    facts: dict[str, Any] = {
        "output": Y.detach() if isinstance(Y, torch.Tensor) else Y,
        "times computed on the way forward": list(log.times),
        "flag “activations inside segments are kept”": log.held() > 0,
    }
    if options["recorded"] and isinstance(Y, torch.Tensor) and Y.requires_grad:
        log.backward = True
        (Y.float() * cotangent(Y.detach().cpu(), 0).to(Y.device).float()).sum().backward()
    facts |= {
        "times computed": log.times,
        "flag “no layer is computed again”": max(log.times) < 2,
        "flag “activations of several segments are there at once”": log.most > SLACK * WITHIN * segment_size,
        "gradient of X": X.grad,
        "gradients": {name: p.grad for i, layer in enumerate(layers) for name, p in _named(i, layer)},
        "precisions": sorted(log.precisions),
        "flag “other numbers are dropped the second time”": any(_differ(dropped) for dropped in log.dropped),
        "the next random number": float(torch.rand((), dtype=torch.float64)),
        "flag “requires_grad changed”": X.requires_grad != options["of X"]
        or any(
            p.requires_grad == (i in options["frozen"]) for i, layer in enumerate(layers) for p in layer.parameters()
        ),
    }
    return {name: facts[name] for name in options["report"]}


def _named(index: int, layer: Layer) -> list[tuple[str, nn.Parameter]]:
    return [(f"{index}.{name}", parameter) for name, parameter in layer.named_parameters()]


def _differ(dropped: list[torch.Tensor]) -> bool:
    return any(not torch.equal(dropped[0], again) for again in dropped[1:])
