"""The instruments of a training run: model, batches, loss, optimizer and gradient scaler that tell what they saw.

They do what torch's do, on tensors of a case, so that a run is judged by its effects: weights, losses, modes. Imported
by the probe, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

LIVE_GRAPHS = 2
LARGEST_SHARE = 8.0


class ModelNotMoved(RuntimeError):
    """The weights are on the CPU and the batch is not."""


class InputsNotMoved(RuntimeError):
    """The inputs are on the CPU and the weights are not."""


class LabelsNotMoved(RuntimeError):
    """The labels are on the CPU and the outputs are not."""


class OtherDevice(RuntimeError):
    """The CPU was given as the device, and the work is done elsewhere."""


class Log:
    """What the instruments saw. `phase` is that of the loader which gave the last batch."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.phase = "train"
        self.forwards: list[tuple[str, bool, bool]] = []
        self.autocast: list[list[str]] = []
        self.graphs: list[weakref.ref[Token]] = []
        self.outputs: list[weakref.ref[Token]] = []
        self.old_graphs = False
        self.scaled: list[bool] | None = None
        self.mixed_elsewhere: set[str] = set()
        self.counts = dict.fromkeys(("passes, train", "passes, validation", "calls of model", "calls of loss_fn"), 0)

    def note_autocast(self, where: str) -> None:
        dtype = "off"
        if torch.is_autocast_enabled(self.device):
            dtype = str(torch.get_autocast_dtype(self.device)).removeprefix("torch.")
        self.autocast.append([self.phase, where, dtype])

    def note_work(self, where: str) -> None:
        """Work that is not to be done in mixed precision."""
        if torch.is_autocast_enabled(self.device):
            self.mixed_elsewhere.add(where)

    def note_graphs(self) -> None:
        if not self.old_graphs and self.living() > LIVE_GRAPHS:
            gc.collect()
            self.old_graphs = self.living() > LIVE_GRAPHS

    def living(self) -> int:
        """How many graphs are alive, as their losses or their outputs tell."""
        return max(sum(token() is not None for token in tokens) for tokens in (self.graphs, self.outputs))


class Token:
    """Lives as long as the graph that holds it."""


class Watched(torch.autograd.Function):
    """The identity, with a token in its node of the graph. Where the log asks, notes whether backward starts from a
    scaled loss: the derivative of a mean of losses is at most 1."""

    @staticmethod
    def forward(ctx: Any, loss: torch.Tensor, log: Log) -> torch.Tensor:
        ctx.token, ctx.log = Token(), log
        log.graphs.append(weakref.ref(ctx.token))
        return loss.clone()

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        ctx.log.note_work("backward")
        if ctx.log.scaled is not None:
            ctx.log.scaled.append(float(gradient) > LARGEST_SHARE)
        return gradient, None


class Held(torch.autograd.Function):
    """The identity, with a token in its node of the graph."""

    @staticmethod
    def forward(ctx: Any, outputs: torch.Tensor, log: Log) -> torch.Tensor:
        ctx.token = Token()
        log.outputs.append(weakref.ref(ctx.token))
        return outputs.view_as(outputs)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradient, None


class Batches:
    """What a data loader is to a training loop: it has a length, and each pass gives the same batches."""

    def __init__(self, inputs: torch.Tensor, labels: torch.Tensor, size: int, log: Log, phase: str) -> None:
        self._inputs, self._labels, self._size = inputs, labels, size
        self._log, self._phase = log, phase

    def __len__(self) -> int:
        return math.ceil(len(self._labels) / self._size)

    def __iter__(self) -> Iterator[list[torch.Tensor]]:
        self._log.counts[f"passes, {self._phase}"] += 1
        for start in range(0, len(self._labels), self._size):
            self._log.phase = self._phase
            yield [self._inputs[start : start + self._size], self._labels[start : start + self._size]]


class Dense(nn.Module):
    """A linear layer with given weights; those named in `frozen` are not trained."""

    def __init__(self, name: str, weights: dict[str, torch.Tensor], frozen: list[str]) -> None:
        super().__init__()
        weight, bias = f"{name}.weight", f"{name}.bias"
        self.weight = nn.Parameter(weights[weight].detach().clone(), requires_grad=weight not in frozen)
        self.bias = nn.Parameter(weights[bias].detach().clone(), requires_grad=bias not in frozen)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return F.linear(inputs, self.weight, self.bias)


class Gain(nn.Module):
    """Stands for dropout: what passes is multiplied by the factor in training mode. Notes its mode."""

    def __init__(self, factor: float, log: Log) -> None:
        super().__init__()
        self._factor, self._log = factor, log

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self._log.forwards.append((self._log.phase, self.training, torch.is_grad_enabled()))
        return inputs * self._factor if self.training else inputs


