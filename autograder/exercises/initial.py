"""How a new layer starts: whether its weights are random numbers from torch's global generator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.exercise import Case, Finding


def new_layers(make: Callable[..., Any], arguments: dict[str, Any]) -> list[Any]:
    """Parameters of new layers: two after one seed and two after another, each [seed, name, values]."""
    import torch

    found = []
    for seed in (5, 6, 5, 6):
        torch.manual_seed(seed)
        layer = make(**arguments)
        found += [[seed, name, value.detach().clone()] for name, value in sorted(layer.named_parameters())]
    return found


def initialisation(case: Case, value: Any) -> Iterable[Finding]:
    """The weight is random: finite, not constant, from torch's global generator, different for every channel."""
    import numpy as np

    drawn: dict[tuple[str, int], list[np.ndarray]] = {}
    for seed, name, array in value:
        drawn.setdefault((name, seed), []).append(np.asarray(array.data))
    first, other = drawn["weight", 5][0], drawn["weight", 6][0]
    if not all(np.isfinite(array).all() for arrays in drawn.values() for array in arrays):
        yield Finding("uninitialised", "a new layer's parameters are NaN or whatever the memory held before")
    elif (first == first.flat[0]).all():
        yield Finding("constant", f"every weight of a new layer is {float(first.flat[0]):g}")
    elif any(not np.array_equal(one, again) for one, again in drawn.values()):
        yield Finding("unseeded", "two layers made after the same torch.manual_seed start with different parameters")
    elif np.array_equal(first, other):
        yield Finding("fixed", "layers made after different torch.manual_seed start with the same weights")
    elif len({kernel.tobytes() for kernel in first}) < len(first):
        yield Finding("alike", "two output channels of a new layer start with the same weights")
