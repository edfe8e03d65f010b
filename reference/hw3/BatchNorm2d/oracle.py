"""BatchNorm2d on torch's own function."""

import torch
import torch.nn.functional as F
from torch import nn


class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.options = {"momentum": momentum, "eps": eps}
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("moving_mean", torch.zeros(num_features))
        self.register_buffer("moving_var", torch.ones(num_features))

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("images have four axes")
        averages = self.moving_mean, self.moving_var
        return F.batch_norm(x, *averages, self.gamma, self.beta, training=self.training, **self.options)
