"""Correct implementations of RelativePositionalEncoding."""

import torch
from torch import nn


def _rows(max_len, d):
    column = torch.arange(d)
    angles = torch.outer(torch.arange(1 - max_len, max_len).float(), 10000.0 ** (-(column - column % 2) / d))
    return torch.where(column % 2 == 0, angles.sin(), angles.cos())


class Pairs(nn.Module):
    """A vector for each pair of steps, multiplied and added up."""

    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.max_len = max_len
        P = torch.zeros(2 * max_len - 1, num_hiddens)
        k = torch.arange(-(max_len - 1), max_len, dtype=torch.float32).reshape(-1, 1)
        angles = k / torch.pow(10000, torch.arange(0, num_hiddens, 2, dtype=torch.float32) / num_hiddens)
        P[:, 0::2] = torch.sin(angles)
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)

    def forward(self, queries):
        n = queries.size(1)
        if n > self.max_len:
            raise ValueError(f"got {n} steps, max_len is {self.max_len}")
        i = torch.arange(n, device=queries.device)
        distance = i.unsqueeze(1) - i.unsqueeze(0)
        R = self.P[distance + self.max_len - 1]
        return (queries.unsqueeze(2) * R.unsqueeze(0)).sum(dim=-1)


class Windows(nn.Module):
    """Row i needs consecutive rows of the table, from the distance i downwards: windows of the flipped table."""

    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.register_buffer("P", _rows(max_len, num_hiddens))

    def forward(self, queries):
        n, middle = queries.shape[1], len(self.P) // 2
        if n > middle + 1:
            raise ValueError(f"{n} steps do not fit into {middle + 1}")
        near = self.P[middle - n + 1 : middle + n].flip(0)
        windows = near.unfold(0, n, 1).flip(0)
        return torch.einsum("bid,idj->bij", queries, windows)


class Skewed(nn.Module):
    """All products with the table, and a shift of each row by a reshape."""

    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.most = max_len
        self.register_buffer("P", _rows(max_len, num_hiddens))

    def forward(self, queries):
        batch, n, _ = queries.shape
        if n > self.most:
            raise ValueError(f"{n} > {self.most}")
        near = self.P[self.most - n : self.most + n - 1].flip(0)  # from the distance n - 1 down to 1 - n
        products = torch.nn.functional.pad(queries @ near.T, (0, 1)).reshape(batch, 2 * n * n)
        return products[:, n - 1 : n - 1 + n * (2 * n - 1)].reshape(batch, n, 2 * n - 1)[:, :, :n]
