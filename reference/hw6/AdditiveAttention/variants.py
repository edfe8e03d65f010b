"""Correct implementations of AdditiveAttention."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Textbook(nn.Module):
    """Layer by layer."""

    def __init__(self, key_size, query_size, num_hiddens, dropout, **kwargs):
        super().__init__(**kwargs)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=False)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        queries, keys = self.W_q(queries), self.W_k(keys)
        features = torch.tanh(queries.unsqueeze(2) + keys.unsqueeze(1))
        scores = self.w_v(features).squeeze(-1)
        if valid_lens is not None:
            if valid_lens.dim() == 1:
                valid_lens = torch.repeat_interleave(valid_lens, scores.shape[1]).reshape(scores.shape[:2])
            mask = torch.arange(scores.shape[2], device=scores.device)[None, None] < valid_lens[:, :, None]
            weights = torch.where(mask, F.softmax(scores.masked_fill(~mask, -1e9), dim=-1), 0.0)
        else:
            weights = F.softmax(scores, dim=-1)
        self.attention_weights = weights
        return torch.bmm(self.dropout(self.attention_weights), values)


class Exponentials(nn.Module):
    """tanh from exponentials, products as sums, a dropout mask drawn by hand."""

    def __init__(self, key_size, query_size, num_hiddens, dropout):
        super().__init__()
        self.W_q = nn.Linear(query_size, num_hiddens, bias=False)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.rate = dropout

    def forward(self, queries, keys, values, valid_lens=None):
        total = (queries @ self.W_q.weight.T).unsqueeze(2) + (keys @ self.W_k.weight.T).unsqueeze(1)
        scores = ((2 * torch.sigmoid(2 * total) - 1) * self.w_v.weight.view(-1)).sum(-1)
        if valid_lens is not None:
            lengths = valid_lens.reshape(len(scores), -1, 1) if len(scores) else valid_lens.reshape(0, 1, 1)
            dead = torch.arange(scores.shape[-1], device=scores.device) >= lengths
            scores = scores.masked_fill(dead, -math.inf)
        weights = scores.softmax(-1).nan_to_num(0.0)
        self.attention_weights = weights.detach().clone()
        if self.training and self.rate:
            weights = weights * (torch.rand_like(weights) >= self.rate) / (1 - self.rate)
        return torch.einsum("bqk,bkv->bqv", weights, values)
