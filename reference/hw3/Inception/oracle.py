"""Inception by the functional forms of torch's layers, path by path into one tensor."""

import torch
import torch.nn.functional as F
from torch import nn


class Inception(nn.Module):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.widths = c1, c2[1], c3[1], c4
        self.p1_1 = nn.Conv2d(in_channels, c1, 1)
        self.p2_1, self.p2_2 = nn.Conv2d(in_channels, c2[0], 1), nn.Conv2d(*c2, 3)
        self.p3_1, self.p3_2 = nn.Conv2d(in_channels, c3[0], 1), nn.Conv2d(*c3, 5)
        self.p4_2 = nn.Conv2d(in_channels, c4, 1)

    def forward(self, X):
        def active(layer, X, padding=0):
            return F.conv2d(X, layer.weight, layer.bias, padding=padding).clamp(min=0)

        out = [active(self.p1_1, X), active(self.p2_2, active(self.p2_1, X), 1)]
        out += [active(self.p3_2, active(self.p3_1, X), 2), active(self.p4_2, F.max_pool2d(X, 3, 1, 1))]
        return torch.cat(out, 1)
