"""Two correct stacks that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import math
from collections import OrderedDict

from made import EncoderBlock, Positions
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

    def block(self, i, d, hiddens, heads, p):
        return EncoderBlock(d, hiddens, heads, p)

    def forward(self, X, valid_lens=None):
        X = self.placed(self.look_up(X))
        return self.through(X, valid_lens)

    def look_up(self, X):
        return self.embedding(X) * math.sqrt(self.d)

    def placed(self, X):
        return self.pos_encoding(X)

    def through(self, X, valid_lens):
        for block in self.blks:
            X = block(X, valid_lens)
        return X


class Again(nn.Module):
    """Positions added by hand, blocks by number."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        nn.Module.__init__(self)
        self.d = num_hiddens
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = Positions(num_hiddens, self.first_rate(dropout))
        blocks = [self.one(i, (num_hiddens, ffn_num_hiddens, num_heads), dropout) for i in range(num_layers)]
        self.blks = nn.Sequential(OrderedDict((f"block{i}", block) for i, block in enumerate(blocks)))

    def first_rate(self, p):
        return p

    def one(self, i, sizes, p):
        return EncoderBlock(*sizes, p)

    def forward(self, X, valid_lens=None):
        lengths = valid_lens
        X = self.dropped(self.add(self.vectors(X), self.pos_encoding.P[0, : X.shape[1]]))
        for i in range(len(self.blks)):
            X = self.step(i, X, lengths)
        return X

    def vectors(self, X):
        return self.embedding.weight[X] * self.d**0.5

    def add(self, X, P):
        return X + P

    def dropped(self, X):
        return self.pos_encoding.dropout(X)

    def step(self, i, X, lengths):
        return self.blks[i](X, lengths)
