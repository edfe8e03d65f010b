"""A correct block that can be changed."""

from itertools import pairwise

from torch import nn


def convolution(in_channels, out_channels):
    return nn.Conv2d(in_channels, out_channels, 3, padding=1)


def block(num_convs, in_channels, out_channels, *, convolve=convolution, act=nn.ReLU, pool=lambda: nn.MaxPool2d(2, 2)):
    """The layers of a block, one of its parts exchanged."""
    layers = []
    for number in range(num_convs):
        layers.append(convolve(out_channels if number else in_channels, out_channels))
        layers.append(act())
    return nn.Sequential(*layers, pool())


def again(num_convs, in_channels, out_channels):
    """The same in another style: as a list of layers, to which something may be done."""
    channels = [in_channels] + [out_channels] * num_convs
    pairs = [(convolution(a, b), nn.ReLU(inplace=True)) for a, b in pairwise(channels)]
    return [layer for pair in pairs for layer in pair] + [nn.MaxPool2d(kernel_size=2)]
