"""Other correct nin_block."""

import torch
from torch import nn


def in_a_loop(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """A list of layers that a loop fills, unpacked in the end."""
    layers = []
    options = [(in_channels, kernel_size, strides, padding), (out_channels, 1, 1, 0), (out_channels, 1, 1, 0)]
    for channels, size, step, border in options:
        layers.append(nn.Conv2d(channels, out_channels, kernel_size=size, stride=step, padding=border, bias=True))
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class _Conv(nn.Module):
    """A convolution by hand."""

    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        self.size, self.stride, self.padding = ((n, n) if isinstance(n, int) else n for n in (size, stride, padding))
        self.weight = nn.Parameter(torch.randn(outputs, inputs, *self.size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, X):
        top, left = self.padding
        X = nn.functional.pad(X, (left, left, top, top))
        X = X.unfold(2, self.size[0], self.stride[0]).unfold(3, self.size[1], self.stride[1])
        return torch.einsum("nchwab,ocab->nohw", X, self.weight) + self.bias[:, None, None]


class _Relu(nn.Module):
    def forward(self, X):
        return X * (X > 0)


def by_hand(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """On convolutions and ReLUs of one's own; the places are named one by one."""
    block = nn.Sequential()
    block.add_module("0", _Conv(in_channels, out_channels, kernel_size, strides, padding))
    for place in range(1, 6):
        block.add_module(str(place), _Relu() if place % 2 else _Conv(out_channels, out_channels, 1))
    return block
