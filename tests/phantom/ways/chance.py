"""Random numbers on the device, which has generators of its own."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from tests.phantom.ways import Caught, mistake, right

REFUSED, VALUES = Caught.REFUSED, Caught.VALUES
NOISE, DROP, SAME, ORDER, DRAW = (
    "noise of a given seed",
    "a dropout mask",
    "the same dropout twice",
    "a shuffled order",
    "a drawn token",
)


@right(NOISE)
def generator_there(dev: str) -> Any:
    """Generator(device=...), randn(..., generator=g, device=...)"""
    g = torch.Generator(device=dev).manual_seed(3)
    return torch.randn(4, generator=g, device=dev).shape


@right(NOISE)
def generator_at_home(dev: str) -> Any:
    """a CPU generator for a CPU tensor, which is moved"""
    return torch.randn(4, generator=torch.Generator().manual_seed(3)).to(dev).shape


@right(NOISE)
def filled_in_place(dev: str) -> Any:
    """x.normal_(generator=g), both on the device"""
    g = torch.Generator(torch.device(dev)).manual_seed(3)
    return torch.empty(4, device=dev).normal_(generator=g).shape


@mistake(NOISE, REFUSED, "Expected a 'cuda' device type for generator but found 'cpu'")
def cpu_generator_there(dev: str) -> Any:
    """a CPU generator for a tensor on the device"""
    return torch.randn(4, generator=torch.Generator().manual_seed(3), device=dev).shape


@mistake(NOISE, REFUSED, "Expected a 'cpu' device type for generator but found 'cuda'")
def device_generator_at_home(dev: str) -> Any:
    """a generator of the device for a CPU tensor"""
    return torch.randn(4, generator=torch.Generator(dev).manual_seed(3)).to(dev).shape


@mistake(NOISE, REFUSED, "Expected a 'cuda' device type for generator but found 'cpu'")
def cpu_generator_in_place(dev: str) -> Any:
    """x.uniform_(generator=g) with a CPU generator"""
    return torch.empty(4, device=dev).uniform_(generator=torch.Generator().manual_seed(3)).shape


def _ones(dev: str) -> torch.Tensor:
    return torch.ones(1000, device=dev)


def _plausible(x: torch.Tensor) -> Any:
    return [(x == 0).float().mean().sub(0.5).abs() < 0.1, x.max()]


@right(DROP)
def rand_like(dev: str) -> Any:
    """rand_like(x) > p"""
    x = _ones(dev)
    return _plausible(x * (torch.rand_like(x) > 0.5) / 0.5)


@right(DROP)
def rand_there(dev: str) -> Any:
    """rand(x.shape, device=x.device) > p"""
    x = _ones(dev)
    return _plausible(x * (torch.rand(x.shape, device=x.device) > 0.5) / 0.5)


@right(DROP)
def drawn_by_bernoulli(dev: str) -> Any:
    """bernoulli(full_like(x, 1 - p))"""
    x = _ones(dev)
    return _plausible(x * torch.bernoulli(torch.full_like(x, 0.5)) / 0.5)


@right(DROP)
def dropped_by_torch(dev: str) -> Any:
    """F.dropout"""
    return _plausible(F.dropout(_ones(dev), 0.5))


@right(DROP)
def drawn_in_place(dev: str) -> Any:
    """empty_like(x).uniform_() > p"""
    x = _ones(dev)
    return _plausible(x * (torch.empty_like(x).uniform_() > 0.5) / 0.5)


@mistake(DROP, REFUSED, "on the same device")
def rand_on_cpu(dev: str) -> Any:
    """rand(x.shape) > p on the CPU"""
    x = _ones(dev)
    return _plausible(x * (torch.rand(x.shape) > 0.5) / 0.5)


@mistake(DROP, REFUSED, "on the same device")
def rand_of_numpy(dev: str) -> Any:
    """a mask that numpy drew"""
    import numpy as np

    x = _ones(dev)
    return _plausible(x * torch.from_numpy(np.random.default_rng(0).random(1000) > 0.5) / 0.5)


@right(SAME)
def seeded_again(dev: str) -> Any:
    """torch.manual_seed before each: it seeds the device too"""
    torch.manual_seed(5)
    first = F.dropout(_ones(dev))
    torch.manual_seed(5)
    return (first == F.dropout(_ones(dev))).all()


@right(SAME)
def state_of_the_device(dev: str) -> Any:
    """torch.cuda.get_rng_state and set_rng_state"""
    get = torch.get_rng_state if dev == "cpu" else torch.cuda.get_rng_state
    put = torch.set_rng_state if dev == "cpu" else torch.cuda.set_rng_state
    state = get()
    first = F.dropout(_ones(dev))
    put(state)
    return (first == F.dropout(_ones(dev))).all()


@right(SAME)
def forked(dev: str) -> Any:
    """with torch.random.fork_rng()"""
    with torch.random.fork_rng():
        first = F.dropout(_ones(dev))
    return (first == F.dropout(_ones(dev))).all()


@mistake(SAME, VALUES)
def state_of_the_cpu(dev: str) -> Any:
    """torch.get_rng_state is the CPU's state only"""
    state = torch.get_rng_state()
    first = F.dropout(_ones(dev))
    torch.set_rng_state(state)
    return (first == F.dropout(_ones(dev))).all()


