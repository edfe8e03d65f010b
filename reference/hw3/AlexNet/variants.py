"""Other correct AlexNets."""

import torch
import torch.nn.functional as F
from parts import Again, Right
from torch import nn


class InMethods(Right):
    """A method for each kind of step."""


class ALayerForEverything(Again):
    """ReLU, pooling, flattening and dropout are layers too, gone through in a loop."""


class WrittenOut(nn.Module):
    """A learner's style: one line a step; ReLU behind the pooling, which takes the same maxima, and in place."""

    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 8, kernel_size=5, stride=1, padding="same")
        self.conv2 = nn.Conv2d(8, 16, kernel_size=5, stride=1, padding=2)
        self.conv3 = nn.Conv2d(16, 24, kernel_size=3, stride=1, padding=1)
        self.conv4 = nn.Conv2d(24, 24, kernel_size=3, stride=1, padding=1)
        self.conv5 = nn.Conv2d(24, 16, kernel_size=3, stride=1, padding=1)
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2)
        self.relu = nn.ReLU(inplace=True)
        self.dropout1 = nn.Dropout(p=dropout)
        self.dropout2 = nn.Dropout(p=dropout)
        self.fc1 = nn.Linear(16 * 2 * 2, 32)
        self.fc2 = nn.Linear(32, 32)
        self.fc3 = nn.Linear(32, num_classes)

    def forward(self, x):
        x = self.relu(self.pool(self.conv1(x)))
        x = self.relu(self.pool(self.conv2(x)))
        x = self.relu(self.conv3(x))
        x = self.relu(self.conv4(x))
        x = self.relu(self.pool(self.conv5(x)))
        x = x.view(-1, 16 * 2 * 2)
        x = self.dropout1(self.relu(self.fc1(x)))
        x = self.dropout2(self.relu(self.fc2(x)))
        return self.fc3(x)


class DropoutByHand(Right):
    """A mask from torch.rand, scaled; ReLU behind dropout, which is the same."""

    def drop(self, x):
        if not self.training or self.p == 0:
            return x
        return torch.where(torch.rand(x.shape, device=x.device) < self.p, 0, x / (1 - self.p))

    def head(self, x):
        for layer in (self.fc1, self.fc2):
            x = F.relu(self.drop(layer(x)))
        return self.fc3(x)
