"""Ways in which BatchNorm2d goes wrong when it is called. The mistakes change `Right`, the rewrites `Again`."""

import torch
from parts import Again as _Again
from parts import Right as _Right
from parts import batch_norm as _batch_norm


class AlwaysTraining(_Right):
    """The layer does not notice `eval()`.

    nn.Module keeps the mode in self.training. Hand that on: an attribute or a default of your own stays as it is.
    """

    def in_training(self):
        return True


class AlwaysTraining__rewrite(_Again):
    def forward(self, x):
        mode, self.training = self.training, True
        try:
            return super().forward(x)
        finally:
            self.training = mode


class AlwaysEvaluating(_Right):
    """The moving averages normalise in training too.

    In training mode the statistics of the minibatch do, and the averages move on. nn.Module keeps the mode in
    self.training.
    """

    def in_training(self):
        return False


class AlwaysEvaluating__rewrite(_Again):
    def forward(self, x):
        mode, self.training = self.training, False
        y = super().forward(x)
        self.training = mode
        return y


class GradientsDecide(_Right):
    """Whether gradients are recorded decides which statistics normalise.

    Training without gradients happens, and evaluation with them. The mode of the module is self.training.
    """

    def in_training(self):
        return torch.is_grad_enabled()


class GradientsDecide__rewrite(_Again):
    def forward(self, x):
        mode = self.training
        self.training = torch.is_grad_enabled()
        try:
            return super().forward(x)
        finally:
            self.training = mode


class AveragesForgotten(_Right):
    """The new moving averages are not kept.

    `batch_norm` returns new tensors and changes nothing. Assign them to the buffers, or they stay as they started.
    """

    def keep(self, mean, var):
        pass


class AveragesForgotten__rewrite(_Again):
    def move(self, mean, var, n):
        return mean, var, n


class AveragesExchanged(_Right):
    """Mean and variance are exchanged when they are kept.

    `batch_norm` returns the output, the mean, the variance, in this order.
    """

    def keep(self, mean, var):
        if self.training:
            self.moving_mean, self.moving_var = var, mean


class AveragesExchanged__rewrite(_Again):
    def move(self, mean, var, n):
        super().move(mean, var, n)
        self.moving_mean, self.moving_var = self.moving_var, self.moving_mean


class VarianceForgotten(_Right):
    """Only one of the two moving averages is kept.

    Both move on in every training call: take all three things that `batch_norm` returns.
    """

    def keep(self, mean, var):
        self.moving_mean = mean


class VarianceForgotten__rewrite(_Again):
    def move(self, mean, var, n):
        before = self.moving_var.clone()
        super().move(mean, var, n)
        self.moving_var.copy_(before)


class AveragesMoveInEvaluation(_Right):
    """The moving averages go on in evaluation.

    Data that are only looked at must not change the model. Move them in training mode alone.
    """

    def forward(self, x):
        y = super().forward(x)
        if not self.training and x.numel() > x.shape[1]:
            state = self.gamma, self.beta, self.moving_mean, self.moving_var
            self.keep(*_batch_norm(x.detach(), *state, self.eps, self.momentum, True)[1:])
        return y


class AveragesMoveInEvaluation__rewrite(_Again):
    def forward(self, x):
        y = super().forward(x)
        n = x.numel() / x.size(1)
        if not self.training and n > 1:
            self.move(*self.statistics(x), n)
        return y


class BatchAlone(_Right):
    """The statistics of the last minibatch take the place of the moving averages.

    One minibatch would decide everything. The averages move towards it, by the momentum.
    """

    def call(self, x):
        y, mean, var = super().call(x)
        if self.training:
            var, mean = torch.var_mean(x.detach(), (0, 2, 3))
        return y, mean, var


class BatchAlone__rewrite(_Again):
    def move(self, mean, var, n):
        self.moving_mean = mean.detach().flatten()
        self.moving_var = var.detach().flatten() * n / (n - 1)


class AveragesWithAGraph(_Right):
    """The moving averages carry a graph.

    Every minibatch of the past would be kept in memory, and `backward` go through a graph that is gone. Detach what
    goes into them.
    """

    def keep(self, mean, var):
        tie = 0 * self.gamma.sum() if self.training else 0
        super().keep(mean + tie, var + tie)


class AveragesWithAGraph__rewrite(_Again):
    def move(self, mean, var, n):
        weight = self.options["momentum"]
        self.moving_mean = (1 - weight) * self.moving_mean + weight * mean.flatten()
        self.moving_var = (1 - weight) * self.moving_var + weight * n / (n - 1) * var.flatten()


class EpsForgotten(_Right):
    """eps does not reach `batch_norm`.

    Every option that the constructor takes has to be handed on.
    """

    def call(self, x):
        state = self.gamma, self.beta, self.moving_mean, self.moving_var
        return _batch_norm(x, *state, momentum=self.momentum, training=self.training)


class EpsForgotten__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, momentum=momentum)


class MomentumForgotten(_Right):
    """The momentum does not reach `batch_norm`.

    Every option that the constructor takes has to be handed on.
    """

    def call(self, x):
        state = self.gamma, self.beta, self.moving_mean, self.moving_var
        return _batch_norm(x, *state, self.eps, training=self.training)


