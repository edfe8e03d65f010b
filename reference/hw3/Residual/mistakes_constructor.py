"""Ways in which Residual goes wrong when it is made. The mistakes change `Right`, the rewrites `Again`."""

from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class StrideOnBoth(_Right):
    """Both convolutions of 3 × 3 have the stride.

    Then the image is made smaller twice, and the way around does not fit. conv2 has stride 1.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, stride=strides)


class StrideOnBoth__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        return super().sizes(inputs, outputs, project, strides) | {"conv2": (outputs, outputs, 3, strides, 1)}


class StrideOnTheSecond(_Right):
    """The second convolution has the stride, where the first should have it.

    The shapes fit, but conv1 is computed on the large image, and the numbers are others. conv1 has the stride.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, stride=strides)


class StrideOnTheSecond__rewrite(_Again):
    def forward(self, X):
        self.conv1.stride, self.conv2.stride = (1, 1), self.conv3.stride if hasattr(self, "conv3") else (1, 1)
        return super().forward(X)


class NoStrideOnTheWayAround(_Right):
    """The 1 × 1 convolution has no stride.

    Then the way around keeps the size of the image, and cannot be added to the smaller one. conv3 takes the steps of
    conv1.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv3 = nn.Conv2d(inputs, outputs, 1) if project else None


class NoStrideOnTheWayAround__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        sizes = super().sizes(inputs, outputs, project, strides)
        return {name: size[:3] if name == "conv3" else size for name, size in sizes.items()}


class StrideIgnored(_Right):
    """The block has stride 1, whatever `strides` says.

    The answer has ceil(H / strides) rows: conv1 takes the stride, and so does conv3.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, 1)


class StrideIgnored__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        return super().sizes(inputs, outputs, project, 1)


class StrideAlwaysTwo(_Right):
    """The block with a 1 × 1 convolution always has stride 2.

    `strides` says by how much the image gets smaller, and is 1 when nothing is said.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, 2 if project else 1)


class StrideAlwaysTwo__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        return super().sizes(inputs, outputs, project, 1 + bool(project))


class NoPadding(_Right):
    """A convolution of 3 × 3 has no padding.

    Then it cuts off a border, and the two ways do not fit. With padding 1 the size of the image stays.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv2 = nn.Conv2d(outputs, outputs, 3)


class NoPadding__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        return super().sizes(inputs, outputs, project, strides) | {"conv2": (outputs, outputs, 3)}


class PaddedProjection(_Right):
    """The 1 × 1 convolution has padding.

    A window of one pixel needs none: padding makes the image larger, and the two ways do not fit.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv3 = nn.Conv2d(inputs, outputs, 1, stride=strides, padding=1) if project else None


class PaddedProjection__rewrite(_Again):
    def beside(self, X):
        return super().beside(nn.functional.pad(X, (1, 1, 1, 1)) if hasattr(self, "conv3") else X)


class NormOfTheProjection(_Right):
    """There is a batch normalisation behind the 1 × 1 convolution.

    Some versions of the network have one there. In this block X goes through conv3 alone.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        if project:
            self.bn3 = nn.BatchNorm2d(outputs)

    def around(self, X):
        return X if self.conv3 is None else self.bn3(self.conv3(X))


class NormOfTheProjection__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        return super().sizes(inputs, outputs, project, strides) | ({"norm": outputs} if project else {})

    def beside(self, X):
        return self.through(X, "conv3", "norm") if hasattr(self, "norm") else X


class ProjectionAlways(_Right):
    """There is a 1 × 1 convolution in every block.

    It belongs only to blocks with use_1x1conv. Without, X is added as it is, and there is no conv3.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, True, strides)


class ProjectionAlways__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        return super().sizes(inputs, outputs, 1, strides)


class ProjectionAsLargeAsTheRest(_Right):
    """The convolution on the way around is one of 3 × 3.

    conv3 only changes the number of channels, and looks at one pixel at a time.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv3 = nn.Conv2d(inputs, outputs, 3, padding=1, stride=strides) if project else None


