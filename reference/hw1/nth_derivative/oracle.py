"""nth_derivative by nested calls of torch.autograd.functional."""

import torch
from torch.autograd.functional import vjp


def nth_derivative(f, x, n):
    if n < 0:
        raise ValueError("n is negative")
    if n == 0:
        return f(x)

    def derivative(x):
        return vjp(f, x, torch.ones_like(x), create_graph=True)[1]

    return nth_derivative(derivative, x, n - 1)
