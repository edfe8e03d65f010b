"""Correct implementations of selective_scan."""

import torch


def parallel(x, delta, A, B, C, D):
    """Steps are joined two by two: each round joins every step with one twice as far back as in the round before."""
    factor = torch.exp(delta.unsqueeze(-1) * A)
    value = delta.unsqueeze(-1) * x.unsqueeze(-1) * B.unsqueeze(2)
    reach = 1
    while reach < x.shape[1]:
        earlier_value = torch.nn.functional.pad(value, (0, 0, 0, 0, reach, 0))[:, : x.shape[1]]
        earlier_factor = torch.nn.functional.pad(factor, (0, 0, 0, 0, reach, 0), value=1.0)[:, : x.shape[1]]
        factor, value = factor * earlier_factor, value + factor * earlier_value
        reach *= 2
    return torch.einsum("btcn,btn->btc", value, C) + x * D


def matrices(x, delta, A, B, C, D):
    """The factors between two steps are differences of cumulative sums, in a lower triangle, as in an attention."""
    total = torch.cumsum(delta.double()[..., None] * A.double(), dim=1).movedim(1, -1)  # (batch, channels, N, length)
    between = total[..., :, None] - total[..., None, :]
    later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
    weights = between.masked_fill(later, float("-inf")).exp().to(x.dtype)
    states = torch.einsum("bcnts,bsc,bsn->btcn", weights, delta * x, B)
    return (states * C.unsqueeze(2)).sum(-1) + D * x


def step_by_step(x, delta, A, B, C, D):
    """One step at a time, the factors computed in the loop, the answers joined with cat."""
    h = x.new_zeros(x.shape[0], x.shape[2], A.shape[1])
    ys = [x[:, :0]]
    for now, dt, b, c in zip(x.unbind(1), delta.unbind(1), B.unbind(1), C.unbind(1), strict=True):
        h = h * (dt[:, :, None] * A[None]).exp() + torch.einsum("bc,bn->bcn", dt * now, b)
        ys.append((torch.bmm(h, c.unsqueeze(2)).squeeze(2) + D * now).unsqueeze(1))
    return torch.cat(ys, dim=1)
