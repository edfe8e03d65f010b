"""Correct ways to read sequences with gated recurrent units."""

import torch
from common.sequences import run, unrolled


def output_by_output(inputs, state, params):
    """Parts in functions, outputs kept in a list."""
    return run(inputs, state, params)


def states_first(inputs, state, params):
    """One product for both gates, and one for all outputs."""
    return unrolled(inputs, state, params)


def difference_added(inputs, state, params):
    """Moves from the old state towards the candidate; the products with the inputs made for all steps before."""
    triples = [params[at : at + 3] for at in (0, 3, 6)]
    ahead = [torch.einsum("tbi,ih->tbh", inputs, W_x) + b for W_x, _, b in triples]
    (H,) = state
    outputs = []
    for xz, xr, xh in zip(*ahead, strict=False):
        Z, R = ((x + H.mm(W_h)).sigmoid() for x, (_, W_h, _) in zip((xz, xr), triples, strict=False))
        H = H + (1 - Z) * (torch.tanh(xh + (H * R).mm(triples[2][1])) - H)
        outputs.append(H.mm(params[9]).add(params[10]))
    return torch.vstack(outputs), (H,)


class _Unit:
    """A unit that keeps its parameters."""

    def __init__(self, params):
        self.update, self.reset, self.candidate = params[0:3], params[3:6], params[6:9]

    @staticmethod
    def _sum(X, H, three):
        return torch.matmul(X, three[0]) + torch.matmul(H, three[1]) + three[2]

    def __call__(self, X, H):
        keep = torch.sigmoid(self._sum(X, H, self.update))
        seen = torch.sigmoid(self._sum(X, H, self.reset)) * H
        return keep * H - (keep - 1) * torch.tanh(self._sum(X, seen, self.candidate))


def by_a_unit(inputs, state, params):
    """A class for the step; rows of the answer written by index into a tensor made before."""
    unit, H = _Unit(params), state[0]
    steps, batch = inputs.shape[:2]
    outputs = inputs.new_zeros(steps * batch, params[-1].numel())
    for t in range(steps):
        H = unit(inputs[t], H)
        outputs[t * batch : (t + 1) * batch] = H @ params[-2] + params[-1]
    return outputs, (H,)


def from_the_stub(inputs, state, params):
    """Written from the stub alone."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    ys = []
    for x in inputs:
        z = torch.sigmoid(torch.mm(x, W_xz) + torch.mm(H, W_hz) + b_z)
        r = torch.sigmoid(torch.mm(x, W_xr) + torch.mm(H, W_hr) + b_r)
        h = torch.tanh(torch.mm(x, W_xh) + torch.mm(torch.mul(r, H), W_hh) + b_h)
        H = z * H + (torch.ones_like(z) - z) * h
        ys.append(torch.mm(H, W_hq) + b_q)
    return torch.cat(ys, dim=0), (H,)
