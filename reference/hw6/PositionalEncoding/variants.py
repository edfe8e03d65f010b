"""Correct implementations of PositionalEncoding."""

import math

import numpy as np
import torch
from torch import nn


class Slices(nn.Module):
    """Sines and cosines are written into every second column of zeros."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.max_len = max_len
        P = torch.zeros((1, max_len, num_hiddens))
        X = torch.arange(max_len, dtype=torch.float32).reshape(-1, 1) / torch.pow(
            10000, torch.arange(0, num_hiddens, 2, dtype=torch.float32) / num_hiddens
        )
        P[:, :, 0::2] = torch.sin(X)
        P[:, :, 1::2] = torch.cos(X[:, : num_hiddens // 2])
        self.register_buffer("P", P)

    def forward(self, X, offset=0):
        steps = X.size(1)
        if steps + offset > self.max_len:
            raise ValueError(f"{steps} steps from {offset} need {steps + offset} positions; max_len is {self.max_len}")
        return self.dropout(X + self.P[:, offset : offset + steps, :])


class Rates(nn.Module):
    """The wave lengths as rates by exp, and a table by a mask of even columns; positions are looked up."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        column = torch.arange(num_hiddens)
        rate = torch.exp((column - column % 2) * (-math.log(10000.0) / num_hiddens))
        angle = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1) * rate
        P = torch.where(column % 2 == 0, angle.sin(), angle.cos())
        self.register_buffer("P", P.unsqueeze(0))

    def forward(self, X, offset=0):
        batch, steps, _ = X.shape
        if offset + steps > self.P.size(1):
            raise ValueError(f"positions up to {offset + steps}, but max_len={self.P.size(1)}")
        positions = torch.arange(offset, offset + steps, device=X.device)
        return self.dropout(X + self.P[0, positions].expand(batch, -1, -1))


class Phases(nn.Module):
    """A cosine is a sine a quarter of a turn later; numpy makes the table."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.rate = dropout
        i = np.arange(num_hiddens)
        angles = np.arange(max_len)[:, None] / 10000.0 ** (2 * (i // 2) / num_hiddens) + np.pi / 2 * (i % 2)
        self.register_buffer("P", torch.tensor(np.sin(angles)[None], dtype=torch.float32))

    def forward(self, X, offset=0):
        P = self.P[:, offset:]
        if X.shape[1] > P.shape[1]:
            raise ValueError(f"max_len {self.P.shape[1]} is less than {offset} + {X.shape[1]} = {offset + X.shape[1]}")
        out = X + P[:, : X.shape[1]]
        if self.training and self.rate > 0:
            out = out * (torch.rand_like(out) >= self.rate) / (1 - self.rate)
        return out