@mistake(SAME, VALUES)
def forked_without_devices(dev: str) -> Any:
    """fork_rng(devices=[]) leaves the device's generator out"""
    with torch.random.fork_rng(devices=[]):
        first = F.dropout(_ones(dev))
    return (first == F.dropout(_ones(dev))).all()


@right(ORDER)
def order_there(dev: str) -> Any:
    """randperm(n, device=...)"""
    x = torch.arange(8.0, device=dev)
    return x[torch.randperm(8, device=dev)].sort().values


@right(ORDER)
def order_at_home(dev: str) -> Any:
    """randperm(n) on the CPU is an index, which may be there"""
    x = torch.arange(8.0, device=dev)
    return x[torch.randperm(8)].sort().values


@right(ORDER)
def order_with_generator(dev: str) -> Any:
    """randperm with generator and device of one kind"""
    x = torch.arange(8.0, device=dev)
    return x[torch.randperm(8, generator=torch.Generator(dev), device=dev)].sort().values


@mistake(ORDER, REFUSED, "Expected a 'cpu' device type for generator but found 'cuda'")
def order_with_a_device_generator(dev: str) -> Any:
    """randperm(n, generator=g) with a generator of the device and no device"""
    x = torch.arange(8.0, device=dev)
    return x[torch.randperm(8, generator=torch.Generator(dev))].sort().values


@mistake(ORDER, REFUSED, "on the same device")
def order_for_index_select(dev: str) -> Any:
    """randperm(n) on the CPU for index_select"""
    return torch.arange(8.0, device=dev).index_select(0, torch.randperm(8)).sort().values


@right(DRAW)
def multinomial_there(dev: str) -> Any:
    """multinomial with a generator of the device"""
    return torch.multinomial(torch.tensor([0.0, 1.0, 0.0], device=dev), 1, generator=torch.Generator(dev))


@right(DRAW)
def by_gumbel(dev: str) -> Any:
    """argmax of logits plus noise drawn there"""
    logits = torch.tensor([0.0, 1.0, 0.0], device=dev).log()
    return (logits - torch.empty_like(logits).exponential_().log()).argmax()[None]


@right(DRAW)
def by_distribution(dev: str) -> Any:
    """torch.distributions.Categorical"""
    return torch.distributions.Categorical(torch.tensor([0.0, 1.0, 0.0], device=dev)).sample((1,))


@mistake(DRAW, REFUSED, "Expected a 'cuda' device type for generator but found 'cpu'")
def multinomial_by_cpu_generator(dev: str) -> Any:
    """multinomial with a CPU generator"""
    return torch.multinomial(torch.tensor([0.0, 1.0, 0.0], device=dev), 1, generator=torch.Generator())


@mistake(DRAW, Caught.PLACE)
def multinomial_at_home(dev: str) -> Any:
    """drawn from probabilities that were copied to the CPU"""
    return torch.multinomial(torch.tensor([0.0, 1.0, 0.0], device=dev).cpu(), 1)
