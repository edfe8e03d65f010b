"""Two correct networks that mistakes build on: `Right` by methods, `Again` from a list of all blocks."""

import torch
import torch.nn.functional as F
from blocks import Block
from torch import nn


class Right(nn.Module):
    """A correct network, of which each mistake changes one step."""

    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__()
        self.begin(in_channels, arch[0][1])
        self.stages = nn.Sequential()
        channels = arch[0][1]
        for number, (count, width) in enumerate(arch):
            self.stages.append(self.stage(count, channels, width, number))
            channels = width
        self.end(channels, num_classes)

    def begin(self, in_channels, width):
        self.conv = nn.Conv2d(in_channels, width, 3, padding=1)
        self.bn = nn.BatchNorm2d(width)

    def stage(self, count, channels, width, number):
        return nn.Sequential(*(self.block(channels if b == 0 else width, width, number, b) for b in range(count)))

    def block(self, inputs, width, stage, number):
        return Block(inputs, width, True, 2) if stage > 0 and number == 0 else Block(inputs, width)

    def end(self, channels, num_classes):
        self.fc = nn.Linear(channels, num_classes)

    def first(self, X):
        return F.relu(self.bn(self.conv(X)))

    def pool(self, X):
        return X.mean(dim=(2, 3))

    def scores(self, X):
        return self.fc(X)

    def forward(self, X):
        return self.scores(self.pool(self.stages(self.first(X))))


class Again(nn.Module):
    """The same from a list of what every block is given."""

    def __init__(self, arch, in_channels=1, num_classes=10):
        nn.Module.__init__(self)
        width = arch[0][1]
        self.conv, self.bn = nn.Conv2d(in_channels, width, kernel_size=3, padding=1), nn.BatchNorm2d(width)
        self.stages = nn.Sequential(*(nn.Sequential() for _ in arch))
        for stage, *given in self.plan(list(arch)):
            self.stages[stage].append(Block(*given))
        self.fc = nn.Linear(arch[-1][1], num_classes)

    def plan(self, arch):
        found, before = [], arch[0][1]
        for stage in range(len(arch)):
            count, width = arch[stage]
            for block in range(count):
                smaller = block < 1 <= stage
                found.append((stage, before, width, smaller, 2 if smaller else 1))
                before = width
        return found

    def maps(self, X):
        X = self.bn(self.conv(X)).clamp(min=0)
        for stage in self.stages:
            X = stage(X)
        return X

    def forward(self, X):
        averages = torch.einsum("nchw->nc", self.maps(X)) / self.area(X)
        return averages @ self.fc.weight.T + self.fc.bias

    def area(self, X):
        height, width = X.shape[2:]
        for _ in range(len(self.stages) - 1):
            height, width = -(-height // 2), -(-width // 2)
        return height * width
