"""One step of a gated recurrent unit, written in two ways, with parts that can be exchanged."""

import torch


def gate(X, H, W_x, W_h, b, squash=torch.sigmoid):
    return squash(X @ W_x + H @ W_h + b)


def the_candidate(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)


def the_mixture(Z, H, H_tilde):
    return Z * H + (1 - Z) * H_tilde


def step(X, state, params, *, gate=gate, candidate=the_candidate, mix=the_mixture):
    H = state[0]
    Z = gate(X, H, *params[:3])
    R = gate(X, H, *params[3:6])
    return (mix(Z, H, candidate(X, H, R, *params[6:9])),)


def fused(
    X,
    state,
    params,
    *,
    gates=torch.sigmoid,
    candidate=lambda X, H, R, W, b: torch.tanh(torch.addmm(b, torch.cat([X, R * H], 1), W)),
    mix=lambda Z, H, H_tilde: torch.lerp(H_tilde, H, Z),
):
    """Both gates in one product."""
    (H,) = state
    both = torch.cat([X, H], dim=1)
    W = torch.cat([torch.cat([params[0], params[1]]), torch.cat([params[3], params[4]])], dim=1)
    Z, R = gates(torch.addmm(torch.cat([params[2], params[5]]), both, W)).chunk(2, dim=1)
    return (mix(Z, H, candidate(X, H, R, torch.cat([params[6], params[7]]), params[8])),)
