"""BERTEncoder with blocks that are written out: three products for the attention, and a softmax over valid keys."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    """What nn.TransformerEncoderLayer computes, under the names that its parameters have."""

    def __init__(self, num_hiddens, num_heads, ffn_num_hiddens, dropout):
        super().__init__()
        self.heads, self.p = num_heads, dropout
        self.self_attn = nn.Module()
        self.self_attn.in_proj_weight = nn.Parameter(torch.randn(3 * num_hiddens, num_hiddens) / num_hiddens**0.5)
        self.self_attn.in_proj_bias = nn.Parameter(torch.zeros(3 * num_hiddens))
        self.self_attn.out_proj = nn.Linear(num_hiddens, num_hiddens)
        self.linear1 = nn.Linear(num_hiddens, ffn_num_hiddens)
        self.linear2 = nn.Linear(ffn_num_hiddens, num_hiddens)
        self.norm1 = nn.LayerNorm(num_hiddens)
        self.norm2 = nn.LayerNorm(num_hiddens)

    def drop(self, X):
        return F.dropout(X, self.p, self.training)

    def attend(self, X, valid):
        Q, K, V = F.linear(X, self.self_attn.in_proj_weight, self.self_attn.in_proj_bias).chunk(3, -1)
        size = X.shape[-1] // self.heads
        answers = []
        for head in range(self.heads):
            q, k, v = (Y[..., head * size : (head + 1) * size] for Y in (Q, K, V))
            scores = torch.einsum("bqs,bks->bqk", q, k) / math.sqrt(size)
            if valid is not None:
                scores = scores.masked_fill(~valid[:, None, :], -math.inf)
            answers.append(torch.einsum("bqk,bks->bqs", self.drop(scores.softmax(-1)), v))
        return self.self_attn.out_proj(torch.cat(answers, -1))

    def forward(self, X, valid):
        X = self.norm1(X + self.drop(self.attend(X, valid)))
        return self.norm2(X + self.drop(self.linear2(self.drop(F.gelu(self.linear1(X))))))


class BERTEncoder(nn.Module):
    block = Block

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.segment_embedding = nn.Embedding(2, num_hiddens)
        self.pos_embedding = nn.Parameter(0.02 * torch.randn(1, max_len, num_hiddens))
        self.blks = nn.Sequential()
        for _ in range(num_layers):
            self.blks.append(self.block(num_hiddens, num_heads, ffn_num_hiddens, dropout))

    def embed(self, tokens, segments):
        places = torch.arange(tokens.shape[1], device=tokens.device)
        if len(places) > self.pos_embedding.shape[1]:
            raise ValueError(f"{len(places)} steps, but {self.pos_embedding.shape[1]} places")
        return (
            F.embedding(tokens, self.token_embedding.weight)
            + F.embedding(segments, self.segment_embedding.weight)
            + F.embedding(places, self.pos_embedding[0])
        )

    def valid(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        return torch.arange(tokens.shape[1], device=tokens.device) < valid_lens.unsqueeze(1)

    def forward(self, tokens, segments, valid_lens=None):
        X = self.embed(tokens, segments)
        for block in self.blks:
            X = block(X, self.valid(tokens, valid_lens))
        return X
