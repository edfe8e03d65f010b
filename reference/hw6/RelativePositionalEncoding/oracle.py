"""RelativePositionalEncoding: all products with the whole table, of which a gather takes those that are needed."""

import math

import torch
from torch import nn


class RelativePositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.most = max_len
        rates = torch.exp(-math.log(10000.0) * torch.arange(0, num_hiddens, 2, dtype=torch.float64) / num_hiddens)
        angles = torch.outer(torch.arange(-max_len + 1, max_len).double(), rates)
        waves = torch.polar(torch.ones((), dtype=torch.float64), angles)
        P = torch.view_as_real(waves).flip(-1).reshape(2 * max_len - 1, -1)[:, :num_hiddens]
        self.register_buffer("P", P.float().contiguous())

    def forward(self, queries):
        batch, steps, _ = queries.shape
        if steps > self.most:
            raise ValueError(f"{steps} steps, at most {self.most}")
        near = self.P[self.most - steps : self.most + steps - 1]
        products = queries @ near.T.to(queries.dtype)
        step = torch.arange(steps, device=queries.device)
        place = (step[:, None] - step + steps - 1).expand(batch, steps, steps)
        return products.gather(2, place)
