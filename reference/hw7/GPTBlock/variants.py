"""Correct implementations of GPTBlock."""

import math

import torch
from torch import nn


class Einsum(nn.Module):
    """The heads stay an axis behind the positions; products by einsum, a mask that is added to the scores."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.h, self.size = num_heads, num_hiddens // num_heads
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(num_hiddens, num_hiddens) for _ in range(4))
        self.ln_1, self.ln_2 = nn.LayerNorm(num_hiddens), nn.LayerNorm(num_hiddens)
        self.fc_1, self.fc_2 = nn.Linear(num_hiddens, ffn_num_hiddens), nn.Linear(ffn_num_hiddens, num_hiddens)
        self.gelu = nn.GELU()

    def forward(self, X, cache=None):
        batch, n, d = X.shape
        Z = self.ln_1(X)
        q = self.W_q(Z).reshape(batch, n, self.h, self.size)
        k = self.W_k(Z).reshape(batch, n, self.h, self.size).permute(0, 2, 1, 3)
        v = self.W_v(Z).reshape(batch, n, self.h, self.size).permute(0, 2, 1, 3)
        if cache:
            old_k, old_v = cache
            k = torch.cat([old_k, k], dim=-2)
            v = torch.cat([old_v, v], dim=-2)
        total = k.size(-2)
        mask = torch.full((n, total), -math.inf, dtype=X.dtype, device=X.device).triu(total - n + 1)
        scores = torch.einsum("bqhs,bhks->bhqk", q, k) / math.sqrt(self.size) + mask
        answer = torch.einsum("bhqk,bhks->bqhs", scores.softmax(-1), v)
        H = X + self.W_o(answer.reshape(batch, n, d))
        return H + self.fc_2(self.gelu(self.fc_1(self.ln_2(H)))), (k, v)


class _Attention(nn.Module):
    def forward(self, q, k, v):
        scores = torch.matmul(q, k.transpose(-2, -1)) * q.size(-1) ** -0.5
        first = k.size(-2) - q.size(-2)
        position = torch.arange(first, k.size(-2), device=q.device).unsqueeze(1)
        hidden = torch.arange(k.size(-2), device=q.device).unsqueeze(0) > position
        scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
        return torch.matmul(torch.softmax(scores, dim=-1), v)


class Parts(nn.Module):
    """Attention and MLP are parts of their own; heads are cut with chunk and joined with cat."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.ln_1 = nn.LayerNorm(num_hiddens)
        self.ln_2 = nn.LayerNorm(num_hiddens)
        self.W_q = nn.Linear(num_hiddens, num_hiddens)
        self.W_k = nn.Linear(num_hiddens, num_hiddens)
        self.W_v = nn.Linear(num_hiddens, num_hiddens)
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        self.fc_1 = nn.Linear(num_hiddens, ffn_num_hiddens)
        self.fc_2 = nn.Linear(ffn_num_hiddens, num_hiddens)
        self.attention = _Attention()

    def split(self, X):
        return torch.cat([part.unsqueeze(1) for part in torch.chunk(X, self.num_heads, dim=2)], dim=1)

    def forward(self, X, cache=None):
        normed = self.ln_1(X)
        queries = self.split(self.W_q(normed))
        new_keys, new_values = self.split(self.W_k(normed)), self.split(self.W_v(normed))
        if cache is None:
            keys, values = new_keys, new_values
        else:
            keys = torch.cat((cache[0], new_keys), dim=2)
            values = torch.cat((cache[1], new_values), dim=2)
        heads = self.attention(queries, keys, values)
        H = X + self.W_o(torch.cat([heads[:, i] for i in range(self.num_heads)], dim=-1))
        Y = self.fc_2(torch.nn.functional.gelu(self.fc_1(self.ln_2(H))))
        return H + Y, (keys, values)
