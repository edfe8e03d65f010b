"""Two correct blocks that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct block, of which each mistake changes one step."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.num_heads, self.size = num_heads, num_hiddens // num_heads
        for name in ("W_q", "W_k", "W_v", "W_o"):
            setattr(self, name, nn.Linear(num_hiddens, num_hiddens))
        self.ln_1, self.ln_2 = nn.LayerNorm(num_hiddens), nn.LayerNorm(num_hiddens)
        self.fc_1, self.fc_2 = nn.Linear(num_hiddens, ffn_num_hiddens), nn.Linear(ffn_num_hiddens, num_hiddens)

    def forward(self, X, cache=None):
        H, cache = self.residual(X, *self.attention(self.ln_1(X), cache))
        return H + self.mlp(self.ln_2(H)), cache

    def residual(self, X, attended, cache):
        return X + attended, cache

    def attention(self, X, cache):
        q = self.split(self.W_q(X))
        k, v = self.extended(self.split(self.W_k(X)), self.split(self.W_v(X)), cache)
        scores = q @ k.transpose(-1, -2) / self.scale()
        answer = self.weights(scores) @ v
        return self.W_o(self.merge(answer)), self.kept(k, v, X.shape[1])

    def split(self, X):
        return X.unflatten(2, (self.num_heads, self.size)).transpose(1, 2)

    def merge(self, X):
        return X.transpose(1, 2).flatten(2)

    def extended(self, k, v, cache):
        return (k, v) if cache is None else (torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2))

    def kept(self, k, v, new):
        return k, v

    def scale(self):
        return math.sqrt(self.size)

    def weights(self, scores):
        return torch.softmax(scores.masked_fill(self.hidden(scores), float("-inf")), dim=-1)

    def hidden(self, scores):
        new, every = scores.shape[-2:]
        return ~torch.ones(new, every, dtype=torch.bool, device=scores.device).tril(every - new)

    def mlp(self, X):
        return self.fc_2(F.gelu(self.fc_1(X)))


class Again(nn.Module):
    """The same in another style: positions are compared, products are einsums."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        nn.Module.__init__(self)
        self.h, self.d = num_heads, num_hiddens
        self.ln_1 = nn.LayerNorm(num_hiddens)
        self.W_q = nn.Linear(num_hiddens, num_hiddens)
        self.W_k = nn.Linear(num_hiddens, num_hiddens)
        self.W_v = nn.Linear(num_hiddens, num_hiddens)
        self.W_o = nn.Linear(num_hiddens, num_hiddens)
        self.ln_2 = nn.LayerNorm(num_hiddens)
        self.fc_1 = nn.Linear(num_hiddens, ffn_num_hiddens)
        self.fc_2 = nn.Linear(ffn_num_hiddens, num_hiddens)
        self.act = nn.GELU()

    def heads(self, X):
        return X.reshape(*X.shape[:2], self.h, self.d // self.h).movedim(2, 1)

    def together(self, X):
        return torch.cat(X.unbind(1), -1)

    def factor(self):
        return (self.d / self.h) ** -0.5

    def seen(self, n, total, device):
        at = torch.arange(total, device=device)
        return at <= at[total - n :, None]

    def softmax(self, scores):
        return scores.softmax(-1)

    def grown(self, old, new):
        return torch.cat((old, new), dim=-2)

    def attended(self, X, cache):
        q, k, v = self.heads(self.W_q(X)), self.heads(self.W_k(X)), self.heads(self.W_v(X))
        if cache is not None:
            k, v = self.grown(cache[0], k), self.grown(cache[1], v)
        scores = torch.einsum("bhqs,bhks->bhqk", q, k) * self.factor()
        scores = torch.where(self.seen(q.shape[2], k.shape[2], X.device), scores, torch.finfo(scores.dtype).min)
        return self.W_o(self.together(torch.einsum("bhqk,bhks->bhqs", self.softmax(scores), v))), (k, v)

    def forward(self, X, cache=None):
        answer, cache = self.attended(self.ln_1(X), cache)
        H = X + answer
        return H + self.fc_2(self.act(self.fc_1(self.ln_2(H)))), cache
