"""What belongs to a module must move with it."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from tests.phantom.ways import Caught, mistake, right

REFUSED = Caught.REFUSED
TWO = "on the same device"
TABLE, PARTS, TIES = "a positional table", "several layers", "tied weights"


def _table() -> torch.Tensor:
    position = torch.arange(6.0)[:, None] * torch.exp(-math.log(100.0) * torch.arange(0.0, 4.0, 2.0) / 4)
    return torch.stack([position.sin(), position.cos()], -1).reshape(6, 4)


def _encoded(module: nn.Module, dev: str) -> Any:
    return module.to(dev)(torch.ones(2, 3, 4, device=dev))


class _Base(nn.Module):
    table: torch.Tensor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.table[: x.shape[1]]


@right(TABLE)
def buffer(dev: str) -> Any:
    """register_buffer"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("table", _table())

    return _encoded(Positions(), dev)


@right(TABLE)
def buffer_not_saved(dev: str) -> Any:
    """register_buffer(persistent=False)"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("table", _table(), persistent=False)

    return _encoded(Positions(), dev)


@right(TABLE)
def buffer_class(dev: str) -> Any:
    """nn.Buffer"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Buffer(_table())

    return _encoded(Positions(), dev)


@right(TABLE)
def frozen_parameter(dev: str) -> Any:
    """nn.Parameter(requires_grad=False)"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Parameter(_table(), requires_grad=False)

    return _encoded(Positions(), dev)


@right(TABLE)
def moved_in_forward(dev: str) -> Any:
    """an attribute that forward moves to x.device"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.table = _table()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.table[: x.shape[1]].to(x.device)

    return _encoded(Positions(), dev)


@right(TABLE)
def made_for_the_device(dev: str) -> Any:
    """a module built under `with torch.device(...)`"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("table", _table())

    with torch.device(dev):
        module = Positions()
    return module(torch.ones(2, 3, 4, device=dev))


@mistake(TABLE, REFUSED, TWO)
def attribute(dev: str) -> Any:
    """self.table = ... is no buffer"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.table = _table()

    return _encoded(Positions(), dev)


@mistake(TABLE, REFUSED, TWO)
def list_of_tables(dev: str) -> Any:
    """tensors in a list are no buffers"""

    class Positions(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tables = [_table()]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.tables[0][: x.shape[1]]

    return _encoded(Positions(), dev)


@mistake(TABLE, REFUSED, TWO)
def table_in_a_closure(dev: str) -> Any:
    """a table that a function of the module remembers"""

    class Positions(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            table = _table()
            self.look = lambda n: table[:n]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.look(x.shape[1])

    return _encoded(Positions(), dev)


@mistake(TABLE, REFUSED, TWO)
def made_in_forward(dev: str) -> Any:
    """forward makes the table anew, on the CPU"""

    class Positions(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + _table()[: x.shape[1]]

    return _encoded(Positions(), dev)


@mistake(TABLE, REFUSED, "indices should be either on cpu or on the same device as the indexed tensor (cpu)")
def positions_looked_up(dev: str) -> Any:
    """a table on the CPU, looked up with positions on the device"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            self.table = _table()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.table[torch.arange(x.shape[1], device=x.device)]

    return _encoded(Positions(), dev)


@mistake(TABLE, REFUSED, TWO)
def numpy_under_a_default(dev: str) -> Any:
    """under `with torch.device(...)`, torch.from_numpy still makes a CPU tensor"""

    class Positions(_Base):
        def __init__(self) -> None:
            super().__init__()
            with torch.device("cpu"):
                values = _table().numpy()
            self.table = torch.from_numpy(values)

    with torch.device(dev):
        module = Positions()
    return module(torch.ones(2, 3, 4, device=dev))


class _Listed(nn.Module):
    def __init__(self, container: type) -> None:
        super().__init__()
        self.layers = container([nn.Linear(4, 4), nn.Linear(4, 4)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x).relu()
        return x


class _Named(nn.Module):
    def __init__(self, container: type) -> None:
        super().__init__()
        self.layers = container({"one": nn.Linear(4, 4), "two": nn.Linear(4, 4)})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers["two"](self.layers["one"](x).relu()).relu()


@right(PARTS)
def module_list(dev: str) -> Any:
    """nn.ModuleList"""
    return _encoded(_Listed(nn.ModuleList), dev)


@right(PARTS)
def module_dict(dev: str) -> Any:
    """nn.ModuleDict"""
    return _encoded(_Named(nn.ModuleDict), dev)


@right(PARTS)
def list_moved_one_by_one(dev: str) -> Any:
    """a Python list whose layers are moved one by one"""
    layers = [nn.Linear(4, 4), nn.Linear(4, 4)]
    for layer in layers:
        layer.to(dev)
    x = torch.ones(2, 3, 4, device=dev)
    return layers[1](layers[0](x).relu()).relu()


@mistake(PARTS, REFUSED, TWO)
def python_list(dev: str) -> Any:
    """layers in a Python list do not move"""
    return _encoded(_Listed(list), dev)


@mistake(PARTS, REFUSED, TWO)
def python_dict(dev: str) -> Any:
    """layers in a Python dict do not move"""
    return _encoded(_Named(dict), dev)


class _Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(5, 4)
        self.head = nn.Linear(4, 5, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.embed(tokens))


def _trained(model: nn.Module, optimizer: torch.optim.Optimizer, dev: str) -> Any:
    model(torch.tensor([1, 2], device=dev)).square().sum().backward()
    optimizer.step()
    return [p.detach() for p in model.parameters()]


@right(TIES)
def tied_and_moved(dev: str) -> Any:
    """model.to(device) keeps the tie; the optimizer is made after"""
    model = _Tied().to(dev)
    return _trained(model, torch.optim.SGD(model.parameters(), 0.1), dev)


@right(TIES)
def optimizer_first(dev: str) -> Any:
    """the optimizer is made first: the parameters stay the same objects"""
    model = _Tied()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    model.to(dev)
    return _trained(model, optimizer, dev)


@right(TIES)
def moved_by_data(dev: str) -> Any:
    """p.data = p.data.to(device) for every parameter"""
    model = _Tied()
    for p in model.parameters():
        p.data = p.data.to(dev)
    return _trained(model, torch.optim.SGD(model.parameters(), 0.1), dev)


@mistake(TIES, Caught.PLACE)
def parameters_made_anew(dev: str) -> Any:
    """new parameters on the device break the tie"""
    model = _Tied()
    for module in model.modules():
        for name, p in list(module._parameters.items()):
            if p is not None:
                module._parameters[name] = nn.Parameter(p.detach().to(dev))
    return _trained(model, torch.optim.SGD(model.parameters(), 0.1), dev)


@mistake(TIES, Caught.VALUES)
def optimizer_of_old_parameters(dev: str) -> Any:
    """the optimizer holds the parameters that were replaced by ones on the device"""
    model = _Tied()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    model.embed.weight = model.head.weight = nn.Parameter(model.embed.weight.detach().to(dev))
    return _trained(model, optimizer, dev)
