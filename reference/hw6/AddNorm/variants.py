"""Correct implementations of AddNorm."""

import torch
from torch import nn


class Textbook(nn.Module):
    """Dropout, sum, norm."""

    def __init__(self, normalized_shape, dropout, **kwargs):
        super().__init__(**kwargs)
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(normalized_shape)

    def forward(self, X, Y):
        if X.shape != Y.shape:
            raise ValueError(f"X.shape {X.shape} != Y.shape {Y.shape}")
        return self.ln(self.dropout(Y) + X)


class ByHand(nn.Module):
    """The norm written out."""

    def __init__(self, normalized_shape, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.ln = nn.LayerNorm(normalized_shape)

    def forward(self, X, Y):
        if list(X.shape) != list(Y.shape):
            raise ValueError(f"cannot add {list(X.shape)} and {list(Y.shape)}")
        Z = X + self.dropout(Y)
        centred = Z - Z.mean(-1, keepdim=True)
        scale = (centred.square().mean(-1, keepdim=True) + 1e-5).rsqrt()
        return centred * scale * self.ln.weight + self.ln.bias


class OwnParameters(nn.Module):
    """A norm of its own with the same names, and a mask that is drawn by hand."""

    class _Norm(nn.Module):
        def __init__(self, size):
            super().__init__()
            self.weight, self.bias = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))

        def forward(self, Z):
            var, mean = torch.var_mean(Z, dim=-1, correction=0, keepdim=True)
            return (Z - mean) / torch.sqrt(var + 1e-5) * self.weight + self.bias

    def __init__(self, normalized_shape, dropout):
        super().__init__()
        self.keep = 1 - dropout
        self.ln = self._Norm(normalized_shape)

    def forward(self, X, Y):
        if not X.shape[:-1] == Y.shape[:-1] or X.shape[-1] != Y.shape[-1]:
            raise ValueError(f"X {tuple(X.shape)}, Y {tuple(Y.shape)}")
        if self.training and self.keep < 1:
            Y = Y * torch.bernoulli(torch.full_like(Y, self.keep)) / self.keep
        return self.ln(X + Y)
