"""sequence_mask as a tensor full of the value, into which the valid entries are copied."""

import torch


def sequence_mask(X, valid_len, value=0):
    kept = torch.arange(X.size(1), device=X.device).unsqueeze(0) < valid_len.unsqueeze(1)
    out = torch.full_like(X, value)
    out[kept] = X[kept]
    return out
