"""Layers by hand, with the names and shapes of torch's own."""

import torch
import torch.nn.functional as F
from torch import nn


class Norm(nn.Module):
    """A batch normalisation by hand, which counts no batches."""

    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.eps, self.momentum = eps, momentum

    def forward(self, X):
        mean, var = self.running_mean, self.running_var
        if self.training:
            var, mean = torch.var_mean(X, dim=(0, 2, 3), unbiased=False)
            n = X.numel() // X.shape[1]
            self.running_mean.lerp_(mean.detach(), self.momentum)
            self.running_var.lerp_(var.detach() * (n / (n - 1)), self.momentum)
        scale = self.weight / torch.sqrt(var + self.eps)
        return X * scale.view(1, -1, 1, 1) + (self.bias - mean * scale).view(1, -1, 1, 1)


class Conv(nn.Module):
    """A convolution by hand, a product for each place of the window."""

    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.size, self.stride, self.padding = size, stride, padding

    def forward(self, X):
        X = F.pad(X, [self.padding] * 4).unfold(2, self.size, self.stride).unfold(3, self.size, self.stride)
        return torch.einsum("nchwab,ocab->nohw", X, self.weight) + self.bias[:, None, None]
