"""Other correct layers."""

import torch
import torch.nn.functional as F
from pooling import FILL, Again, Right, pool2d
from torch import nn


class Remembered(Right):
    """Three attributes, and a call."""


class Sliced(Again):
    """One slice for each place in a window."""


class FilledBefore(nn.Module):
    """A learner's style: every option two numbers from the start, the border added by hand."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        if stride is None:
            stride = kernel_size
        self.h, self.w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        self.stride = stride if isinstance(stride, tuple) else (stride, stride)
        self.pad_h, self.pad_w = padding if isinstance(padding, tuple) else (padding, padding)

    def forward(self, x):
        n, c, height, width = x.shape
        bordered = torch.full(
            (n, c, height + 2 * self.pad_h, width + 2 * self.pad_w), FILL, dtype=x.dtype, device=x.device
        )
        bordered[:, :, self.pad_h : self.pad_h + height, self.pad_w : self.pad_w + width] = x
        return pool2d(bordered, (self.h, self.w), self.stride, mode=Right.mode)


class RowsThenColumns(nn.Module):
    """Pools along one axis, then along the other."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        both = [kernel_size, kernel_size if stride is None else stride, padding]
        self.axes = list(zip(*([n] * 2 if isinstance(n, int) else n for n in both), strict=True))

    def forward(self, x):
        for axis, (size, step, edge) in zip((2, 3), self.axes, strict=True):
            x = F.pad(x, (0, 0, edge, edge) if axis == 2 else (edge, edge), value=FILL).unfold(axis, size, step)
            x = x.sum(-1) / size if Right.mode == "avg" else x.max(-1)[0]
        return x
