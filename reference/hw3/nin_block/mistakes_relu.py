"""Ways in which nin_block goes wrong: the ReLUs. The mistakes change `layers`, the rewrites `Chain`."""

import torch
from pieces import Chain as _Chain
from pieces import layers as _layers
from torch import nn


def no_relu_at_the_end(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is no ReLU behind the last convolution.

    Each of the three convolutions has one behind it.
    """
    return nn.Sequential(*_layers(in_channels, out_channels, kernel_size, strides, padding)[:-1])


def no_relu_at_the_end__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            return X if place == 5 else super().at(place, X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def first_relu_alone(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is a ReLU behind the first convolution alone.

    Two 1 × 1 convolutions without anything between them are one. Each of the three has a ReLU behind it.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[3] = found[5] = nn.Identity()
    return nn.Sequential(*found)


def first_relu_alone__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            return X if place in (3, 5) else super().at(place, X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def last_relu_alone(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is no ReLU between the convolutions.

    Three convolutions without anything between them are one. Each has a ReLU behind it.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[1] = found[3] = nn.Identity()
    return nn.Sequential(*found)


def last_relu_alone__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def forward(self, X):
            for layer in list(self)[::2]:
                X = layer(X)
            return X.relu()

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def no_relu_at_all(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is no ReLU at all.

    Three convolutions without anything between them are one. Each has a ReLU behind it.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[1::2] = [nn.Identity() for _ in range(3)]
    return nn.Sequential(*found)


def no_relu_at_all__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            return X if place % 2 else super().at(place, X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def relu_in_the_middle_missing(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """There is no ReLU between the two 1 × 1 convolutions.

    Together they are one then. Each of the three convolutions has a ReLU behind it.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[3] = nn.Dropout(0.0)
    return nn.Sequential(*found)


def relu_in_the_middle_missing__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            return X if place == 3 else super().at(place, X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)


def sigmoid(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The activation function is the sigmoid, not ReLU.

    Behind each convolution stands `nn.ReLU()`, whose gradient does not vanish where the numbers are large.
    """
    found = _layers(in_channels, out_channels, kernel_size, strides, padding)
    found[1::2] = [nn.Sigmoid() for _ in range(3)]
    return nn.Sequential(*found)


def sigmoid__rewrite(in_channels, out_channels, kernel_size, strides=1, padding=0):
    class Block(_Chain):
        def at(self, place, X):
            return 1 / (1 + torch.exp(-X)) if place % 2 else super().at(place, X)

    return Block(in_channels, out_channels, kernel_size, strides, padding)
