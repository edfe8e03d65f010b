"""masked_softmax by a softmax over scores of minus infinity, with the rows that have no key put right."""

import torch


def valid_keys(X, valid_lens):
    """True where a key is valid; broadcasts to the shape of the scores."""
    lengths = valid_lens.reshape(X.shape[0], -1 if valid_lens.numel() else 1, 1)
    return torch.arange(X.shape[-1], device=X.device).expand(X.shape) < lengths


def masked_softmax(X, valid_lens):
    if valid_lens is None:
        return torch.softmax(X, dim=-1)
    valid = valid_keys(X, valid_lens)
    some = valid.any(dim=-1, keepdim=True)
    scores = torch.where(valid | ~some, X, float("-inf"))
    return torch.where(some, torch.softmax(scores, dim=-1), 0.0)
