"""Ways in which ResNet goes wrong when it is made. The mistakes change `Right`, the rewrites `Again`."""

from blocks import Block as _Block
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class OtherParts(nn.Module):
    """The parts are not those that the stub names.

    Weights are copied into the network by name: conv, bn, stages and fc, and each stage is an nn.Sequential of its own,
    so that `stages[1][0]` is the first block of the second stage. (A “ResNet” that goes round is an LSTM in an
    nn.Sequential. It has nothing of a residual network but the name, and does not even run, as an LSTM answers with a
    tuple.)
    """

    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.LSTM(in_channels * 64, num_classes), nn.ReLU())

    def forward(self, X):
        return self.net(X)


class OtherParts__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        flat = nn.Sequential()
        for stage in self.stages:
            flat.extend(stage)
        self.stages = flat


class LayersTooMany(_Right):
    """There are layers that the stub does not name.

    Often the first stage makes the image smaller too: its first block is like the others, without a 1 × 1 convolution.
    Or a stage has one block more than asked for: num_residuals counts its first one too.
    """

    def block(self, inputs, width, stage, number):
        return super().block(inputs, width, 1, number)


class LayersTooMany__rewrite(_Again):
    def plan(self, arch):
        return super().plan([(count + 1, width) for count, width in arch])


class EveryBlockSmaller(_Right):
    """Every block of the later stages makes the image smaller.

    Only the first block of a stage has use_1x1conv and strides 2; the others keep everything.
    """

    def block(self, inputs, width, stage, number):
        return super().block(inputs, width, stage, 0)


class EveryBlockSmaller__rewrite(_Again):
    def plan(self, arch):
        return [(s, a, b, s >= 1, 2 if s >= 1 else 1) for s, a, b, _, _ in super().plan(arch)]


class NoStageSmaller(_Right):
    """The stages do not make the image smaller.

    Their first blocks have the 1 × 1 convolution, but stride 1. The average in the end hides it: the shapes are right,
    and the network is slow.
    """

    def block(self, inputs, width, stage, number):
        return _Block(inputs, width, True) if stage > 0 and number == 0 else _Block(inputs, width)


class NoStageSmaller__rewrite(_Again):
    def plan(self, arch):
        return [(*row[:4], 1) for row in super().plan(arch)]

    def area(self, X):
        return X.shape[2] * X.shape[3]


class OneBlockShared(_Right):
    """A stage is one block several times.

    `[Residual(…)] * n` makes one block and n names of it, which share their weights. Make a new one each time, in a
    loop.
    """

    def stage(self, count, channels, width, number):
        first, other = self.block(channels, width, number, 0), self.block(width, width, number, 1)
        return nn.Sequential(first if number else other, *[other] * (count - 1))


class OneBlockShared__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, stage in enumerate(self.stages):
            plain = list(stage)[1 if number else 0 :]
            for place in range(len(stage) - len(plain), len(stage)):
                stage[place] = plain[0]


class OneBlockLess(_Right):
    """A stage has one block less than asked for.

    Often the first block is made before the loop, and the loop makes num_residuals - 1 more from `range(1, n - 1)`, or
    the range ends too early. num_residuals counts the first one too.
    """

    def stage(self, count, channels, width, number):
        return super().stage(max(1, count - 1), channels, width, number)


class OneBlockLess__rewrite(_Again):
    def plan(self, arch):
        return super().plan([(count - (count > 1), width) for count, width in arch])


class OneChannelOnly(_Right):
    """The images always have one channel.

    `in_channels` says how many channels the first convolution takes.
    """

    def begin(self, in_channels, width):
        super().begin(1, width)


class OneChannelOnly__rewrite(_Again):
    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__(arch, num_classes=num_classes)


class TenClassesOnly(_Right):
    """There are always ten classes.

    `num_classes` says how many scores `fc` makes.
    """

    def end(self, channels, num_classes):
        super().end(channels, 10)


class TenClassesOnly__rewrite(_Again):
    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__(arch, in_channels)


class StrideAtTheBeginning(_Right):
    """The first convolution has stride 2.

    The network for photographs begins with a stride. Small images cannot spare the pixels: stride 1.
    """

    def begin(self, in_channels, width):
        super().begin(in_channels, width)
        self.conv = nn.Conv2d(in_channels, width, 3, stride=2, padding=1)


class StrideAtTheBeginning__rewrite(_Again):
    def forward(self, X):
        self.conv.stride = (2, 2)
        return self.fc(self.maps(X).mean((-1, -2)))


class NoPaddingAtTheBeginning(_Right):
    """The first convolution has no padding.

    It cuts off a border of the image. With padding 1 the size stays.
    """

    def begin(self, in_channels, width):
        super().begin(in_channels, width)
        self.conv = nn.Conv2d(in_channels, width, 3)


class NoPaddingAtTheBeginning__rewrite(_Again):
    def forward(self, X):
        self.conv.padding = (0, 0)
        return self.fc(self.maps(X).mean((-1, -2)))


class LargeWindowAtTheBeginning(_Right):
    """The first convolution has another window than 3 × 3.

    7 × 7 belongs to the network for photographs.
    """

    def begin(self, in_channels, width):
        super().begin(in_channels, width)
        self.conv = nn.Conv2d(in_channels, width, 7, padding=3)


class LargeWindowAtTheBeginning__rewrite(_Again):
    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__(arch, in_channels, num_classes)
        self.conv = nn.Conv2d(in_channels, arch[0][1], kernel_size=5, padding="same")


class StagesInAList(_Right):
    """The stages are kept in a list, where the module does not see them.

    An optimizer does not find their parameters, and `.to(device)` does not move them. Put them into an nn.Sequential.
    """

    def __init__(self, arch, in_channels=1, num_classes=10):
        super().__init__(arch, in_channels, num_classes)
        stages = list(self.stages)
        del self.stages
        self.stages = stages

    def forward(self, X):
        X = self.first(X)
        for stage in self.stages:
            X = stage(X)
        return self.scores(self.pool(X))


class StagesInAList__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__["stages"] = tuple(self._modules.pop("stages"))


class NoBias(_Right):
    """The first convolution or the linear layer has no bias.

    Both have one in the stub, and the state dict has to have it.
    """

    def begin(self, in_channels, width):
        super().begin(in_channels, width)
        self.conv = nn.Conv2d(in_channels, width, 3, padding=1, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conv.bias = None
