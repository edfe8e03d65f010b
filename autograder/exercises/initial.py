"""How a new layer starts: whether its weights are random numbers from torch's global generator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import TYPE_CHECKING, Any

from autograder.exercise import Case, Finding

if TYPE_CHECKING:
    import numpy as np


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
    """The weight is random: finite, not constant, from torch's global generator, different for every channel, and so
    is each of its numbers. The bias is random too, or zero."""
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
    elif place := _not_drawn(first, other):
        yield Finding("partial", f"not every weight of a new layer is drawn on its own: {place}")
    elif ("bias", 5) in drawn and _not_random_or_zero(drawn["bias", 5][0], drawn["bias", 6][0]):
        yield Finding("bias", "the bias of a new layer starts neither with random numbers nor with zeros")


def _not_drawn(first: np.ndarray, other: np.ndarray) -> str:
    """Which weights of a layer are alike, or those of another layer. A few may be: a clamp makes ends equal."""
    if first.ndim != 4:
        return ""
    outputs, inputs, *kernel = map(range, first.shape)
    for o, c in product(outputs, inputs):
        if len(set(first[o, c].flat)) == 1:
            return f"weight[{o}, {c}] is {float(first[o, c, 0, 0]):g} at every element"
        if (first[o, c] == other[o, c]).all():
            return f"weight[{o}, {c}] is the same after different torch.manual_seed"
    for c, a, b in product(inputs, *kernel):
        if len(set(first[:, c, a, b])) == 1:
            return f"weight[o, {c}, {a}, {b}] is {float(first[0, c, a, b]):g} for every output channel o"
    if len({first[o, c].tobytes() for o, c in product(outputs, inputs)}) < len(outputs) * len(inputs):
        return "two kernels, of different channels, are equal"
    return ""


def _not_random_or_zero(first: np.ndarray, other: np.ndarray) -> bool:
    if first.size < 2 or not (first.any() or other.any()):  # one number for all is the state's matter
        return False
    return len(set(first.flat)) == 1 or bool((first == other).all())
