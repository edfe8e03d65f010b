"""Squared losses that are right, written in other ways."""

import math

import torch


def flattened(y_hat, y):
    """Computes with two flat rows and gives the answer its shape at the end."""
    if math.prod(y.shape) != math.prod(y_hat.shape):
        raise ValueError(f"expected {y_hat.numel()} targets, got {y.numel()}")
    difference = torch.flatten(y_hat) - torch.flatten(y).to(y_hat)
    return torch.reshape(difference * difference / 2, y_hat.shape)


def reshape_that_fails(y_hat, y):
    """Lets reshape find out, and tells it in other words."""
    try:
        targets = y.reshape(y_hat.size())
    except RuntimeError as error:
        raise ValueError(f"{y.numel()} targets do not fit predictions of shape {tuple(y_hat.shape)}") from error
    return torch.pow(y_hat.sub(targets.type(y_hat.dtype)), 2).mul(0.5)


def three_products(y_hat, y):
    """Written from the stub alone: half of a square, step by step."""
    n_hat, n = y_hat.reshape(-1).shape[0], y.reshape(-1).shape[0]
    if n_hat != n:
        raise ValueError("Number of predictions and targets must be equal, got " + str(n_hat) + " and " + str(n))
    y = torch.reshape(y, y_hat.shape)
    if y.dtype != y_hat.dtype:
        y = y.to(dtype=y_hat.dtype)
    error = y_hat - y
    return (1 / 2) * error.square()
