"""Ways in which the constructor of Conv2d goes wrong: parameters, their first values, channels that do not split."""

import numpy as np
import torch
from handmade import pair as _pair
from layers import Again as _Again
from layers import Right as _Right
from torch import nn


class NotRegistered(_Right):
    """Weight and bias are not parameters of the layer.

    A plain tensor, or a Python list of parameters, is found neither by the optimizer nor by the state dict. Assign an
    `nn.Parameter` to `self.weight` and one to `self.bias`.
    """

    def _make(self, shape, bias):
        self.weight = torch.randn(shape, requires_grad=True)
        self.bias = torch.zeros(shape[0], requires_grad=True) if bias else None


class NotRegistered__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = [self.weight, self.bias]
        del self.weight, self.bias


class OtherNames(_Right):
    """Weight and bias are parameters, but not under the names `weight` and `bias`.

    The parameters of an `nn.ParameterList`, or of a layer inside the layer, have longer names, and a state dict does
    not load by other names. Assign an `nn.Parameter` to `self.weight` and one to `self.bias`.
    """

    def _make(self, shape, bias):
        self.kernel = torch.nn.Parameter(torch.randn(shape))
        self.shift = torch.nn.Parameter(torch.zeros(shape[0])) if bias else None
        self.weight = self.bias = None


class OtherNames__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.inner = nn.ParameterList([self.weight, self.bias])
        del self.weight, self.bias


class NoSuper(_Right):
    """`super().__init__()` is not called.

    nn.Module prepares in it what it needs to register parameters. Call it first in the constructor.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        self._check(in_channels, out_channels, groups)
        self._make((out_channels, in_channels // groups, *_pair(kernel_size)), bias)


class NoSuper__rewrite(_Again):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        if in_channels % groups or out_channels % groups:
            raise ValueError("groups")
        self.register_parameter("bias", None)


class WholeChannels(_Right):
    """The weight has in_channels input channels, whatever the groups.

    A group sees only its own in_channels / groups channels, and its kernels are no deeper than that.
    """

    def _make(self, shape, bias):
        super()._make((shape[0], shape[1] * self.groups, *shape[2:]), bias)


class WholeChannels__rewrite(_Again):
    def __init__(self, in_channels, out_channels, kernel_size, *args, **kwargs):
        super().__init__(in_channels, out_channels, kernel_size, *args, **kwargs)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, *self.weight.shape[2:]))


class KernelSwapped(_Right):
    """Height and width of the kernel are exchanged.

    The first number of kernel_size is the height K_h, the third axis of the weight.
    """

    def _make(self, shape, bias):
        super()._make((*shape[:2], shape[3], shape[2]), bias)


class KernelSwapped__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = nn.Parameter(self.weight.detach().transpose(-1, -2).contiguous())


class OneBias(_Right):
    """There is no bias with one number for every output channel.

    Its shape is (out_channels,), and it is registered under the name `bias`.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        if bias:
            self.bias = nn.Parameter(torch.zeros(1))


class OneBias__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.bias is not None:
            self.bias = nn.Parameter(self.bias.detach()[:1])


class AlwaysBias(_Right):
    """The layer has a bias even if it is asked for none.

    With bias=False there is nothing to learn: the attribute `bias` is None, and the state dict holds the weight alone.
    """

    def _make(self, shape, bias):
        super()._make(shape, True)


class AlwaysBias__rewrite(_Again):
    def __init__(self, *args, bias=True, **kwargs):
        super().__init__(*args, bias=bias, **kwargs)
        if not bias:
            self.bias = nn.Parameter(torch.zeros(len(self.weight)))


class NoBiasAttribute(_Right):
    """Without a bias, the attribute `bias` does not exist.

    `forward` reads `self.bias` and fails. Set it to None in the constructor when there is no bias.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        if not bias:
            del self.bias


class NoBiasAttribute__rewrite(_Again):
    def __init__(self, *args, bias=True, **kwargs):
        super().__init__(*args, bias=bias, **kwargs)
        if self.bias is None:
            delattr(self, "bias")


class BiasAsBuffer(_Right):
    """The bias is a buffer, not a parameter.

    A buffer is saved, but never learned. The bias has to be an `nn.Parameter`.
    """

    def _make(self, shape, bias):
        super()._make(shape, False)
        if bias:
            del self.bias
            self.register_buffer("bias", torch.zeros(shape[0]))


class BiasAsBuffer__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        start, self.bias = self.bias, None
        if start is not None:
            delattr(self, "bias")
            self.register_buffer("bias", start.detach().clone())


class FrozenParameters(_Right):
    """The weight is made with requires_grad=False.

    Then no gradient reaches it and it is never learned. `nn.Parameter` requires a gradient unless told otherwise.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        self.weight.requires_grad = False


