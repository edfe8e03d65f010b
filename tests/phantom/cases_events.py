"""Transfers and synchronisations a student's line causes, or does not cause."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn


def item(dev: str) -> Any:
    return torch.ones(1, device=dev).item()


def to_float(dev: str) -> Any:
    return float(torch.ones((), device=dev))


def to_int(dev: str) -> Any:
    return int(torch.ones((), device=dev))


def truth(dev: str) -> Any:
    return "yes" if torch.ones((), device=dev) > 0 else "no"


def to_list(dev: str) -> Any:
    return len(torch.ones(3, device=dev).tolist())


def formatted(dev: str) -> Any:
    return f"{torch.ones((), device=dev):.2f}"


def represented(dev: str) -> Any:
    return repr(torch.ones(2, device=dev))


def to_host(dev: str) -> Any:
    torch.ones(2, device=dev).cpu()


def to_host_by_name(dev: str) -> Any:
    torch.ones(2, device=dev).to("cpu")


def to_host_for_numpy(dev: str) -> Any:
    torch.ones(2, device=dev).detach().cpu().numpy()


def to_host_by_copy(dev: str) -> Any:
    torch.zeros(2).copy_(torch.ones(2, device=dev))


def to_device(dev: str) -> Any:
    torch.ones(2).to(dev)


def to_device_by_name(dev: str) -> Any:
    torch.ones(2).cuda()


def to_device_by_copy(dev: str) -> Any:
    torch.zeros(2, device=dev).copy_(torch.ones(2))


def to_device_by_assignment(dev: str) -> Any:
    torch.zeros(2, 2, device=dev)[0] = torch.ones(2)


def as_tensor(dev: str) -> Any:
    torch.as_tensor(torch.ones(2), device=dev)


def synchronize(dev: str) -> Any:
    torch.cuda.synchronize()


def nonzero(dev: str) -> Any:
    torch.ones(2, device=dev).nonzero()


def mask_index(dev: str) -> Any:
    x = torch.ones(2, device=dev)
    x[x > 0]


def masked_select(dev: str) -> Any:
    x = torch.ones(2, device=dev)
    x.masked_select(x > 0)


def unique(dev: str) -> Any:
    torch.unique(torch.ones(2, device=dev))


def where_positions(dev: str) -> Any:
    torch.where(torch.ones(2, device=dev) > 0)


def equal(dev: str) -> Any:
    torch.equal(torch.ones(2, device=dev), torch.ones(2, device=dev))


def allclose(dev: str) -> Any:
    torch.allclose(torch.ones(2, device=dev), torch.ones(2, device=dev))


def gathered_list(dev: str) -> Any:
    torch.tensor([torch.ones((), device=dev), torch.zeros((), device=dev)])


def measured(dev: str) -> Any:
    torch.cuda.reset_peak_memory_stats(dev)
    return torch.cuda.max_memory_allocated(), torch.accelerator.memory_allocated()


EXPECTED: dict[str, list[list[str]]] = {
    "item": [["sync", "item"]],
    "to_float": [["sync", "item"]],
    "to_int": [["sync", "item"]],
    "truth": [["sync", "item"]],
    "to_list": [["sync", "tolist"]],
    "formatted": [["sync", "item"]],
    "represented": [["sync", "__repr__"]],
    "to_host": [["to_host", "cpu"]],
    "to_host_by_name": [["to_host", "to"]],
    "to_host_for_numpy": [["to_host", "cpu"]],
    "to_host_by_copy": [["to_host", "copy_"]],
    "to_device": [["to_device", "to"]],
    "to_device_by_name": [["to_device", "cuda"]],
    "to_device_by_copy": [["to_device", "copy_"]],
    "to_device_by_assignment": [["to_device", "copy_"]],
    "as_tensor": [["to_device", "as_tensor"]],
    "synchronize": [["sync", "synchronize"]],
    "nonzero": [["sync", "nonzero"]],
    "mask_index": [["sync", "index"]],
    "masked_select": [["sync", "masked_select"]],
    "unique": [["sync", "_unique2"]],
    "where_positions": [["sync", "nonzero"]],
    "equal": [["sync", "equal"]],
    "allclose": [["sync", "allclose"]],
    "gathered_list": [["sync", "item"], ["sync", "item"]],
    "measured": [
        ["memory", "reset_peak_memory_stats"],
        ["memory", "max_memory_allocated"],
        ["memory", "memory_allocated"],
    ],
}


def quiet_factories(dev: str) -> Any:
    torch.tensor([1.0, 2.0], device=dev)
    torch.zeros(2, device=dev).add_(1).mul_(2.0)
    torch.as_tensor([1, 2], device=dev)
    x = torch.arange(4, device=dev).float()
    x[0] = 3.0
    x[x > 1] = 0.0
    x.masked_fill_(x > 1, 0.0)
    x[torch.tensor([0], device=dev)]
    x.to(dev)
    x.cuda()
    len(x), x.shape, x.numel(), x.device, x.dtype


def quiet_training(dev: str) -> Any:
    model = nn.Sequential(nn.Linear(3, 4, device=dev), nn.ReLU(), nn.Dropout(), nn.Linear(4, 2, device=dev))
    optimizer = torch.optim.Adam(model.parameters())
    x, y = torch.ones(2, 3, device=dev), torch.zeros(2, dtype=torch.long, device=dev)
    for _ in range(2):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def quiet_scaler(dev: str) -> Any:
    layer = nn.Linear(2, 2, device=dev)
    optimizer = torch.optim.SGD(layer.parameters(), 0.1)
    scaler = torch.amp.GradScaler(dev)
    scaler.scale(layer(torch.ones(1, 2, device=dev)).sum()).backward()
    scaler.step(optimizer)
    scaler.update()


def quiet_module_move(dev: str) -> Any:
    nn.Linear(2, 2).to(dev)
