"""EncoderBlock by torch's own functions."""

from ready import attended, attention, lengths_mask, network, norm, normed, worked
from torch import nn


class EncoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__()
        self.heads, self.rate = num_heads, dropout
        self.attention = attention(num_hiddens)
        self.addnorm1, self.addnorm2 = norm(num_hiddens), norm(num_hiddens)
        self.ffn = network(num_hiddens, ffn_num_hiddens)

    def forward(self, X, valid_lens=None):
        p = self.rate if self.training else 0.0
        Y = attended(self.attention, self.heads, X, X, lengths_mask(valid_lens, X.shape[1]), p)
        Y = normed(self.addnorm1, X, Y, p)
        return normed(self.addnorm2, Y, worked(self.ffn, Y), p)
