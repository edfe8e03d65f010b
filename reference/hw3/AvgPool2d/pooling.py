"""Two correct layers that variants and mistakes build on: `Right`, whose steps are methods, and `Again`, in another
style; and the pooling that they call."""

import torch
import torch.nn.functional as F
from torch import nn

MODE, FILL = "avg", 0.0


def pair(number):
    return (number, number) if isinstance(number, int) else tuple(number)


def pool2d(x, pool_size, stride=None, padding=0, mode="max"):
    (h, w), (top, left) = pair(pool_size), pair(padding)
    rows, columns = pair(pool_size if stride is None else stride)
    x = F.pad(x, (left, left, top, top), value=-torch.inf if mode == "max" else 0.0)
    windows = x.unfold(2, h, rows).unfold(3, w, columns).flatten(-2)
    return windows.amax(dim=-1) if mode == "max" else windows.mean(dim=-1)


class Right(nn.Module):
    """A correct layer, of which each mistake changes one step."""

    mode = MODE

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self.remember(kernel_size, stride, padding)

    def remember(self, kernel_size, stride, padding):
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x):
        return self.pool(x, self.kernel_size, self.stride, self.padding)

    def pool(self, x, kernel_size, stride, padding):
        return pool2d(x, kernel_size, stride, padding, self.mode)


class Again(nn.Module):
    """The same: options in a dictionary, and slices instead of unfold."""

    fill = FILL

    def __init__(self, kernel_size, stride=None, padding=0):
        nn.Module.__init__(self)
        self.options = {"size": pair(kernel_size), "step": pair(stride or kernel_size), "edge": pair(padding)}

    def combine(self, slices):
        return torch.stack(slices).amax(0) if self.fill else sum(slices) / len(slices)

    def forward(self, x):
        (h, w), (rows, columns), (top, left) = self.options["size"], self.options["step"], self.options["edge"]
        x = nn.functional.pad(x, [left, left, top, top], value=self.fill)
        height, width = 1 + (x.shape[-2] - h) // rows, 1 + (x.shape[-1] - w) // columns
        return self.combine([
            x[..., a::rows, b::columns][..., :height, :width] for a in range(h) for b in range(w)
        ])  # fmt: skip
