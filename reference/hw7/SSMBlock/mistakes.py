"""Ways in which SSMBlock goes wrong."""

import torch
import torch.nn.functional as F
from blocks import Again as _Again
from blocks import Right as _Right
from blocks import scan as _scan
from torch import nn


class LooksAhead(_Right):
    """The convolution looks ahead.

    Padding on both sides keeps the length, and puts step t in the middle of what is seen. All zeros stand before the
    first step.
    """

    def convolved(self, u):
        left = (self.K - 1) // 2
        return self.conv(F.pad(u, (left, self.K - 1 - left)))


class LooksAhead__rewrite(_Again):
    def shifts(self):
        width = self.conv.kernel_size[0]
        return [(width - 1) // 2 - k for k in range(width)]


class CutAtTheFront(_Right):
    """What is too long is cut off at the front.

    With K - 1 zeros on both sides the first steps of the answer are the causal ones: keep those.
    """

    def convolved(self, u):
        return self.conv(F.pad(u, (self.K - 1, self.K - 1)))[:, :, self.K - 1 :]


class CutAtTheFront__rewrite(_Again):
    def shifts(self):
        return [-k for k in range(self.conv.kernel_size[0])]


class KernelReversed(_Right):
    """The kernel is reversed.

    As in `nn.Conv1d`, the last weight of the kernel belongs to step t and the first to the oldest step.
    """

    def convolved(self, u):
        return F.conv1d(F.pad(u, (self.K - 1, 0)), self.conv.weight.flip(2), self.conv.bias, groups=self.I)


class KernelReversed__rewrite(_Again):
    def shifts(self):
        return list(range(self.conv.kernel_size[0]))


class WithoutTheStepItself(_Right):
    """The convolution does not see step t.

    There is one zero too many before the first step: K - 1 are enough for it to see the steps t - K + 1 to t.
    """

    def convolved(self, u):
        return self.conv(F.pad(u, (self.K, 0)))[:, :, : u.shape[2]]


class WithoutTheStepItself__rewrite(_Again):
    def shifts(self):
        return [by + 1 for by in super().shifts()]


class NoActivation(_Right):
    """There is no SiLU behind the convolution.

    The scan reads SiLU(conv(u)).
    """

    def activated(self, u):
        return u


class NoActivation__rewrite(_Again):
    def silu(self, u):
        return u.clone()


class ActivationBeforeTheConvolution(_Right):
    """The SiLU stands before the convolution.

    First the convolution, then the SiLU.
    """

    def convolved(self, u):
        return super().convolved(F.silu(u))

    def activated(self, u):
        return u


class ActivationBeforeTheConvolution__rewrite(_Again):
    def smooth(self, u):
        return super().smooth(u * u.sigmoid())

    def silu(self, u):
        return u


class DeltaNotPositive(_Right):
    """The step sizes may be negative.

    With a negative step the state grows instead of being forgotten. A softplus makes them positive.
    """

    def positive(self, delta):
        return delta


class DeltaNotPositive__rewrite(_Again):
    def step(self, r):
        return F.linear(r, self.dt_proj.weight, self.dt_proj.bias)


class DeltaByRelu(_Right):
    """The step sizes go through a ReLU.

    Where it is zero, so is its gradient, and a channel whose step size is zero never learns to look again. The softplus
    is positive everywhere.
    """

    def positive(self, delta):
        return F.relu(delta)


class DeltaByRelu__rewrite(_Again):
    def step(self, r):
        return self.dt_proj(r).clamp(min=0)


class DeltaByExponential(_Right):
    """The step sizes are exponentials.

    They grow too fast; the softplus, log(1 + exp(x)), is nearly x where x is large.
    """

    def positive(self, delta):
        return torch.exp(delta)


class DeltaByExponential__rewrite(_Again):
    def step(self, r):
        return torch.e ** self.dt_proj(r)


class APositive(_Right):
    """A is positive.

    The state then grows with every step. A = -exp(A_log).
    """

    def A(self):
        return torch.exp(self.A_log)


class APositive__rewrite(_Again):
    def rates(self):
        return self.A_log.exp()


class ALogAsA(_Right):
    """A_log is taken for A.

    What is learned is the logarithm of -A, so that A is negative whatever is learned.
    """

    def A(self):
        return self.A_log


class ALogAsA__rewrite(_Again):
    def rates(self):
        return self.A_log + 0.0


class ANegatedLog(_Right):
    """A is -A_log, without the exponential.

    A_log may be negative; -exp(A_log) never changes its sign.
    """

    def A(self):
        return -self.A_log


class ANegatedLog__rewrite(_Again):
    def rates(self):
        return self.A_log.neg()


class NoGate(_Right):
    """The gate is left out.

    The second half of `in_proj` says how much of each channel passes: multiply by SiLU(z).
    """

    def gated(self, y, z):
        return y


class NoGate__rewrite(_Again):
    def gate(self, z):
        return torch.ones_like(z)


class GateBySigmoid(_Right):
    """The gate is a sigmoid.

    It is SiLU(z) = z · sigmoid(z) here, not the gate of an LSTM.
    """

    def gated(self, y, z):
        return y * torch.sigmoid(z)


class GateBySigmoid__rewrite(_Again):
    def gate(self, z):
        return 1 / (1 + z.neg().exp())


class GateNotActivated(_Right):
    """The gate is z itself.

    Multiply by SiLU(z).
    """

    def gated(self, y, z):
        return y * z


class GateNotActivated__rewrite(_Again):
    def gate(self, z):
        return z


class GateAdded(_Right):
    """The gate is added.

    It is multiplied with the answer of the scan: where it is zero, nothing passes.
    """

    def gated(self, y, z):
        return y + F.silu(z)


class GateAdded__rewrite(_Right):
    def gated(self, y, z):
        return torch.add(F.silu(z), y)


class HalvesSwapped(_Right):
    """The two halves of in_proj are swapped.

    The first I features are u, the last I are z.
    """

    def halves(self, both):
        return both[..., self.I :], both[..., : self.I]


class HalvesSwapped__rewrite(_Again):
    def branches(self, X):
        z, u = self.in_proj(X).chunk(2, dim=-1)
        return u, z


class PartsInAnotherOrder(_Right):
    """The parts of x_proj are taken in another order.

    The first R features are for the step size, then come B and C.
    """

    def selected(self, u):
        B, C, r = self.x_proj(u).split([self.N, self.N, self.R], dim=-1)
        return self.positive(self.dt_proj(r)), B, C


class PartsInAnotherOrder__rewrite(_Again):
    def parts(self, u):
        R, N = self.sizes
        found = self.x_proj(u)
        return found[..., 2 * N :], found[..., :N], found[..., N : 2 * N]


class BAndCSwapped(_Right):
    """B and C are swapped.

    Behind the features for the step size comes B, which says what is written, then C.
    """

    def selected(self, u):
        delta, C, B = super().selected(u)
        return delta, B, C


class BAndCSwapped__rewrite(_Again):
    def parts(self, u):
        R, N = self.sizes
        found = self.x_proj(u)
        return found[..., :R], found[..., -N:], found[..., R : R + N]


class SelectedFromTheGate(_Right):
    """Step sizes, B and C are computed from u before the convolution.

    x_proj reads what the scan reads: the sequence behind convolution and SiLU.
    """

    def forward(self, X):
        before, z = self.halves(self.in_proj(X))
        delta, B, C = self.selected(before)
        u = self.activated(self.convolved(before.transpose(1, 2)).transpose(1, 2))
        return self.out_proj(self.gated(_scan(u, delta, self.A(), B, C, self.D), z))


class SelectedFromTheGate__rewrite(_Again):
    def forward(self, X):
        self.before, _ = self.branches(X)
        return super().forward(X)

    def parts(self, u):
        return super().parts(self.before)


class WithResidual(_Right):
    """X is added to the answer.

    The residual path is around the block, not in it.
    """

    def forward(self, X):
        return X + super().forward(X)


class WithResidual__rewrite(_Again):
    def forward(self, X):
        return torch.add(super().forward(X), X)


class NoSkip(_Right):
    """D takes no part.

    The scan has a skip: pass it D, a parameter of the block.
    """

    def forward(self, X):
        u, z = self.halves(self.in_proj(X))
        u = self.activated(self.convolved(u.transpose(1, 2)).transpose(1, 2))
        delta, B, C = self.selected(u)
        return self.out_proj(self.gated(_scan(u, delta, self.A(), B, C, 0 * self.D), z))


class NoSkip__rewrite(_Again):
    def forward(self, X):
        u, z = self.branches(X)
        u = self.silu(self.smooth(u))
        r, B, C = self.parts(u)
        y = _scan(u, self.step(r), self.rates(), B, C, torch.zeros_like(self.D))
        return self.out_proj(y * self.gate(z))


class BiasOfDtForgotten(_Right):
    """dt_proj has no bias.

    With it every channel has a step size of its own to begin with.
    """

    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__(num_hiddens, inner_size, state_size, kernel_size, dt_rank)
        self.dt_proj.bias = None


class BiasOfDtForgotten__rewrite(_Again):
    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__(num_hiddens, inner_size, state_size, kernel_size, dt_rank)
        self.dt_proj = nn.Linear(dt_rank, inner_size, bias=False)


class ZeroStart(_Right):
    """A_log starts as zeros.

    All numbers of a state would forget equally fast. The rates 1, 2, …, N give every channel a fast and a slow memory.
    """

    def start(self):
        return torch.zeros(self.N)


class ZeroStart__rewrite(_Again):
    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__(num_hiddens, inner_size, state_size, kernel_size, dt_rank)
        nn.init.zeros_(self.A_log)


class StartWithoutLogarithm(_Right):
    """A_log starts as 1, 2, …, N instead of their logarithms.

    -A would start at e, e², …: the state would forget everything at once.
    """

    def start(self):
        return torch.arange(1.0, self.N + 1)


class StartWithoutLogarithm__rewrite(_Again):
    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__(num_hiddens, inner_size, state_size, kernel_size, dt_rank)
        self.A_log.data = self.A_log.data.exp().round()


class DetachedA(_Right):
    """A is cut off from the graph.

    What the state forgets is learned: use the parameter itself.
    """

    def A(self):
        return -torch.exp(self.A_log.data)


class DetachedA__rewrite(_Again):
    def rates(self):
        with torch.no_grad():
            return -torch.exp(self.A_log)
