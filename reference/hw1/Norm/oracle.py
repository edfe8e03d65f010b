"""Norm by torch's function that gives both statistics."""

import torch
from torch import nn


class Norm(nn.Module):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, x):
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std + self.eps)