class MomentumForgotten__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps)


class MixedUp(_Right):
    """eps and momentum are exchanged.

    By position, eps comes before momentum. Give them by name, and the order does not matter.
    """

    def call(self, x):
        state = self.gamma, self.beta, self.moving_mean, self.moving_var
        return _batch_norm(x, *state, self.momentum, self.eps, self.training)


class MixedUp__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps=momentum, momentum=eps)


class MomentumTurned(_Right):
    """The momentum weighs the old averages.

    Some libraries mean it so. Here, as in torch, it is the weight of the new ones.
    """

    def call(self, x):
        state = self.gamma, self.beta, self.moving_mean, self.moving_var
        return _batch_norm(x, *state, self.eps, 1 - self.momentum, self.training)


class MomentumTurned__rewrite(_Again):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, 1 - momentum)


class GammaUnused(_Right):
    """Gamma and beta do not reach the answer.

    The normalised values are multiplied by gamma, and beta is added: hand both to `batch_norm`.
    """

    def call(self, x):
        ones = torch.ones_like(self.gamma)
        state = ones, ones - 1, self.moving_mean, self.moving_var
        return _batch_norm(x, *state, self.eps, self.momentum, self.training)


class GammaUnused__rewrite(_Again):
    def scale(self, normalised):
        return normalised


class GammaData(_Right):
    """Gamma and beta are read through `.data` (or detached).

    The graph ends there: they get no gradient and are never learned. Use the parameters themselves.
    """

    def call(self, x):
        state = self.gamma.data, self.beta.data, self.moving_mean, self.moving_var
        return _batch_norm(x, *state, self.eps, self.momentum, self.training)


class GammaData__rewrite(_Again):
    def scale(self, normalised):
        gamma, beta = (parameter.detach().clone()[:, None, None] for parameter in (self.gamma, self.beta))
        return gamma * normalised + beta


class Triple(_Right):
    """The moving averages are returned as well.

    `batch_norm` returns three things; a layer answers with the first of them and keeps the others.
    """

    def forward(self, x):
        y = super().forward(x)
        return y, self.moving_mean, self.moving_var


class Triple__rewrite(_Again):
    def forward(self, x):
        return super().forward(x), self.moving_mean, self.moving_var


class AxesNotChecked(_Right):
    """Inputs without four axes are not refused with a ValueError.

    `batch_norm` takes vectors too, and something else may fail later, far from the error. Look at the number of axes
    first.
    """

    def check(self, x):
        pass

    def call(self, x):
        if x.dim() == 4:
            return super().call(x)
        state = self.gamma, self.beta, self.moving_mean, self.moving_var
        return x.flatten(1).mean(), *state[2:]


class AxesNotChecked__rewrite(_Again):
    def forward(self, x):
        return super().forward(x) if x.dim() == 4 else x - x.mean()


class AxesAsserted(_Right):
    """Inputs without four axes are refused with an assertion.

    An `assert` says that the author made an error, and `python -O` removes it. For an argument of the caller raise a
    ValueError.
    """

    def check(self, x):
        assert x.dim() == 4, "four axes"


class AxesAsserted__rewrite(_Again):
    def forward(self, x):
        if x.dim() != 4:
            raise AssertionError("not images")
        return super().forward(x)


class EditsX(_Right):
    """The caller's x is changed.

    `-=`, `/=` and methods that end in `_` write into the tensor that was given. Make a new one.
    """

    def forward(self, x):
        y = super().forward(x)
        x.data.sub_(x.data.mean())
        return y


class EditsX__rewrite(_Again):
    def forward(self, x):
        y = super().forward(x)
        x.data[:] = y.detach()
        return y


class ThroughTheCpu(_Right):
    """The work is done on the CPU.

    The copies take longer than the work, and the GPU stands still meanwhile. Compute where x and the parameters are.
    """

    def call(self, x):
        return tuple(part.cpu().to(x.device) for part in super().call(x))


class ThroughTheCpu__rewrite(_Again):
    def forward(self, x):
        y = super().forward(x)
        return y.to("cpu").to(x.device)


class AveragesOnTheCpu(_Right):
    """A tensor is made on the CPU in a call.

    torch.zeros and torch.tensor make CPU tensors unless they are told otherwise, which cannot meet those of the GPU.
    """

    def call(self, x):
        y, mean, var = super().call(x)
        return y + torch.zeros(y.shape, dtype=y.dtype), mean, var


class AveragesOnTheCpu__rewrite(_Again):
    def scale(self, normalised):
        ones = torch.ones(normalised.shape[1:], dtype=normalised.dtype)
        return super().scale(ones * normalised)


class SinglePrecision(_Right):
    """The answer is computed in float32.

    In a float64 model everything is float64: make nothing of another dtype on the way.
    """

    def call(self, x):
        y, mean, var = super().call(x)
        return y.float(), mean, var


class SinglePrecision__rewrite(_Again):
    def scale(self, normalised):
        return super().scale(normalised).to(torch.float32)
