"""Ways to write device code: mistakes that a GPU catches, and correct ways to write the same, as data.

A topic is one small task. Its right ways give the same answer, with the same dtypes and on the same devices, and show
how little needs to wait for the GPU; each of its mistakes is caught in one of the ways that `Caught` lists. The same
table runs on the simulated device and, where there is one, on a real one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

MODULES = ("making", "moving", "modules", "waiting", "precision", "scaling", "chance", "training", "loading", "several")


class Caught(Enum):
    """How a mistake shows."""

    REFUSED = "refused"  # an exception
    PLACE = "on the wrong device"  # tensors of the answer are elsewhere, or there are not as many
    DTYPE = "of the wrong dtype"
    VALUES = "with wrong values"
    WAITS = "waits for the GPU"  # more transfers to the host and synchronisations than any right way makes
    HURRIES = "does not wait"  # fewer than any right way makes
    MEMORY = "holds too much memory"  # more than 1.5 times the peak of any right way


@dataclass(frozen=True)
class Way:
    """One way to do a topic's task on a device: `run(device)` gives the answer. `caught` is None for a right way;
    `words` are in the message of a refusal. It needs so many `gpus`."""

    topic: str
    run: Callable[[str], Any]
    caught: Caught | None = None
    words: str = ""
    gpus: int = 1

    @property
    def name(self) -> str:
        return self.run.__name__

    @property
    def says(self) -> str:
        """What is written, in one sentence."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


_ways: dict[str, Way] = {}
Function = Callable[[str], Any]


def right(topic: str, gpus: int = 1) -> Callable[[Function], Function]:
    """A correct way to do the topic's task."""
    return lambda function: _keep(Way(topic, function, gpus=gpus))


def mistake(topic: str, caught: Caught, words: str = "", gpus: int = 1) -> Callable[[Function], Function]:
    """A mistake in the topic's task."""
    return lambda function: _keep(Way(topic, function, caught, words, gpus))


def _keep(way: Way) -> Function:
    if way.name in _ways:
        raise ValueError(f"there are two ways called {way.name}")
    _ways[way.name] = way
    return way.run


def ways() -> dict[str, Way]:
    """All ways by name, topic by topic."""
    for module in MODULES:
        importlib.import_module(f"{__name__}.{module}")
    return dict(_ways)


def right_ways(topic: str) -> list[Way]:
    return [way for way in ways().values() if way.topic == topic and way.caught is None]
