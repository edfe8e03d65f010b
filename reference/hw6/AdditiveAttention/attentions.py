"""Two correct attentions that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch
import torch.nn.functional as F
from oracle import masked_softmax
from torch import nn


class Right(nn.Module):
    def __init__(self, key_size, query_size, num_hiddens, dropout):
        super().__init__()
        self.rate = dropout
        self.dropout = nn.Dropout(dropout)
        self.make(key_size, query_size, num_hiddens)

    def make(self, key_size, query_size, hiddens):
        self.W_k = nn.Linear(key_size, hiddens, bias=False)
        self.W_q = nn.Linear(query_size, hiddens, bias=False)
        self.w_v = nn.Linear(hiddens, 1, bias=False)

    def forward(self, queries, keys, values, valid_lens=None):
        self.attention_weights = self.weigh(self.score(queries, keys), valid_lens)
        return self.answer(self.attention_weights, values)

    def score(self, queries, keys):
        return self.out(self.features(self.W_q(queries), self.W_k(keys)))

    def features(self, q, k):
        return torch.tanh(q[:, :, None, :] + k[:, None, :, :])

    def out(self, features):
        return self.w_v(features).squeeze(-1)

    def weigh(self, scores, valid_lens):
        return masked_softmax(scores, valid_lens)

    def answer(self, weights, values):
        return torch.bmm(self.dropout(weights), values)


class Again(nn.Module):
    """The same in another style: one function, with einsum and functional dropout."""

    def __init__(self, key_size, query_size, num_hiddens, dropout):
        nn.Module.__init__(self)
        self.p = dropout
        for name, sizes in {"W_q": (query_size, num_hiddens), "W_k": (key_size, num_hiddens)}.items():
            self.add_module(name, nn.Linear(*sizes, bias=False))
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)

    def scores(self, queries, keys):
        q = torch.einsum("bqi,hi->bqh", queries, self.W_q.weight)
        k = torch.einsum("bki,hi->bkh", keys, self.W_k.weight)
        return self.summed(self.joined(q.unsqueeze(2), k.unsqueeze(1)))

    def joined(self, q, k):
        return (q + k).tanh()

    def summed(self, H):
        return H @ self.w_v.weight[0]

    def forward(self, queries, keys, values, valid_lens=None):
        weights = masked_softmax(self.scores(queries, keys), valid_lens)
        self.attention_weights = weights.detach()
        return torch.einsum("bqk,bkv->bqv", F.dropout(weights, self.p, self.training), values)
