"""Correct implementations of TransformerDecoder."""

import math

import torch.nn.functional as F
from made import DecoderBlock as _DecoderBlock
from made import Positions as _Positions
from torch import nn


class Textbook(nn.Module):
    """Part by part."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        self.num_hiddens, self.num_layers = num_hiddens, num_layers
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = _Positions(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            block = _DecoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, i)
            self.blks.add_module("block" + str(i), block)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, enc_valid_lens):
        return [enc_outputs, enc_valid_lens, [None] * self.num_layers]

    def forward(self, X, state):
        offset = 0 if state[2][0] is None else state[2][0].shape[1]
        X = self.pos_encoding(self.embedding(X) * math.sqrt(self.num_hiddens), offset)
        for blk in self.blks:
            X, state = blk(X, state)
        return self.dense(X), state


class Counting(nn.Module):
    """The number of steps before is the largest of all caches; the embedding is a product with one-hot vectors."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        sizes = (num_hiddens, ffn_num_hiddens, num_heads, dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.blks = nn.ModuleDict({f"block{i}": _DecoderBlock(*sizes, i) for i in range(num_layers)})
        self.pos_encoding = _Positions(num_hiddens, dropout)
        self.embedding = nn.Embedding(vocab_size, num_hiddens)

    def init_state(self, enc_outputs, enc_valid_lens):
        state = [enc_outputs, enc_valid_lens]
        state.append([None for _ in self.blks])
        return state

    def forward(self, X, state):
        weight = self.embedding.weight
        before = max(0 if cache is None else cache.size(1) for cache in state[2])
        vectors = F.one_hot(X, len(weight)).to(weight.dtype) @ weight
        X = self.pos_encoding(vectors * weight.shape[1] ** 0.5, before)
        for block in self.blks.values():
            X, state = block(X, state)
        return F.linear(X, self.dense.weight, self.dense.bias), state
