"""Two correct blocks that mistakes build on: `Right` by methods, `Again` by names of layers."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct block, of which each mistake changes one step."""

    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.check(input_channels, num_channels, use_1x1conv, strides)
        self.make(input_channels, num_channels, use_1x1conv, strides)

    def check(self, inputs, outputs, project, strides):
        if not project and (strides != 1 or inputs != outputs):
            raise ValueError("the two ways do not fit")

    def make(self, inputs, outputs, project, strides):
        self.conv1 = nn.Conv2d(inputs, outputs, 3, strides, 1)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv3 = nn.Conv2d(inputs, outputs, 1, strides) if project else None

    def first(self, X):
        return F.relu(self.bn1(self.conv1(X)))

    def second(self, Y):
        return self.bn2(self.conv2(Y))

    def around(self, X):
        return X if self.conv3 is None else self.conv3(X)

    def join(self, Y, X):
        return F.relu(Y + X)

    def forward(self, X):
        return self.join(self.second(self.first(X)), self.around(X))


class Again(nn.Module):
    """The same as a table of layers that are looked up by name."""

    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        nn.Module.__init__(self)
        if (strides > 1 or num_channels != input_channels) and not use_1x1conv:
            raise ValueError(f"{input_channels} channels cannot be added to {num_channels} with stride {strides}")
        sizes = self.sizes(input_channels, num_channels, use_1x1conv, strides)
        for name, size in sizes.items():
            self.add_module(name, nn.BatchNorm2d(size) if isinstance(size, int) else nn.Conv2d(*size))

    def sizes(self, inputs, outputs, project, strides):
        sizes = {"conv1": (inputs, outputs, 3, strides, 1), "conv2": (outputs, outputs, 3, 1, 1)}
        sizes |= {"bn1": outputs, "bn2": outputs}
        return sizes | ({"conv3": (inputs, outputs, 1, strides)} if project else {})

    def through(self, X, *names):
        for name in names:
            X = X.clamp(min=0) if name == "relu" else self.get_submodule(name)(X)
        return X

    def beside(self, X):
        return self.through(X, "conv3") if hasattr(self, "conv3") else X

    def forward(self, X):
        Y = self.through(X, "conv1", "bn1", "relu", "conv2", "bn2")
        return torch.add(self.beside(X), Y).clamp(min=0)
