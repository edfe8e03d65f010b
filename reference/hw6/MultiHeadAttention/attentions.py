"""Two correct layers that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import math

import torch
import torch.nn.functional as F
from oracle import valid_keys
from torch import nn


def mask(scores, valid_lens):
    lengths = valid_lens[:, None, None] if valid_lens.dim() == 1 else valid_lens[:, :, None]
    return torch.arange(scores.shape[-1], device=scores.device) >= lengths


class Right(nn.Module):
    """A correct layer with the heads in the batch axis, of which each mistake changes one step."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        self.check(num_heads, num_hiddens, attention_type)
        self.num_heads, self.size, self.rate = num_heads, num_hiddens // num_heads, dropout
        self.dropout = nn.Dropout(dropout)
        self.W_q = nn.Linear(query_size, num_hiddens)
        self.W_k = nn.Linear(key_size, num_hiddens)
        self.W_v = nn.Linear(value_size, num_hiddens)
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        self.attention = nn.Module()
        if attention_type == "add":
            self.attention.w_v = nn.Linear(self.size, 1)

    def check(self, num_heads, num_hiddens, attention_type):
        if num_hiddens % num_heads or attention_type not in ("dot", "add"):
            raise ValueError(f"{num_hiddens} features, {num_heads} heads, attention_type {attention_type!r}")

    def forward(self, queries, keys, values, valid_lens=None):
        self.query_size = queries.shape[-1]
        q, k, v = self.project(queries, keys, values)
        lengths = None if valid_lens is None else self.lengths(valid_lens)
        scores = self.score(self.split(q), self.split(k))
        heads = self.attend(self.weigh(scores, lengths), self.split(v))
        return self.output(self.merge(heads))

    def project(self, queries, keys, values):
        return self.W_q(queries), self.W_k(keys), self.W_v(values)

    def split(self, X):
        return X.unflatten(2, (self.num_heads, self.size)).transpose(1, 2).flatten(0, 1)

    def merge(self, X):
        batch = X.shape[0] // self.num_heads
        return X.reshape(batch, self.num_heads, X.shape[1], self.size).transpose(1, 2).flatten(2)

    def lengths(self, valid_lens):
        return valid_lens.repeat_interleave(self.num_heads, dim=0)

    def score(self, q, k):
        return self.add(q, k) if hasattr(self.attention, "w_v") else torch.bmm(q, k.transpose(1, 2)) / self.scale()

    def scale(self):
        return math.sqrt(self.size)

    def add(self, q, k):
        return self.attention.w_v(torch.tanh(q[:, :, None] + k[:, None])).squeeze(-1)

    def weigh(self, scores, lengths):
        if lengths is None:
            return torch.softmax(scores, dim=-1)
        dead = mask(scores, lengths)
        return torch.softmax(scores.masked_fill(dead, torch.finfo(scores.dtype).min), -1).masked_fill(dead, 0.0)

    def attend(self, weights, v):
        return torch.bmm(self.dropout(weights), v)

    def output(self, X):
        return self.W_o(X)


class Again(nn.Module):
    """The same in another style: the heads are an axis, the products einsums, the dropout functional."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        nn.Module.__init__(self)
        if num_hiddens % num_heads:
            raise ValueError(f"{num_heads} heads cannot share {num_hiddens} features")
        if attention_type not in ("dot", "add"):
            raise ValueError(f"there is no attention_type {attention_type}")
        self.h, self.hiddens, self.p = num_heads, num_hiddens, dropout
        for name, size in (("W_q", query_size), ("W_k", key_size), ("W_v", value_size), ("W_o", num_hiddens)):
            setattr(self, name, nn.Linear(size, num_hiddens))
        self.attention = nn.ModuleDict()
        if attention_type == "add":
            self.attention["w_v"] = nn.Linear(num_hiddens // num_heads, 1)

    def heads(self, X):
        return X.reshape(*X.shape[:2], self.h, self.hiddens // self.h).movedim(2, 1)

    def together(self, X):
        return torch.cat(X.unbind(1), -1)

    def factor(self):
        return (self.hiddens / self.h) ** -0.5

    def scores(self, q, k):
        if len(self.attention):
            return self.attention["w_v"]((q.unsqueeze(3) + k.unsqueeze(2)).tanh()).squeeze(-1)
        return torch.einsum("bhqs,bhks->bhqk", q, k) * self.factor()

    def valid(self, scores, valid_lens):
        batch, _, queries, keys = scores.shape
        return valid_keys((batch, queries, keys), valid_lens)

    def weights(self, scores, valid_lens):
        valid = self.valid(scores, valid_lens)
        if valid is None:
            return scores.softmax(-1)
        return torch.where(valid, torch.where(valid, scores, -1e30).softmax(-1), 0.0)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = self.heads(self.W_q(queries)), self.heads(self.W_k(keys)), self.heads(self.W_v(values))
        weights = F.dropout(self.weights(self.scores(q, k), valid_lens), self.p, self.training)
        return self.W_o(self.together(weights @ v))
