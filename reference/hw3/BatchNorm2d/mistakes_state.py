"""Ways in which BatchNorm2d goes wrong in what it holds. The mistakes change `Right`, the rewrites `Again`."""

import torch
from parts import Again as _Again
from parts import Right as _Right
from torch import nn


class PlainTensors(_Right):
    """The moving averages are plain tensors.

    The state dict forgets them, so that a saved model evaluates as if it had seen nothing, and `.to(device)` leaves
    them behind. Register them with `register_buffer`.
    """

    def make(self, size):
        self.gamma, self.beta = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))
        self.moving_mean, self.moving_var = torch.zeros(size), torch.ones(size)


class PlainTensors__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.moving_mean, self.moving_var = self._buffers.pop("moving_mean"), self._buffers.pop("moving_var")


class NotSaved(_Right):
    """The moving averages are buffers that are not saved.

    With persistent=False a buffer follows the module to a device, but the state dict leaves it out. They are needed
    whenever the model is: leave `persistent` as it is.
    """

    def make(self, size):
        super().make(size)
        self.register_buffer("moving_mean", torch.zeros(size), persistent=False)
        self.register_buffer("moving_var", torch.ones(size), persistent=False)


class NotSaved__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self._non_persistent_buffers_set.update(self._buffers)


class AveragesAsParameters(_Right):
    """The moving averages are parameters.

    An optimizer would change them, by weight decay for one. What a layer keeps but does not learn is a buffer.
    """

    def make(self, size):
        super().make(size)
        del self.moving_mean, self.moving_var
        self.moving_mean = nn.Parameter(torch.zeros(size), requires_grad=False)
        self.moving_var = nn.Parameter(torch.ones(size), requires_grad=False)

    def keep(self, mean, var):
        self.moving_mean.data.copy_(mean)
        self.moving_var.data.copy_(var)


class AveragesAsParameters__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for name in ("moving_mean", "moving_var"):
            self.register_parameter(name, nn.Parameter(self._buffers.pop(name), requires_grad=False))


class ParametersReplaced(_Right):
    """A tensor is assigned to a parameter.

    nn.Module refuses that: the attribute of an `nn.Parameter` takes another parameter only. The moving averages are not
    learned; as buffers they may be replaced.
    """

    def make(self, size):
        super().make(size)
        del self.moving_mean, self.moving_var
        self.moving_mean, self.moving_var = nn.Parameter(torch.zeros(size)), nn.Parameter(torch.ones(size))


class ParametersReplaced__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for name in ("moving_mean", "moving_var"):
            self.register_parameter(name, nn.Parameter(self._buffers.pop(name)))

    def forward(self, x):
        y = super().forward(x)
        self.moving_mean, self.moving_var = self.moving_mean + 0, self.moving_var + 0
        return y


class GammaAsBuffer(_Right):
    """Gamma and beta are buffers.

    A buffer is saved, but never learned. These two have to be `nn.Parameter`s.
    """

    def make(self, size):
        super().make(size)
        del self.gamma, self.beta
        self.register_buffer("gamma", torch.ones(size))
        self.register_buffer("beta", torch.zeros(size))


class GammaAsBuffer__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for name in ("gamma", "beta"):
            self.register_buffer(name, self._parameters.pop(name).detach())


class Frozen(_Right):
    """Gamma and beta are made with requires_grad=False.

    Then no gradient reaches them and they are never learned. `nn.Parameter` requires a gradient unless told otherwise.
    """

    def make(self, size):
        super().make(size)
        self.gamma.requires_grad = self.beta.requires_grad = False


class Frozen__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for parameter in self.parameters():
            parameter.requires_grad_(False)


class OtherNames(_Right):
    """The state is not registered under the names of the stub.

    gamma, beta, moving_mean and moving_var: a state dict does not load by other names, and none of the four may be
    missing.
    """

    def make(self, size):
        self.weight, self.bias = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))


