"""Correct implementations of GPT."""

import torch
import torch.nn.functional as F
from models import Block
from torch import nn


class LayerAsHead(nn.Module):
    """The head is a linear layer whose weight is the parameter of the embedding."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__()
        self.max_len = max_len
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_embedding = nn.Embedding(max_len, num_hiddens)
        self.blocks = nn.ModuleList([Block(num_hiddens, ffn_num_hiddens, num_heads) for _ in range(num_blks)])
        self.ln_f = nn.LayerNorm(num_hiddens)
        self.head = nn.Linear(num_hiddens, vocab_size, bias=False)
        self.head.weight = self.token_embedding.weight
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.normal_(self.pos_embedding.weight, std=0.02)

    def forward(self, tokens, cache=None):
        batch, n = tokens.shape
        if cache is None:
            cache = [None] * len(self.blocks)
        past = 0 if not cache or cache[0] is None else cache[0][0].shape[-2]
        if past + n > self.max_len:
            raise ValueError(f"max_len is {self.max_len}, the text has {past + n} tokens")
        positions = past + torch.arange(n, device=tokens.device).expand(batch, n)
        X = self.token_embedding(tokens) + self.pos_embedding(positions)
        new_cache = []
        for block, old in zip(self.blocks, cache, strict=True):
            X, new = block(X, old)
            new_cache.append(new)
        return self.head(self.ln_f(X)), new_cache


class Recursive(nn.Module):
    """The blocks call each other; the embeddings are read with F.embedding."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__()
        sizes = (num_hiddens, ffn_num_hiddens, num_heads)
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_embedding = nn.Embedding(max_len, num_hiddens)
        with torch.no_grad():
            self.token_embedding.weight.mul_(0.02)
            self.pos_embedding.weight.mul_(0.02)
        self.blocks = nn.ModuleList(Block(*sizes) for _ in range(num_blks))
        self.ln_f = nn.LayerNorm(num_hiddens)

    @property
    def max_len(self):
        return self.pos_embedding.num_embeddings

    def _from(self, level, X, cache):
        if level == len(self.blocks):
            return X, []
        X, own = self.blocks[level](X, cache[level] if cache else None)
        X, others = self._from(level + 1, X, cache)
        return X, [own, *others]

    def forward(self, tokens, cache=None):
        past = cache[-1][0].shape[2] if cache else 0
        end = past + tokens.shape[1]
        if end > self.max_len:
            raise ValueError(f"a text of {end} tokens is too long")
        X = F.embedding(tokens, self.token_embedding.weight) + self.pos_embedding.weight[None, past:end]
        X, new = self._from(0, X, cache)
        return torch.matmul(self.ln_f(X), self.token_embedding.weight.mT), new
