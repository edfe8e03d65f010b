"""Ways in which Conv2d goes wrong when it is called: arguments, gradient, devices, torch's own convolution."""

import torch
from handmade import conv2d as _conv2d
from handmade import pair as _pair
from layers import Again as _Again
from layers import Right as _Right
from torch import nn


class WeightData(_Right):
    """`forward` reads the weight through `.data` (or detached).

    The graph ends there: the weight gets no gradient and is never learned. Use the parameter itself.
    """

    def forward(self, x):
        return _conv2d(x, self.weight.data, self.bias, self.stride, self.padding, self.dilation, self.groups)


class WeightData__rewrite(_Again):
    def forward(self, x):
        return _conv2d(x, self.weight.detach().clone(), self.bias, **self.options)


class BiasForgotten(_Right):
    """`forward` does not use the bias.

    The layer has a bias, but it does not reach `conv2d`.
    """

    def forward(self, x):
        return _conv2d(x, self.weight, None, self.stride, self.padding, self.dilation, self.groups)


class BiasForgotten__rewrite(_Again):
    def forward(self, x):
        return _conv2d(x, self.weight, **self.options)


class StridePaddingMixedUp(_Right):
    """Stride and padding are given to `conv2d` in the wrong order.

    By position, the stride comes before the padding. Give them by name, and the order does not matter.
    """

    def forward(self, x):
        return _conv2d(x, self.weight, self.bias, self.padding, self.stride, self.dilation, self.groups)


class StridePaddingMixedUp__rewrite(_Again):
    def forward(self, x):
        mixed = {**self.options, "stride": self.options["padding"], "padding": self.options["stride"]}
        return _conv2d(x, self.weight, self.bias, **mixed)


class StrideForgotten(_Right):
    """`forward` does not use the stride.

    Every option that the constructor takes has to reach `conv2d`.
    """

    def forward(self, x):
        return _conv2d(x, self.weight, self.bias, 1, self.padding, self.dilation, self.groups)


class StrideForgotten__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.options["stride"]


class PaddingForgotten(_Right):
    """`forward` does not use the padding.

    Every option that the constructor takes has to reach `conv2d`.
    """

    def forward(self, x):
        return _conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class PaddingForgotten__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.options["padding"]


class DilationForgotten(_Right):
    """`forward` does not use the dilation.

    Every option that the constructor takes has to reach `conv2d`.
    """

    def forward(self, x):
        return _conv2d(x, self.weight, self.bias, self.stride, self.padding, 1, self.groups)


class DilationForgotten__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.options["dilation"]


class GroupsForgotten(_Right):
    """`forward` does not use the groups.

    Every option that the constructor takes has to reach `conv2d`.
    """

    def forward(self, x):
        return _conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation)


class GroupsForgotten__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.options["groups"] = 1


class ZerosOnTheCpu(_Right):
    """After `.to("cuda")`, tensors on two devices meet.

    Often `forward` makes one on the CPU, where the parameters and x are on the GPU, or the layer keeps a plain tensor,
    which does not move with it. Make new tensors like x (`x.new_zeros`), or do without: `conv2d` takes None for no
    bias.
    """

    def forward(self, x):
        bias = torch.zeros(self.weight.shape[0]) if self.bias is None else self.bias + torch.zeros(len(self.weight))
        return _conv2d(x, self.weight, bias, self.stride, self.padding, self.dilation, self.groups)


class ZerosOnTheCpu__rewrite(_Again):
    def forward(self, x):
        out = _conv2d(x, self.weight, self.bias, **self.options)
        return torch.zeros(out.shape) + out


class ThroughTheCpu(_Right):
    """Numbers are copied to the host.

    Often the work is done on the CPU and the answer copied back. The copies take longer than the work, and the GPU
    stands still meanwhile. Compute where x and the parameters are.
    """

    def forward(self, x):
        bias = None if self.bias is None else self.bias.cpu()
        options = (self.stride, self.padding, self.dilation, self.groups)
        return _conv2d(x.cpu(), self.weight.cpu(), bias, *options).to(x.device)


class ThroughTheCpu__rewrite(_Again):
    def forward(self, x):
        out = _conv2d(x.to("cpu"), self.weight.to("cpu"), **self.options).to(self.weight.device)
        return out if self.bias is None else out + self.bias.reshape(-1, 1, 1)


class EditsX(_Right):
    """The caller's x is changed.

    Assigning to `x.data`, or writing into x, changes the tensor that was given. Work on a new tensor.
    """

    def forward(self, x):
        top, left = _pair(self.padding)
        x.data = nn.functional.pad(x.data, (left, left, top, top))
        return _conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class EditsX__rewrite(_Again):
    def forward(self, x):
        padded = nn.ZeroPad2d([n for n in _pair(self.options["padding"])[::-1] for _ in "ab"])(x.detach())
        setattr(x, "data", padded)
        return _conv2d(x, self.weight, self.bias, **{**self.options, "padding": 0})


class TorchConvolution(_Right):
    """torch's own convolution is called.

    The layer is to be built on your own `conv2d`. Where it is, `conv2d` itself calls torch's convolution.
    """

    def forward(self, x):
        options = (self.stride, self.padding, self.dilation, self.groups)
        return nn.functional.conv2d(x, self.weight, self.bias, *options)


class TorchConvolution__rewrite(_Again):
    def forward(self, x):
        return torch.convolution(
            x, self.weight, self.bias, *(_pair(self.options[name]) for name in ("stride", "padding", "dilation")),
            False, (0, 0), self.options["groups"],
        )  # fmt: skip


class TorchLayer(nn.Conv2d):
    """torch's own convolutional layer does all the work.

    A layer that is derived from `nn.Conv2d`, or holds one, leaves nothing to do. Derive from `nn.Module`, make the
    parameters, and call your own `conv2d`.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias)


class TorchLayer__rewrite(nn.Conv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "bias": bias}
        nn.Conv2d.__init__(self, in_channels, out_channels, kernel_size, **options)

    def forward(self, x):
        return self._conv_forward(x, self.weight, self.bias)
