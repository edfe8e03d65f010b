"""DecoderBlock by torch's own functions, with masks in place of lengths."""

import torch
from ready import attended, attention, lengths_mask, network, norm, normed, worked
from torch import nn


class DecoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        self.heads, self.rate, self.i = num_heads, dropout, i
        self.attention1, self.attention2 = attention(num_hiddens), attention(num_hiddens)
        self.addnorm1, self.addnorm2, self.addnorm3 = (norm(num_hiddens) for _ in range(3))
        self.ffn = network(num_hiddens, ffn_num_hiddens)

    def forward(self, X, state):
        p = self.rate if self.training else 0.0
        enc, cached = state[0], state[2][self.i]
        state[2][self.i] = K = X if cached is None else torch.hstack([cached, X])
        past = K.shape[1] - X.shape[1]
        mask = torch.ones(X.shape[1], K.shape[1], dtype=torch.bool, device=X.device).tril(past)
        Y = normed(self.addnorm1, X, attended(self.attention1, self.heads, X, K, mask, p), p)
        mask = lengths_mask(state[1], enc.shape[1])
        Z = normed(self.addnorm2, Y, attended(self.attention2, self.heads, Y, enc, mask, p), p)
        return normed(self.addnorm3, Z, worked(self.ffn, Z), p), state
