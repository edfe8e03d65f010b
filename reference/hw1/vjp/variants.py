"""Other correct vjp."""

import torch


def gradient_of_a_weighted_sum(f, x, v):
    """The gradient of the sum of v times f(x)."""
    leaf = x.detach().clone()
    leaf.requires_grad = True
    y = f(leaf)
    if tuple(y.shape) != tuple(v.shape):
        raise ValueError(f"expected a vector of shape {tuple(y.shape)}")
    total = (v * y).sum()
    if not total.requires_grad:
        return torch.zeros_like(x)
    gradient = torch.autograd.grad(total, [leaf], allow_unused=True)[0]
    return torch.zeros_like(leaf).detach() if gradient is None else gradient


def by_backward(f, x, v):
    """`backward` for a single leaf."""
    leaf = torch.empty_like(x).copy_(x.detach()).requires_grad_()
    y = f(leaf)
    if len(y.shape) != len(v.shape) or any(a != b for a, b in zip(y.shape, v.shape, strict=True)):
        raise ValueError("shapes differ")
    if y.requires_grad:
        y.backward(v, inputs=[leaf])
    return torch.zeros_like(x, requires_grad=False) if leaf.grad is None else leaf.grad


def with_zero_times_x(f, x, v):
    """Adds a sum that is always zero, so that there always is a graph."""
    with torch.enable_grad():
        t = x.data.requires_grad_(True)
        y = f(t)
        if y.size() != v.size():
            raise ValueError(f"{v.size()} is not {y.size()}")
        return torch.autograd.grad([y, t], [t], [v, torch.zeros_like(t)])[0] if y.requires_grad else t.detach() * 0