class ProjectionAsLargeAsTheRest__rewrite(_Again):
    def sizes(self, inputs, outputs, project, strides):
        sizes = super().sizes(inputs, outputs, project, strides)
        return sizes | {"conv3": sizes["conv1"]} if project else sizes


class NoBias(_Right):
    """A convolution is made without a bias.

    Every convolution of the stub has one, and the state dict has to have it.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, strides, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conv1.bias = self.conv2.bias = None


class OtherNames(_Right):
    """The layers are registered under other names.

    Often they stand in an `nn.Sequential`. Weights are copied into the block by name: the layers are attributes called
    conv1, bn1, conv2, bn2 and conv3.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        parts = self.conv1, self.bn1, nn.ReLU(), self.conv2, self.bn2
        del self.conv1, self.bn1, self.conv2, self.bn2
        self.net = nn.Sequential(*parts)

    def forward(self, X):
        return self.join(self.net(X), self.around(X))


class OtherNames__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in list(self._modules):
            self.add_module(f"{name}_layer", self._modules.pop(name))


class InAList(_Right):
    """Layers are kept in a list, where the module does not see them.

    An optimizer does not find their parameters, and `.to(device)` does not move them. Assign each layer to an attribute
    of its own.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        self.layers = [self._modules.pop(name) for name in ("conv1", "bn1", "conv2", "bn2")]


class InAList__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__["kept"] = dict(self._modules)
        self._modules.clear()


class NotChecked(_Right):
    """That the two ways cannot be added is not refused by the constructor.

    Such a block fails when it is first called, far from the error, or not at all where one channel broadcasts. Without
    use_1x1conv, `strides` is 1 and the numbers of channels are equal, or a ValueError is raised.
    """

    def check(self, inputs, outputs, project, strides):
        pass


class NotChecked__rewrite(_Again):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        super().__init__(input_channels, num_channels, True, strides)
        if not use_1x1conv:
            del self.conv3


class StrideNotChecked(_Right):
    """A stride without a 1 × 1 convolution is not refused.

    The layers make the image smaller then, and the way around does not.
    """

    def check(self, inputs, outputs, project, strides):
        super().check(inputs, outputs, project, 1)


class StrideNotChecked__rewrite(NotChecked__rewrite):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        if input_channels != num_channels and not use_1x1conv:
            raise ValueError("the channels differ")
        super().__init__(input_channels, num_channels, use_1x1conv, strides)


class ChannelsNotChecked(_Right):
    """Other channels without a 1 × 1 convolution are not refused.

    X cannot be added to an answer with another number of channels.
    """

    def check(self, inputs, outputs, project, strides):
        super().check(outputs, outputs, project, strides)


class ChannelsNotChecked__rewrite(NotChecked__rewrite):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        if strides != 1 and not use_1x1conv:
            raise ValueError("no stride without a projection")
        super().__init__(input_channels, num_channels, use_1x1conv, strides)


class Asserted(_Right):
    """What cannot be added is refused with an assertion.

    An `assert` says that the author made an error, and `python -O` removes it. For an argument of the caller raise a
    ValueError.
    """

    def check(self, inputs, outputs, project, strides):
        assert project or (strides == 1 and inputs == outputs), "a 1x1 convolution is needed"


class Asserted__rewrite(NotChecked__rewrite):
    def __init__(self, input_channels, num_channels, use_1x1conv=False, strides=1):
        if not use_1x1conv and (input_channels != num_channels or strides != 1):
            raise AssertionError("shapes")
        super().__init__(input_channels, num_channels, use_1x1conv, strides)


class OtherMomentum(_Right):
    """The batch normalisations have an eps or a momentum of their own.

    `nn.BatchNorm2d(channels)` has those that everybody counts on: 1e-5 and 0.1.
    """

    def make(self, inputs, outputs, project, strides):
        super().make(inputs, outputs, project, strides)
        for norm in (self.bn1, self.bn2):
            norm.momentum = 0.9


class OtherMomentum__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.bn1, self.bn2 = (nn.BatchNorm2d(len(norm.weight), momentum=1 - 0.1) for norm in (self.bn1, self.bn2))
