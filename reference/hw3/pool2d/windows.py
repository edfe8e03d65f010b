"""Pooling by hand, with parts that can be exchanged."""

import torch
import torch.nn.functional as F


def pair(number):
    return (number, number) if isinstance(number, int) else tuple(number)


def pooled(x, pool_size, stride=None, padding=0, mode="max", *, fill=None, combine=None):
    """The slices of all places in a window, combined."""
    if mode not in ("max", "avg"):
        raise ValueError(f"unknown mode {mode!r}")
    (h, w), (top, left) = pair(pool_size), pair(padding)
    rows, columns = pair(pool_size if stride is None else stride)
    fill = fill if fill is not None else (-torch.inf if mode == "max" else 0.0)
    x = F.pad(x, (left, left, top, top), value=fill)
    height, width = (x.shape[2] - h) // rows + 1, (x.shape[3] - w) // columns + 1
    slices = [
        x[:, :, a : a + (height - 1) * rows + 1 : rows, b : b + (width - 1) * columns + 1 : columns]
        for a in range(h)
        for b in range(w)
    ]
    return (combine or COMBINE[mode])(torch.stack(slices, dim=-1))


COMBINE = {"max": lambda slices: slices.amax(dim=-1), "avg": lambda slices: slices.mean(dim=-1)}
