"""Other correct train_two_layer."""

import torch
import torch.nn.functional as F
from torch import nn


def as_in_a_tutorial(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """Gradients zeroed in place, weights in a loop under no_grad."""
    w1 = torch.tensor(w1.tolist(), dtype=w1.dtype, device=w1.device, requires_grad=True)
    w2 = torch.tensor(w2.tolist(), dtype=w2.dtype, device=w2.device, requires_grad=True)
    losses = []
    for _ in range(steps):
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()
    w1.requires_grad = False
    w2.requires_grad = False
    return w1, w2, losses


def new_leaves_each_step(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """Fresh leaves in every step, and `torch.autograd.grad`."""
    weights = [w1.detach().clone(), w2.detach().clone()]
    losses = []
    while len(losses) < steps:
        leaves = [weight.requires_grad_() for weight in weights]
        loss = F.mse_loss(F.relu(x @ leaves[0]) @ leaves[1], y, reduction="sum")
        gradients = torch.autograd.grad(loss, leaves)
        weights = [w.detach() - learning_rate * g for w, g in zip(leaves, gradients, strict=True)]
        losses.append(float(loss))
    return weights[0].detach(), weights[1].detach(), losses


class _Net(nn.Module):
    def __init__(self, w1, w2):
        super().__init__()
        self.w1, self.w2 = nn.Parameter(w1.detach().clone()), nn.Parameter(w2.detach().clone())

    def forward(self, x):
        return torch.relu(x @ self.w1) @ self.w2


def as_a_module(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """A module, whose parameters are changed through `.data`."""
    net = _Net(w1, w2)
    losses = [0.0] * steps
    for step in range(steps):
        net.zero_grad()
        loss = torch.sum((net(x) - y) ** 2)
        loss.backward()
        losses[step] = loss.item()
        for parameter in net.parameters():
            parameter.data.add_(parameter.grad, alpha=-learning_rate)
    return net.w1.data, net.w2.data, losses


def functional(x, y, w1, w2, learning_rate=1e-3, steps=100):
    """The gradient as a function of the weights."""
    weights = {"w1": w1.detach().clone(), "w2": w2.detach().clone()}

    def loss_of(weights):
        return ((x @ weights["w1"]).relu() @ weights["w2"]).sub(y).square().sum()

    slope = torch.func.grad_and_value(loss_of)
    losses = []
    for _ in range(steps):
        gradients, loss = slope(weights)
        losses.append(loss.item())
        weights = {name: weight - learning_rate * gradients[name] for name, weight in weights.items()}
    return weights["w1"], weights["w2"], losses
