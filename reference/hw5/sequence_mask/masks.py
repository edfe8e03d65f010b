"""The steps of a right sequence_mask, for the mistakes to change."""

import torch


def steps(X):
    return torch.arange(X.shape[1], device=X.device)


def behind(mask, X):
    """The mask with an axis of size 1 for every further axis of X."""
    return mask.reshape(*mask.shape, *[1] * (X.dim() - 2))


def kept(X, valid_len):
    return behind(steps(X) < valid_len[:, None], X)


def sequence_mask(X, valid_len, value=0):
    return torch.where(kept(X, valid_len), X, torch.full_like(X, value))
