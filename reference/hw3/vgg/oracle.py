"""vgg from its parts in order, the size worked out by running zeros through the blocks."""

import torch
from torch import nn


class _Dropped(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.keep = 1 - p

    def forward(self, x):
        return x * torch.bernoulli(torch.full_like(x, self.keep)) / self.keep if self.training else x


def vgg(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    net = nn.Sequential()
    size = [image_size] * 2 if isinstance(image_size, int) else image_size
    channels = in_channels
    for num_convs, out_channels in conv_arch:
        block = nn.Sequential()
        for _ in range(num_convs):
            block.append(nn.Conv2d(channels, out_channels, 3, padding=1)).append(nn.Threshold(0.0, 0.0))
            channels = out_channels
        net.append(block.append(nn.MaxPool2d(2)))
    if min(size) < 2 ** len(net):
        raise ValueError(f"images of {size} are too small for {len(net)} blocks")
    with torch.no_grad():
        inputs = net(torch.zeros(1, in_channels, *size)).numel()
    net.append(nn.Flatten())
    for _ in range(2):
        net.append(nn.Linear(inputs, num_hidden)).append(nn.Threshold(0.0, 0.0)).append(_Dropped(dropout))
        inputs = num_hidden
    return net.append(nn.Linear(inputs, num_classes))
