"""Correct batch normalisation, written in other ways."""

import torch
from parts import normalised


def in_parts(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Statistics, averages and the last step, each in a function."""
    return normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training)


def flattened(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Makes vectors of images: one row for each pixel, one column for each channel."""
    table = X.movedim(1, -1)
    rows = table.reshape(-1, X.shape[1])
    if training:
        if rows.shape[0] < 2:
            raise ValueError("batch_norm needs more than one entry for each feature in training")
        var, mean = torch.var_mean(rows, dim=0, correction=0)
        unbiased = rows.detach().var(dim=0)
        new_mean = torch.lerp(moving_mean, mean.detach(), momentum)
        new_var = torch.lerp(moving_var, unbiased, momentum)
    else:
        mean, var, new_mean, new_var = moving_mean, moving_var, moving_mean.clone(), moving_var.clone()
    rows = (rows - mean) * torch.rsqrt(var + eps) * gamma + beta
    return rows.reshape(table.shape).movedim(-1, 1), new_mean, new_var


def one_factor(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    """Centres once, and squares what is left."""
    keep = {"dim": [0, 2, 3] if X.ndim == 4 else [0], "keepdim": True}
    column = (1, len(gamma), 1, 1)[: X.ndim]
    if not training:
        centred, var = X - moving_mean.view(column), moving_var.view(column)
        moving_mean, moving_var = torch.empty_like(moving_mean).copy_(moving_mean), moving_var + 0
    else:
        n = X[:, 0].numel()
        if n <= 1:
            raise ValueError(f"expected more than 1 value for each channel, got {n}")
        mean = X.mean(**keep)
        centred = X - mean
        var = centred.square().mean(**keep)
        with torch.no_grad():
            moving_mean = momentum * mean.flatten() + (1 - momentum) * moving_mean
            moving_var = momentum * (n / (n - 1)) * var.flatten() + (1 - momentum) * moving_var
    return centred * (gamma.view(column) / (var + eps) ** 0.5) + beta.view(column), moving_mean, moving_var
