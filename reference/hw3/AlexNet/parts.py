"""Two correct networks that variants and mistakes build on: `Right`, whose steps are methods, and `Again`, in another
style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct network, of which each mistake changes one step."""

    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__()
        self.p = dropout
        self.make(in_channels, num_classes)

    def make(self, in_channels, num_classes):
        self.conv1, self.conv2 = nn.Conv2d(in_channels, 8, 5, padding=2), nn.Conv2d(8, 16, 5, padding=2)
        self.conv3, self.conv4 = nn.Conv2d(16, 24, 3, padding=1), nn.Conv2d(24, 24, 3, padding=1)
        self.conv5 = nn.Conv2d(24, 16, 3, padding=1)
        self.fc1, self.fc2, self.fc3 = nn.Linear(64, 32), nn.Linear(32, 32), nn.Linear(32, num_classes)

    def act(self, x):
        return torch.relu(x)

    def pool(self, x):
        return F.max_pool2d(x, 3, 2)

    def features(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x)))
        x = self.act(self.conv3(x))
        x = self.act(self.conv4(x))
        return self.pool(self.act(self.conv5(x)))

    def flat(self, x):
        return torch.flatten(x, start_dim=1)

    def drop(self, x):
        return F.dropout(x, self.p, self.training)

    def head(self, x):
        x = self.drop(self.act(self.fc1(x)))
        return self.fc3(self.drop(self.act(self.fc2(x))))

    def forward(self, x):
        return self.head(self.flat(self.features(x)))


class Again(nn.Module):
    """The same, with a layer for everything."""

    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        nn.Module.__init__(self)
        sizes = {"conv1": (in_channels, 8, 5, 1, 2), "conv2": (8, 16, 5, 1, 2), "conv3": (16, 24, 3, 1, 1)}
        sizes |= {"conv4": (24, 24, 3, 1, 1), "conv5": (24, 16, 3, 1, 1)}
        sizes |= {"fc1": (64, 32), "fc2": (32, 32), "fc3": (32, num_classes)}
        for name, size in sizes.items():
            self.add_module(name, (nn.Conv2d if name.startswith("conv") else nn.Linear)(*size))
        self.bend, self.shrink, self.flatten = nn.ReLU(), nn.MaxPool2d(3, stride=2), nn.Flatten()
        self.lose = nn.Dropout(dropout)

    def first(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink)
        yield from (self.conv3, self.bend, self.conv4, self.bend, self.conv5, self.bend, self.shrink)

    def last(self):
        yield from (self.fc1, self.bend, self.lose, self.fc2, self.bend, self.lose, self.fc3)

    def forward(self, x):
        for step in (*self.first(), self.flatten, *self.last()):
            x = step(x)
        return x
