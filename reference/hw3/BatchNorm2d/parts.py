"""Batch normalisation by hand, and two correct layers that variants and mistakes build on: `Right`, whose steps are
methods, and `Again`, which normalises by itself."""

import torch
from torch import nn


def batch_norm(X, gamma, beta, moving_mean, moving_var, eps=1e-5, momentum=0.1, training=True):
    if training:
        n = X.numel() // X.shape[1]
        if n == 1:
            raise ValueError("a single entry has no variance")
        var, mean = torch.var_mean(X, dim=(0, 2, 3), correction=0)
        with torch.no_grad():
            moving_mean = torch.lerp(moving_mean, mean, momentum)
            moving_var = torch.lerp(moving_var, var * n / (n - 1), momentum)
    else:
        mean, var, moving_mean, moving_var = moving_mean, moving_var, moving_mean.clone(), moving_var.clone()
    Y = (X - mean[:, None, None]) * torch.rsqrt(var + eps)[:, None, None]
    return Y * gamma[:, None, None] + beta[:, None, None], moving_mean, moving_var


class Right(nn.Module):
    """A correct layer, of which each mistake changes one step."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.make(num_features)

    def make(self, size):
        self.gamma, self.beta = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))
        self.register_buffer("moving_mean", torch.zeros(size))
        self.register_buffer("moving_var", torch.ones(size))

    def check(self, x):
        if len(x.shape) != 4:
            raise ValueError(f"expected (N, C, H, W), got {tuple(x.shape)}")

    def in_training(self):
        return self.training

    def call(self, x):
        state = self.gamma, self.beta, self.moving_mean, self.moving_var
        return batch_norm(x, *state, self.eps, self.momentum, self.in_training())

    def keep(self, mean, var):
        self.moving_mean, self.moving_var = mean, var

    def forward(self, x):
        self.check(x)
        y, mean, var = self.call(x)
        self.keep(mean, var)
        return y


class Again(nn.Module):
    """The same in one piece: averages are written into, statistics have the axes of x."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        nn.Module.__init__(self)
        self.options = {"eps": eps, "momentum": momentum}
        for name, start in (("gamma", 1.0), ("beta", 0.0)):
            self.register_parameter(name, nn.Parameter(torch.full((num_features,), start)))
        for name, start in (("moving_mean", 0.0), ("moving_var", 1.0)):
            self.register_buffer(name, torch.full((num_features,), start))

    def statistics(self, x):
        mean = x.mean(dim=(0, 2, 3), keepdim=True)
        return mean, (x - mean).pow(2).mean(dim=(0, 2, 3), keepdim=True)

    def move(self, mean, var, n):
        weight = self.options["momentum"]
        with torch.no_grad():
            self.moving_mean.mul_(1 - weight).add_(weight * mean.flatten())
            self.moving_var.mul_(1 - weight).add_(weight * n / (n - 1) * var.flatten())

    def scale(self, normalised):
        shape = (1, -1, 1, 1)
        return normalised * self.gamma.reshape(shape) + self.beta.reshape(shape)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("images have four axes")
        if self.training:
            n = x.numel() // x.size(1)
            if n == 1:
                raise ValueError("one entry for each channel")
            mean, var = self.statistics(x)
            self.move(mean, var, n)
        else:
            mean, var = self.moving_mean.reshape(1, -1, 1, 1), self.moving_var.reshape(1, -1, 1, 1)
        return self.scale((x - mean) / torch.sqrt(var + self.options["eps"]))
