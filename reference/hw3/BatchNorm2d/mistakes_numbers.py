"""Ways in which BatchNorm2d goes wrong with other numbers. The mistakes change `Right`, the rewrites `Again`."""

import torch
from parts import Again as _Again
from parts import Right as _Right


class MeanOfTheSquares(_Right):
    """The variance is the mean of the squares less the square of the mean.

    Far from zero both are large and nearly equal, and their difference has no digit left. Subtract the mean first.
    """

    def call(self, x):
        y, *averages = super().call(x)
        if not self.training:
            return y, *averages
        mean = x.mean((0, 2, 3), keepdim=True)
        var = (x * x).mean((0, 2, 3), keepdim=True) - mean * mean
        y = (x - mean) / (var + self.eps).sqrt() * self.gamma[:, None, None] + self.beta[:, None, None]
        return y, *averages


class MeanOfTheSquares__rewrite(_Again):
    def statistics(self, x):
        mean, square = (power.mean(dim=(0, 2, 3), keepdim=True) for power in (x, x**2))
        return mean, square - mean**2


class SmallVarianceRaised(_Right):
    """A small variance is raised to a larger one.

    eps is what keeps the division from a zero, and is as small as that. Add it, and nothing else.
    """

    def call(self, x):
        y, *averages = super().call(x)
        if not self.training:
            return y, *averages
        var, mean = torch.var_mean(x, (0, 2, 3), correction=0, keepdim=True)
        y = (x - mean) / (var.clamp(min=1e-3) + self.eps).sqrt() * self.gamma[:, None, None] + self.beta[:, None, None]
        return y, *averages


class SmallVarianceRaised__rewrite(_Again):
    def statistics(self, x):
        mean, var = super().statistics(x)
        return mean, torch.maximum(var, torch.full_like(var, 1e-3))


class AnswerCut(_Right):
    """Large answers are cut off.

    Where an image is far from what the averages expect, it is that far from zero afterwards. Nothing is cut.
    """

    def call(self, x):
        y, *averages = super().call(x)
        return y.clamp(-10, 10), *averages


class AnswerCut__rewrite(_Again):
    def scale(self, normalised):
        return torch.nn.functional.hardtanh(super().scale(normalised), -10.0, 10.0)


class OnePixelTrained(_Right):
    """A single number for each channel is normalised in training.

    One number has no variance, and n / (n - 1) no value: the moving variance is spoilt for good. Raise the ValueError.
    """

    def call(self, x):
        if self.training and x.numel() == x.shape[1]:
            return 0 * x + self.beta[:, None, None], self.moving_mean, self.moving_var
        return super().call(x)


class OnePixelTrained__rewrite(_Again):
    def forward(self, x):
        one = self.training and x.dim() == 4 and x.numel() == x.size(1)
        return self.scale(x - x) if one else super().forward(x)


class ZeroTakenForNothing(_Right):
    """A momentum of 0 is taken for none, and the default used.

    In `momentum or 0.1` a 0 counts as False. It is a number like any other: the averages stay where they are.
    """

    def __init__(self, num_features, eps=1e-5, momentum=None):
        super().__init__(num_features, eps, momentum or 0.1)


class ZeroTakenForNothing__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps)
        if momentum:
            self.options["momentum"] = momentum


class EpsZeroTakenForNothing(_Right):
    """An eps of 0 is taken for none, and the default used.

    In `eps or 1e-5` a 0 counts as False. It is a number like any other.
    """

    def __init__(self, num_features, eps=None, momentum=0.1):
        super().__init__(num_features, eps or 1e-5, momentum)


class EpsZeroTakenForNothing__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, momentum=momentum)
        if eps:
            self.options["eps"] = eps
