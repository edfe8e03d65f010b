"""Correct masks, made in other ways."""

import torch


def reshaped(valid_lens, num_steps):
    """Flattens the lengths, makes the table, and folds it back."""
    steps = torch.arange(num_steps, device=valid_lens.device).view(1, -1)
    table = steps < valid_lens.reshape(-1, 1)
    return table.reshape(*valid_lens.shape, num_steps)


def by_the_number_of_axes(valid_lens, num_steps):
    """One line for each of the two shapes."""
    steps = torch.arange(0, num_steps, dtype=torch.int64, device=valid_lens.device)
    if valid_lens.dim() == 1:
        return steps[None, :] < valid_lens[:, None]
    return steps[None, None, :] < valid_lens[:, :, None]


def what_is_left(valid_lens, num_steps):
    """Takes 1 off a length at each step, and asks what is left."""
    left = valid_lens.to(torch.float64).unsqueeze(-1) - torch.arange(num_steps, device=valid_lens.device)
    return left.gt(0)
