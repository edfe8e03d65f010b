"""TransformerEncoder by torch's own functions."""

import torch.nn.functional as F
from made import Positions
from ready import Part, attended, attention, lengths_mask, network, norm, normed, worked
from torch import nn


def block(d, hiddens):
    return Part(attention=attention(d), addnorm1=norm(d), ffn=network(d, hiddens), addnorm2=norm(d))


class TransformerEncoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        self.heads, self.rate, self.root = num_heads, dropout, num_hiddens**0.5
        self.embedding, self.pos_encoding = nn.Embedding(vocab_size, num_hiddens), Positions(num_hiddens, dropout)
        self.blks = Part(**{f"block{i}": block(num_hiddens, ffn_num_hiddens) for i in range(num_layers)})

    def forward(self, X, valid_lens=None):
        p = self.rate if self.training else 0.0
        mask = lengths_mask(valid_lens, X.shape[1])
        X = self.pos_encoding(F.embedding(X, self.embedding.weight) * self.root)
        for one in self.blks.children():
            X = normed(one.addnorm1, X, attended(one.attention, self.heads, X, X, mask, p), p)
            X = normed(one.addnorm2, X, worked(one.ffn, X), p)
        return X
