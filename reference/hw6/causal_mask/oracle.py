"""causal_mask by comparing steps."""

import torch


def causal_mask(num_steps, device=None):
    steps = torch.arange(num_steps, device=device)
    return steps <= steps[:, None]
