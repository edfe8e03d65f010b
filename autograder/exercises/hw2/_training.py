"""The instruments of an epoch: a net, a loss and batches that tell what they saw.

They build on those of the training loop in hw8. Imported by the probes, beside student code, and by nothing else: it
imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.exercises.hw8._training import SGD, Batches, Log, Loss, Net, settings, trainable

AT_FIRST = settings()
"""Torch's settings before any of the functions here is called: one that changes them does so for the cases after it."""


class Seen(Net):
    """Notes with which inputs it is called, and the mode of each of its parts."""

    def __init__(self, call: Any, log: Log) -> None:
        weights = {name: tensor.detach().cpu() for name, tensor in call.weights.items()}
        super().__init__(weights, {"device": "", **call.options}, log)
        self.inputs: list[torch.Tensor] = []
        self.modes: list[list[bool]] = []
        self.recorded: list[bool] = []
        self.hooked = 0
        self.register_forward_pre_hook(self._noted)
        if call.options["nested"]:
            self.block = torch.nn.Sequential(torch.nn.Sequential(torch.nn.Tanh()))

    def _noted(self, net: Any, given: Any) -> None:
        self.hooked += 1

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.inputs.append(inputs.detach().clone())
        self.modes.append(sorted({part.training for part in self.modules()}))
        self.recorded.append(torch.is_grad_enabled())
        return super().forward(inputs)


class Noted(Loss):
    """Notes the scores that it is given."""

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self.scores: list[torch.Tensor] = []

    def __call__(self, outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        self.scores.append(outputs.detach().clone())
        return super().__call__(outputs, labels)


class Bench:
    """Net and batches of a case, on its device."""

    def __init__(self, call: Any) -> None:
        options = self.options = call.options
        self.log = Log(call.device)
        self.net = Seen(call, self.log).train(options["training"])
        for name in options["fixed"]:
            self.net.get_submodule(name).eval()
        for name in options["loose"]:
            self.net.get_submodule(name).train()
        self.net.to(torch.device(call.device))
        inputs, labels = (tensor.detach() for tensor in call.args)
        if options["double"]:
            self.net, inputs = self.net.double(), inputs.double()
        batches = Batches(inputs, labels, options["batch_size"], self.log, "train")
        listed = [] if options["iterator"] else list(batches)
        if options["empty batch"]:
            listed.insert(1, [inputs[:0], labels[:0]])
        self.batches: Any = iter(batches) if options["iterator"] else listed
        if options["stale"]:
            for parameter in self.net.parameters():
                parameter.grad = torch.ones_like(parameter)
        self._trainable = trainable(self.net)

    def _modes(self) -> dict[str, bool]:
        return {name or "the net": part.training for name, part in self.net.named_modules()}

    def report(self, name: str) -> Any:
        net = self.net
        if name == "weights":
            return {key: parameter.detach().clone() for key, parameter in net.named_parameters()}
        if name == "running mean":
            assert net.norm is not None and net.norm.running_mean is not None
            return net.norm.running_mean.clone()
        if name == "inputs":
            return net.inputs
        if name == "modes":
            return net.modes
        if name == "modes afterwards":
            return self._modes()
        if name == "gradients recorded":
            return net.recorded
        if name == "gradients":
            return [None if parameter.grad is None else parameter.grad.clone() for parameter in net.parameters()]
        if name == "calls":
            return {
                "net, hooks included": net.hooked,
                "net": self.log.counts["calls of model"],
                "loss": self.log.counts["calls of loss_fn"],
            }
        if name == "flag “a graph is kept alive”":
            return self.log.old_graphs
        if name == "flag “requires_grad changed”":
            return self._trainable != trainable(net)
        if name == "flag “gradients are recorded afterwards”":
            return torch.is_grad_enabled()
        assert name == "flag “settings of torch changed”"
        return settings() != AT_FIRST


def _number(value: Any) -> Any:
    """The number that was returned, whatever holds it; its form is the question of other cases."""
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return float(value.detach())
    return float(value) if type(value) in (int, float) else value


def epoch(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """One epoch of a case; what the case asks to be reported of it."""
    bench, options = Bench(call), call.options
    loss = Noted(bench.log)
    updater = SGD(list(bench.net.parameters()), options["lr"], options["momentum"])
    answer = function(bench.net, bench.batches, loss, updater)
    pair = answer if isinstance(answer, (tuple, list)) and len(answer) == 2 else (answer, answer)
    told = {
        "train_loss": lambda: _number(pair[0]),
        "train_acc": lambda: _number(pair[1]),
        "form": lambda: [type(answer).__name__, *[type(part).__name__ for part in pair]],
        "scores given to the loss": lambda: loss.scores,
        "steps": lambda: updater.steps,
    }
    return {name: told[name]() if name in told else bench.report(name) for name in options["report"]}


def evaluation(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """The evaluation of a case; what the case asks to be reported of it."""
    bench = Bench(call)
    with torch.set_grad_enabled(not call.options["unrecorded"]):
        answer = function(bench.net, bench.batches)
        told = {"accuracy": lambda: _number(answer), "form": lambda: type(answer).__name__}
        return {name: told[name]() if name in told else bench.report(name) for name in call.options["report"]}
