"""Correct pooling, written in other ways."""

import functools

import torch
import torch.nn.functional as F
from windows import pair, pooled


def slices_stacked(x, pool_size, stride=None, padding=0, mode="max"):
    """Stacks one slice for each place in a window."""
    return pooled(x, pool_size, stride, padding, mode)


def slices_one_by_one(x, pool_size, stride=None, padding=0, mode="max"):
    """Keeps the best, or the sum, so far."""
    if mode not in {"max", "avg"}:
        raise ValueError("mode is max or avg, not " + str(mode))
    (h, w), (pad_h, pad_w) = pair(pool_size), pair(padding)
    step_h, step_w = pair(stride if stride is not None else pool_size)
    padded = F.pad(x, (pad_w, pad_w, pad_h, pad_h), value=float("-inf") if mode == "max" else 0)
    out_h = 1 + (padded.size(2) - h) // step_h
    out_w = 1 + (padded.size(3) - w) // step_w
    parts = (
        padded[:, :, i :: step_h, j :: step_w][:, :, :out_h, :out_w] for i in range(h) for j in range(w)
    )  # fmt: skip
    if mode == "max":
        return functools.reduce(torch.maximum, parts)
    return sum(parts) / (h * w)


def rows_then_columns(x, pool_size, stride=None, padding=0, mode="max"):
    """Pools along one axis, then along the other."""
    if mode != "max" and mode != "avg":
        raise ValueError(repr(mode))
    sizes, steps, pads = pair(pool_size), pair(pool_size if stride is None else stride), pair(padding)
    for axis, size, step, pad in zip((2, 3), sizes, steps, pads, strict=True):
        edge = list(x.shape)
        edge[axis] = pad
        border = x.new_full(edge, -torch.inf if mode == "max" else 0.0)
        windows = torch.cat([border, x, border], dim=axis).unfold(axis, size, step)
        x = windows.max(dim=-1).values if mode == "max" else windows.sum(dim=-1) / size
    return x
