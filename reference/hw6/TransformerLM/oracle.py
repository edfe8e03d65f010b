"""TransformerLM by torch's own functions."""

import torch
import torch.nn.functional as F
from made import Positions
from ready import Part, attended, attention, network, norm, normed, worked
from torch import nn


def block(d, hiddens):
    return Part(attention=attention(d), addnorm1=norm(d), ffn=network(d, hiddens), addnorm2=norm(d))


class TransformerLM(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        self.heads, self.rate, self.root = num_heads, dropout, num_hiddens**0.5
        self.embedding, self.pos_encoding = nn.Embedding(vocab_size, num_hiddens), Positions(num_hiddens, dropout)
        self.blks = Part(**{f"block{i}": block(num_hiddens, ffn_num_hiddens) for i in range(num_layers)})
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def forward(self, X):
        p = self.rate if self.training else 0.0
        mask = torch.ones(X.shape[1], X.shape[1], dtype=torch.bool, device=X.device).tril()
        X = self.pos_encoding(F.embedding(X, self.embedding.weight) * self.root)
        for one in self.blks.children():
            X = normed(one.addnorm1, X, attended(one.attention, self.heads, X, X, mask, p), p)
            X = normed(one.addnorm2, X, worked(one.ffn, X), p)
        return self.dense(X)
