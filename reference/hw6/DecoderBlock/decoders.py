"""Two correct blocks that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch
import torch.nn.functional as F
from parts import AddNorm, Attention, Network, attend
from torch import nn


class Right(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        self.i = i
        self.make(num_hiddens, ffn_num_hiddens, num_heads, dropout)

    def make(self, d, hiddens, heads, p):
        self.attention1, self.attention2 = Attention(d, heads, p), Attention(d, heads, p)
        self.addnorm1, self.addnorm2, self.addnorm3 = (AddNorm(d, p) for _ in range(3))
        self.ffn = Network(d, hiddens)

    def forward(self, X, state):
        K = self.remember(X, state)
        Y = self.addnorm1(X, self.look_back(X, K, state))
        Z = self.addnorm2(Y, self.look_up(X, Y, state))
        return self.end(X, Y, Z), state

    def remember(self, X, state):
        cache = state[2][self.i]
        state[2][self.i] = X if cache is None else torch.cat((cache, X), dim=1)
        return state[2][self.i]

    def lengths(self, batch, steps, keys, device):
        return torch.arange(keys - steps + 1, keys + 1, device=device).repeat(batch, 1)

    def look_back(self, X, K, state):
        return self.attention1(X, K, K, self.lengths(len(X), X.shape[1], K.shape[1], X.device))

    def look_up(self, X, Y, state):
        return self.attention2(Y, state[0], state[0], state[1])

    def end(self, X, Y, Z):
        return self.addnorm3(Z, self.ffn(Z))


class Again(nn.Module):
    """The state is made anew, a mask by broadcasting, dropout by functions."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        nn.Module.__init__(self)
        self.number, self.h, self.p = i, num_heads, dropout
        for part in ("attention1", "attention2"):
            self.add_module(part, Attention(num_hiddens, num_heads, dropout))
        for part in ("addnorm1", "addnorm2", "addnorm3"):
            self.add_module(part, AddNorm(num_hiddens, 0.0))
        self.ffn = Network(num_hiddens, ffn_num_hiddens)

    def drop(self, X):
        return F.dropout(X, self.p, self.training)

    def rates(self):
        return self.p, self.p

    def seen(self, at, keys, batch):
        return (at + 1).expand(batch, -1)

    def at(self, steps, before, device):
        return torch.arange(steps, device=device) + before

    def heads(self, part, queries, keys, lengths, p):
        q, k, v = (
            layer(X).unflatten(2, (self.h, X.shape[2] // self.h)).permute(0, 2, 1, 3)
            for layer, X in ((part.W_q, queries), (part.W_k, keys), (part.W_v, keys))
        )
        return part.W_o(attend(q, k, v, lengths, p, self.training).permute(0, 2, 1, 3).flatten(2))

    def joined(self, cache, X):
        return X if cache is None else torch.cat([cache, X], 1)

    def kept(self, cache, X, K):
        return K

    def forward(self, X, state):
        enc, enc_lengths, caches = state
        cache = caches[self.number]
        K = self.joined(cache, X)
        before = K.shape[1] - X.shape[1]
        lengths = self.seen(self.at(X.shape[1], before, X.device), K.shape[1], len(X))
        own, other = self.rates()
        Y = self.addnorm1.ln(X + self.drop(self.heads(self.attention1, X, K, lengths, own)))
        Z = self.middle(X, Y, enc, enc_lengths, other)
        caches = [self.kept(cache, X, K) if n == self.number else c for n, c in enumerate(caches)]
        return self.last(X, Y, Z), [enc, enc_lengths, caches]

    def middle(self, X, Y, enc, enc_lengths, p):
        return self.addnorm2.ln(Y + self.drop(self.heads(self.attention2, Y, enc, enc_lengths, p)))

    def last(self, X, Y, Z):
        return self.addnorm3.ln(Z + self.drop(self.ffn(Z)))
