"""Dropout by hand that goes wrong where only gradients, or another device, show it. Each way twice, in other words."""

import torch
import torch.nn.functional as F


def _kept(x, p):
    """What a mask multiplies with: 0 where an element is dropped, else 1 / (1 - p)."""
    return (torch.rand_like(x) >= p).to(x.dtype) / (1 - p)


def detached(x, p):
    return (x * _kept(x, p)).detach()


def without_gradients(x, p):
    with torch.no_grad():
        return F.dropout(x, p)


def behind_the_back(x, p):
    x = x.clone()
    x.data.mul_(_kept(x, p))
    return x


def straight_through(x, p):
    return x + (F.dropout(x, p) - x).detach()


def masked_on_the_cpu(x, p):
    return x * (torch.rand(x.shape) >= p) / (1 - p)


def drawn_on_the_cpu(x, p):
    return torch.bernoulli(torch.full(x.shape, 1.0 - p)) * x / (1.0 - p)
