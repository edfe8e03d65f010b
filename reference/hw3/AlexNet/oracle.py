"""AlexNet with its steps in a row; maxima are taken of unfolded windows, and dropout multiplies by a mask."""

import torch
from torch import nn


def _pooled(x):
    return x.unfold(2, 3, 2).unfold(3, 3, 2).amax(dim=(-2, -1))


class AlexNet(nn.Module):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__()
        self.p = dropout
        channels = (in_channels, 8, 16, 24, 24, 16)
        for number in range(1, 6):
            kernel = 5 if number < 3 else 3
            layer = nn.Conv2d(channels[number - 1], channels[number], kernel, padding=kernel // 2)
            self.add_module(f"conv{number}", layer)
        self.fc1, self.fc2, self.fc3 = nn.Linear(64, 32), nn.Linear(32, 32), nn.Linear(32, num_classes)

    def forward(self, x):
        for number in range(1, 6):
            x = self.get_submodule(f"conv{number}")(x).clamp(min=0)
            x = x if number in (3, 4) else _pooled(x)
        x = x.reshape(len(x), 64)
        for layer in (self.fc1, self.fc2):
            x = layer(x).clamp(min=0)
            if self.training:
                x = x * torch.bernoulli(torch.full_like(x, 1 - self.p)) / (1 - self.p)
        return self.fc3(x)