class Net(nn.Module):
    """A classifier with one or two layers, and layers whose mode matters where the case asks for them."""

    def __init__(self, weights: dict[str, torch.Tensor], options: dict[str, Any], log: Log) -> None:
        super().__init__()
        frozen = options["frozen"]
        self.hidden = Dense("hidden", weights, frozen) if "hidden.weight" in weights else None
        self.spare = nn.Parameter(weights["spare"].detach().clone()) if "spare" in weights else None
        self.norm = nn.BatchNorm1d(weights["output.weight"].shape[1]) if options["norm"] else None
        self.gain = Gain(options["gain"], log)
        self.output = Dense("output", weights, frozen)
        self._log = log
        self._cpu_wanted = options["device"] == "cpu"

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        here, there = self.output.weight.device.type, inputs.device.type
        if self._cpu_wanted and not here == there == "cpu":
            raise OtherDevice(f"the CPU was asked for, and the weights are on {here}, the inputs on {there}")
        if here == "cpu" != there:
            raise ModelNotMoved(f"the inputs are on {there}, the weights of the model are still on the CPU")
        if there == "cpu" != here:
            raise InputsNotMoved(f"the model is on {here}, the inputs of the batch are still on the CPU")
        self._log.note_autocast("model")
        self._log.counts["calls of model"] += 1
        values = inputs if self.hidden is None else torch.tanh(self.hidden(inputs))
        values = values if self.norm is None else self.norm(values)
        return Held.apply(self.output(self.gain(values)), self._log)


class Loss:
    """The mean cross entropy of a batch. Notes how many graphs of earlier batches are alive."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def __call__(self, outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        if labels.device.type == "cpu" != outputs.device.type:
            raise LabelsNotMoved(f"the outputs are on {outputs.device.type}, the labels are still on the CPU")
        self._log.note_graphs()
        self._log.note_autocast("loss")
        loss = F.cross_entropy(outputs, labels)
        self._log.counts["calls of loss_fn"] += 1
        return Watched.apply(loss, self._log)


class SGD:
    """Stochastic gradient descent with momentum, as torch.optim.SGD does it; it does not import the compiler."""

    def __init__(self, parameters: list[nn.Parameter], lr: float, momentum: float) -> None:
        self.defaults = {"lr": lr, "momentum": momentum}
        self.param_groups: list[dict[str, Any]] = [{"params": parameters, **self.defaults}]
        self.state: dict[nn.Parameter, torch.Tensor] = {}
        self.steps = 0
        self.gradients_have_a_graph = False

    def zero_grad(self, set_to_none: bool = True) -> None:
        for parameter in self.param_groups[0]["params"]:
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else torch.zeros_like(parameter.grad)

    def step(self, closure: Any = None) -> None:
        self.steps += 1
        if closure is not None:
            closure()
        group = self.param_groups[0]
        with torch.no_grad():
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self.gradients_have_a_graph |= parameter.grad.requires_grad
                    speed = parameter.grad.detach().clone()
                    if parameter in self.state:
                        speed += group["momentum"] * self.state[parameter]
                    self.state[parameter] = speed
                    parameter -= group["lr"] * speed


class Scaler:
    """A gradient scaler that doubles its scale after a good step and halves it after an overflow, and refuses what
    torch.amp.GradScaler refuses. The gradients of the steps with the given numbers, counted from 1, overflow."""

    def __init__(self, overflows: list[int]) -> None:
        self._scale = 1024.0
        self._overflows = overflows
        self._step = 1
        self._unscaled = self._stepped = self._overflowed = False

    def scale(self, loss: torch.Tensor) -> torch.Tensor:
        return loss * (math.inf if self._step in self._overflows else self._scale)

    def unscale_(self, optimizer: Any) -> None:
        if self._unscaled:
            raise RuntimeError("unscale_() has already been called on this optimizer since the last update().")
        if self._stepped:
            raise RuntimeError("unscale_() is being called after step().")
        self._unscaled = True
        for parameter in optimizer.param_groups[0]["params"]:
            if parameter.grad is not None:
                with torch.no_grad():
                    parameter.grad.mul_(1 / self._scale)
                self._overflowed |= not bool(torch.isfinite(parameter.grad).all())

    def step(self, optimizer: Any) -> None:
        if self._stepped:
            raise RuntimeError("step() has already been called since the last update().")
        if not self._unscaled:
            self.unscale_(optimizer)
        self._stepped = True
        if not self._overflowed:
            optimizer.step()

    def update(self) -> None:
        if not self._unscaled:
            raise AssertionError("No inf checks were recorded prior to update.")
        self._scale *= 0.5 if self._overflowed else 2.0
        self._step += 1
        self._unscaled = self._stepped = self._overflowed = False

    def get_scale(self) -> float:
        return self._scale

    def is_enabled(self) -> bool:
        return True


def run(train: Any, call: Any) -> dict[str, Any]:
    """One training run of a case; what the case asks to be reported of it."""
    options = {**call.options, **call.kwargs}
    log = Log(call.device)
    data = [tensor.detach().cpu() for tensor in call.args]
    weights = {name: tensor.detach().cpu() for name, tensor in call.weights.items()}
    model = Net(weights, options, log)
    model.train(options["model_training"])
    if options["stale"]:
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
    if "scaled passes" in options["report"]:
        log.scaled = []
    optimizer = SGD(list(model.parameters()), options["lr"], options["momentum"])
    scaler = None if options["overflows"] is None else Scaler(options["overflows"])
    extra = {name: options[name] for name in ("accumulate", "max_norm") if options[name] is not None}
    if len(data) > 2:
        extra["val_loader"] = Batches(data[2], data[3], options["val_batch_size"], log, "validation")
    if scaler is not None:
        extra["scaler"] = scaler
    if options["autocast_dtype"]:
        extra["autocast_dtype"] = getattr(torch, options["autocast_dtype"])
    given = options["history"]
    if given is not None:
        extra["history"] = {key: list(values) for key, values in given.items()}
    device = torch.device(options["device"] or call.device)
    loader = Batches(data[0], data[1], options["batch_size"], log, "train")
    before, asked = settings(), trainable(model)
    history = train(model, loader, optimizer, Loss(log), options["num_epochs"], device, **extra)
    facts = {
        "flag “settings of torch changed”": before != settings(),
        "flag “requires_grad changed”": asked != trainable(model),
        "flag “gradients have a graph”": optimizer.gradients_have_a_graph,
        "flag “given history changed”": given is not None and extra["history"] != given,
    }
    return {
        name: facts[name] if name in facts else _report(name, model, optimizer, scaler, log, history)
        for name in options["report"]
    }


def settings() -> tuple[Any, ...]:
    """Torch's global settings, but for those that a gradient mode or a generator holds."""
    return (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        torch.get_float32_matmul_precision(),
        torch.backends.cudnn.benchmark,
        torch.backends.cudnn.deterministic,
        torch.backends.cudnn.enabled,
        torch.get_num_threads(),
        torch.is_anomaly_enabled(),
        torch.get_default_dtype(),
        torch.is_autocast_enabled("cpu"),
        torch.get_autocast_dtype("cpu"),
        torch.is_autocast_cache_enabled(),
    )


