"""One step of a long short-term memory, written in two ways, with parts that can be exchanged."""

import torch


def gate(X, H, W_x, W_h, b, squash=torch.sigmoid):
    return squash(X @ W_x + H @ W_h + b)


def the_cell(C, I, F, C_tilde):
    return F * C + I * C_tilde


def the_hidden(O, C):
    return O * torch.tanh(C)


def the_gates(X, H, C, params):
    return [gate(X, H, *params[at : at + 3]) for at in (0, 3, 6)]


def the_candidate(X, H, params):
    return gate(X, H, *params[9:12], squash=torch.tanh)


def step(X, state, params, *, gates=the_gates, candidate=the_candidate, cell=the_cell, hidden=the_hidden):
    H, C = state
    I, F, O = gates(X, H, C, params)
    C = cell(C, I, F, candidate(X, H, params))
    return hidden(O, C), C


def four(X, H, params):
    """All four sums in one product, in the order of the parameters."""
    W = torch.cat([torch.cat([params[at], params[at + 1]]) for at in (0, 3, 6, 9)], dim=1)
    b = torch.cat([params[at] for at in (2, 5, 8, 11)])
    return torch.addmm(b, torch.cat([X, H], dim=1), W).chunk(4, dim=1)


def fused(
    X,
    state,
    params,
    *,
    sums=four,
    squash=torch.sigmoid,
    candidate=torch.tanh,
    cell=lambda C, I, F, C_tilde: torch.addcmul(F * C, I, C_tilde),
    hidden=lambda O, C: O * C.tanh(),
):
    H, C = state
    i, f, o, c = sums(X, H, params)
    C = cell(C, squash(i), squash(f), candidate(c))
    return hidden(squash(o), C), C
