"""Other correct Inception."""

import torch
import torch.nn.functional as F
from pieces import Again
from torch import nn


class WrittenOut(nn.Module):
    """A learner's style: every layer on a line of its own, pooling and ReLU as layers."""

    def __init__(self, in_channels: int, c1: int, c2: tuple, c3: tuple, c4: int, **kwargs):
        super().__init__(**kwargs)
        self.relu = nn.ReLU()
        self.p1_1 = nn.Conv2d(in_channels, c1, kernel_size=1)
        self.p2_1 = nn.Conv2d(in_channels, c2[0], kernel_size=1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding="same")
        self.p3_1 = nn.Conv2d(in_channels, c3[0], kernel_size=1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], kernel_size=5, padding="same")
        self.pool = nn.MaxPool2d((3, 3), stride=(1, 1), padding=(1, 1))
        self.p4_2 = nn.Conv2d(in_channels, c4, kernel_size=1)

    def forward(self, x):
        p1 = self.p1_1(x)
        p2 = self.p2_2(self.relu(self.p2_1(x)))
        p3 = self.p3_2(self.relu(self.p3_1(x)))
        p4 = self.p4_2(self.pool(x))
        return self.relu(torch.concat((p1, p2, p3, p4), dim=-3))


class InPlace(Again):
    """Slices of one tensor that are written path by path; the pooling from unfolded windows."""

    def forward(self, X):
        ends = [getattr(self, names[-2]) for names in self.chains]
        out = X.new_zeros(len(X), sum(end.out_channels for end in ends), *X.shape[2:])
        place = 0
        for names, end in zip(self.chains, ends, strict=True):
            out[:, place : place + end.out_channels] = self.chain(X, names)
            place += end.out_channels
        return out


class ProductsOfPixels(nn.Module):
    """The 1 × 1 convolutions that share X as one product over the channels."""

    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__()
        self.p1_1, self.p2_1, self.p3_1, self.p4_2 = (
            nn.Conv2d(in_channels, size, 1) for size in (c1, c2[0], c3[0], c4)
        )
        self.p2_2, self.p3_2 = nn.Conv2d(*c2, 3, padding=1), nn.Conv2d(*c3, 5, padding=2)

    def forward(self, X):
        three = [self.p1_1, self.p2_1, self.p3_1]
        weight = torch.cat([layer.weight for layer in three])[:, :, 0, 0]
        bias = torch.cat([layer.bias for layer in three])
        found = torch.einsum("oc,nchw->nohw", weight, X) + bias[:, None, None]
        one, two, other = found.relu().split([layer.out_channels for layer in three], dim=1)
        pooled = F.max_pool2d(X, 3, 1, 1)
        return torch.cat((one, *(F.relu(part) for part in (self.p2_2(two), self.p3_2(other), self.p4_2(pooled)))), 1)
