"""Two correct blocks that mistakes build on: `layers` in a list, `Chain` as a class."""

from torch import nn


def layers(in_channels, out_channels, kernel_size, strides=1, padding=0):
    """The six layers, of which each mistake changes some."""
    return [
        nn.Conv2d(in_channels, out_channels, kernel_size, stride=strides, padding=padding),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.ReLU(),
    ]


class Chain(nn.Sequential):
    """The same as a class that goes through its layers by itself, so that a mistake can change what happens there."""

    def __init__(self, in_channels, out_channels, kernel_size, strides=1, padding=0):
        super().__init__(*layers(in_channels, out_channels, kernel_size, strides, padding))

    def at(self, place, X):
        return X.clamp(min=0) if place % 2 else self[place](X)

    def forward(self, X):
        for place in range(len(self)):
            X = self.at(place, X)
        return X
