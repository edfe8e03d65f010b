"""to_device in two passes: first every tensor is moved, then the batch is built again around them."""

from collections import deque

import torch


def _parts(part):
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, (list, tuple)) else ()


def to_device(batch, device):
    found, waiting = [], deque([batch])
    while waiting:
        part = waiting.popleft()
        if isinstance(part, torch.Tensor):
            found.append(part)
        waiting.extend(_parts(part))
    there = {id(tensor): torch.Tensor.to(tensor, device=device) for tensor in {id(t): t for t in found}.values()}

    def rebuilt(part):
        if id(part) in there:
            return there[id(part)]
        if isinstance(part, dict):
            return dict(zip(part, map(rebuilt, part.values()), strict=True))
        if isinstance(part, (list, tuple)):
            inside = [rebuilt(item) for item in part]
            return part._make(inside) if hasattr(part, "_make") else type(part)(inside)
        return part

    return rebuilt(batch)