class FrozenParameters__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = nn.Parameter(self.weight.detach(), requires_grad=False)


class ConstantWeight(_Right):
    """Every weight starts with the same number.

    Channels that start alike get the same gradient and stay alike. Start with random numbers.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        nn.init.zeros_(self.weight)


class ConstantWeight__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = nn.Parameter(torch.ones_like(self.weight))


class UninitialisedWeight(_Right):
    """The weight is made with `torch.empty` and never filled.

    It starts with whatever the memory held before, which may be zeros, huge numbers or NaN. Draw random numbers.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        self.weight = nn.Parameter(torch.empty(shape))


class UninitialisedWeight__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = nn.Parameter(torch.Tensor(*self.weight.shape))


class AlikeChannels(_Right):
    """All output channels start with the same weights.

    Channels that start alike get the same gradient and stay alike. Draw numbers for the whole shape of the weight.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        self.weight = nn.Parameter(torch.rand(shape[1:]).repeat(shape[0], 1, 1, 1))


class AlikeChannels__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = nn.Parameter(torch.stack([self.weight.detach()[0]] * len(self.weight)))


class PartlyAlike(_Right):
    """Not every weight starts with a random number of its own.

    Some stay at zero, or share one number: often only a part of the weight was drawn, or one number for each channel
    was spread over its kernels. Draw numbers for the whole shape of the weight.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        nn.init.zeros_(self.weight[:, 1:].detach())


class PartlyAlike__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = nn.Parameter(torch.randn(len(self.weight), 1, 1, 1).repeat(1, *self.weight.shape[1:]))


class ConstantBias(_Right):
    """The bias starts neither with random numbers nor with zeros.

    Often it is made with `torch.ones`. A layer should not prefer a sign before it has seen data: start with zeros, or
    with random numbers from torch's global generator.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        if bias:
            nn.init.ones_(self.bias)


class ConstantBias__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.bias is not None:
            self.bias = nn.Parameter(torch.full((len(self.weight),), 0.5))


class OwnSeed(_Right):
    """The constructor sets a seed of its own.

    Then all layers start alike, and `torch.manual_seed` of whoever runs the experiment has no effect. Draw from
    torch's global generator as it is.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        self.weight = nn.Parameter(torch.randn(shape, generator=torch.Generator().manual_seed(1)))


class OwnSeed__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        torch.manual_seed(42)
        super().__init__(*args, **kwargs)


class NumpyWeight(_Right):
    """The weight is drawn with numpy.

    `torch.manual_seed` does not reach numpy's generator, so the experiment cannot be repeated. Draw with torch.
    """

    def _make(self, shape, bias):
        super()._make(shape, bias)
        self.weight = nn.Parameter(torch.tensor(np.random.randn(*shape), dtype=torch.float32))


class NumpyWeight__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        start = np.random.uniform(-0.1, 0.1, size=tuple(self.weight.shape)).astype("float32")
        self.weight = nn.Parameter(torch.from_numpy(start))


class NoCheckOfGroups(_Right):
    """Channels that do not split into the groups are not refused.

    Such a layer is made, with kernels of a size rounded down, and fails when it is first called, far from the error.
    Both in_channels and out_channels have to be divisible by groups.
    """

    def _check(self, in_channels, out_channels, groups):
        pass


class NoCheckOfGroups__rewrite(_Again):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__(in_channels // groups, out_channels, kernel_size, stride, padding, dilation, 1, bias)
        self.options["groups"] = groups


class OutputsNotChecked(_Right):
    """Output channels that do not split into the groups are not refused.

    Every group makes out_channels / groups of them, so they have to be divisible by groups too.
    """

    def _check(self, in_channels, out_channels, groups):
        super()._check(in_channels, groups, groups)


class OutputsNotChecked__rewrite(NoCheckOfGroups__rewrite):
    def __init__(self, in_channels, out_channels, *args, groups=1, **kwargs):
        if in_channels // groups * groups < in_channels:
            raise ValueError(f"{groups} groups cannot share {in_channels} channels")
        super().__init__(in_channels, out_channels, *args, groups=groups, **kwargs)


class AssertedGroups(_Right):
    """Channels that do not split into the groups are refused with an assertion.

    An `assert` says that the author made an error, and `python -O` removes it. For an argument of the caller raise a
    ValueError.
    """

    def _check(self, in_channels, out_channels, groups):
        assert in_channels % groups == 0 and out_channels % groups == 0, "the channels do not split into the groups"


class AssertedGroups__rewrite(NoCheckOfGroups__rewrite):
    def __init__(self, in_channels, out_channels, *args, groups=1, **kwargs):
        if in_channels % groups or out_channels % groups:
            raise AssertionError("groups")
        super().__init__(in_channels, out_channels, *args, groups=groups, **kwargs)
