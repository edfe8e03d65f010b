"""Correct implementations of SSMBlock."""

import torch
import torch.nn.functional as F
from torch import nn


class PaddedOnBothSides(nn.Module):
    """The convolution pads both sides, and what it sees too late is cut off; the scan keeps a running state."""

    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__()
        self.in_proj = nn.Linear(num_hiddens, 2 * inner_size, bias=False)
        self.conv = nn.Conv1d(inner_size, inner_size, kernel_size, padding=kernel_size - 1, groups=inner_size)
        self.x_proj = nn.Linear(inner_size, dt_rank + 2 * state_size, bias=False)
        self.dt_proj = nn.Linear(dt_rank, inner_size, bias=True)
        self.out_proj = nn.Linear(inner_size, num_hiddens, bias=False)
        A = torch.arange(1, state_size + 1, dtype=torch.float32).unsqueeze(0).repeat(inner_size, 1)
        self.A_log = nn.Parameter(torch.log(A))
        self.D = nn.Parameter(torch.ones(inner_size))
        self.dt_rank, self.state_size = dt_rank, state_size

    def forward(self, X):
        batch, length, _ = X.shape
        x, gate = self.in_proj(X).chunk(2, dim=-1)
        x = self.conv(x.transpose(1, 2))[:, :, :length].transpose(1, 2)
        x = F.silu(x)
        dt, B, C = torch.split(self.x_proj(x), [self.dt_rank, self.state_size, self.state_size], dim=-1)
        dt = F.softplus(self.dt_proj(dt))
        A = -torch.exp(self.A_log)
        h = torch.zeros(batch, x.shape[2], self.state_size, device=X.device, dtype=X.dtype)
        ys = []
        for t in range(length):
            h = h * torch.exp(dt[:, t].unsqueeze(-1) * A) + (dt[:, t] * x[:, t]).unsqueeze(-1) * B[:, t].unsqueeze(1)
            ys.append(torch.einsum("bcn,bn->bc", h, C[:, t]))
        y = torch.stack(ys, dim=1) + x * self.D
        return self.out_proj(y * F.silu(gate))


class ChannelsFirst(nn.Module):
    """Everything between the projections has the channels in front of the steps; steps are joined two by two."""

    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__()
        self.split = (dt_rank, state_size, state_size)
        self.in_proj = nn.Linear(num_hiddens, inner_size * 2, bias=False)
        self.out_proj = nn.Linear(inner_size, num_hiddens, bias=False)
        self.x_proj = nn.Linear(inner_size, sum(self.split), bias=False)
        self.dt_proj = nn.Linear(dt_rank, inner_size)
        self.conv = nn.Conv1d(inner_size, inner_size, kernel_size, groups=inner_size)
        self.D = nn.Parameter(torch.full((inner_size,), 1.0))
        self.A_log = nn.Parameter(torch.linspace(1, state_size, state_size).log().tile(inner_size, 1))

    def forward(self, X):
        u, z = self.in_proj(X).mT.tensor_split(2, dim=1)
        weight, bias = self.conv.weight, self.conv.bias
        u = F.conv1d(F.pad(u, [weight.shape[2] - 1, 0]), weight, bias, groups=len(weight))
        u = u * u.sigmoid()
        r, B, C = F.linear(u.mT, self.x_proj.weight).split(self.split, dim=2)
        delta = F.softplus(self.dt_proj(r)).mT[:, :, None]
        factor = torch.exp(delta * -torch.exp(self.A_log)[:, :, None])  # (batch, channels, N, length)
        value = delta * u[:, :, None] * B.mT[:, None]
        reach = 1
        while reach < X.shape[1]:
            value = value + factor * F.pad(value, (reach, 0))[..., : X.shape[1]]
            factor = factor * F.pad(factor, (reach, 0), value=1.0)[..., : X.shape[1]]
            reach *= 2
        y = (value * C.mT[:, None]).sum(2) + self.D[:, None] * u
        return self.out_proj((y * z * z.sigmoid()).mT)
