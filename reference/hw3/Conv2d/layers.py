"""Two correct layers that the mistakes change: `Right`, whose steps are methods, and `Again`, in another style."""

import torch
from handmade import conv2d, pair
from torch import nn


class Right(nn.Module):
    """A correct layer, of which each mistake changes one step."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__()
        self._check(in_channels, out_channels, groups)
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        self._make((out_channels, in_channels // groups, *pair(kernel_size)), bias)

    def _check(self, in_channels, out_channels, groups):
        if in_channels % groups or out_channels % groups:
            raise ValueError("the channels do not split into the groups")

    def _make(self, shape, bias):
        self.weight = nn.Parameter(torch.randn(shape) * 0.1)
        self.bias = nn.Parameter(torch.zeros(shape[0])) if bias else None

    def forward(self, x):
        return conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Again(nn.Module):
    """The same in another style."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        nn.Module.__init__(self)
        for channels in (in_channels, out_channels):
            if channels % groups != 0:
                raise ValueError(f"{channels} channels, {groups} groups")
        self.options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        height, width = pair(kernel_size)
        self.weight = nn.Parameter(torch.rand(out_channels, in_channels // groups, height, width) - 0.5)
        self.register_parameter("bias", nn.Parameter(torch.rand(out_channels)) if bias else None)

    def forward(self, x):
        return conv2d(x, self.weight, self.bias, **self.options)
