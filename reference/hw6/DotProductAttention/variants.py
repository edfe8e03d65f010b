"""Correct implementations of DotProductAttention."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Einsum(nn.Module):
    """Products by einsum, the softmax from exponentials, the dropout from a mask drawn by hand."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.rate = dropout

    def forward(self, queries, keys, values, valid_lens=None):
        scores = torch.einsum("bqd,bkd->bqk", queries * queries.size(-1) ** -0.5, keys)
        positions = torch.arange(keys.size(1), device=keys.device)
        valid = torch.ones_like(scores, dtype=torch.bool)
        if valid_lens is not None:
            lengths = valid_lens[:, None] if valid_lens.dim() == 1 else valid_lens
            valid = positions < lengths[:, :, None]
        top = scores.masked_fill(~valid, -1e30).amax(-1, keepdim=True)
        powers = (scores - top).masked_fill(~valid, -math.inf).exp()
        weights = powers / powers.sum(-1, keepdim=True).clamp(min=1)
        self.attention_weights = weights.detach().clone()
        if self.training and self.rate > 0:
            stays = torch.rand(weights.shape, device=weights.device) >= self.rate
            weights = weights * stays / (1 - self.rate)
        return torch.einsum("bqk,bkv->bqv", weights, values)


class Plain(nn.Module):
    """Batched products, NaN replaced after the softmax, functional dropout."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.dropout = dropout
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        d = queries.shape[2]
        scores = torch.bmm(queries, keys.permute(0, 2, 1))
        scores = scores / torch.sqrt(torch.tensor(d, dtype=queries.dtype, device=queries.device))
        if valid_lens is not None:
            if valid_lens.dim() == 1:
                valid_lens = valid_lens.unsqueeze(1).repeat(1, queries.shape[1])
            positions = torch.arange(keys.shape[1], device=queries.device).reshape(1, 1, -1)
            mask = positions >= valid_lens.unsqueeze(2)
            scores = scores.masked_fill(mask, float("-inf"))
        weights = torch.nan_to_num(F.softmax(scores, dim=2))
        self.attention_weights = weights
        return torch.bmm(F.dropout(weights, self.dropout, self.training), values)


class Broadcast(nn.Module):
    """Products and sums over a broadcast axis instead of matrix products."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.drop = nn.Dropout(p=dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = (queries.unsqueeze(2) * keys.unsqueeze(1)).sum(-1) / math.sqrt(keys.shape[-1])
        if valid_lens is not None:
            lengths = valid_lens.reshape(scores.shape[0], -1, 1)
            dead = torch.arange(scores.shape[-1], device=scores.device) >= lengths
            weights = scores.masked_fill(dead, torch.finfo(scores.dtype).min).softmax(-1) * ~dead
        else:
            weights = scores.softmax(-1)
        self.attention_weights = weights
        return (self.drop(weights).unsqueeze(-1) * values.unsqueeze(1)).sum(2)
