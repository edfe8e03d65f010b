"""Other correct nth_derivative."""

import torch


def by_recursion(f, x, n):
    """The derivative of the derivative; asks in try and except whether there is a graph."""
    if n < 0:
        raise ValueError("n must not be negative")
    if n == 0:
        return f(x)

    def derivative(t):
        with torch.enable_grad():
            t = t if t.requires_grad else t.clone().requires_grad_(True)
            y = f(t)
            if y.grad_fn is None and y is not t:
                return torch.zeros_like(t)
            slope = torch.autograd.grad(y, t, torch.ones_like(y), create_graph=True, allow_unused=True)[0]
        return torch.zeros_like(t) if slope is None else slope

    return by_recursion(derivative, x, n - 1)


def by_a_loop(f, x, n):
    """A list of all derivatives."""
    if n < 0:
        raise ValueError(f"{n} is less than 0")
    if not x.requires_grad:
        x = x.clone().requires_grad_(True)
    derivatives = [f(x)]
    while len(derivatives) <= n:
        last = derivatives[-1]
        if last.requires_grad:
            slope = torch.autograd.grad(last, [x], torch.ones_like(last), create_graph=True, allow_unused=True)[0]
        else:
            slope = None
        derivatives.append(x.new_zeros(x.shape) if slope is None else slope)
    return derivatives[n]


def by_functional_transforms(f, x, n):
    """Transforms of functions, which know no missing graphs."""
    if n < 0:
        raise ValueError("negative")

    def slope_of(g):
        return torch.func.grad(lambda x: g(x).sum())

    for _ in range(n):
        f = slope_of(f)
    return f(x)


def from_a_view(f, x, n):
    """A view of x instead of x, with 0 * x added so that there always is a graph."""
    if n < 0:
        raise ValueError("n")
    t = x.view_as(x) if x.requires_grad else x.detach().requires_grad_()
    y = f(t)
    for _ in range(n):
        y = torch.autograd.grad((y + 0 * t).sum(), t, create_graph=True)[0]
    return y
