"""Correct blocks and positions, made of `parts`."""

import torch
from parts import AddNorm, Attention, Network
from torch import nn


def table(max_len, d):
    column = torch.arange(d)
    angles = torch.outer(torch.arange(max_len).double(), 10000.0 ** (-(column - column % 2).double() / d))
    return torch.where(column % 2 == 0, angles.sin(), angles.cos()).float()[None]


class Positions(nn.Module):
    def __init__(self, d, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("P", table(1000, d))

    def forward(self, X, offset=0):
        return self.dropout(X + self.P[:, offset : offset + X.shape[1]])


class EncoderBlock(nn.Module):
    def __init__(self, d, hiddens, heads, dropout):
        super().__init__()
        self.attention, self.ffn = Attention(d, heads, dropout), Network(d, hiddens)
        self.addnorm1, self.addnorm2 = AddNorm(d, dropout), AddNorm(d, dropout)

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1(X, self.attention(X, X, X, valid_lens))
        return self.addnorm2(Y, self.ffn(Y))


class DecoderBlock(nn.Module):
    def __init__(self, d, hiddens, heads, dropout, i):
        super().__init__()
        self.i = i
        self.attention1, self.attention2 = Attention(d, heads, dropout), Attention(d, heads, dropout)
        self.addnorm1, self.addnorm2, self.addnorm3 = (AddNorm(d, dropout) for _ in range(3))
        self.ffn = Network(d, hiddens)

    def forward(self, X, state):
        cache = state[2][self.i]
        K = X if cache is None else torch.cat((cache, X), dim=1)
        seen = torch.arange(K.shape[1] - X.shape[1] + 1, K.shape[1] + 1, device=X.device).expand(X.shape[:2])
        Y = self.addnorm1(X, self.attention1(X, K, K, seen))
        Z = self.addnorm2(Y, self.attention2(Y, state[0], state[0], state[1]))
        caches = [K if number == self.i else other for number, other in enumerate(state[2])]
        return self.addnorm3(Z, self.ffn(Z)), [state[0], state[1], caches]