def trainable(model: Net) -> dict[str, bool]:
    return {name: parameter.requires_grad for name, parameter in model.named_parameters()}


def _report(name: str, model: Net, optimizer: SGD, scaler: Scaler | None, log: Log, history: Any) -> Any:
    if name == "weights":
        return {key: parameter.detach().clone() for key, parameter in model.named_parameters()}
    if name == "running mean":
        return (
            model.norm.running_mean.clone() if model.norm is not None and model.norm.running_mean is not None else None
        )
    if name == "device of the weights":
        return "the CPU" if {p.device.type for p in model.parameters()} == {"cpu"} else "an accelerator"
    if name == "scaled passes":
        return log.scaled
    if name == "passes and calls":
        return log.counts
    if name == "steps":
        return optimizer.steps
    if name == "scale":
        return scaler.get_scale() if scaler is not None else None
    if name == "autocast":
        return log.autocast
    if name == "graphs of earlier batches are alive":
        return log.old_graphs
    if name.startswith("modes in "):
        wanted = name.removeprefix("modes in ")
        return ["training" if mode else "evaluation" for phase, mode, _ in log.forwards if phase == wanted]
    if name == "gradients recorded in validation":
        return [recorded for phase, _, recorded in log.forwards if phase == "validation"]
    if name == "form of the history":
        return _form(history)
    return _numbers(history, name)


def _numbers(history: Any, key: str) -> Any:
    """The numbers of a history under a key, whatever holds them; None where there are none."""
    found = history.get(key) if isinstance(history, dict) else None
    if isinstance(found, (list, tuple)):
        return [_number(value) for value in found]
    return _number(found)


def _number(value: Any) -> float | None:
    if isinstance(value, (int, float)) or (isinstance(value, torch.Tensor) and value.numel() == 1):
        return float(value)
    return None


def _form(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _form(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list):
        return [_form(item) for item in value]
    return "float" if isinstance(value, float) else type(value).__name__
