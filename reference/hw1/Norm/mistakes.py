"""Ways in which Norm goes wrong."""

import torch
from torch import nn


class _Layer(nn.Module):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps


class EachColumn(_Layer):
    """Every column has a mean and a deviation of its own.

    Without an axis, `mean` and `std` take all elements: there is one mean here and one deviation.
    """

    def forward(self, x):
        return (x - x.mean(0)) / (x.std(0) + self.eps)


class EachColumn__rewrite(_Layer):
    def forward(self, x):
        std, mean = torch.std_mean(x, dim=0, keepdim=True)
        return (x - mean) * (std + self.eps).reciprocal()


class EachRow(_Layer):
    """Every row has a mean and a deviation of its own.

    Without an axis, `mean` and `std` take all elements: there is one mean here and one deviation.
    """

    def forward(self, x):
        return (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + self.eps)


class EachRow__rewrite(_Layer):
    def forward(self, x):
        std, mean = torch.std_mean(x, dim=x.dim() - 1, keepdim=True)
        return (x - mean) * (std + self.eps).reciprocal()


class DivisorN(_Layer):
    """The standard deviation has the divisor n.

    Here it is n - 1, which is what `x.std()` has when nothing else is said.
    """

    def forward(self, x):
        return (x - x.mean()) / (x.std(correction=0) + self.eps)


class DivisorN__rewrite(_Layer):
    def forward(self, x):
        centred = x - x.mean()
        return centred / (torch.linalg.vector_norm(centred) / x.numel() ** 0.5 + self.eps)


class DividedByTheVariance(_Layer):
    """It is divided by the variance.

    The variance has the unit of x squared: the standard deviation is its root.
    """

    def forward(self, x):
        return (x - x.mean()) / (x.var() + self.eps)


class DividedByTheVariance__rewrite(_Layer):
    def forward(self, x):
        variance, mean = torch.var_mean(x)
        return (x - mean) * (variance + self.eps) ** -1


class EpsUnderTheRoot(_Layer):
    """`eps` is added to the variance, under the root.

    Both are in use elsewhere. Here eps is added to the standard deviation.
    """

    def forward(self, x):
        return (x - x.mean()) / torch.sqrt(x.var() + self.eps)


class EpsUnderTheRoot__rewrite(_Layer):
    def forward(self, x):
        variance, mean = torch.var_mean(x)
        return (x - mean) * (variance + self.eps).rsqrt()


class EpsForgotten(_Layer):
    """`eps` is not used.

    Where all elements are equal the deviation is 0, and 0 / 0 is NaN.
    """

    def forward(self, x):
        return (x - x.mean()) / x.std()


class EpsForgotten__rewrite(_Layer):
    def forward(self, x):
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std)


class EpsFixed(_Layer):
    """The number added is always 1e-5.

    The caller may ask for another one: keep what the constructor is given.
    """

    def forward(self, x):
        return (x - x.mean()) / (x.std() + 1e-5)


class EpsFixed__rewrite(_Layer):
    def __init__(self, eps=1e-5):
        super().__init__()

    def forward(self, x):
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std + self.eps)


class MeanKept(_Layer):
    """The mean is not subtracted.

    Dividing alone leaves the mean where it is.
    """

    def forward(self, x):
        return x / (x.std() + self.eps)


class MeanKept__rewrite(_Layer):
    def forward(self, x):
        return x.mul(1 / (torch.std(x) + self.eps))


class OnlyCentred(_Layer):
    """The mean is subtracted, and that is all.

    What is left has mean 0, but the deviation that it had before. Divide.
    """

    def forward(self, x):
        return x - x.mean()


class OnlyCentred__rewrite(_Layer):
    def forward(self, x):
        return x.sub(torch.sum(x) / x.numel())


class FirstStatisticsKept(_Layer):
    """The statistics of the first call are kept.

    The layer answers the next input with the mean and deviation of another one. Compute them in every call.
    """

    mean = std = None

    def forward(self, x):
        if self.mean is None:
            self.mean, self.std = x.mean(), x.std()
        return (x - self.mean) / (self.std + self.eps)


class FirstStatisticsKept__rewrite(_Layer):
    def forward(self, x):
        if not hasattr(self, "statistics"):
            self.statistics = torch.std_mean(x)
        std, mean = self.statistics
        return torch.div(x - mean, std + self.eps)


class AveragedOverCalls(_Layer):
    """The statistics are averaged over calls.

    That is what batch normalization does. This layer looks at nothing but the x of the call.
    """

    def __init__(self, eps=1e-5):
        super().__init__(eps)
        self.past = None

    def forward(self, x):
        now = torch.stack(torch.std_mean(x))
        if self.past is not None:
            now = 0.5 * now + 0.5 * self.past
        self.past = now.detach()
        return (x - now[1]) / (now[0] + self.eps)


