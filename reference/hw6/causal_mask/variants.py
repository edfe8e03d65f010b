"""Correct masks, made in other ways."""

import torch


def not_above_the_diagonal(num_steps, device=None):
    """Everything but what is strictly above the diagonal."""
    later = torch.triu(torch.ones((num_steps, num_steps), device=device), diagonal=1)
    return later == 0


def running_sums(num_steps, device=None):
    """The identity, carried to the right and turned over."""
    return torch.eye(num_steps, dtype=torch.int32, device=device).cumsum(dim=0).bool()


def lengths_of_prefixes(num_steps, device=None):
    """Step i sees a prefix of i + 1 steps."""
    lengths = torch.arange(1, num_steps + 1, device=device).reshape(-1, 1)
    return torch.arange(num_steps, device=device).reshape(1, -1).lt(lengths)
