"""A small net for the pre-training step, which tells what it saw. Imported by the probe, beside student code, and by
nothing else: it imports torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.exercises.hw8._training import SGD


class Tiny(nn.Module):
    """Gives what BERT gives, by sums and products. In evaluation mode its scores are twice as large."""

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.words, self.sides, self.masked, self.pair = (
            nn.Parameter(weights[name].detach().clone()) for name in ("words", "sides", "masked", "pair")
        )
        self.part = nn.Identity()
        self.modes: list[list[bool]] = []

    def forward(
        self,
        tokens: torch.Tensor,
        segments: torch.Tensor,
        valid_lens: torch.Tensor | None = None,
        pred_positions: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor]:
        self.modes.append([part.training for part in self.modules()])
        X = self.words[tokens] + self.sides[segments]
        if valid_lens is not None:
            X = X * (torch.ones_like(X[..., :1]).cumsum(1) <= valid_lens[:, None, None])
        X = (X + X.sum(1, keepdim=True)) * (1 if self.training else 2)
        scores = None
        if pred_positions is not None:
            scores = X.take_along_dim(pred_positions.unsqueeze(-1), 1) @ self.masked.T
        return X, scores, X[:, 0] @ self.pair.T


def _number(value: Any) -> Any:
    """The number that was returned, whatever holds it; its form is the question of other cases."""
    return float(value.detach()) if isinstance(value, torch.Tensor) and value.numel() == 1 else value


def step(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """As many steps as the case asks for; what it asks to be reported of them."""
    options = call.options
    net = Tiny(call.weights)
    for name in options["frozen"]:
        net.get_parameter(name).requires_grad_(False)
    net.train(options["training"]).to(call.args[0].device)
    if options["stale"]:
        for parameter in net.parameters():
            parameter.grad = torch.ones_like(parameter)
    optimizer = SGD(list(net.parameters()), 0.5, 0.0)
    answers = [function(net, optimizer, call.args) for _ in range(options["steps"])]
    answer = answers[-1]
    parts = answer if isinstance(answer, (tuple, list)) else [answer]
    told: dict[str, Callable[[], Any]] = {
        "weights": lambda: {name: parameter.detach().clone() for name, parameter in net.named_parameters()},
        "losses": lambda: [_number(part) for part in parts],
        "form": lambda: [_form(part) for part in parts],
        "modes": lambda: [net.modes, [part.training for part in net.modules()]],
        "calls": lambda: [len(net.modes), optimizer.steps],
        "frozen": lambda: [name for name, parameter in net.named_parameters() if not parameter.requires_grad],
    }
    return {name: told[name]() for name in options["report"]}


def _form(part: Any) -> Any:
    if not isinstance(part, torch.Tensor):
        return type(part).__name__
    return ["tensor", list(part.shape), "part of a graph" if part.requires_grad else "detached"]
