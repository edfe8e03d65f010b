"""Other correct detach_product."""

import torch


def under_no_grad(x):
    """Computes the constant once more, where nothing is recorded."""
    y = x.pow(2)
    with torch.no_grad():
        u = x.pow(2)
    return y, x.mul(u)


def by_data(x):
    """A copy of the data."""
    y = torch.square(x)
    u = y.clone().data
    z = torch.einsum("...,...->...", u, x)
    return (y, z)


def from_a_detached_x(x):
    """The square of a detached x."""
    constant = x.detach() ** 2
    return x * x, constant * x
