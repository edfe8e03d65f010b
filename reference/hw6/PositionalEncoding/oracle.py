"""PositionalEncoding from complex numbers: cosine and sine are the two parts of one wave."""

import math

import torch
from torch import nn


def table(max_len, num_hiddens):
    rates = torch.exp(-math.log(10000.0) * torch.arange(0, num_hiddens, 2, dtype=torch.float64) / num_hiddens)
    waves = torch.polar(torch.ones((), dtype=torch.float64), torch.outer(torch.arange(max_len).double(), rates))
    return torch.view_as_real(waves).flip(-1).reshape(1, max_len, -1)[..., :num_hiddens].float()


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.p = dropout
        self.register_buffer("P", table(max_len, num_hiddens))

    def forward(self, X, offset=0):
        if offset + X.shape[1] > self.P.shape[1]:
            raise ValueError(f"{offset + X.shape[1]} positions are needed, there are {self.P.shape[1]}")
        return nn.functional.dropout(X + self.P.narrow(1, offset, X.shape[1]), self.p, self.training)
