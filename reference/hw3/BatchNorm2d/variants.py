"""Other correct layers."""

import torch
from parts import Again, Right, batch_norm
from torch import nn


class InSteps(Right):
    """Makes, checks, calls and keeps, each in a method."""


class InOnePiece(Again):
    """Normalises by itself, and writes into its averages."""


class CopiedInto(nn.Module):
    """A learner's style: an if for the two modes, averages copied into the buffers that are there."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("moving_mean", torch.zeros(num_features))
        self.register_buffer("moving_var", torch.ones(num_features))

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("BatchNorm2d wants (N, C, H, W), not " + str(list(x.shape)))
        if self.training:
            y, new_mean, new_var = batch_norm(
                x, self.gamma, self.beta, self.moving_mean, self.moving_var, self.eps, self.momentum
            )
            with torch.no_grad():
                self.moving_mean.copy_(new_mean)
                self.moving_var.copy_(new_var)
        else:
            y, _, _ = batch_norm(x, self.gamma, self.beta, self.moving_mean, self.moving_var, self.eps, training=False)
        return y


class OneFactorAndOneTerm(Right):
    """Folds statistics, gamma and beta into one factor and one term for each channel."""

    def call(self, x):
        rows = x.movedim(1, 0).flatten(1)
        mean, var, averages = self.moving_mean, self.moving_var, (self.moving_mean, self.moving_var)
        if self.training:
            if rows.shape[1] == 1:
                raise ValueError("one number for each channel has no variance")
            mean, var = rows.mean(1), rows.var(1, unbiased=False)
            unbiased = rows.detach().var(1)
            averages = tuple(
                (1 - self.momentum) * old + self.momentum * new
                for old, new in zip(averages, (mean.detach(), unbiased), strict=True)
            )
        factor = self.gamma / (var + self.eps).sqrt()
        centred = x - mean.view(-1, 1, 1)
        return factor.view(-1, 1, 1) * centred + self.beta.view(-1, 1, 1), *averages
