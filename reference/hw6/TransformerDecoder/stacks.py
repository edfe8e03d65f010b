"""Two correct stacks that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import math
from collections import OrderedDict

import torch
from made import DecoderBlock, Positions
from torch import nn


class Right(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        self.d = num_hiddens
        self.make(vocab_size, num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module(f"block{i}", self.block(i, num_hiddens, ffn_num_hiddens, num_heads, dropout))

    def make(self, vocab, d, p):
        self.embedding, self.pos_encoding = nn.Embedding(vocab, d), Positions(d, p)
        self.dense = nn.Linear(d, vocab)

    def block(self, i, d, hiddens, heads, p):
        return DecoderBlock(d, hiddens, heads, p, i)

    def init_state(self, enc_outputs, enc_valid_lens):
        return [enc_outputs, enc_valid_lens, [None] * len(self.blks)]

    def forward(self, X, state):
        X = self.begin(X, self.before(state))
        X, state = self.through(X, state)
        return self.end(X), state

    def before(self, state):
        return 0 if state[2][0] is None else state[2][0].shape[1]

    def begin(self, X, before):
        return self.placed(self.look_up(X), before)

    def look_up(self, X):
        return self.embedding(X) * math.sqrt(self.d)

    def placed(self, X, before):
        return self.pos_encoding(X, before)

    def through(self, X, state):
        for block in self.blks:
            X, state = block(X, state)
        return X, state

    def end(self, X):
        return self.dense(X)


class Again(nn.Module):
    """Positions added by hand, blocks by number."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        nn.Module.__init__(self)
        self.d = num_hiddens
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = Positions(num_hiddens, self.first_rate(dropout))
        self.dense = nn.Linear(num_hiddens, vocab_size)
        blocks = [self.one(i, (num_hiddens, ffn_num_hiddens, num_heads), dropout) for i in range(num_layers)]
        self.blks = nn.Sequential(OrderedDict((f"block{i}", block) for i, block in enumerate(blocks)))

    def first_rate(self, p):
        return p

    def one(self, i, sizes, p):
        return DecoderBlock(*sizes, p, i)

    def init_state(self, enc_outputs, enc_valid_lens):
        caches = [None for _ in self.blks]
        return [enc_outputs, enc_valid_lens, caches]

    def forward(self, X, state):
        place = self.place(state)
        X = self.dropped(self.add(self.vectors(X), self.pos_encoding.P[0, place : place + X.shape[1]]))
        for i in range(len(self.blks)):
            X, state = self.step(i, X, state)
        return torch.nn.functional.linear(X, self.dense.weight, self.dense.bias), state

    def place(self, state):
        first = state[2][0]
        return first.shape[1] if first is not None else 0

    def vectors(self, X):
        return self.embedding.weight[X] * self.d**0.5

    def add(self, X, P):
        return X + P

    def dropped(self, X):
        return self.pos_encoding.dropout(X)

    def step(self, i, X, state):
        return self.blks[i](X, state)
