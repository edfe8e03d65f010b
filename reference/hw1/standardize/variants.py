"""Correct implementations of standardize."""

import torch


def by_sums(X, dim, eps=1e-5):
    """Sums and a count; the sums keep their axes."""
    axes = (dim,) if isinstance(dim, int) else tuple(dim)
    count = 1
    for axis in axes:
        count *= X.shape[axis]
    centre = torch.sum(X, dim=axes, keepdim=True) / count
    spread = torch.sum((X - centre) ** 2, dim=axes, keepdim=True) / count
    return (X - centre) / (spread + eps) ** 0.5


def axes_to_the_end(X, dim, eps=1e-5):
    """The axes are brought to the end, flattened into one, and put back afterwards."""
    axes = [dim] if isinstance(dim, int) else list(dim)
    last = list(range(-len(axes), 0))
    moved = X.movedim(axes, last)
    rows = moved.flatten(start_dim=-len(axes))
    rows = rows - rows.mean(-1).unsqueeze(-1)
    scale = torch.sqrt(rows.var(-1, unbiased=False) + eps)
    return (rows / scale.unsqueeze(-1)).reshape(moved.shape).movedim(last, axes)


def unsqueezed(X, dim, eps=1e-5):
    """Statistics without their axes, which are put back one by one."""
    axes = sorted(axis % X.dim() for axis in ([dim] if isinstance(dim, int) else dim))
    mean = X.mean(dim=axes)
    for axis in axes:
        mean = mean.unsqueeze(axis)
    second = (X - mean).pow(2).mean(dim=axes)
    for axis in axes:
        second = second.unsqueeze(axis)
    return (X - mean).div(second.add(eps).sqrt())