class OtherNames__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for name in ("gamma", "beta"):
            self.register_parameter(f"{name}_", self._parameters.pop(name))
        for name in ("moving_mean", "moving_var"):
            self.register_buffer(name.replace("moving", "running"), self._buffers.pop(name))


class FourAxesOfState(_Right):
    """Parameters and averages have four axes.

    The shape (1, C, 1, 1) broadcasts over images, but the stub asks for (C,). `batch_norm` makes them fit.
    """

    def make(self, size):
        super().make((1, size, 1, 1))


class FourAxesOfState__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for name in ("gamma", "beta"):
            setattr(self, name, nn.Parameter(getattr(self, name).detach().view(1, -1, 1, 1)))
        for name in ("moving_mean", "moving_var"):
            setattr(self, name, getattr(self, name).view(1, -1, 1, 1))


_ZEROS, _ONES = torch.zeros(64), torch.ones(64)


class AveragesShared(_Right):
    """All layers share their moving averages.

    Tensors that are made once, outside of the constructor, and written into are the same in every layer. Make new ones
    in the constructor.
    """

    start = torch.zeros(64), torch.ones(64)

    def make(self, size):
        super().make(size)
        self.moving_mean, self.moving_var = (one[:size] for one in self.start)

    def keep(self, mean, var):
        self.moving_mean.copy_(mean)
        self.moving_var.copy_(var)


class AveragesShared__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.register_buffer("moving_mean", _ZEROS[:num_features])
        self.register_buffer("moving_var", _ONES.narrow(0, 0, num_features))


class ZeroVariance(_Right):
    """The moving variance starts as zeros.

    A model that has seen nothing would divide by the root of eps. Ones leave its input as it is.
    """

    def make(self, size):
        super().make(size)
        self.moving_var.zero_()


class ZeroVariance__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.moving_var = torch.zeros(num_features)


class ZeroGamma(_Right):
    """Gamma starts as zeros.

    Then the layer answers with zeros, and nothing before it gets a gradient. Ones leave the normalised values as they
    are.
    """

    def make(self, size):
        super().make(size)
        self.gamma = nn.Parameter(torch.zeros(size))


class ZeroGamma__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.gamma.data.zero_()


class RandomStart(_Right):
    """Gamma and beta start with random numbers.

    There is nothing to make unequal here: channels differ already. Gamma starts as ones, beta as zeros.
    """

    def make(self, size):
        super().make(size)
        self.gamma, self.beta = nn.Parameter(torch.rand(size)), nn.Parameter(torch.rand(size))


class RandomStart__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        numbers = torch.rand(2 * num_features)
        self.gamma.data.copy_(numbers[:num_features])
        self.beta.data.copy_(numbers[num_features:])


class BatchesCounted(_Right):
    """Something more is registered than gamma, beta and the two averages.

    torch's layer also counts its batches; this one is not asked to. A state dict with more in it does not fit.
    """

    def make(self, size):
        super().make(size)
        self.register_buffer("num_batches", torch.zeros(1))


class BatchesCounted__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.register_buffer("seen", torch.zeros(()))


class NoSuper(_Right):
    """`super().__init__()` is not called.

    nn.Module prepares in it what it needs to register parameters. Call it first in the constructor.
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.eps, self.momentum = eps, momentum
        self.make(num_features)


class NoSuper__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.gamma = nn.Parameter(torch.ones(num_features))


class TorchNormalises(nn.Module):
    """torch's own normalisation is called.

    The layer is to be built on your own `batch_norm`. Where it is, `batch_norm` itself calls torch's.
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        _Right.make(self, num_features)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("four axes")
        state = self.moving_mean, self.moving_var, self.gamma, self.beta
        return nn.functional.batch_norm(x, *state, self.training, self.momentum, self.eps)


class TorchNormalises__rewrite(_Again):
    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("four axes")
        if self.training and x.numel() == x.size(1):
            raise ValueError("one number for each channel")
        return torch.batch_norm(
            x, self.gamma, self.beta, self.moving_mean, self.moving_var, self.training, self.options["momentum"],
            self.options["eps"], False,
        )  # fmt: skip
