"""Other right ways to take a step of Adam."""

import math

import torch


def keyed_by_parameter(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """The parameter itself is the key; means in place; the corrections are put into the step's size, as torch does."""
    beta1, beta2 = betas
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            mine = state.setdefault(p, {"step": 0, "mean": torch.zeros_like(p), "square": torch.zeros_like(p)})
            mine["step"] += 1
            mine["mean"].lerp_(p.grad, 1 - beta1)
            mine["square"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
            size = lr / (1 - beta1 ** mine["step"])
            root = mine["square"].sqrt() / math.sqrt(1 - beta2 ** mine["step"])
            p.addcdiv_(mine["mean"], root + eps, value=-size)
            p.grad = None


class _Mean:
    """A running mean that knows how much of its weight there is."""

    def __init__(self, beta):
        self.beta, self.total, self.weight = beta, 0.0, 0.0

    def update(self, value):
        self.total = self.beta * self.total + value
        self.weight = self.beta * self.weight + 1
        return self.total / self.weight


def with_objects(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """Two objects for each parameter, which divide by the sum of their weights."""
    for number, parameter in enumerate(params):
        if parameter.grad is not None:
            first, second = state.setdefault(number, [_Mean(beta) for beta in betas])
            gradient = parameter.grad.detach().clone()
            root = second.update(gradient**2) ** 0.5
            parameter.data -= lr * first.update(gradient) / (root + eps)
            parameter.grad.data.zero_()


@torch.no_grad()
def several_dicts(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """A dict for each quantity; t is a tensor."""
    if not state:
        state.update(t={}, m={}, v={})
    for i, p in enumerate(params):
        g = p.grad
        if g is None:
            continue
        state["t"][i] = state["t"].get(i, torch.zeros((), dtype=torch.float64)) + 1
        state["m"][i] = betas[0] * state["m"].get(i, 0) + (1 - betas[0]) * g
        state["v"][i] = betas[1] * state["v"].get(i, 0) + (1 - betas[1]) * g * g
        m_hat = state["m"][i] / (1 - betas[0] ** state["t"][i])
        v_hat = state["v"][i] / (1 - betas[1] ** state["t"][i])
        p -= lr * m_hat / (torch.sqrt(v_hat) + eps)
        g.zero_()
