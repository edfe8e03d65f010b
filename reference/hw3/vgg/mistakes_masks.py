"""Ways in which a dropout of vgg that is written by hand goes wrong."""

from common.masks import behind_the_back as _behind_the_back
from common.masks import detached as _detached
from common.masks import drawn_on_the_cpu as _drawn_on_the_cpu
from common.masks import masked_on_the_cpu as _masked_on_the_cpu
from common.masks import straight_through as _straight_through
from common.masks import without_gradients as _without_gradients
from parts import layers as _layers
from parts import net as _net
from torch import nn


class _Detached(nn.Dropout):
    def forward(self, x):
        return _detached(x, self.p) if self.training else x


def detached(*args, **kwargs):
    """No gradient goes through the dropout.

    `.detach()`, `.data` and `torch.no_grad()` cut the graph: in training nothing that comes before the dropout learns.
    Multiply by the mask and leave the rest to autograd; the mask itself has no gradient.
    """
    return _net(*args, drop=_Detached, **kwargs)


class _DetachedAgain(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.drop = drop

    def forward(self, x):
        return _without_gradients(x, self.drop.p) if self.training else x


def detached__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(_DetachedAgain(one) if isinstance(one, nn.Dropout) else one for one in rest))


class _BehindTheBack(nn.Dropout):
    def forward(self, x):
        return _behind_the_back(x, self.p) if self.training else x


def behind_the_back(*args, **kwargs):
    """The gradients do not know of the mask.

    Autograd does not see what changes `.data`, nor what is added behind `.detach()`: elements that were dropped get
    gradients, and those of the others are not divided by 1 - dropout. Multiply by the mask.
    """
    return _net(*args, drop=_BehindTheBack, **kwargs)


class _BehindTheBackAgain(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.drop = drop

    def forward(self, x):
        return _straight_through(x, self.drop.p) if self.training else x


def behind_the_back__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(_BehindTheBackAgain(one) if isinstance(one, nn.Dropout) else one for one in rest))


class _MaskOnTheCpu(nn.Dropout):
    def forward(self, x):
        return _masked_on_the_cpu(x, self.p) if self.training else x


def mask_on_the_cpu(*args, **kwargs):
    """The mask is drawn on the CPU.

    `torch.rand(x.shape)` makes its numbers there unless it is told `device=x.device`. `torch.rand_like(x)` and
    nn.Dropout draw where x is.
    """
    return _net(*args, drop=_MaskOnTheCpu, **kwargs)


class _MaskOnTheCpuAgain(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.drop = drop

    def forward(self, x):
        return _drawn_on_the_cpu(x, self.drop.p) if self.training else x


def mask_on_the_cpu__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(_MaskOnTheCpuAgain(one) if isinstance(one, nn.Dropout) else one for one in rest))
