"""gru_forward with the gates of all units in one product, and all outputs in another."""

import torch
from torch.nn import functional as F


def gru_forward(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    hidden = []
    for X in inputs:
        sums = F.linear(X, torch.cat([W_xz.T, W_xr.T]), torch.cat([b_z, b_r]))
        sums = sums + F.linear(H, torch.cat([W_hz.T, W_hr.T]))
        Z, R = torch.special.expit(sums).tensor_split(2, dim=1)
        candidate = F.linear(X, W_xh.T, b_h) + F.linear(R * H, W_hh.T)
        H = torch.lerp(candidate.tanh(), H, Z)
        hidden.append(H)
    return torch.addmm(b_q, torch.cat(hidden), W_hq), (H,)
