"""Two correct TwoLayerNets in parts, for mistakes to change one part of."""

import torch
from torch import nn


class Right(nn.Module):
    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.make(D_in, H, D_out)

    def make(self, D_in, H, D_out):
        self.weight1 = nn.Parameter(self.random(D_in, H))
        self.bias1 = nn.Parameter(self.bias(H))
        self.weight2 = nn.Parameter(self.random(H, D_out))
        self.bias2 = nn.Parameter(self.bias(D_out))

    def random(self, rows, columns):
        return torch.randn(rows, columns) / rows**0.5

    def bias(self, count):
        return torch.zeros(count)

    def forward(self, x):
        return self.output(self.hidden(x))

    def hidden(self, x):
        return torch.relu(x @ self.weight1 + self.bias1)

    def output(self, hidden):
        return hidden @ self.weight2 + self.bias2


class Again(Right):
    """The same by addmm and clamp, with uniform weights."""

    def random(self, rows, columns):
        return torch.rand(rows, columns) - 0.5

    def hidden(self, x):
        return torch.addmm(self.bias1, x, self.weight1).clamp(min=0)

    def output(self, hidden):
        return torch.addmm(self.bias2, hidden, self.weight2)
