"""Ways in which Inception goes wrong when it is made. The mistakes change `Right`, the rewrites `Again`."""

from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class PathsDoNotFit(_Right):
    """The padding of a layer does not fit its window, and a path changes the size of the image.

    With stride 1 a window of k pixels keeps the size when the padding is (k - 1) / 2: 0 for 1 × 1, 1 for 3 × 3 and for
    the pooling, 2 for 5 × 5.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2, c3, c4)
        self.p3_2 = nn.Conv2d(*c3, 5, padding=1)


class PathsDoNotFit__rewrite(_Again):
    def sizes(self, in_channels, c1, c2, c3, c4):
        return super().sizes(in_channels, c1, c2, c3, c4) | {"p1_1": (in_channels, c1, 1, 1, 1)}


class WindowsSwapped(_Right):
    """The windows of paths 2 and 3 are swapped.

    Path 2 has the one of 3 × 3, path 3 the one of 5 × 5.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2, c3, c4)
        self.p2_2, self.p3_2 = nn.Conv2d(*c2, 5, padding=2), nn.Conv2d(*c3, 3, padding=1)


class WindowsSwapped__rewrite(_Again):
    def sizes(self, in_channels, c1, c2, c3, c4):
        return super().sizes(in_channels, c1, c2, c3, c4) | {"p2_2": (*c2, 5, 1, 2), "p3_2": (*c3, 3, 1, 1)}


class ChannelsSwapped(_Right):
    """The two numbers of c2 and c3 are swapped.

    The first is how many channels come out of the 1 × 1 convolution, the second how many come out of the path.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2[::-1], c3[::-1], c4)


class ChannelsSwapped__rewrite(_Again):
    def sizes(self, in_channels, c1, c2, c3, c4):
        return super().sizes(in_channels, c1, (c2[1], c2[0]), (c3[1], c3[0]), c4)


class NoBias(_Right):
    """A convolution is made without a bias.

    Every convolution of the stub has one, and the state dict has to have it.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2, c3, c4)
        self.p2_1 = nn.Conv2d(in_channels, c2[0], 1, bias=False)


class NoBias__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.p2_1.bias = None


class OtherNames(_Right):
    """The convolutions are registered under other names.

    Often a path is an `nn.Sequential`. Weights are copied into the block by name: p1_1, p2_1, p2_2, p3_1, p3_2, p4_2.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2, c3, c4)
        for number in "23":
            parts = self._modules.pop(f"p{number}_1"), nn.ReLU(), self._modules.pop(f"p{number}_2"), nn.ReLU()
            self.add_module(f"p{number}", nn.Sequential(*parts))

    def path2(self, X):
        return self.p2(X)

    def path3(self, X):
        return self.p3(X)


class OtherNames__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in list(self._modules):
            self.add_module(name.replace("p", "path"), self._modules.pop(name))


class PathsInAList(_Right):
    """Convolutions are kept in a list, where the module does not see them.

    An optimizer does not find their parameters, and `.to(device)` does not move them. Assign each one to an attribute
    of its own.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2, c3, c4)
        self.layers = [self._modules.pop(name) for name in ("p2_1", "p2_2", "p3_1", "p3_2")]


class PathsInAList__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__.update(self._modules)
        self._modules.clear()


class NormsBetween(_Right):
    """There are layers that the stub does not name.

    Later versions have a batch normalisation behind each convolution; this one has ReLU alone.
    """

    def make(self, in_channels, c1, c2, c3, c4):
        super().make(in_channels, c1, c2, c3, c4)
        self.norm = nn.BatchNorm2d(c1)

    def path1(self, X):
        return self.outer(self.norm(self.p1_1(X)))


class NormsBetween__rewrite(_Again):
    def __init__(self, in_channels, c1, c2, c3, c4):
        super().__init__(in_channels, c1, c2, c3, c4)
        self.p4_1 = nn.Conv2d(in_channels, in_channels, 3, padding=1)
