"""Other right ways to go down along a cosine."""

import math

import torch


def between(lr, epoch, T_max, eta_min=0.0):
    """A share of the way from the first to the last learning rate."""
    if T_max <= 0:
        raise ValueError("T_max must be positive")
    share = math.sin(math.pi / 2 * min(1.0, epoch / T_max)) ** 2
    return (1 - share) * lr + share * eta_min


def plain_learner(lr, epoch, T_max, eta_min=0.0):
    """Written from the stub alone."""
    if T_max < 1:
        raise ValueError("T_max must be at least 1, got " + str(T_max))
    if epoch > T_max:
        return eta_min
    return eta_min + 0.5 * (lr - eta_min) * (1 + math.cos(epoch / T_max * math.pi))


def with_tensors(lr, epoch, T_max, eta_min=0.0):
    """Double precision, and a float at the end."""
    if T_max < 1:
        raise ValueError("there is no way down")
    angle = torch.tensor(epoch / T_max, dtype=torch.float64).clamp(max=1.0) * torch.pi
    return float(eta_min + (lr - eta_min) * (1 + angle.cos()) / 2)
