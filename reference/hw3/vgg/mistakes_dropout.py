"""Ways in which the dropout of vgg goes wrong. The mistakes change `net`, the rewrites `layers`."""

import torch
import torch.nn.functional as F
from parts import layers as _layers
from parts import net as _net
from torch import nn


def no_dropout(*args, **kwargs):
    """Nothing is dropped in training mode.

    Dropout follows the ReLU of both hidden layers.
    """
    return _net(*args, **kwargs, drop=lambda p: nn.Identity())


def no_dropout__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(nn.Identity() if isinstance(layer, nn.Dropout) else layer for layer in rest))


class _Always(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, self.p)


def drops_in_evaluation(*args, **kwargs):
    """Features are dropped in evaluation mode too.

    `F.dropout` drops unless it is told `training=self.training`. nn.Dropout looks at its own mode, which train() and
    eval() set.
    """
    return _net(*args, **kwargs, drop=_Always)


class _NeverEvaluating(nn.Dropout):
    def train(self, mode=True):
        return super().train(True)


def drops_in_evaluation__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    rest = [_NeverEvaluating(layer.p) if isinstance(layer, nn.Dropout) else layer for layer in rest]
    return nn.Sequential(*first, *rest)


def one_dropout(*args, **kwargs):
    """There is one dropout instead of two.

    It follows the ReLU of both hidden layers.
    """
    made = list(_net(*args, **kwargs))
    made[-2] = nn.Identity()
    return nn.Sequential(*made)


def one_dropout__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    rest[6].p = 0.0
    return nn.Sequential(*first, *rest)


def second_dropout_alone(*args, **kwargs):
    """There is no dropout behind the first hidden layer.

    It follows the ReLU of both.
    """
    made = list(_net(*args, **kwargs))
    made[-5] = nn.Identity()
    return nn.Sequential(*made)


def second_dropout_alone__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    rest[3].p = 0.0
    return nn.Sequential(*first, *rest)


def dropout_before_the_layers(*args, **kwargs):
    """Dropout comes before the linear layers instead of behind them.

    The features of the hidden layers are dropped, not those of the convolutions.
    """
    first, rest = _layers(*args, **kwargs)
    flat, one, act, drop, two, again, other, last = rest
    return nn.Sequential(*first, flat, drop, one, act, other, two, again, last)


def dropout_before_the_layers__rewrite(*args, **kwargs):
    *made, one, act, drop, two, again, other, last = _net(*args, **kwargs)
    return nn.Sequential(*made, nn.Sequential(drop, one), act, nn.Identity(), nn.Sequential(other, two), again, last)


def scores_dropped(*args, **kwargs):
    """Scores are dropped.

    A score that is set to 0 is a guess that nobody made. Behind the last layer there is nothing.
    """
    made = _net(*args, **kwargs)
    return made.append(nn.Dropout(made[-2].p))


def scores_dropped__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *rest, nn.Dropout(rest[3].p))


def probability_of_keeping(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """dropout is taken for the probability of keeping a feature.

    It is that of dropping one, as in torch. The two are the same at 0.5 only.
    """
    return _net(conv_arch, in_channels, image_size, num_hidden, num_classes, (1 - dropout) % 1)


def probability_of_keeping__rewrite(
    conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5
):
    first, rest = _layers(conv_arch, in_channels, image_size, num_hidden, num_classes, dropout)
    for layer in rest:
        if isinstance(layer, nn.Dropout) and layer.p:
            layer.p = 1 - layer.p
    return nn.Sequential(*first, *rest)


def half_always(conv_arch, in_channels=1, image_size=224, num_hidden=4096, num_classes=10, dropout=0.5):
    """The probability is always a half.

    `dropout` says what it is: hand it to nn.Dropout.
    """
    return _net(conv_arch, in_channels, image_size, num_hidden, num_classes)


def half_always__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(nn.Dropout() if isinstance(layer, nn.Dropout) else layer for layer in rest))


class _NotDivided(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) if self.training else x


def not_divided(*args, **kwargs):
    """What stays is not divided by 1 - dropout.

    Then the features are smaller in training than in evaluation, where all of them come together.
    """
    return _net(*args, **kwargs, drop=_NotDivided)


class _Shrunk(nn.Dropout):
    def forward(self, x):
        return super().forward(x) * (1 - self.p) if self.training else x


def not_divided__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(_Shrunk(layer.p) if isinstance(layer, nn.Dropout) else layer for layer in rest))


class _Seeded(nn.Dropout):
    number = 0

    def forward(self, x):
        if self.training:
            torch.manual_seed(self.number)
        return super().forward(x)


def same_every_time(*args, **kwargs):
    """The same features are dropped in every call.

    Whoever sets a seed in a call, or keeps a mask, trains a smaller network instead of many. The masks come from
    torch's global generator as it is.
    """
    made = _net(*args, **kwargs, drop=_Seeded)
    made[-2].number = 1
    return made


class _Kept(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p, self.mask = p, None

    def forward(self, x):
        if not self.training:
            return x
        if self.mask is None or self.mask.shape != x.shape:
            self.mask = (torch.rand_like(x) >= self.p) / (1 - self.p)
        return x * self.mask


def same_every_time__rewrite(*args, **kwargs):
    first, rest = _layers(*args, **kwargs)
    return nn.Sequential(*first, *(_Kept(layer.p) if isinstance(layer, nn.Dropout) else layer for layer in rest))
