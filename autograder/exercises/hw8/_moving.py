"""Batches that are moved to a device, and what became of them. Imported by the probe, beside student code, and by
nothing else: it imports torch."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

Sample = namedtuple("Sample", "inputs labels")
Encoded = namedtuple("Encoded", "tokens segments valid_len")
NAMED = {2: Sample, 3: Encoded}

# While the tensors of all calls live, no two have the same id: code that remembers ids too long is wrong reproducibly.
_kept: list[Any] = []


class Movable:
    """An object that is not a tensor and has a method `to`."""

    def __init__(self, place: Any = None) -> None:
        self.place = place

    def to(self, place: Any, *_: Any, **__: Any) -> Movable:
        return Movable(place)


def _build(part: Any, place: Callable[[torch.Tensor], torch.Tensor], shared: dict[str, torch.Tensor]) -> Any:
    """What a case describes: a dict with one key that is a kind stands for a thing of this kind."""
    if isinstance(part, torch.Tensor):
        return place(part)
    if isinstance(part, dict) and len(part) == 1:
        ((kind, inside),) = part.items()
        if kind == "named tuple":
            return NAMED[len(inside)](*(_build(item, place, shared) for item in inside))
        if kind == "parameter":
            return torch.nn.Parameter(place(inside))
        if kind == "requires grad":
            return place(inside).requires_grad_()
        if kind == "the tensor":
            return shared[inside]
        if kind == "numpy array":
            return np.array(inside, dtype=np.float32)
        if kind == "set":
            return set(inside)
        if kind == "object with a method to":
            return Movable()
    if isinstance(part, dict):
        return {key: _build(item, place, shared) for key, item in part.items()}
    if isinstance(part, (list, tuple)):
        return type(part)(_build(item, place, shared) for item in part)
    return part


def shown(value: Any) -> str:
    """A batch as text: what is in what, and where the tensors are."""
    if isinstance(value, torch.Tensor):
        size = ", ".join(map(str, value.shape))
        return f"{str(value.dtype).removeprefix('torch.')}({size}) on {value.device.type}"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        inside = ", ".join(f"{name}={shown(item)}" for name, item in zip(value._fields, value, strict=True))
        return f"{type(value).__name__}({inside})"
    if type(value) is list:
        return f"[{', '.join(map(shown, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(shown, value))}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return f"{{{', '.join(f'{key!r}: {shown(item)}' for key, item in value.items())}}}"
    if isinstance(value, Movable):
        return f"object{'' if value.place is None else ' that was moved'}"
    if isinstance(value, np.ndarray):
        return f"numpy array {value.tolist()}"
    if type(value) is set:
        return f"set {sorted(value)}"
    return repr(value) if value is None or type(value) in (bool, int, float, str) else f"a {type(value).__name__}"


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []


def _pairs(batch: Any, answer: Any) -> Iterator[tuple[Any, Any]]:
    """What stands at the same place of the batch and of the answer, containers included."""
    yield batch, answer
    before, after = _inside(batch), _inside(answer)
    if len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _pairs(one, other)


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in _inside(value) for tensor in _tensors(item)]


def _places(value: Any) -> list[int]:
    """The objects of a batch, in order."""
    return [id(value), *(number for item in _inside(value) for number in _places(item))]


def move(to_device: Callable[..., Any], call: Any) -> Any:
    """Has a batch moved, and reports what the case asks for."""
    described, device = call.args
    wanted = call.options["report"]

    def place(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.detach().clone() if call.options.get("stays") else tensor.detach().cpu().clone()

    shared = {name: place(tensor) for name, tensor in call.options.get("shared", {}).items()}
    batch = _build(described, place, shared)
    target = device if call.options.get("named") else torch.device(device)
    text, objects = shown(batch), _places(batch)
    _kept.append(batch)
    if call.options.get("again"):
        to_device(batch, "cpu" if target.type == "meta" else "meta")
    answer = to_device(batch, target)
    if wanted == "answer":
        return shown(answer)
    if wanted == "values":
        return {"answer": shown(answer), "values": [tensor.detach() for tensor in _tensors(answer)]}
    if wanted == "gradients":
        return _gradients(batch, answer)
    pairs = list(_pairs(batch, answer))
    if wanted == "batch":
        return {"flag “the batch was changed”": text != shown(batch) or objects != _places(batch)}
    if wanted == "containers":
        kept = any(one is other for one, other in pairs if isinstance(one, (list, dict)))
        return {"flag “a list or dict of the batch is in the answer”": kept}
    if wanted == "tensors":
        copied = any(one is not other for one, other in pairs if isinstance(one, torch.Tensor))
        return {"flag “a tensor that is there already was copied”": copied}
    if wanted == "leaves":
        others = (np.ndarray, set, Movable)
        return {"flag “what is no tensor was copied”": any(a is not b for a, b in pairs if isinstance(a, others))}
    assert wanted == "once"
    moved = [{id(other) for one, other in pairs if one is tensor} for tensor in shared.values()]
    return {
        "flag “a tensor that stands at several places was moved several times”": any(len(found) > 1 for found in moved),
        "flag “two tensors became one”": len(set().union(*moved)) < len(moved),
    }


def _gradients(batch: Any, answer: Any) -> Any:
    """The gradients that come back from the answer to the tensors of the batch which ask for some."""
    moved = [tensor for tensor in _tensors(answer) if tensor.requires_grad]
    leaves = [tensor for tensor in _tensors(batch) if tensor.requires_grad]
    if moved and all(tensor.device.type != "meta" for tensor in moved):
        loss = sum((number * tensor.square().sum() for number, tensor in enumerate(moved, start=1)), torch.zeros(()))
        if isinstance(loss, torch.Tensor):
            loss.backward()
    return {
        "tensors with a graph": len(moved),
        "gradients": [None if leaf.grad is None else leaf.grad.detach().clone() for leaf in leaves],
    }
