"""The instruments of training and translating: small networks that note how they are called.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from autograder.exercises.hw8._training import Held, Log
from autograder.exercises.vocabularies import Words

SOURCE = ("<unk>", "<pad>", "<eos>", "go", "now", "home", "calm", "he", "is", ".")


class Gain(nn.Module):
    """Stands for dropout: what passes is multiplied by 1.5 in training mode."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return inputs * 1.5 if self.training else inputs


class Translator(nn.Module):
    """What an encoder-decoder is to a training loop: scores from the mean of the source and the token before."""

    def __init__(self, weights: dict[str, torch.Tensor], options: dict[str, Any], log: Log) -> None:
        super().__init__()
        given = {name: tensor.detach().cpu().clone() for name, tensor in weights.items()}
        self.source, self.target = nn.Parameter(given["source"]), nn.Parameter(given["target"])
        vocab, hiddens = given["output"].shape
        self.output = nn.Linear(hiddens, vocab, dtype=given["output"].dtype)
        self.output.weight.data.copy_(given["output"])
        self.output.bias.data.zero_()
        self.spare = nn.Parameter(torch.ones(2, dtype=given["output"].dtype))
        self.gain = Gain()
        for name in options["frozen"]:
            self.get_parameter(name).requires_grad_(False)
        self._scale, self._log = options["scale"], log
        self.seen: list[list[torch.Tensor]] = []
        self.modes: list[list[bool]] = []

    def forward(self, X: torch.Tensor, dec_input: torch.Tensor, X_valid_len: torch.Tensor) -> Any:
        self._log.note_graphs()
        self.seen.append([X.detach().clone(), dec_input.detach().clone(), X_valid_len.detach().clone()])
        self.modes.append(sorted({part.training for part in self.modules()}))
        valid = torch.arange(X.shape[1], device=X.device) < X_valid_len[:, None]
        read = (F.embedding(X, self.source) * valid[:, :, None]).sum(dim=1) / X_valid_len[:, None]
        mixed = torch.tanh(F.embedding(dec_input, self.target) + read[:, None])
        return Held.apply(self.output(self.gain(mixed)) * self._scale, self._log), {"read": read}


class Passes:
    """Minibatches that can be gone through again and again, and have no length."""

    def __init__(self, batches: list[list[torch.Tensor]]) -> None:
        self._batches = batches
        self.passes = 0

    def __iter__(self) -> Any:
        self.passes += 1
        return iter([tuple(batch) for batch in self._batches])


def train(function: Callable[..., Any], call: Any, transformed: bool = False) -> dict[str, Any]:
    """One training of a case, and what the case asks to be reported. Of a `transformed` answer, which is the history
    alone, the net is no part."""
    options, log = call.options, Log(call.device)
    batches = [[part.detach().cpu() for part in batch] for batch in call.args[0]]
    net = Translator(call.weights, options, log).train(options["training"])
    if options["stale"]:
        for parameter in net.parameters():
            parameter.grad = torch.ones_like(parameter)
    data = Passes(batches)
    vocab = Words(options["tokens"])
    before = {name: value.detach().clone() for name, value in net.state_dict().items()}
    history = function(net, data, options["lr"], options["epochs"], vocab, torch.device(call.device))
    if transformed:
        net.load_state_dict(before)
    told = {
        "weights": lambda: {name: value.detach().float() for name, value in net.named_parameters() if name != "spare"},
        "history": lambda: [_number(value) for value in history],
        "form": lambda: [type(history).__name__, *sorted({type(value).__name__ for value in history})],
        "decoder inputs": lambda: [seen[1] for seen in net.seen],
        "source": lambda: [[seen[0], seen[2]] for seen in net.seen],
        "passes and calls": lambda: [data.passes, len(net.seen)],
        "modes": lambda: net.modes,
        "modes afterwards": lambda: sorted({part.training for part in net.modules()}),
        "flag “a graph is kept alive”": lambda: log.old_graphs,
        "flag “requires_grad changed”": lambda: (
            sorted(name for name, value in net.named_parameters() if not value.requires_grad) != options["frozen"]
        ),
    }
    return {name: told[name]() for name in options["report"]}


def _number(value: Any) -> Any:
    return float(value.detach()) if isinstance(value, torch.Tensor) and value.numel() == 1 else value


class Encoder(nn.Module):
    def __init__(self, log: list[Any]) -> None:
        super().__init__()
        self._log = log

    def forward(self, enc_X: torch.Tensor, *args: Any) -> Any:
        self._log.append({"enc_X": enc_X.clone(), "further": list(args)})
        return enc_X.double(), enc_X.sum()


class Decoder(nn.Module):
    """Its state is one number, into which everything goes that it has read; a table says which scores belong to it.
    `weight` is there for the gradients."""

    def __init__(self, table: torch.Tensor, log: list[Any]) -> None:
        super().__init__()
        self.table = nn.Parameter(table)
        self.inner = nn.Identity()
        self._log = log
        self.attention_weights: Any = None
        self.recorded: list[bool] = []
        self.modes: list[list[bool]] = []
        self.calls: list[Any] = []

    def init_state(self, enc_outputs: Any, *args: Any) -> Any:
        self._log.append({"given to init_state": enc_outputs[0].clone(), "further": list(args)})
        return {"read": torch.zeros((), dtype=torch.int64, device=self.table.device)}

    def forward(self, dec_X: torch.Tensor, state: Any) -> Any:
        if tuple(dec_X.shape) != (1, 1):
            raise ValueError(f"the decoder was called with a tensor of shape {tuple(dec_X.shape)}, not (1, 1)")
        self.calls.append(dec_X.clone())
        self.modes.append(sorted({part.training for part in self.modules()}))
        read = (3 * state["read"] + dec_X[0, 0] + 1) % len(self.table)
        scores = self.table[read][None, None]
        self.recorded.append(torch.is_grad_enabled())
        self.attention_weights = torch.stack([read, dec_X[0, 0]]).double()[None, None]
        return scores, {"read": read}


class Network(nn.Module):
    def __init__(self, table: torch.Tensor) -> None:
        super().__init__()
        self.log: list[Any] = []
        self.encoder, self.decoder = Encoder(self.log), Decoder(table, self.log)

    def forward(self, enc_X: torch.Tensor, dec_X: torch.Tensor, *args: Any) -> Any:
        return self.decoder(dec_X, self.decoder.init_state(self.encoder(enc_X, *args), *args))


def translate(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """One translation of a case, and what the case asks to be reported."""
    options = call.options
    device = torch.device(call.device)
    net = Network(call.weights["table"].detach().cpu().clone()).to(device).train(options["training"])
    vocabs = Words(options["source"]), Words(options["target"])
    answer = function(net, call.args[0], *vocabs, options["num_steps"], device, **options["more"])
    text, other = answer if isinstance(answer, (tuple, list)) and len(answer) == 2 else (answer, ())
    told = {
        "translation": lambda: text,
        "score": lambda: _number(other),
        "weights": lambda: list(other),
        "form": lambda: [type(answer).__name__, type(text).__name__, type(other).__name__],
        "source": lambda: net.log,
        "tokens read": lambda: net.decoder.calls,
        "number of calls": lambda: len(net.decoder.calls),
        "modes": lambda: net.decoder.modes,
        "modes afterwards": lambda: sorted({part.training for part in net.modules()}),
        "gradients recorded": lambda: net.decoder.recorded,
    }
    return {name: told[name]() for name in options["report"]}
