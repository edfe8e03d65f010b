"""lstm_forward by torch's own cell, whose gates stand in another order, and all outputs in one product."""

import torch


def lstm_forward(inputs, state, params):
    order = (0, 3, 9, 6)
    W_x, W_h = (torch.cat([params[at + kind].T for at in order]) for kind in (0, 1))
    b = torch.cat([params[at + 2] for at in order])
    H, C = state
    hidden = []
    for X in inputs:
        H, C = torch.lstm_cell(X, (H, C), W_x, W_h, b, torch.zeros_like(b))
        hidden.append(H)
    return torch.addmm(params[13], torch.cat(hidden), params[12]), (H, C)
