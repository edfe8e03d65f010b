"""Correct implementations of masked_softmax."""

import torch
from torch import nn


def by_exponentials(X, valid_lens):
    """Exponentials of the distances to the largest valid score, divided by their sum."""
    if valid_lens is None:
        valid = torch.ones_like(X, dtype=torch.bool)
    else:
        lengths = valid_lens.view(-1, 1, 1) if valid_lens.ndim == 1 else valid_lens.unsqueeze(2)
        valid = torch.arange(X.size(2), device=X.device).view(1, 1, -1) < lengths
    low = torch.full_like(X, float("-inf"))
    top = torch.amax(torch.where(valid, X, low), dim=2, keepdim=True).detach()
    powers = torch.exp(torch.where(valid, X - top, low))
    return powers / powers.sum(dim=2, keepdim=True).clamp(min=1.0)


def flattened(X, valid_lens):
    """A row for every query: lengths repeated, a boolean assignment into a copy, NaN replaced afterwards."""
    if valid_lens is None:
        return nn.functional.softmax(X, dim=-1)
    shape = X.shape
    if valid_lens.dim() == 1:
        valid_lens = torch.repeat_interleave(valid_lens, shape[1])
    else:
        valid_lens = valid_lens.reshape(-1)
    rows = X.reshape(-1, shape[-1]).clone()
    mask = torch.arange(shape[-1], device=X.device)[None, :] < valid_lens[:, None]
    rows[~mask] = float("-inf")
    weights = nn.functional.softmax(rows, dim=-1)
    weights = torch.nan_to_num(weights, nan=0.0)
    return weights.reshape(shape)


def shifted(X, valid_lens):
    """Adds minus infinity through logaddexp-free arithmetic: a log-softmax over the filled scores, then exp."""
    if valid_lens is None:
        return X.log_softmax(-1).exp()
    if valid_lens.dim() == 1:
        valid_lens = valid_lens.unsqueeze(-1).expand(X.shape[0], X.shape[1])
    positions = torch.ones_like(X, dtype=torch.int64).cumsum(-1)
    dead = positions > valid_lens.unsqueeze(-1)
    logs = X.masked_fill(dead, torch.finfo(X.dtype).min).log_softmax(-1)
    return logs.exp() * (~dead)
