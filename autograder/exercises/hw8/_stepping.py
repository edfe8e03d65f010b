"""The instruments of single steps: those of a training run, for model and batch that are on their device already.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import torch

from autograder.exercises.hw8._training import SGD, Log, Loss, Net, Scaler, trainable


class Seen(Net):
    """Notes which inputs it is given, and its mode."""

    def __init__(self, weights: dict[str, torch.Tensor], options: dict[str, Any], log: Log) -> None:
        super().__init__(weights, {"gain": 1.0, "norm": False, "device": "", **options}, log)
        self.parts: list[torch.Tensor] = []
        self.modes: list[bool] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.parts.append(inputs.detach().clone())
        self.modes.append(self.training)
        return super().forward(inputs)


class Stepping(SGD):
    """Notes whether it steps in mixed precision."""

    def __init__(self, parameters: list[torch.nn.Parameter], lr: float, momentum: float, log: Log) -> None:
        super().__init__(parameters, lr, momentum)
        self._log = log

    def step(self, closure: Any = None) -> None:
        self._log.note_work("step")
        super().step(closure)


class Bench:
    """Model, loss and optimizer of a case, on its device."""

    def __init__(self, call: Any) -> None:
        options = self.options = call.options
        self.log = Log(call.device)
        weights = {name: tensor.detach().cpu() for name, tensor in call.weights.items()}
        self.model = Seen(weights, options, self.log).train(options["training"])
        self.model.to(torch.device(call.device))
        self.loss_fn = Loss(self.log)
        self.optimizer = Stepping(list(self.model.parameters()), options["lr"], options["momentum"], self.log)
        if options["stale"]:
            for parameter in self.model.parameters():
                parameter.grad = torch.ones_like(parameter)
        if "scaled passes" in options["report"]:
            self.log.scaled = []
        self.batches = list(zip(call.args[::2], call.args[1::2], strict=True))
        self.losses: list[Any] = []
        self._trainable = trainable(self.model)

    def report(self) -> dict[str, Any]:
        return {name: self._report(name) for name in self.options["report"]}

    def _report(self, name: str) -> Any:
        model, log, optimizer = self.model, self.log, self.optimizer
        if name == "weights":
            return {key: parameter.detach().clone() for key, parameter in model.named_parameters()}
        if name == "weights, roughly":  # as near as half precision lets them be
            return {key: parameter.detach().to(torch.bfloat16) for key, parameter in model.named_parameters()}
        if name == "gradients":
            return {key: _gradient(parameter) for key, parameter in model.named_parameters()}
        if name == "losses":
            return [_number(loss) for loss in self.losses]
        if name == "flag “the answer does not depend on the batch”":
            return not _differ([_number(loss) for loss in self.losses])
        if name == "form of the answer":
            return [_form(loss, log.device) for loss in self.losses]
        if name == "flag “a graph is kept alive”":
            gc.collect()
            return log.living() > 0
        if name == "graphs of earlier batches are alive":
            return log.old_graphs
        if name == "autocast":
            return [[where, dtype] for _, where, dtype in log.autocast]
        if name == "in mixed precision as well":
            return sorted(log.mixed_elsewhere)
        if name == "scaled passes":
            return log.scaled
        if name == "steps":
            return optimizer.steps
        if name == "calls":
            return {"model": log.counts["calls of model"], "loss_fn": log.counts["calls of loss_fn"]}
        if name == "inputs of each call":
            return model.parts
        if name == "flag “the inputs were converted”":
            return any(part.dtype != torch.float32 for part in model.parts)
        if name == "flag “the mode of the model was changed”":
            return any(mode is not self.options["training"] for mode in [*model.modes, model.training])
        if name == "flag “gradients have a graph”":
            grown = any(p.grad is not None and p.grad.requires_grad for p in model.parameters())
            return optimizer.gradients_have_a_graph or grown
        assert name == "flag “requires_grad changed”"
        return self._trainable != trainable(model)


def _gradient(parameter: torch.nn.Parameter) -> torch.Tensor:
    """No gradient is a gradient of zeros."""
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.detach().clone()


def _number(value: Any) -> Any:
    """The number that was returned, whatever holds it; its form is the question of other cases."""
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return value.detach().float().reshape(())
    return torch.tensor(value, dtype=torch.float32) if type(value) in (int, float) else value


def _differ(losses: list[Any]) -> bool:
    """Whether there is a number for every batch, and no two of them are equal."""
    numbers = {float(loss) for loss in losses if isinstance(loss, torch.Tensor) and loss.numel() == 1}
    return len(numbers) == len(losses)


def _form(value: Any, device: str) -> Any:
    if not isinstance(value, torch.Tensor):
        return type(value).__name__
    size = f"({', '.join(map(str, value.shape))})"
    graph = ", with a graph" if value.requires_grad else ""
    return f"a tensor of shape {size}{'' if value.device.type == device else ' on another device'}{graph}"


def step_amp(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """One step for each batch of a case; what the case asks to be reported of them."""
    bench = Bench(call)
    scaler = Scaler(call.options["overflows"])
    settings: dict[str, Any] = {"autocast_dtype": getattr(torch, call.kwargs["autocast_dtype"])}
    if call.kwargs["max_norm"] is not None:
        settings["max_norm"] = call.kwargs["max_norm"]
    for inputs, labels in bench.batches:
        loss = function(bench.model, inputs, labels, bench.optimizer, bench.loss_fn, scaler, **settings)
        bench.losses.append(loss)
    return bench.report() | ({"scale": scaler.get_scale()} if call.options["overflows"] else {})


def accumulate(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """The gradients of the batches of a case, one after the other; what the case asks to be reported of the last."""
    bench = Bench(call)
    size = call.kwargs["micro_batch_size"]
    if call.options["refused"]:
        return {"the size is refused": _refused(function, bench, size), "calls": bench._report("calls")}
    for inputs, labels in bench.batches:
        loss = function(bench.model, inputs, labels, bench.optimizer, bench.loss_fn, size)
        bench.losses.append(loss)
    return bench.report()


def _refused(function: Callable[..., Any], bench: Bench, size: int) -> bool:
    inputs, labels = bench.batches[0]
    try:
        function(bench.model, inputs, labels, bench.optimizer, bench.loss_fn, size)
    except ValueError:
        return True
    return False
