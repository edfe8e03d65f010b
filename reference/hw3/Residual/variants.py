"""Other correct Residual."""

import torch
from handmade import Conv, Norm
from torch import nn


class WrittenOut(nn.Module):
    """A learner's style: a layer of its own for every ReLU, and an `else` for the way around."""

    def __init__(self, input_channels: int, num_channels: int, use_1x1conv: bool = False, strides: int = 1):
        super().__init__()
        if use_1x1conv is False:
            if strides > 1:
                raise ValueError("strides must be 1 without a 1x1 convolution")
            if input_channels != num_channels:
                raise ValueError("the number of channels must stay without a 1x1 convolution")
        self.use_1x1conv = use_1x1conv
        self.conv1 = nn.Conv2d(input_channels, num_channels, kernel_size=(3, 3), stride=strides, padding=(1, 1))
        self.bn1 = nn.BatchNorm2d(num_channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(num_channels, num_channels, kernel_size=(3, 3), padding="same")
        self.bn2 = nn.BatchNorm2d(num_channels)
        if use_1x1conv:
            self.conv3 = nn.Conv2d(input_channels, num_channels, kernel_size=(1, 1), stride=strides)
        self.relu2 = nn.ReLU(inplace=True)

    def forward(self, X):
        if self.use_1x1conv:
            identity = self.conv3(X)
        else:
            identity = X
        out = self.relu1(self.bn1(self.conv1(X)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu2(out)


class ByHand(nn.Module):
    """On convolutions and batch normalisations of one's own."""

    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        if not use_1x1conv and not (strides == 1 and input_channels == num_channels):
            raise ValueError(f"a 1x1 convolution is needed: {input_channels}, {num_channels}, {strides}")
        self.conv1, self.bn1 = Conv(input_channels, num_channels, 3, strides, 1), Norm(num_channels)
        self.conv2, self.bn2 = Conv(num_channels, num_channels, 3, 1, 1), Norm(num_channels)
        self.conv3 = Conv(input_channels, num_channels, 1, strides) if use_1x1conv else None

    def forward(self, X):
        around = self.conv3(X) if self.conv3 else X
        return torch.relu(around + self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(X))))))
