"""Two correct modules that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.d, self.max_len = num_hiddens, max_len
        self.keep(self.table(max_len, num_hiddens)[None])

    def keep(self, P):
        self.register_buffer("P", P)

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.zeros(max_len, d)
        P[:, 0::2] = angles.sin()
        P[:, 1::2] = angles.cos()[:, : d // 2]
        return P

    def angles(self, max_len, d):
        return self.places(max_len)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)

    def places(self, max_len):
        return torch.arange(max_len)

    def check(self, end):
        if end > self.max_len:
            raise ValueError(f"{end} positions are needed, max_len is {self.max_len}")

    def forward(self, X, offset=0):
        self.check(offset + X.shape[1])
        return self.dropout(self.add(X, offset))

    def add(self, X, offset):
        return X + self.P[:, offset : offset + X.shape[1]]


class Again(nn.Module):
    """A table by a mask of even columns."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        nn.Module.__init__(self)
        self.p, self.most = dropout, max_len
        self.made(self.waves(torch.arange(max_len).float(), torch.arange(num_hiddens), num_hiddens))

    def made(self, P):
        self.register_buffer("P", P.unsqueeze(0))

    def waves(self, t, i, d):
        angles = torch.outer(t, torch.pow(10000.0, -(i - i % 2) / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))

    def forward(self, X, offset=0):
        end = offset + X.size(1)
        if end > self.most:
            raise ValueError(f"position {end} is beyond {self.most}")
        return self.drop(X.add(self.P[0, offset:end]))

    def drop(self, X):
        return F.dropout(X, self.p, self.training)