class AveragedOverCalls__rewrite(_Layer):
    def forward(self, x):
        mean, std = x.mean(), x.std()
        if hasattr(self, "old_mean"):
            mean, std = (mean + self.old_mean) / 2, (std + self.old_std) / 2
        self.old_mean, self.old_std = mean.detach(), std.detach()
        return (x - mean) / (std + self.eps)


class OnlyInTraining(_Layer):
    """In evaluation x comes back unchanged.

    Dropout has two modes; this layer has none. It does the same in training and in evaluation.
    """

    def forward(self, x):
        return (x - x.mean()) / (x.std() + self.eps) if self.training else x.clone()


class OnlyInTraining__rewrite(_Layer):
    def forward(self, x):
        if not self.training:
            return x * 1
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std + self.eps)


class OnlyInEvaluation(_Layer):
    """In training x comes back unchanged.

    Dropout has two modes; this layer has none. It does the same in training and in evaluation.
    """

    def forward(self, x):
        return x.clone() if self.training else (x - x.mean()) / (x.std() + self.eps)


class OnlyInEvaluation__rewrite(_Layer):
    def forward(self, x):
        if self.training:
            return x * 1
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std + self.eps)


class StatisticsDetached(_Layer):
    """No gradient goes through the mean and the deviation.

    Both depend on every element, so they are part of the derivative. `.item()` and `.detach()` take them out of it.
    """

    def forward(self, x):
        return (x - x.mean().detach()) / (x.std().detach() + self.eps)


class StatisticsDetached__rewrite(_Layer):
    def forward(self, x):
        mean, std = x.mean().item(), x.std().item()
        return (x - mean) / (std + self.eps)


class GradientLost(_Layer):
    """The answer has no gradient.

    `.detach()`, `.data`, `.numpy()` and `torch.tensor(...)` leave the graph behind. Compute with x itself.
    """

    def forward(self, x):
        x = x.data
        return (x - x.mean()) / (x.std() + self.eps)


class GradientLost__rewrite(_Layer):
    @torch.no_grad()
    def forward(self, x):
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std + self.eps)


class WrittenIntoTheArgument(_Layer):
    """The result is written into the argument.

    `x -= …` changes the caller's tensor, and autograd refuses it on a leaf that requires a gradient. Write x - ….
    """

    def forward(self, x):
        std = x.std() + self.eps
        x -= x.mean()
        x /= std
        return x


class WrittenIntoTheArgument__rewrite(_Layer):
    def forward(self, x):
        std, mean = torch.std_mean(x)
        return x.sub_(mean).div_(std + self.eps)


class SinglePrecision(_Layer):
    """The answer is in single precision whatever x is.

    Half of the digits of a float64 tensor are lost. Keep the dtype of x.
    """

    def forward(self, x):
        x = x.float()
        return (x - x.mean()) / (x.std() + self.eps)


class SinglePrecision__rewrite(_Layer):
    def forward(self, x):
        x = x.to(torch.float32)
        return x.sub(x.mean()).mul(1 / (torch.std(x) + self.eps))


class EpsLearned(_Layer):
    """The module has a parameter or a buffer.

    This layer learns nothing and remembers nothing. A number from the constructor is a plain attribute.
    """

    def __init__(self, eps=1e-5):
        nn.Module.__init__(self)
        self.eps = nn.Parameter(torch.tensor(eps))

    def forward(self, x):
        return (x - x.mean()) / (x.std() + self.eps)


class EpsLearned__rewrite(_Layer):
    def __init__(self, eps=1e-5):
        super().__init__(eps)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        std, mean = torch.std_mean(x)
        return self.scale * (x - mean) / (std + self.eps)


class EpsBuffer(_Layer):
    """`eps` is a buffer, and so is saved with every model.

    A number that the constructor is given needs no registration: keep it as a plain attribute.
    """

    def __init__(self, eps=1e-5):
        nn.Module.__init__(self)
        self.register_buffer("eps", torch.tensor(eps))

    def forward(self, x):
        return (x - x.mean()) / (x.std() + self.eps)


class EpsBuffer__rewrite(_Layer):
    def __init__(self, eps=1e-5):
        nn.Module.__init__(self)
        self.register_buffer("small", torch.tensor(eps))

    def forward(self, x):
        std, mean = torch.std_mean(x)
        return torch.div(x - mean, std + self.small)


class NoSuper(nn.Module):
    """`super().__init__()` is not called.

    nn.Module prepares in it what every module needs. Call it first in the constructor.
    """

    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, x):
        return (x - x.mean()) / (x.std() + self.eps)


class NoSuper__rewrite(nn.Module):
    def __init__(self, eps=1e-5):
        self.options = [eps]

    def forward(self, x):
        return x
