"""What operators cost, by their names and the shapes they are given: the same on every machine.

Both witnesses of a counted run use these tables: the dispatch mode for each operator that it is handed, and `recorded`
for the events of the profiler, among which it finds those that a dispatch mode would be handed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import torch
from torch._C._autograd import ProfilerEvent

from autograder.exercise import READS

Shape = Sequence[int]
Kind = Literal["composite", "view", "moving", "computing"]

_THROUGH = -1
_aten = torch.ops.aten
_dispatched = torch._C._dispatch_has_kernel
_composite = torch._C._dispatch_has_kernel_for_dispatch_key
_name_of, _kind_of = ProfilerEvent.name, ProfilerEvent.kind
_shapes_of, _bytes_of = ProfilerEvent.shapes, ProfilerEvent.cpu_memory_usage

_WAITING = READS | {"equal", "masked_select", "nonzero", "_unique2", "unique_dim", "unique_consecutive"}
_MOVED = (
    "_local_scalar_dense _pad_circular _to_copy arange cat clone col2im constant_pad_nd contiguous copy copy_ "
    "embedding eye fill fill_ flip gather im2col index index_put index_put_ index_select is_nonzero item lift "
    "lift_fresh linspace masked_fill masked_fill_ masked_scatter masked_scatter_ masked_select nonzero pad repeat "
    "repeat_interleave roll scalar_tensor scatter scatter_ select_scatter set_ slice_scatter stack take "
    "take_along_dim tril tril_ triu triu_ unfold_backward where zero_"
)
_MOVING = frozenset(_MOVED.split())
_MAKING = ("empty", "full", "new_", "ones", "rand", "zeros", "normal_", "uniform_", "bernoulli_")
_DEEP = frozenset({"mm", "addmm", "_addmm_activation", "mv", "addmv", "dot", "vdot"})
_BATCHED = frozenset({"bmm", "baddbmm", "baddbmm_", "addbmm"})


@lru_cache(maxsize=1024)
def kind(name: str) -> Kind:
    """What kind of operator the one of this name is. A composite one is made of others, which the dispatcher is handed
    in its place; a view moves nothing, and one that is moving computes nothing."""
    packet = getattr(_aten, name, None)
    overloads = [] if packet is None else [getattr(packet, overload) for overload in packet.overloads()]
    overloads = [operator for operator in overloads if _dispatched(_full(operator))]  # others only scripts have
    if overloads and all(_composite(_full(operator), "CompositeImplicitAutograd") for operator in overloads):
        return "composite"
    if overloads and all(operator.is_view for operator in overloads):
        return "view"
    return "moving" if name in _MOVING or name.startswith(_MAKING) else "computing"


def _full(operator: Any) -> str:
    return str(operator.name()).removesuffix(".default")


def arithmetic(name: str, shapes: Iterable[Shape], made: Shape = ()) -> int:
    """Multiplications and additions: two for each pair of numbers that meet in a product of matrices, one for each
    number otherwise, of what is broadcast. `made` is the shape of the result, where it is known."""
    given = [shape for shape in shapes if len(shape)]
    if not given or kind(name) != "computing":
        return 0
    if name in _DEEP and len(given) > 1:
        return 2 * math.prod(given[-2]) * (given[-1][1] if len(given[-1]) == 2 else 1)
    if name in _BATCHED and len(given) > 1:
        return 2 * math.prod(given[-2]) * given[-1][-1]
    if "convolution" in name and len(given) > 1 and made:
        return 2 * math.prod(made) * math.prod(given[1][1:])
    return _broadcast(given)


def _broadcast(shapes: list[Shape]) -> int:
    """The number of elements of the shapes broadcast together, or of the largest where they do not fit."""
    if len(shapes) == 1 or all(shape == shapes[0] for shape in shapes):
        return math.prod(shapes[0])
    sizes: list[int] = []
    for place in range(1, max(map(len, shapes)) + 1):
        here = {shape[-place] for shape in shapes if len(shape) >= place} - {1}
        if len(here) > 1:
            return max(map(math.prod, shapes))
        sizes.append(here.pop() if here else 1)
    return math.prod(sizes)


def counts(names: Mapping[str, int]) -> dict[str, int]:
    """What is counted of operators that were called so often, whatever their shapes."""
    return {
        "operators": sum(names.values()),
        "kernels": sum(times for name, times in names.items() if kind(name) != "view"),
        "synchronisations": sum(times for name, times in names.items() if name in _WAITING),
    }


def recorded(threads: list[list[Any]]) -> dict[str, int]:
    """The counts by the profiler's events, bytes included: `allocated` in all, and `held` at one time."""
    names: Counter[str] = Counter()
    work = allocated = held = 0
    for events in threads:
        inside, now = 0, 0
        own, below = [_THROUGH], [0]  # the arithmetic of each event that is open, and of what is inside it
        for event in events:
            what = _kind_of(event)
            if what == "push":
                name = _name_of(event)
                computes = _computes(name)
                if computes != _THROUGH:
                    if not inside:
                        names[name[6:]] += 1  # what a dispatch mode would be told of
                    inside += 1
                own.append(arithmetic(name[6:], _shapes_of(event)) if computes > 0 else computes)
                below.append(0)
            elif what == "pop" and len(own) > 1:
                itself, others = own.pop(), below.pop()
                inside -= itself != _THROUGH
                below[-1] += max(itself, others)  # it has computed no less than the operators that it called
            elif what == "memory_alloc":
                moved = _bytes_of(event)
                now += moved
                allocated += max(0, moved)
                held = max(held, now)
        work += sum(below)
    return {**counts(names), "arithmetic": work, "allocated": allocated, "held": held}


@lru_cache(maxsize=4096)
def _computes(event: str) -> int:
    """1 for an operator that computes, 0 for another, and `_THROUGH` for what is only made of others."""
    if event[:6] != "aten::" or kind(event[6:]) == "composite":
        return _THROUGH
    return int(kind(event[6:]) == "computing")
