"""A correct scan, and two correct blocks that the mistakes change: `Right`, whose steps are methods, and `Again`."""

import torch
import torch.nn.functional as F
from torch import nn


def scan(x, delta, A, B, C, D):
    h, ys = x.new_zeros(x.shape[0], x.shape[2], A.shape[1]), []
    for t in range(x.shape[1]):
        h = torch.exp(delta[:, t, :, None] * A) * h + (delta[:, t] * x[:, t])[:, :, None] * B[:, t, None]
        ys.append((h * C[:, t, None]).sum(-1) + D * x[:, t])
    return torch.stack(ys, dim=1)


class Right(nn.Module):
    """A correct block, of which each mistake changes one step."""

    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__()
        self.I, self.N, self.K, self.R = inner_size, state_size, kernel_size, dt_rank
        self.in_proj = nn.Linear(num_hiddens, 2 * inner_size, bias=False)
        self.conv = nn.Conv1d(inner_size, inner_size, kernel_size, groups=inner_size, bias=True)
        self.x_proj = nn.Linear(inner_size, dt_rank + 2 * state_size, bias=False)
        self.dt_proj = nn.Linear(dt_rank, inner_size)
        self.A_log = nn.Parameter(self.start().expand(inner_size, state_size).clone())
        self.D = nn.Parameter(self.skip())
        self.out_proj = nn.Linear(inner_size, num_hiddens, bias=False)

    def start(self):
        return torch.log(torch.arange(1, self.N + 1, dtype=torch.float32))

    def skip(self):
        return torch.ones(self.I)

    def forward(self, X):
        u, z = self.halves(self.in_proj(X))
        u = self.activated(self.convolved(u.transpose(1, 2)).transpose(1, 2))
        delta, B, C = self.selected(u)
        return self.out_proj(self.gated(scan(u, delta, self.A(), B, C, self.D), z))

    def halves(self, both):
        return both[..., : self.I], both[..., self.I :]

    def convolved(self, u):
        return self.conv(F.pad(u, (self.K - 1, 0)))

    def activated(self, u):
        return F.silu(u)

    def selected(self, u):
        r, B, C = self.x_proj(u).split([self.R, self.N, self.N], dim=-1)
        return self.positive(self.dt_proj(r)), B, C

    def positive(self, delta):
        return F.softplus(delta)

    def A(self):
        return -torch.exp(self.A_log)

    def gated(self, y, z):
        return y * F.silu(z)


class Again(nn.Module):
    """The same in another style: the convolution is a sum of shifted sequences, the scan written inside."""

    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        nn.Module.__init__(self)
        self.sizes = dt_rank, state_size
        self.A_log = nn.Parameter(torch.tensor([[float(n + 1) for n in range(state_size)]] * inner_size).log())
        self.D = nn.Parameter(torch.ones(inner_size))
        self.conv = nn.Conv1d(inner_size, inner_size, kernel_size, groups=inner_size)
        for name, size, out, bias in (
            ("in_proj", num_hiddens, 2 * inner_size, False),
            ("x_proj", inner_size, dt_rank + 2 * state_size, False),
            ("dt_proj", dt_rank, inner_size, True),
            ("out_proj", inner_size, num_hiddens, False),
        ):
            setattr(self, name, nn.Linear(size, out, bias=bias))

    def shifts(self):
        return [self.conv.kernel_size[0] - 1 - k for k in range(self.conv.kernel_size[0])]

    def shifted(self, u, by):
        if by >= 0:
            return torch.cat([torch.zeros_like(u[:, :by]), u], dim=1)[:, : u.shape[1]]
        return torch.cat([u, torch.zeros_like(u[:, :-by])], dim=1)[:, -u.shape[1] :]

    def smooth(self, u):
        kernel = self.conv.weight[:, 0]
        total = self.conv.bias + torch.zeros_like(u)
        for k, by in enumerate(self.shifts()):
            total = total + kernel[:, k] * self.shifted(u, by)
        return total

    def silu(self, u):
        return u * torch.sigmoid(u)

    def gate(self, z):
        return z * torch.sigmoid(z)

    def step(self, r):
        return F.softplus(self.dt_proj(r))

    def parts(self, u):
        R, N = self.sizes
        found = self.x_proj(u)
        return found[..., :R], found[..., R : R + N], found[..., R + N :]

    def branches(self, X):
        return self.in_proj(X).chunk(2, dim=-1)

    def rates(self):
        return self.A_log.exp().neg()

    def forward(self, X):
        u, z = self.branches(X)
        u = self.silu(self.smooth(u))
        r, B, C = self.parts(u)
        return self.out_proj(scan(u, self.step(r), self.rates(), B, C, self.D) * self.gate(z))
