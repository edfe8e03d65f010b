"""An encoder and a decoder that note how they are called. Imported by the probe alone: it imports torch."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Encoder(nn.Module):
    """Its outputs depend on what it is given, further arguments included."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.seen: list[Any] = []

    def forward(self, X: torch.Tensor, *args: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self.seen.append([X, *args])
        output = torch.tanh(X @ self.weight)
        return output, output.sum(dim=0)


class Decoder(nn.Module):
    """What it answers depends on the state that it made of the encoder's outputs, and on its input."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.states: list[Any] = []
        self.calls = 0

    def init_state(self, enc_outputs: Any, *args: torch.Tensor) -> dict[str, torch.Tensor]:
        output, last = enc_outputs
        self.states.append([output, last, *args])
        return {"made by init_state": output * 2 + last}

    def forward(self, X: torch.Tensor, state: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        self.calls += 1
        mixed = X @ self.weight + state["made by init_state"]
        return mixed, {"afterwards": mixed * 3}


def joined(make: Any, call: Any) -> dict[str, Any]:
    """One call of the network, or two, and what the case asks to be reported."""
    device = torch.device(call.device)
    encoder, decoder = Encoder(call.weights["encoder"]), Decoder(call.weights["decoder"])
    net = make(encoder, decoder).to(device)
    enc_X, dec_X, *args = call.args
    report = call.options["report"]
    if report == "names":
        return {report: sorted(name for name, _ in net.named_parameters())}
    if report == "flag “these are other modules”":
        return {report: net.encoder is not encoder or net.decoder is not decoder}
    answer = net(enc_X, dec_X, *args)
    if report == "answer":
        return {report: answer}
    scores = answer[0] if isinstance(answer, (tuple, list)) and len(answer) == 2 else answer
    if report == "scores":
        return {report: scores}
    if report == "gradients":
        scores.square().sum().backward()
        return {name: part.weight.grad for name, part in (("encoder", encoder), ("decoder", decoder))}
    if report in ("encoder", "init_state"):
        return {report: encoder.seen if report == "encoder" else decoder.states}
    again = net(enc_X.flip(0), dec_X, *args)
    if report == "again":
        return {report: again[0]}
    return {"encoder": len(encoder.seen), "init_state": len(decoder.states), "decoder": decoder.calls}
