"""Correct ways to write sequence_mask."""

import torch


def assigned_into_a_copy(X, valid_len, value=0):
    """Clones the input and assigns through a boolean index."""
    maxlen = X.size(1)
    mask = torch.arange(maxlen, dtype=torch.float32, device=X.device)[None, :] < valid_len[:, None]
    out = X.clone()
    out[~mask] = value
    return out


def where_with_a_full_tensor(X, valid_len, value=0):
    """Chooses between the input and a tensor full of the value."""
    steps = torch.arange(X.size(1), device=X.device).view(1, -1, *[1] * (X.dim() - 2))
    kept = steps < valid_len.reshape(-1, *[1] * (X.dim() - 1))
    return torch.where(kept, X, torch.full_like(X, value))


def end_marks_summed_up(X, valid_len, value=0):
    """Marks the end of every row in a table and lets a cumulative sum fill what follows it."""
    batch, steps = X.shape[:2]
    marks = torch.zeros(batch, steps + 1, dtype=torch.int64, device=X.device)
    marks.scatter_(1, valid_len.long().clamp(max=steps).unsqueeze(1), 1)
    padding = marks.cumsum(1)[:, :steps].bool()
    for _ in range(X.dim() - 2):
        padding = padding.unsqueeze(-1)
    return X.masked_fill(padding, value)


def rows_of_a_triangle(X, valid_len, value=0):
    """Looks the mask up in a triangular table with one row for every length from 0 to num_steps."""
    steps = X.shape[1]
    table = torch.ones(steps + 1, steps, dtype=torch.bool, device=X.device).tril(-1)
    kept = table[valid_len.long().clamp(max=steps)]
    kept = kept[(...,) + (None,) * (X.dim() - 2)].expand_as(X)
    return torch.where(kept, X, torch.tensor(value, dtype=X.dtype, device=X.device))


def last_axis_first(X, valid_len, value=0):
    """Turns the axes round, so that broadcasting needs no axes of size 1."""
    positions = torch.ones_like(X[0] if X.shape[0] else X.new_zeros(X.shape[1:]), dtype=torch.int64).cumsum(0)
    turned = X.movedim(0, -1)
    outside = positions.unsqueeze(-1) > valid_len
    return turned.masked_fill(outside, value).movedim(-1, 0)
