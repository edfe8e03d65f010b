"""Other correct networks."""

import math

import torch
from parts import layers, net, vgg_block
from torch import nn


def in_order(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """Everything in one call of nn.Sequential."""
    return net(conv_arch, in_channels, image_size, num_hidden, num_classes, dropout)


def two_lists(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """Blocks in one list, the rest in another."""
    first, rest = layers(conv_arch, in_channels, image_size, num_hidden, num_classes, dropout)
    return nn.Sequential(*first, *rest)


class _Drop(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = torch.rand(x.shape, device=x.device) > self.p
        return mask * x / (1.0 - self.p)


def step_by_step(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """Layers are appended one by one; dropout is a class of its own; a power of two divides the size."""
    if isinstance(image_size, int):
        image_size = (image_size, image_size)
    model = nn.Sequential()
    for num_convs, out_channels in conv_arch:
        model.append(vgg_block(num_convs, in_channels, out_channels))
        in_channels = out_channels
    pixels = [math.floor(side / 2 ** len(conv_arch)) for side in image_size]
    if 0 in pixels:
        raise ValueError("too many blocks for images of this size")
    model.append(nn.Flatten())
    model.append(nn.Linear(in_channels * math.prod(pixels), num_hidden))
    model.append(nn.ReLU())
    model.append(_Drop(dropout))
    model.append(nn.Linear(num_hidden, num_hidden))
    model.append(nn.ReLU())
    model.append(_Drop(dropout))
    model.append(nn.Linear(num_hidden, num_classes))
    return model
