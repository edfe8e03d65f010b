"""Machines with several GPUs: "cuda" is the current one, and tensors of two do not mix either."""

from __future__ import annotations

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from tests.phantom.ways import Caught, mistake, right

REFUSED, PLACE = Caught.REFUSED, Caught.PLACE
TWO = "on the same device"
SECOND, SHARDS = "code for any GPU", "shards on two GPUs"


def _second(dev: str) -> str:
    return "cpu" if dev == "cpu" else "cuda:1"


def _x(dev: str) -> torch.Tensor:
    return torch.arange(6.0).reshape(2, 3).to(_second(dev))


@right(SECOND, gpus=2)
def there_by_device(dev: str) -> Any:
    """ones(..., device=x.device)"""
    x = _x(dev)
    return x + torch.ones(3, device=x.device)


@right(SECOND, gpus=2)
def there_by_type_of(dev: str) -> Any:
    """x.new_ones(...)"""
    x = _x(dev)
    return x + x.new_ones(3)


@right(SECOND, gpus=2)
def there_by_context(dev: str) -> Any:
    """with torch.cuda.device(x.device): "cuda" is that one"""
    x = _x(dev)
    if dev == "cpu":
        return x + 1
    with torch.cuda.device(x.device):
        return x + torch.ones(3, device="cuda")


@right(SECOND, gpus=2)
def there_by_number(dev: str) -> Any:
    """x.get_device()"""
    x = _x(dev)
    return x + (torch.ones(3) if dev == "cpu" else torch.ones(3).cuda(x.get_device()))


@right(SECOND, gpus=2)
def module_there(dev: str) -> Any:
    """a module on the second GPU, its input moved to its parameters"""
    layer = nn.Linear(3, 3).to(_second(dev))
    nn.init.eye_(layer.weight)
    nn.init.ones_(layer.bias)
    x = torch.arange(6.0).reshape(2, 3)
    return layer(x.to(next(layer.parameters()).device)).detach()


@mistake(SECOND, REFUSED, TWO, gpus=2)
def first_by_hard_coding(dev: str) -> Any:
    """device="cuda:0" is written into the function"""
    return _x(dev) + torch.ones(3, device="cuda:0")


@mistake(SECOND, REFUSED, TWO, gpus=2)
def current_by_hard_coding(dev: str) -> Any:
    """device="cuda" is the current GPU, not the one of x"""
    return _x(dev) + torch.ones(3, device="cuda")


@mistake(SECOND, REFUSED, TWO, gpus=2)
def moved_to_current(dev: str) -> Any:
    """.cuda() moves to the current GPU"""
    return _x(dev) + torch.ones(3).cuda()


@mistake(SECOND, REFUSED, TWO, gpus=2)
def number_of_another(dev: str) -> Any:
    """a tensor without dimensions passes for a number only when it is on the CPU"""
    return _x(dev) + torch.tensor(1.0, device="cuda:0")


@mistake(SECOND, REFUSED, TWO, gpus=2)
def module_on_first(dev: str) -> Any:
    """the module is on the first GPU, its input on the second"""
    return nn.Linear(3, 3).to("cuda:0")(_x(dev))


@mistake(SECOND, PLACE, gpus=2)
def answer_on_first(dev: str) -> Any:
    """the answer is moved to "cuda" """
    return (_x(dev) + 1).to("cuda:0")


def _replicas(dev: str) -> tuple[list[nn.Linear], list[torch.Tensor], list[str]]:
    places = ["cpu", "cpu"] if dev == "cpu" else ["cuda:0", "cuda:1"]
    model = nn.Linear(3, 1)
    nn.init.ones_(model.weight)
    nn.init.zeros_(model.bias)
    parts = torch.arange(12.0).reshape(4, 3).chunk(2)
    return [copy.deepcopy(model).to(p) for p in places], [x.to(p) for x, p in zip(parts, places, strict=True)], places


def _grad(model: nn.Linear) -> torch.Tensor:
    assert model.weight.grad is not None
    return model.weight.grad


@right(SHARDS, gpus=2)
def losses_moved(dev: str) -> Any:
    """losses moved to the first GPU and added"""
    models, parts, places = _replicas(dev)
    losses = [model(x).square().mean() for model, x in zip(models, parts, strict=True)]
    total = torch.stack([loss.to(places[0]) for loss in losses]).sum()
    total.backward()
    return [total.detach(), sum(_grad(model).to(places[0]) for model in models)]


@right(SHARDS, gpus=2)
def each_backward(dev: str) -> Any:
    """a backward of each shard, gradients gathered"""
    models, parts, places = _replicas(dev)
    total = torch.zeros((), device=places[0])
    grads = []
    for model, x in zip(models, parts, strict=True):
        loss = F.mse_loss(model(x), torch.zeros(2, 1, device=x.device))
        loss.backward()
        total += loss.detach().to(total.device)
        grads.append(_grad(model).to(total.device))
    return [total, torch.stack(grads).sum(0)]


@mistake(SHARDS, REFUSED, TWO, gpus=2)
def losses_added(dev: str) -> Any:
    """losses of two GPUs, added"""
    models, parts, _ = _replicas(dev)
    first, second = (model(x).square().mean() for model, x in zip(models, parts, strict=True))
    total = first + second
    total.backward()
    return [total.detach(), _grad(models[0])]


@mistake(SHARDS, REFUSED, TWO, gpus=2)
def gradients_stacked(dev: str) -> Any:
    """gradients of two GPUs, stacked"""
    models, parts, places = _replicas(dev)
    losses = [model(x).square().mean() for model, x in zip(models, parts, strict=True)]
    total = torch.stack([loss.to(places[0]) for loss in losses]).sum()
    total.backward()
    return [total.detach(), torch.stack([_grad(model) for model in models]).sum(0)]


@mistake(SHARDS, REFUSED, TWO, gpus=2)
def parts_all_on_first(dev: str) -> Any:
    """all parts are on the first GPU, a replica is on the second"""
    models, parts, places = _replicas(dev)
    losses = [model(x.to(places[0])).square().mean() for model, x in zip(models, parts, strict=True)]
    return [sum(loss.to(places[0]) for loss in losses), None]
