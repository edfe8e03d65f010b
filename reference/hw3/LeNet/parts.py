"""Two correct networks that variants and mistakes build on: `Right`, whose steps are methods, and `Again`, in another
style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct network, of which each mistake changes one step."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.make(num_classes)

    def make(self, num_classes):
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, num_classes)

    def act(self, x):
        return torch.sigmoid(x)

    def pool(self, x):
        return F.avg_pool2d(x, 2)

    def stage(self, convolution, x):
        return self.pool(self.act(convolution(x)))

    def flat(self, x):
        return torch.flatten(x, start_dim=1)

    def head(self, x):
        return self.fc3(self.act(self.fc2(self.act(self.fc1(x)))))

    def forward(self, x):
        return self.head(self.flat(self.stage(self.conv2, self.stage(self.conv1, x))))


class Again(nn.Module):
    """The same, with a layer for everything."""

    def __init__(self, num_classes=10):
        nn.Module.__init__(self)
        sizes = {"conv1": (1, 6, 5, 1, 2), "conv2": (6, 16, 5)}
        sizes |= {"fc1": (400, 120), "fc2": (120, 84), "fc3": (84, num_classes)}
        for name, size in sizes.items():
            self.add_module(name, (nn.Conv2d if name.startswith("conv") else nn.Linear)(*size))
        self.bend, self.shrink, self.flatten = nn.Sigmoid(), nn.AvgPool2d(2, stride=2), nn.Flatten()

    def steps(self):
        yield from (self.conv1, self.bend, self.shrink, self.conv2, self.bend, self.shrink, self.flatten)
        yield from (self.fc1, self.bend, self.fc2, self.bend, self.fc3)

    def forward(self, x):
        for step in self.steps():
            x = step(x)
        return x
