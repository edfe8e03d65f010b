"""Other correct ways to score pairs."""

import torch
import torch.nn.functional as F
from torch import nn


class Functional(nn.Module):
    """torch.nn.functional, and any further arguments handed on."""

    def __init__(self, num_inputs, **kwargs):
        super().__init__(**kwargs)
        self.output = nn.Linear(in_features=num_inputs, out_features=2, bias=True)

    def forward(self, X):
        return F.linear(X, self.output.weight, self.output.bias)


class OwnParameters(nn.Module):
    """A layer made of two parameters."""

    class Layer(nn.Module):
        def __init__(self, inputs):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(2, inputs) * 0.02)
            self.bias = nn.Parameter(torch.zeros(2))

    def __init__(self, num_inputs):
        super().__init__()
        self.output = self.Layer(num_inputs)

    def forward(self, X):
        return torch.einsum("bi,oi->bo", X, self.output.weight) + self.output.bias
