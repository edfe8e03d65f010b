"""The networks on which the exercises of char_rnn.py and names.py are tried, and what is told of them.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from autograder.exercises.hw8._training import SGD, Batches, Held, InputsNotMoved, Log
from autograder.exercises.vocabularies import Words

FIRST = 0.25  # what a first state is made of: not of zeros, so that one that was not asked for is seen


class Automaton(nn.Module):
    """Stands for a trained RNNModel: the state is a whole number, what it reads moves it, and a table says which token
    each state expects. Everything in it is exact."""

    def __init__(self, table: list[int], size: int, pair: bool) -> None:
        super().__init__()
        self.table: torch.Tensor
        self.register_buffer("table", torch.tensor(table), persistent=False)
        self._size, self._pair = size, pair
        self.read = 0
        self.recorded = False

    def begin_state(self, device: Any, batch_size: int = 1) -> Any:
        first = torch.ones(1, batch_size, 1, device=device)
        return (first, first.clone()) if self._pair else first

    def forward(self, inputs: torch.Tensor, state: Any) -> tuple[torch.Tensor, Any]:
        if inputs.dim() != 2:
            raise ValueError(f"the inputs must have the shape (batch, num_steps), not {tuple(inputs.shape)}")
        if isinstance(state, tuple) != self._pair:
            raise TypeError("the state must be as begin_state makes it, and as the net returns it")
        at = state[0] if self._pair else state
        if at.shape != (1, inputs.shape[0], 1):
            raise RuntimeError(f"expected a state of shape {(1, inputs.shape[0], 1)}, got {tuple(at.shape)}")
        self.recorded |= torch.is_grad_enabled()
        self.read += inputs.numel()
        tokens = F.one_hot(inputs, self._size).argmax(-1).to(at.dtype)  # refuses what is no id
        scores = []
        for step in tokens.T:
            at = torch.remainder(3 * at + step[None, :, None] + 1, len(self.table))
            best = self.table[at.reshape(-1).long()]
            scores.append(-(torch.arange(self._size, device=best.device) - best[:, None]).abs().to(at.dtype))
        return torch.cat(scores), (at, -at) if self._pair else at


def continued(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """What was written, and what else the case asks for."""
    prefix, num_preds = call.args
    options = call.options
    net = Automaton(options["table"], len(options["tokens"]), options["pair"]).train(options["training"])
    device = torch.device(call.device)
    text = function(prefix, num_preds, net.to(device), Words(options["tokens"]), device)
    told = {
        "text": text,
        "flag “gradients are recorded”": net.recorded,
        "flag “the mode of the net is another one”": net.training != options["training"],
        "flag “tokens are read twice”": net.read > len(prefix) + num_preds,
    }
    return {name: told[name] for name in options["report"]}


class Recurrent(nn.Module):
    """A small character RNN with given weights, which notes how it is called."""

    def __init__(self, call: Any, log: Log) -> None:
        super().__init__()
        options, weights = call.options, {name: tensor.detach().cpu() for name, tensor in call.weights.items()}
        for name, value in weights.items():
            self.register_parameter(name, nn.Parameter(value.clone(), requires_grad=name not in options["frozen"]))
        self._pair, self._log = options["pair"], log
        self.begun: list[int] = []
        self.modes: list[bool] = []

    def begin_state(self, device: Any, batch_size: int = 1) -> Any:
        self.begun.append(int(batch_size))
        first = torch.full((1, batch_size, len(self.get_parameter("hidden"))), FIRST, device=device)
        return (first, 2 * first) if self._pair else first

    def forward(self, inputs: torch.Tensor, state: Any) -> tuple[torch.Tensor, Any]:
        if isinstance(state, (tuple, list)) != self._pair:
            raise TypeError("the state must be as begin_state makes it, and as the net returns it")
        embedded, hidden, output = (self.get_parameter(name) for name in ("embedded", "hidden", "output"))
        if inputs.device.type == "cpu" != hidden.device.type:
            raise InputsNotMoved(f"the net is on {hidden.device.type}, the inputs of the minibatch are on the CPU")
        self._log.note_graphs()
        self._log.counts["calls of model"] += 1
        self.modes.append(self.training)
        h, cell = (state[0][0], state[1][0]) if self._pair else (state[0], torch.zeros_like(state[0]))
        if len(h) != len(inputs):
            raise RuntimeError(f"expected a state of {len(inputs)} sequences, got one of {len(h)}")
        outputs = []
        for tokens in F.one_hot(inputs.T, len(embedded)).to(hidden.dtype):
            cell = 0.5 * cell + tokens @ embedded
            h = torch.tanh(cell + h @ hidden)
            outputs.append(h)
        outputs = list(Held.apply(torch.stack(outputs), self._log).unbind())
        last = outputs[-1][None].clone()
        scores = torch.cat(outputs) @ output
        return scores, (last, cell[None].clone()) if self._pair else last


def trained(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """One training of a case; what the case asks to be reported of it."""
    options = call.options
    log = Log(call.device)
    device = torch.device(call.device)
    net = Recurrent(call, log).train(options["training"]).to(device)
    if options["stale"]:
        for parameter in net.parameters():
            parameter.grad = torch.ones_like(parameter)
    X, Y = (tensor.detach().cpu() for tensor in call.args)
    batches = Batches(X, Y, options["batch_size"], log, "train")
    updater = SGD(list(net.parameters()), options["lr"], options["momentum"])
    given = [batches, updater, call.options["num_epochs"], device]
    answer = function(net, *given, **call.kwargs)
    told: dict[str, Callable[[], Any]] = {
        "perplexity": lambda: [float(value) for value in answer],
        "form": lambda: [type(answer).__name__, *[type(value).__name__ for value in answer]],
        "weights": lambda: {key: parameter.detach().clone() for key, parameter in net.named_parameters()},
        "first states": lambda: net.begun,
        "training mode": lambda: net.modes,
        "calls": lambda: {"net": log.counts["calls of model"], "steps": updater.steps},
        "flag “a graph is kept alive”": lambda: log.old_graphs,
        "passes": lambda: log.counts["passes, train"],
    }
    return {name: told[name]() for name in options["report"]}


def layer_of(kind: str, vocab_size: int, num_hiddens: int, num_layers: int, bidirectional: bool) -> nn.RNNBase:
    """The recurrent layer that a case describes."""
    make: Callable[..., nn.RNNBase] = getattr(nn, kind)
    return make(vocab_size, num_hiddens, num_layers=num_layers, bidirectional=bidirectional)


def modelled(make: Any, student: Any, call: Any) -> Any:
    """A call of RNNModel. Options: `state` reports what is registered, `begin` begins states of these batch sizes
    instead (0: the default), `anew` fills the tensors of a state with ones before the next one is begun, `itself` tells
    whose layer it is, `double` makes it a float64 one."""
    from autograder.exercises.fitting import fit, loaded
    from autograder.worker import probes

    options = call.options
    init = {"rnn_layer": layer_of(**call.init), "vocab_size": call.init["vocab_size"]}
    model = make(**init)
    if options.get("itself"):
        return {"flag “rnn is another layer than the one given”": getattr(model, "rnn", None) is not init["rnn_layer"]}
    if options.get("state"):
        call.init = init
        fit(call, model)
        return probes.call_module("RNNModel", student, call)
    model = loaded(call, model.double() if options.get("double") else model)
    if "begin" in options:
        return _begun(model, options, torch.device(call.device))
    inputs, *state = call.args
    return model(inputs, state[0] if len(state) == 1 else tuple(state))


def _begun(model: Any, options: dict[str, Any], device: torch.device) -> list[Any]:
    states = []
    for size in options["begin"]:
        state = model.begin_state(device, batch_size=size) if size else model.begin_state(device)
        if not options.get("anew"):
            states.append(state)
            continue
        for part in [state] if isinstance(state, torch.Tensor) else state:
            states.append(part.clone())
            part.fill_(1.0)
    return states


class Writer(nn.Module):
    """Stands for a network that writes names: the hidden state is a whole number, category and letter move it, and a
    table says which output each state expects. Everything in it is exact."""

    def __init__(self, table: list[int], outputs: int) -> None:
        super().__init__()
        self.table: torch.Tensor
        self.register_buffer("table", torch.tensor(table), persistent=False)
        self._outputs = outputs
        self.given: list[torch.Tensor] = []
        self.recorded = False

    def init_hidden(self) -> torch.Tensor:
        return torch.ones(1, 1, device=self.table.device)

    def forward(
        self, category: torch.Tensor, letter: torch.Tensor, hidden: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        self.recorded |= torch.is_grad_enabled()
        self.given += [category.detach().clone(), letter.detach().clone()]
        widths = torch.arange(1, category.shape[-1] + 1), torch.arange(1, self._outputs + 1)
        which, what = (w.to(self.table.device, category.dtype)[:, None] for w in widths)
        hidden = torch.remainder(3 * hidden + 7 * (category @ which) + letter @ what, len(self.table))
        best = self.table[hidden.reshape(-1).long()]
        scores = -(torch.arange(self._outputs, device=best.device) - best[:, None]).abs()
        return scores.to(category.dtype), hidden


def sampled(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """A name that was written, or what else the case asks for."""
    net = Writer(call.options["table"], len(call.args[1]) + 1).to(torch.device(call.device))
    name = function(net, *call.args, **call.kwargs)
    told = {"name": name, "given": net.given, "flag “gradients are recorded”": net.recorded}
    return {name: told[name] for name in call.options["report"]}
