"""What several implementations share."""

import torch


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def contract(windows, weight, groups):
    """Windows (N, C_in, H_out, W_out, K_h, K_w) with the weight: (N, C_out, H_out, W_out)."""
    windows = windows.unflatten(1, (groups, weight.shape[1]))
    kernels = weight.unflatten(0, (groups, weight.shape[0] // groups))
    return torch.einsum("ngchwab,gocab->ngohw", windows, kernels).flatten(1, 2)
