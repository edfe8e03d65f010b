"""Correct parts of a Transformer, by hand."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def attend(q, k, v, valid_lens, p, training):
    """Dot-product attention of (batch, heads, steps, size); lengths of shape (batch,) or (batch, queries)."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if valid_lens is None:
        return F.dropout(scores.softmax(-1), p, training) @ v
    lengths = valid_lens[:, None] if valid_lens.dim() == 1 else valid_lens
    dead = torch.arange(k.shape[-2], device=q.device) >= lengths[:, None, :, None]
    weights = scores.masked_fill(dead, torch.finfo(scores.dtype).min).softmax(-1).masked_fill(dead, 0.0)
    return F.dropout(weights, p, training) @ v


class Attention(nn.Module):
    def __init__(self, d, heads, dropout):
        super().__init__()
        self.heads, self.p = heads, dropout
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(d, d) for _ in range(4))

    def split(self, X):
        return X.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.split(self.W_q(queries)), self.split(self.W_k(keys)), self.split(self.W_v(values))
        answers = attend(q, k, v, valid_lens, self.p, self.training)
        return self.W_o(answers.transpose(1, 2).flatten(2))


class AddNorm(nn.Module):
    def __init__(self, d, dropout):
        super().__init__()
        self.dropout, self.ln = nn.Dropout(dropout), nn.LayerNorm(d)

    def forward(self, X, Y):
        return self.ln(X + self.dropout(Y))


class Network(nn.Module):
    def __init__(self, d, hiddens):
        super().__init__()
        self.dense1, self.dense2 = nn.Linear(d, hiddens), nn.Linear(hiddens, d)

    def forward(self, X):
        return self.dense2(self.dense1(X).relu())
