"""Correct implementations of TransformerEncoder."""

import math

import torch.nn.functional as F
from made import EncoderBlock as _EncoderBlock
from made import Positions as _Positions
from torch import nn


class Textbook(nn.Module):
    """Part by part."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, **kwargs):
        super().__init__(**kwargs)
        self.num_hiddens = num_hiddens
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = _Positions(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module("block" + str(i), _EncoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout))

    def forward(self, X, valid_lens=None):
        X = self.pos_encoding(self.embedding(X) * math.sqrt(self.num_hiddens))
        for _, blk in enumerate(self.blks):
            X = blk(X, valid_lens)
        return X


class OneHot(nn.Module):
    """The embedding is a product with one-hot vectors; the blocks are in a dictionary of modules."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        sizes = (num_hiddens, ffn_num_hiddens, num_heads, dropout)
        self.blks = nn.ModuleDict({f"block{i}": _EncoderBlock(*sizes) for i in range(num_layers)})
        self.pos_encoding = _Positions(num_hiddens, dropout)
        self.embedding = nn.Embedding(vocab_size, num_hiddens)

    def forward(self, X, valid_lens=None):
        weight = self.embedding.weight
        vectors = F.one_hot(X, len(weight)).to(weight.dtype) @ weight
        X = self.pos_encoding(vectors * weight.shape[1] ** 0.5)
        for block in self.blks.values():
            X = block(X, valid_lens=valid_lens)
        return X
