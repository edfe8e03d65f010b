"""ResNet with its blocks written out, from a list of what each is given."""

import torch.nn.functional as F
from torch import nn


class ResNet(nn.Module):
    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__()
        widths = [width for _, width in arch]
        self.conv = nn.Conv2d(in_channels, widths[0], 3)
        self.bn = nn.BatchNorm2d(widths[0])
        self.stages = nn.ModuleList()
        for before, (count, width) in zip([None, *widths], arch, strict=False):
            inputs = [before or width] + [width] * (count - 1)
            self.stages.append(nn.ModuleList(_layers(one, width, one_of and before) for one_of, one in _first(inputs)))
        self.fc = nn.Linear(widths[-1], num_classes)

    def forward(self, X):
        X = self.bn(F.conv2d(X, self.conv.weight, self.conv.bias, padding=1)).clamp(min=0)
        for stage in self.stages:
            for block in stage:
                X = _through(block, X)
        return F.linear(F.adaptive_avg_pool2d(X, 1).squeeze(3).squeeze(2), self.fc.weight, self.fc.bias)


def _first(inputs):
    return [(number == 0, size) for number, size in enumerate(inputs)]


def _layers(inputs, outputs, smaller):
    layers = {"conv1": nn.Conv2d(inputs, outputs, 3), "bn1": nn.BatchNorm2d(outputs)}
    layers |= {"conv2": nn.Conv2d(outputs, outputs, 3), "bn2": nn.BatchNorm2d(outputs)}
    return nn.ModuleDict(layers | ({"conv3": nn.Conv2d(inputs, outputs, 1)} if smaller else {}))


def _through(block, X):
    stride = 2 if "conv3" in block else 1
    Y = block["bn1"](F.conv2d(X, block["conv1"].weight, block["conv1"].bias, stride, 1)).clamp(min=0)
    Y = block["bn2"](F.conv2d(Y, block["conv2"].weight, block["conv2"].bias, 1, 1))
    if stride == 2:
        X = F.conv2d(X[:, :, ::2, ::2], block["conv3"].weight, block["conv3"].bias)
    return (X + Y).clamp(min=0)
