"""Correct scans with a step of each as an argument: `scan` goes step by step, `joined` joins steps two by two, and
`unbound` goes step by step too, with the factors as its only argument."""

import torch


def scan(
    x, delta, A, B, C, D, *,
    decay=lambda delta, A: torch.exp(delta[..., None] * A),
    write=lambda delta, x, B: (delta * x)[..., None] * B[:, :, None],
    start=lambda like: torch.zeros_like(like),
    step=lambda factor, h, new: factor * h + new,
    read=lambda h, C: (h * C[:, None]).sum(-1),
    skip=lambda D, x: D * x,
    order=lambda length: range(length),
):  # fmt: skip
    if x.shape[1] == 0:
        return D * x
    factor, new = decay(delta, A), write(delta, x, B)
    h, ys = start(new[:, 0]), {}
    for t in order(x.shape[1]):
        h = step(factor[:, t], h, new[:, t])
        ys[t] = read(h, C[:, t])
    return torch.stack([ys[t] for t in sorted(ys)], dim=1) + skip(D, x)


def joined(
    x, delta, A, B, C, D, *,
    factor=lambda delta, A: (delta.unsqueeze(3) * A).exp(),
    value=lambda delta, x, B: torch.einsum("btc,btc,btn->btcn", delta, x, B),
    answer=lambda h, C: torch.einsum("btcn,btn->btc", h, C),
    past=lambda D, x: x * D,
):  # fmt: skip
    f, v = factor(delta, A), value(delta, x, B)
    reach = 1
    while reach < x.shape[1]:
        older = torch.cat([torch.zeros_like(v[:, :reach]), v[:, :-reach]], 1)
        before = torch.cat([torch.ones_like(f[:, :reach]), f[:, :-reach]], 1)
        f, v, reach = f * before, f * older + v, reach * 2
    return answer(v, C) + past(D, x)


def unbound(x, delta, A, B, C, D, factor):
    h, ys = torch.zeros_like(delta[:, :1, :, None].sum(1) * A), []
    for now, dt, b, c in zip(x.unbind(1), delta.unbind(1), B.unbind(1), C.unbind(1), strict=True):
        h = factor(dt.unsqueeze(2), A) * h + (dt * now).unsqueeze(2) * b.unsqueeze(1)
        ys.append((h * c.unsqueeze(1)).sum(dim=2) + D * now)
    return torch.stack(ys, dim=1) if ys else D * x
