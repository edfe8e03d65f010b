"""TransformerDecoder by torch's own functions, with masks in place of lengths."""

import torch
import torch.nn.functional as F
from made import Positions
from ready import Part, attended, attention, lengths_mask, network, norm, normed, worked
from torch import nn


def block(d, hiddens):
    parts = {f"attention{n}": attention(d) for n in "12"} | {f"addnorm{n}": norm(d) for n in "123"}
    return Part(**parts, ffn=network(d, hiddens))


class TransformerDecoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        self.heads, self.rate, self.root = num_heads, dropout, num_hiddens**0.5
        self.embedding, self.pos_encoding = nn.Embedding(vocab_size, num_hiddens), Positions(num_hiddens, dropout)
        self.blks = Part(**{f"block{i}": block(num_hiddens, ffn_num_hiddens) for i in range(num_layers)})
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, enc_valid_lens):
        return [enc_outputs, enc_valid_lens, [None for _ in self.blks.children()]]

    def forward(self, X, state):
        p = self.rate if self.training else 0.0
        enc, caches = state[0], state[2]
        past = 0 if caches[0] is None else caches[0].shape[1]
        steps = X.shape[1]
        causal = torch.ones(steps, past + steps, dtype=torch.bool, device=X.device).tril(past)
        valid = lengths_mask(state[1], enc.shape[1])
        X = self.pos_encoding(F.embedding(X, self.embedding.weight) * self.root, past)
        for i, one in enumerate(self.blks.children()):
            caches[i] = K = X if caches[i] is None else torch.hstack([caches[i], X])
            X = normed(one.addnorm1, X, attended(one.attention1, self.heads, X, K, causal, p), p)
            X = normed(one.addnorm2, X, attended(one.attention2, self.heads, X, enc, valid, p), p)
            X = normed(one.addnorm3, X, worked(one.ffn, X), p)
        return self.dense(X), state
