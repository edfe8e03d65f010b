"""Two correct blocks that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch.nn.functional as F
from parts import AddNorm, Attention, Network, attend
from torch import nn


class Right(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        super().__init__()
        self.make(num_hiddens, ffn_num_hiddens, num_heads, dropout)

    def make(self, d, hiddens, heads, p):
        self.attention = Attention(d, heads, p)
        self.addnorm1, self.addnorm2 = AddNorm(d, p), AddNorm(d, p)
        self.ffn = Network(d, hiddens)

    def forward(self, X, valid_lens=None):
        Y = self.addnorm1(X, self.look(X, valid_lens))
        return self.addnorm2(Y, self.ffn(Y))

    def look(self, X, valid_lens):
        return self.attention(X, X, X, valid_lens)


class Again(nn.Module):
    """With the attention written out, and dropout by functions."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout):
        nn.Module.__init__(self)
        self.d, self.h, self.p = num_hiddens, num_heads, dropout
        self.attention = Attention(num_hiddens, num_heads, dropout)
        self.ffn = Network(num_hiddens, ffn_num_hiddens)
        self.addnorm1, self.addnorm2 = AddNorm(num_hiddens, 0.0), AddNorm(num_hiddens, 0.0)

    def drop(self, X):
        return F.dropout(X, self.p, self.training)

    def drop_weights(self):
        return self.p

    def attended(self, X, valid_lens):
        q, k, v = (
            layer(X).reshape(*X.shape[:2], self.h, self.d // self.h).movedim(2, 1)
            for layer in (self.attention.W_q, self.attention.W_k, self.attention.W_v)
        )
        heads = attend(q, k, v, valid_lens, self.drop_weights(), self.training)
        return self.attention.W_o(heads.movedim(1, 2).flatten(2))

    def first(self, X, valid_lens):
        return self.addnorm1.ln(X + self.drop(self.attended(X, valid_lens)))

    def second(self, X, Y):
        return self.addnorm2.ln(Y + self.drop(self.ffn(Y)))

    def forward(self, X, valid_lens=None):
        return self.second(X, self.first(X, valid_lens))
