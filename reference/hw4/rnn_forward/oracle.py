"""rnn_forward by torch's own cell, and all outputs in one product."""

import torch


def rnn_forward(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    hidden = []
    for X in inputs:
        H = torch.rnn_tanh_cell(X, H, W_xh.T, W_hh.T, b_h, torch.zeros_like(b_h))
        hidden.append(H)
    return torch.addmm(b_q, torch.cat(hidden), W_hq), (H,)
