"""Optimizers, moving models and saving them."""

from __future__ import annotations

import copy
import io
from typing import Any

import torch
import torch.nn.functional as F
from case_tools import data, grads, mlp
from torch import nn


def _fit(dev: str, make: Any, steps: int = 4, model: nn.Module | None = None) -> Any:
    model = mlp() if model is None else model
    model.to(dev)
    x, y = data(dev)
    optimizer = make(model.parameters())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return [losses, list(model.parameters())]


def sgd(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.SGD(ps, lr=0.1))


def momentum(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01))


def adam(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.Adam(ps, lr=0.01))


def adamw_foreach(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.AdamW(ps, lr=0.01, foreach=True))


def sgd_foreach(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.9, foreach=True))


def adam_fused(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.Adam(ps, lr=0.01, fused=True))


def rmsprop(dev: str) -> Any:
    return _fit(dev, lambda ps: torch.optim.RMSprop(ps, lr=0.01))


def optimizer_before_moving(dev: str) -> Any:
    model = mlp()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    held = list(model.parameters())
    model.to(dev)
    x, y = data(dev)
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    return [list(model.parameters()), all(a is b for a, b in zip(held, model.parameters(), strict=True))]


def moving_after_a_forward(dev: str) -> Any:
    model = mlp()
    kept = model(data("cpu")[0])
    model.to(dev)
    x, y = data(dev)
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    return [loss, grads(model), kept.shape]


def moving_there_and_back(dev: str) -> Any:
    model = mlp().to(dev)
    model.cpu()
    total = sum(p.sum().item() for p in model.parameters())
    model.to(dev)
    return [
        total,
        {p.device.type for p in model.cpu().parameters()} == {"cpu"},
        isinstance(model[0].weight, nn.Parameter),
    ]


def moving_gradients(dev: str) -> Any:
    model = mlp()
    x, y = data("cpu")
    F.cross_entropy(model(x), y).backward()
    model.to(dev)
    return grads(model)


def parameterdata(dev: str) -> Any:
    model = mlp()
    for p in model.parameters():
        p.data = p.data.to(dev)
    x, y = data(dev)
    F.cross_entropy(model(x), y).backward()
    model[0].weight.data.mul_(2)
    model[0].weight.data = torch.ones(8, 4, device=dev)
    return [*model.parameters(), *grads(model)]


class _Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(6, 4)
        self.head = nn.Linear(4, 6, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.embed(tokens))


def tied_weights(dev: str) -> Any:
    model = _Tied().to(dev)
    tokens = torch.tensor([[1, 2, 3]], device=dev)
    model(tokens).sum().backward()
    before = model.head.weight is model.embed.weight
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    other = _Tied()
    other.load_state_dict(torch.load(buffer, map_location=dev))
    return [before, grads(model), len(list(model.parameters())), other.to(dev)(tokens)]


def checkpoints(dev: str) -> Any:
    model = mlp().to(dev)
    optimizer = torch.optim.Adam(model.parameters())
    x, y = data(dev)
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    buffer = io.BytesIO()
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, buffer)
    results = []
    for place in (None, "cpu", dev, torch.device(dev), {"cuda:0": "cpu"}, lambda storage, location: storage):
        buffer.seek(0)
        state = torch.load(buffer, map_location=place)
        fresh = mlp().to(dev)
        fresh.load_state_dict(state["model"])
        other = torch.optim.Adam(fresh.parameters())
        other.load_state_dict(state["optimizer"])
        F.cross_entropy(fresh(x), y).backward()
        other.step()
        results.append(list(fresh.parameters()))
    return results


def deepcopied_model(dev: str) -> Any:
    model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)).to(dev)
    other = copy.deepcopy(model)
    with torch.no_grad():
        other[0].weight.zero_()  # type: ignore[operator]
    return [list(model.parameters()), list(other.parameters()), list(other.buffers())]


def moving_average(dev: str) -> Any:
    model = mlp().to(dev)
    average = copy.deepcopy(model)
    for p in average.parameters():
        p.requires_grad_(False)
    for p, q in zip(average.parameters(), model.parameters(), strict=True):
        p.mul_(0.9).add_(q, alpha=0.1)
        p.data.lerp_(q.data, 0.5)
    return list(average.parameters())


def scheduler_and_clipping(dev: str) -> Any:
    model = mlp().to(dev)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 3)
    x, y = data(dev)
    norms = []
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), 0.1))
        nn.utils.clip_grad_value_(model.parameters(), 0.05)
        optimizer.step()
        schedule.step()
    return [norms, list(model.parameters())]


def convolutional(dev: str) -> Any:
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.0),
        nn.Linear(36, 2),
    ).to(dev)
    x = (torch.arange(128.0).reshape(2, 1, 8, 8) * 0.1).sin().to(dev)
    model(x).square().sum().backward()
    model.eval()
    return [model(x), grads(model), list(model.buffers())]


def channels_last(dev: str) -> Any:
    model = nn.Conv2d(2, 4, 3).to(dev, memory_format=torch.channels_last)  # type: ignore[call-overload]
    x = torch.ones(1, 2, 5, 5).to(dev, memory_format=torch.channels_last)
    y = model(x)
    return [y, model.weight.is_contiguous(memory_format=torch.channels_last)]
