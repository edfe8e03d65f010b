"""sequence_mask as torch.where between the input and a tensor full of the value."""

import torch


def sequence_mask(X, valid_len, value=0):
    steps = torch.arange(X.size(1), device=X.device).view(1, -1, *[1] * (X.dim() - 2))
    kept = steps < valid_len.view(-1, *[1] * (X.dim() - 1))
    return torch.where(kept, X, torch.full_like(X, value))
