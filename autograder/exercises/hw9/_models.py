"""The models on which the exercises of transfer.py are tried, made from a description, and what is told of them.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn


class Chain(nn.Module):
    """Calls its parts one after the other, and adds up the parameters that belong to no part."""

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        for part in self.children():
            X = part(X)
        for parameter in self.parameters(recurse=False):
            X = X + parameter
        return X


class Table(nn.Module):
    """A weight that is looked up, as an embedding's is."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(rows, columns))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return X @ self.weight


KINDS: dict[str, Callable[..., nn.Module]] = {
    "linear": nn.Linear,
    "norm": nn.BatchNorm1d,
    "dropout": nn.Dropout,
    "relu": nn.ReLU,
    "table": Table,
}


def build(options: dict[str, Any], device: str = "cpu") -> nn.Module:
    """The model that a case describes. `parts` maps names to layers, as [kind, arguments...], or to more parts; `own`
    maps names of parameters of the model itself to their sizes; `tied` lists pairs of names of one parameter; `frozen`
    those that require no gradient; `dtype` and `dtypes`, `training` and `modes` (of
    the model, and by the name of a part) are what they say. The
    numbers are small and differ from one another."""
    model = _parts(options["parts"])
    for name, size in options.get("own", {}).items():
        model.register_parameter(name, nn.Parameter(torch.zeros(size)))
    for name, other in options.get("tied", []):
        place, _, last = other.rpartition(".")
        setattr(model.get_submodule(place), last, model.get_parameter(name))
    start = int(options.get("start", 0))
    with torch.no_grad():
        for index, value in enumerate(model.state_dict().values()):
            numbers = (torch.arange(value.numel()) * 5 + index * 3 + start) % 11
            value.copy_(((numbers - 4) / 8 if value.is_floating_point() else numbers).reshape(value.shape))
        for name, buffer in model.named_buffers():
            if name.endswith("running_var"):
                buffer.abs_().add_(1)
    for name in options.get("frozen", []):
        model.get_parameter(name).requires_grad_(False)
    model.to(dtype=getattr(torch, options.get("dtype", "float32"))).train(options.get("training", True))
    for name, dtype in options.get("dtypes", {}).items():
        model.get_submodule(name).to(getattr(torch, dtype))
    for name, training in options.get("modes", {}).items():
        model.get_submodule(name).train(training)
    return model.to(torch.device(device))


def _parts(parts: dict[str, Any]) -> nn.Module:
    whole = nn.Sequential() if all(name.isdigit() for name in parts) else Chain()
    for name, part in parts.items():
        whole.add_module(name, _parts(part) if isinstance(part, dict) else KINDS[part[0]](*part[1:]))
    return whole


def names_of(model: nn.Module, parameters: Any) -> Any:
    """The model's names of some parameters; what is none of them is called by its type. torch.optim refuses a set."""
    if isinstance(parameters, (torch.Tensor, set)) or not isinstance(parameters, Iterable):
        return f"a {type(parameters).__name__}"
    known = {id(parameter): name for name, parameter in model.named_parameters()}
    return [known.get(id(found), f"no parameter of the model, a {type(found).__name__}") for found in parameters]


def trainable(model: nn.Module) -> list[str]:
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def modes(model: nn.Module) -> dict[str, str]:
    """The mode of the model and of each of its parts."""
    return {name or "model": "training" if part.training else "evaluation" for name, part in model.named_modules()}


def numbers(model: nn.Module) -> dict[str, torch.Tensor]:
    """Values of all parameters and buffers."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


class Watch:
    """Says what has changed in a model since it was made."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._before = self._seen()

    def _seen(self) -> dict[str, Any]:
        model = self._model
        return {
            "requires_grad": trainable(model),
            "modes": modes(model),
            "values": numbers(model),
            "parts": [(name, id(part)) for name, part in model.named_modules()],
            "parameters": [(name, id(tensor)) for name, tensor in model.named_parameters()],
        }

    def changed(self, *what: str) -> list[str]:
        now = self._seen()
        return [name for name in what or now if not _alike(self._before[name], now[name])]


def _alike(before: Any, now: Any) -> bool:
    if isinstance(before, dict) and any(isinstance(value, torch.Tensor) for value in before.values()):
        return before.keys() == now.keys() and all(
            before[name].shape == now[name].shape and torch.equal(before[name], now[name]) for name in before
        )
    return bool(before == now)
