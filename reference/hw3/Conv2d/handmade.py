"""A convolution that breaks no rule, for variants and mistakes to build on."""

import torch
import torch.nn.functional as F


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    stride, (top, left), dilation = pair(stride), pair(padding), pair(dilation)
    x = F.pad(x, (left, left, top, top))
    for axis in (0, 1):
        x = x.unfold(2 + axis, dilation[axis] * (weight.shape[2 + axis] - 1) + 1, stride[axis])
    x = x[..., :: dilation[0], :: dilation[1]].unflatten(1, (groups, x.shape[1] // groups))
    kernels = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
    out = torch.einsum("ngchwab,gocab->ngohw", x, kernels).flatten(1, 2)
    return out if bias is None else out + bias[:, None, None]
