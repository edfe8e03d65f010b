"""Other correct blocks."""

import torch.nn.functional as F
from parts import again, block
from torch import nn


def in_a_loop(num_convs, in_channels, out_channels):
    """Layers are collected in a list."""
    return block(num_convs, in_channels, out_channels)


def pairs_of_channels(num_convs, in_channels, out_channels):
    """The channels before and behind each convolution, written down first; ReLU in place."""
    return nn.Sequential(*again(num_convs, in_channels, out_channels))


def by_name(num_convs, in_channels, out_channels):
    """Layers are added by name; the last ReLU comes behind the pooling, which takes the same maxima."""
    net = nn.Sequential()
    for i in range(num_convs):
        net.add_module(str(2 * i), nn.Conv2d(in_channels, out_channels, kernel_size=(3, 3), padding="same"))
        if i < num_convs - 1:
            net.add_module(str(2 * i + 1), nn.ReLU())
        in_channels = out_channels
    net.add_module(str(2 * num_convs - 1), nn.MaxPool2d(2, stride=2))
    net.add_module(str(2 * num_convs), nn.ReLU())
    return net


class Halved(nn.Module):
    """A class whose call makes the block and gives it back: pooling as a module of its own."""

    def __new__(cls, num_convs, in_channels, out_channels):
        self = super().__new__(cls)
        nn.Module.__init__(self)
        return nn.Sequential(*again(num_convs, in_channels, out_channels)[:-1], self)

    def forward(self, x):
        return F.max_pool2d(x, 2)
