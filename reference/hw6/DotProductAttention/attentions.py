"""Two correct attentions that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import math

import torch
import torch.nn.functional as F
from oracle import masked_softmax
from torch import nn


class Right(nn.Module):
    """A correct attention, of which each mistake changes one step."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.rate = dropout
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = self.score(queries, keys, values)
        self.attention_weights = self.weigh(scores, valid_lens)
        return self.answer(self.attention_weights, values)

    def score(self, queries, keys, values):
        return self.product(queries, keys) / self.scale(queries, keys, values)

    def product(self, queries, keys):
        return torch.bmm(queries, keys.transpose(1, 2))

    def scale(self, queries, keys, values):
        return math.sqrt(queries.shape[-1])

    def weigh(self, scores, valid_lens):
        return masked_softmax(scores, valid_lens)

    def answer(self, weights, values):
        return torch.bmm(self.dropout(weights), values)


class Again(nn.Module):
    """The same in another style: one function, with einsum and functional dropout."""

    axis = -1
    rate_in_eval = 0.0

    def __init__(self, dropout=0.0):
        nn.Module.__init__(self)
        self.p = dropout

    def forward(self, queries, keys, values, valid_lens=None):
        scores = torch.einsum("bqd,bkd->bqk", queries, keys) * self.factor(queries.shape[2], keys, values)
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = weights.detach()
        return torch.einsum("bqk,bkv->bqv", F.dropout(weights, self.p, self.training), values)

    def factor(self, d, keys, values):
        return d**-0.5
