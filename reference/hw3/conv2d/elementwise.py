"""A right conv2d in parts, one kernel element after another, for the mistakes to change."""

import torch
import torch.nn.functional as F
from windows import pair


def size(x, weight, stride, dilation):
    return [(x.shape[2 + k] - dilation[k] * (weight.shape[2 + k] - 1) - 1) // stride[k] + 1 for k in (0, 1)]


def _seen(x, place, size, stride, dilation):
    """The pixels that one kernel element meets."""
    (a, b), (rows, columns), (sh, sw), (dh, dw) = place, size, stride, dilation
    return x[:, :, a * dh : a * dh + (rows - 1) * sh + 1 : sh, b * dw : b * dw + (columns - 1) * sw + 1 : sw]


def elementwise(out, x, weight, stride, dilation, groups, start=0):
    """Adds the share of one kernel element after another to out, (N, G, C_out / G, H_out, W_out), in place."""
    kernels = weight.unflatten(0, (groups, -1))
    for a in range(weight.shape[2]):
        for b in range(weight.shape[3]):
            seen = _seen(x, (a, b), out.shape[-2:], stride, dilation).unflatten(1, (groups, weight.shape[1]))
            out += torch.einsum("ngchw,goc->ngohw", seen, kernels[..., a, b]) + start
    return out.flatten(1, 2)


def buffer_size(x, weight, stride, dilation, groups):
    return (x.shape[0], groups, weight.shape[0] // groups, *size(x, weight, stride, dilation))


def pad(x, padding):
    top, left = pair(padding)
    return F.pad(x, (left, left, top, top))


def plus(out, bias):
    return out if bias is None else out + bias.view(1, -1, 1, 1)
