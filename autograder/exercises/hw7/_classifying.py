"""A small model in the place of a trained BERT. Imported by the probe of BERTClassifier, beside student code, and by
nothing else: it imports torch."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from autograder.exercises.fitting import loaded
from autograder.worker import probes


class Encoder(nn.Module):
    """A token's features are its own and the mean of those of the valid tokens."""

    def __init__(self, words: tuple[int, ...], sides: tuple[int, ...]) -> None:
        super().__init__()
        self.words = nn.Parameter(torch.zeros(words))
        self.sides = nn.Parameter(torch.zeros(sides))

    def forward(
        self, tokens: torch.Tensor, segments: torch.Tensor, valid_lens: torch.Tensor | None = None
    ) -> torch.Tensor:
        X = self.words[tokens] + self.sides[segments]
        valid = torch.ones_like(X[..., :1])
        if valid_lens is not None:
            valid = (valid.cumsum(1) <= valid_lens[:, None, None]).to(X.dtype)
        return X + (X * valid).sum(1, keepdim=True) / valid.sum(1, keepdim=True)


class Bert(nn.Module):
    """Has the parts of a BERTModel."""

    def __init__(self, shapes: dict[str, tuple[int, ...]]) -> None:
        super().__init__()
        hidden, size = shapes["hidden.0.weight"]
        self.encoder = Encoder(shapes["encoder.words"], shapes["encoder.sides"])
        self.hidden = nn.Sequential(nn.Linear(size, hidden), nn.Tanh())
        self.mlm, self.nsp = nn.Linear(size, 7), nn.Linear(hidden, 2)


def classify(make: Any, call: Any) -> Any:
    """What the classifier answers; where the case asks for it, whether it has the parts of the model itself, or what is
    registered."""
    bert = Bert({name: tuple(weight.shape) for name, weight in call.weights.items()})
    module = make(bert, **call.init)
    if call.options.get("shared"):
        own = {id(parameter) for parameter in module.parameters()}
        return {
            "bert's own encoder is trained": all(id(parameter) in own for parameter in bert.encoder.parameters()),
            "bert's own hidden layer is trained": all(id(parameter) in own for parameter in bert.hidden.parameters()),
        }
    module = loaded(call, module)
    if call.options.get("state"):
        return {"output": module(*call.args), "state": probes.describe_state(module)}
    return probes.called(module, call)
