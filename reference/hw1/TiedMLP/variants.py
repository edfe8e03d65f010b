"""Other correct TiedMLPs."""

import torch
from torch import nn


class Bound(nn.Module):
    """One parameter, made first and bound to both layers; the layers in a loop."""

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        shared = nn.Parameter(torch.randn(num_hiddens, num_hiddens) / num_hiddens**0.5)
        self.input = nn.Linear(num_inputs, num_hiddens)
        for name in ("hidden1", "hidden2"):
            layer = nn.Linear(num_hiddens, num_hiddens)
            layer.weight = shared
            self.add_module(name, layer)
        self.output = nn.Linear(num_hiddens, num_outputs)

    def forward(self, x):
        for layer in (self.input, self.hidden1, self.hidden2):
            x = layer(x).clamp(min=0)
        return self.output(x)


class TheOtherWayRound(nn.Module):
    """The first layer takes the weight of the second, which has a class of its own for layer and relu."""

    class Hidden(nn.Linear):
        def forward(self, x):
            h = x @ self.weight.T + self.bias
            return torch.where(h > 0, h, torch.zeros_like(h))

    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.input = self.Hidden(num_inputs, num_hiddens)
        self.hidden1 = self.Hidden(num_hiddens, num_hiddens)
        self.hidden2 = self.Hidden(num_hiddens, num_hiddens)
        self.output = nn.Linear(num_hiddens, num_outputs)
        self.hidden1.weight = self.hidden2.weight

    def forward(self, x):
        return self.output(self.hidden2(self.hidden1(self.input(x))))
