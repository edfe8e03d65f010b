"""Correct implementations of MultiHeadAttention."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Einsum(nn.Module):
    """The heads stay an axis of their own; products by einsum, the mask broadcasts over the heads."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        if attention_type not in {"add", "dot"}:
            raise ValueError(f"unknown attention_type {attention_type!r}")
        self.size, rest = divmod(num_hiddens, num_heads)
        if rest:
            raise ValueError(f"{num_hiddens} features do not split into {num_heads} heads")
        self.num_heads = num_heads
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        self.W_v = nn.Linear(value_size, num_hiddens)
        self.W_k = nn.Linear(key_size, num_hiddens)
        self.W_q = nn.Linear(query_size, num_hiddens)
        self.attention = nn.ModuleDict({"w_v": nn.Linear(self.size, 1)} if attention_type == "add" else {})
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        q = self.W_q(queries).unflatten(2, (self.num_heads, self.size))
        k = self.W_k(keys).unflatten(2, (self.num_heads, self.size))
        v = self.W_v(values).unflatten(2, (self.num_heads, self.size))
        if "w_v" in self.attention:
            features = torch.tanh(q.permute(0, 2, 1, 3).unsqueeze(3) + k.permute(0, 2, 1, 3).unsqueeze(2))
            w_v = self.attention["w_v"]
            scores = torch.einsum("bhqks,s->bhqk", features, w_v.weight[0]) + w_v.bias
        else:
            scores = torch.einsum("bqhs,bkhs->bhqk", q / math.sqrt(self.size), k)
        if valid_lens is not None:
            positions = torch.arange(keys.shape[1], device=keys.device)
            dead = positions >= valid_lens.reshape(len(valid_lens), 1, -1 if valid_lens.dim() == 2 else 1, 1)
            scores = scores.masked_fill(dead, torch.finfo(scores.dtype).min)
            weights = torch.softmax(scores, -1).masked_fill(dead, 0)
        else:
            weights = torch.softmax(scores, -1)
        heads = torch.einsum("bhqk,bkhs->bqhs", self.dropout(weights), v)
        return self.W_o(heads.reshape(*queries.shape[:2], self.num_heads * self.size))


class Chunks(nn.Module):
    """The heads are cut out of the features and stacked on the batch axis, head by head."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        if num_hiddens % num_heads > 0:
            raise ValueError("num_hiddens must be a multiple of num_heads")
        if attention_type != "dot" and attention_type != "add":
            raise ValueError("attention_type must be dot or add")
        self.h = num_heads
        self.p = dropout
        self.W_q, self.W_k, self.W_v, self.W_o = (
            nn.Linear(size, num_hiddens) for size in (query_size, key_size, value_size, num_hiddens)
        )
        self.attention = nn.Module()
        if attention_type == "add":
            self.attention.w_v = nn.Linear(num_hiddens // num_heads, 1)

    def forward(self, queries, keys, values, valid_lens=None):
        q, k, v = (
            torch.cat(torch.chunk(projected, self.h, dim=-1))
            for projected in (self.W_q(queries), self.W_k(keys), self.W_v(values))
        )
        if hasattr(self.attention, "w_v"):
            scores = self.attention.w_v(torch.tanh(q.unsqueeze(2) + k.unsqueeze(1)))[..., 0]
        else:
            scores = q.matmul(k.mT) * k.shape[-1] ** -0.5
        if valid_lens is not None:
            if valid_lens.dim() == 1:
                valid_lens = valid_lens.unsqueeze(1)
            lengths = valid_lens.repeat(self.h, 1).unsqueeze(-1)
            keep = torch.arange(k.shape[1], device=k.device).unsqueeze(0) < lengths
            weights = scores.masked_fill(~keep, float("-inf")).softmax(-1).nan_to_num(0.0)
        else:
            weights = scores.softmax(-1)
        heads = F.dropout(weights, self.p, self.training).matmul(v)
        return self.W_o(torch.cat(torch.chunk(heads, self.h), dim=-1))


def _masked_softmax(X, valid_lens):
    if valid_lens is None:
        return F.softmax(X, dim=-1)
    if valid_lens.dim() == 1:
        valid_lens = torch.repeat_interleave(valid_lens, X.shape[1]).reshape(X.shape[0], X.shape[1])
    mask = torch.arange(X.shape[2], device=X.device)[None, None, :] < valid_lens[:, :, None]
    X = X.clone()
    X[~mask] = -1e9
    weights = F.softmax(X, dim=-1)
    return torch.where(mask, weights, torch.zeros_like(weights))


class _Additive(nn.Module):
    def __init__(self, num_hiddens, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.w_v = nn.Linear(num_hiddens, 1)

    def forward(self, queries, keys, values, valid_lens=None):
        features = torch.tanh(queries.unsqueeze(2) + keys.unsqueeze(1))
        self.attention_weights = _masked_softmax(self.w_v(features).squeeze(-1), valid_lens)
        return torch.bmm(self.dropout(self.attention_weights), values)


class _Dot(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        d = queries.shape[-1]
        scores = torch.bmm(queries, keys.transpose(1, 2)) / math.sqrt(d)
        self.attention_weights = _masked_softmax(scores, valid_lens)
        return torch.bmm(self.dropout(self.attention_weights), values)


class Textbook(nn.Module):
    """Heads merged into the batch axis with explicit sizes, lengths by repeat_interleave, one class for each score."""

    def __init__(self, num_heads, query_size, key_size, num_hiddens, value_size, attention_type, dropout=0.0):
        super().__init__()
        self.num_heads = num_heads
        self.num_hiddens = num_hiddens
        if num_hiddens % num_heads != 0:
            raise ValueError(f"num_hiddens={num_hiddens} cannot be divided by num_heads={num_heads}")
        self.W_q = nn.Linear(query_size, num_hiddens)
        self.W_k = nn.Linear(key_size, num_hiddens)
        self.W_v = nn.Linear(value_size, num_hiddens)
        if attention_type == "add":
            self.attention = _Additive(num_hiddens // num_heads, dropout)
        elif attention_type == "dot":
            self.attention = _Dot(dropout)
        else:
            raise ValueError(f"Invalid attention type: {attention_type}")
        self.W_o = nn.Linear(num_hiddens, num_hiddens)

    def transpose_input(self, X):
        batch, n, hiddens = X.shape
        size = hiddens // self.num_heads
        X = X.reshape(batch, n, self.num_heads, size)
        X = X.permute(0, 2, 1, 3)
        return X.reshape(batch * self.num_heads, n, size)

    def transpose_output(self, X):
        n, size = X.shape[1], X.shape[2]
        batch = X.shape[0] // self.num_heads
        X = X.reshape(batch, self.num_heads, n, size)
        X = X.permute(0, 2, 1, 3)
        return X.reshape(batch, n, self.num_hiddens)

    def forward(self, queries, keys, values, valid_lens=None):
        queries = self.transpose_input(self.W_q(queries))
        keys = self.transpose_input(self.W_k(keys))
        values = self.transpose_input(self.W_v(values))
        if valid_lens is not None:
            valid_lens = torch.repeat_interleave(valid_lens, repeats=self.num_heads, dim=0)
        output = self.attention(queries, keys, values, valid_lens)
        return self.W_o(self.transpose_output(output))
