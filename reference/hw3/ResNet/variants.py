"""Other correct ResNet."""

import torch
from blocks import Block
from torch import nn


def _stage(count, inputs, outputs, first):
    blocks = []
    for number in range(count):
        if number == 0 and not first:
            blocks.append(Block(inputs, outputs, project=True, strides=2))
        else:
            blocks.append(Block(outputs, outputs))
    return nn.Sequential(*blocks)


class WithAFunction(nn.Module):
    """A function that makes a stage, as textbooks do; pooling and flattening as layers."""

    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, arch[0][1], kernel_size=(3, 3), stride=1, padding="same")
        self.bn = nn.BatchNorm2d(arch[0][1])
        self.relu = nn.ReLU(inplace=True)
        stages = []
        channels = arch[0][1]
        for i, (num_residuals, num_channels) in enumerate(arch):
            stages.append(_stage(num_residuals, channels, num_channels, first=(i == 0)))
            channels = num_channels
        self.stages = nn.Sequential(*stages)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(arch[-1][1], num_classes)

    def forward(self, X):
        X = self.relu(self.bn(self.conv(X)))
        X = self.stages(X)
        return self.fc(self.flatten(self.pool(X)))


class PixelByPixel(nn.Module):
    """Stages registered by number, the linear layer at every pixel before the mean is taken."""

    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__()
        widths = [width for _, width in arch]
        self.conv = nn.Conv2d(in_channels, widths[0], 3, padding=1)
        self.bn = nn.BatchNorm2d(widths[0])
        self.stages = nn.Sequential()
        for s in range(len(arch)):
            self.stages.add_module(str(s), nn.Sequential())
            for b in range(arch[s][0]):
                new = b == 0 and s >= 1
                inputs = widths[s - 1] if new else widths[s]
                self.stages[s].add_module(str(b), Block(inputs, widths[s], new, 1 + new))
        self.fc = nn.Linear(widths[-1], num_classes)

    def forward(self, X):
        X = torch.relu(self.bn(self.conv(X)))
        for stage in self.stages:
            for block in stage:
                X = block(X)
        pixels = X.permute(0, 2, 3, 1).flatten(1, 2)
        return (pixels @ self.fc.weight.T).mean(1) + self.fc.bias
