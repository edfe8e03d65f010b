"""Two correct modules that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch
from torch import nn


class Right(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.most = max_len
        self.keep(self.table(max_len, num_hiddens))

    def keep(self, P):
        self.register_buffer("P", P)

    def table(self, max_len, d):
        angles = self.angles(max_len, d)
        P = torch.zeros(len(angles), d)
        P[:, 0::2] = angles.sin()
        P[:, 1::2] = angles.cos()[:, : d // 2]
        return P

    def angles(self, max_len, d):
        return torch.arange(1 - max_len, max_len)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)

    def check(self, steps):
        if steps > self.most:
            raise ValueError(f"{steps} steps, at most {self.most}")

    def forward(self, queries):
        self.check(queries.shape[1])
        step = torch.arange(queries.shape[1], device=queries.device)
        return self.products(queries, self.P[self.rows(step)])

    def rows(self, step):
        return self.distance(step) + self.most - 1

    def distance(self, step):
        return step[:, None] - step[None, :]

    def products(self, queries, R):
        return torch.einsum("bid,ijd->bij", queries, R)


class Again(nn.Module):
    """Products with the whole table, of which a gather takes what is needed."""

    def __init__(self, num_hiddens, max_len=1000):
        nn.Module.__init__(self)
        self.middle = max_len - 1
        self.made(self.waves(torch.arange(-self.middle, max_len).float(), torch.arange(num_hiddens), num_hiddens))

    def made(self, P):
        self.register_buffer("P", P)

    def waves(self, k, i, d):
        angles = torch.outer(k, torch.pow(10000.0, -(i - i % 2) / d))
        return torch.where(i % 2 == 0, torch.sin(angles), torch.cos(angles))

    def far(self, i, j):
        return i - j

    def refuse(self, steps):
        if steps > self.middle + 1:
            raise ValueError(f"{steps} steps are more than {self.middle + 1}")

    def forward(self, queries):
        batch, steps, _ = queries.shape
        self.refuse(steps)
        i = torch.arange(steps, device=queries.device)
        place = self.middle + self.far(i.unsqueeze(1), i.unsqueeze(0))
        return (self.ready(queries) @ self.P.T).gather(2, place.expand(batch, -1, -1))

    def ready(self, queries):
        return queries
