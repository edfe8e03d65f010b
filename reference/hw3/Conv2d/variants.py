"""Other correct Conv2d."""

import torch
from handmade import conv2d, pair
from torch import nn


class PlainConv2d(nn.Module):
    """A learner's style: every option an attribute, normal weights, a bias of zeros."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__()
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(kernel_size, int):
            kernel_size = (kernel_size, kernel_size)
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.weight = nn.Parameter(
            torch.randn(out_channels, in_channels // groups, kernel_size[0], kernel_size[1]) * 0.1
        )
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_channels))
        else:
            self.bias = None

    def forward(self, x):
        return conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class ChannelAtATime(nn.Module):
    """No conv2d at all: a convolution for each group, made of shifted slices and matrix products; `nn.init`."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__()
        for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
            if channels % groups:
                raise ValueError(f"{name} is {channels}, which {groups} groups do not divide")
        self.options = {"stride": pair(stride), "padding": pair(padding), "dilation": pair(dilation)}
        self.groups = groups
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels // groups, *pair(kernel_size)))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        self.register_parameter("bias", nn.Parameter(torch.rand(out_channels) - 0.5) if bias else None)

    def forward(self, x):
        parts = zip(x.chunk(self.groups, 1), self.weight.chunk(self.groups, 0), strict=True)
        out = torch.cat([self._group(part, weight) for part, weight in parts], 1)
        return out if self.bias is None else out + self.bias.view(1, -1, 1, 1)

    def _group(self, x, weight):
        (sh, sw), (ph, pw), (dh, dw) = (self.options[name] for name in ("stride", "padding", "dilation"))
        n, c, height, width = x.shape
        padded = x.new_zeros(n, c, height + 2 * ph, width + 2 * pw)
        padded[:, :, ph : ph + height, pw : pw + width] = x
        o, _, kh, kw = weight.shape
        rows = (height + 2 * ph - dh * (kh - 1) - 1) // sh + 1
        columns = (width + 2 * pw - dw * (kw - 1) - 1) // sw + 1
        out = x.new_zeros(n, o, rows * columns)
        for a in range(kh):
            for b in range(kw):
                seen = padded[:, :, a * dh :: sh, b * dw :: sw][:, :, :rows, :columns]
                out = out + weight[:, :, a, b] @ seen.reshape(n, c, rows * columns)
        return out.reshape(n, o, rows, columns)
