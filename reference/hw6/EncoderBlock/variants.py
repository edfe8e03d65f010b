"""Correct implementations of EncoderBlock."""

import torch
import torch.nn.functional as F
from parts import AddNorm as _AddNorm
from parts import Attention as _Attention
from parts import Network as _Network
from torch import nn


class Textbook(nn.Module):
    """Part by part."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias=False):
        super().__init__()
        self.attention = _Attention(num_hiddens, num_heads, dropout)
        self.addnorm1 = _AddNorm(num_hiddens, dropout)
        self.ffn = _Network(num_hiddens, ffn_num_hiddens)
        self.addnorm2 = _AddNorm(num_hiddens, dropout)

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1(X, self.attention(X, X, X, valid_lens))
        return self.addnorm2(Y, self.ffn(Y))


class Road(nn.Module):
    """A loop over the detours."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__()
        self.addnorm2 = _AddNorm(num_hiddens, dropout)
        self.addnorm1 = _AddNorm(num_hiddens, dropout)
        self.ffn = _Network(num_hiddens, ffn_num_hiddens)
        self.attention = _Attention(num_hiddens, num_heads, dropout)

    def forward(self, X, valid_lens=None):
        def look(road):
            return self.attention(road, road, road, valid_lens)

        for detour, join in ((look, self.addnorm1), (self.ffn, self.addnorm2)):
            X = join(X, detour(X))
        return X


class _Norm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.ln = nn.LayerNorm(d)


class Joined(nn.Module):
    """Queries, keys and values in one product; everything written out in `forward`."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__()
        self.heads, self.p = num_heads, dropout
        self.attention = _Attention(num_hiddens, num_heads, dropout)
        self.addnorm1, self.addnorm2 = _Norm(num_hiddens), _Norm(num_hiddens)
        self.ffn = _Network(num_hiddens, ffn_num_hiddens)

    def drop(self, X):
        return F.dropout(X, self.p, self.training)

    def forward(self, X, valid_lens=None):
        layers = [self.attention.W_q, self.attention.W_k, self.attention.W_v]
        weight, bias = torch.cat([w.weight for w in layers]), torch.cat([w.bias for w in layers])
        q, k, v = F.linear(X, weight, bias).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        scores = torch.einsum("bhqs,bhks->bhqk", q, k) * q.shape[-1] ** -0.5
        if valid_lens is not None:
            lengths = valid_lens.view(len(X), 1, -1, 1)
            dead = torch.arange(X.shape[1], device=X.device).view(1, 1, 1, -1).ge(lengths)
            weights = scores.masked_fill(dead, float("-inf")).softmax(-1).nan_to_num(0.0)
        else:
            weights = scores.softmax(-1)
        heads = torch.einsum("bhqk,bhks->bqhs", self.drop(weights), v).flatten(2)
        Y = self.addnorm1.ln(X + self.drop(self.attention.W_o(heads)))
        return self.addnorm2.ln(Y + self.drop(self.ffn(Y)))
