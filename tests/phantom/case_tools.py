"""Inputs and models which the cases share."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def grid(dev: str, *shape: int) -> torch.Tensor:
    count = int(torch.Size(shape).numel())
    return (torch.arange(count, dtype=torch.float32, device=dev).reshape(shape) * 0.37).sin()


def mlp() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))


def data(dev: str) -> tuple[torch.Tensor, torch.Tensor]:
    x = (torch.arange(40, dtype=torch.float32).reshape(10, 4) * 0.31).sin()
    return x.to(dev), (torch.arange(10) % 3).to(dev)


def grads(model: nn.Module) -> list[Any]:
    return [p.grad for p in model.parameters()]
