# %% [markdown]
# # State-space models
#
# A state-space model reads a sequence as a recurrent network does: a state goes from step to step, and its size does not
# grow with the text. *Selective* means that what is read decides what is kept: the step size $\Delta_t$, the input matrix
# $B_t$ and the output matrix $C_t$ are computed from the input at $t$.
#
# The recurrence is linear in the state. So it is not bound to run a step at a time: steps can be joined two by two, and
# the whole sequence takes a number of rounds that grows like the logarithm of its length.

# %%
import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown]
# ## selective_scan
#
# Every channel $c$ has a state of $N$ numbers, $h_t \in \mathbb{R}^N$, which starts at zero. With $\odot$ for products number
# by number,
#
# $$h_t = \exp(\Delta_t A) \odot h_{t-1} + \Delta_t\, x_t\, B_t, \qquad y_t = C_t \cdot h_t + D\, x_t.$$
#
# | tensor | shape | |
# |---|---|---|
# | `x`, `delta` | (batch, length, channels) | input and step size |
# | `A` | (channels, N) | decay of every number of the state, negative |
# | `B`, `C` | (batch, length, N) | what goes into the state and what is read from it: the same for all channels |
# | `D` | (channels,) | the skip |
#
# With $A < 0$ and $\Delta > 0$ the factor $\exp(\Delta A)$ lies between 0 and 1. A large step forgets what was there and
# writes the new input; a small one keeps the state and hardly looks.


# %%
def selective_scan(x, delta, A, B, C, D):
    """The selective state-space recurrence of Mamba.

    For every text b, channel c and number n of the state, with h = 0 before the first step,

        h[b, t, c, n] = exp(delta[b, t, c] * A[c, n]) * h[b, t - 1, c, n] + delta[b, t, c] * B[b, t, n] * x[b, t, c]
        y[b, t, c] = sum over n of C[b, t, n] * h[b, t, c, n], plus D[c] * x[b, t, c]

    Each input goes through all these steps: none is skipped, and nothing is random.

    Args:
        x: the input, floating point, shape (batch, length, channels).
        delta: the step sizes, positive, shape (batch, length, channels).
        A: shape (channels, N), negative.
        B, C: shape (batch, length, N).
        D: shape (channels,).

    Returns:
        y: a new tensor of the shape and dtype of `x`. Step t depends on the steps 0 to t alone. An empty batch or a
        length of 0 gives an empty answer.

    The factors exp(delta * A) may be as small as 0: where they are, the state forgets everything, and there is neither
    an overflow nor a NaN. (So do not divide by products of them.)

    No argument is changed. Gradients flow to all six. Works on whatever device the arguments are on, where the work is
    done too: nothing is copied to the host. A loop over the steps is allowed; the number of torch operations grows neither
    with the batch, nor with the channels, nor with N.

    Example:
        >>> x, delta = torch.tensor([[[1.0], [0.0], [0.0]]]), torch.ones(1, 3, 1)
        >>> A, B, C = torch.log(torch.tensor([[0.5]])), torch.ones(1, 3, 1), torch.full((1, 3, 1), 8.0)
        >>> selective_scan(x, delta, A, B, C, D=torch.tensor([0.25])).squeeze()
        tensor([8.2500, 4.0000, 2.0000])

    Source: Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces" (2023), section 3.2 and
    algorithm 2; B is discretised as in their code, by delta * B.
    """
    ### BEGIN SOLUTION
    decay = torch.exp(delta[..., None] * A)  # (batch, length, channels, N)
    written = (delta * x)[..., None] * B[:, :, None, :]
    h = torch.zeros_like(decay[:, 0]) if x.shape[1] else None
    steps = []
    for t in range(x.shape[1]):
        h = decay[:, t] * h + written[:, t]
        steps.append((h * C[:, t, None, :]).sum(dim=-1))
    return D * x + (torch.stack(steps, dim=1) if steps else 0)
    ### END SOLUTION


# %% [markdown]
# ## SSMBlock
#
# What is around the scan: a short convolution lets each channel see a few steps back, and a second branch says, step by
# step and channel by channel, how much of the answer passes (the *gate*).
#
# $$u, z = \mathrm{in}(X), \quad u' = \mathrm{SiLU}(\mathrm{conv}(u)), \quad
#   y = \mathrm{scan}(u', \Delta(u'), A, B(u'), C(u'), D), \quad \mathrm{out}\big(y \odot \mathrm{SiLU}(z)\big).$$
#
# The convolution is *causal*: at step $t$ it sees the steps $t - K + 1, \dots, t$, with zeros before the first. Two numbers
# must not take every value: $\Delta$ is positive, which the softplus sees to, and $A$ is negative, so its logarithm is
# learned: $A = -\exp(A_{\log})$.


# %%
class SSMBlock(nn.Module):
    """The block of Mamba around `selective_scan`, without the layer norm and the residual path.

    Args of the constructor:
        num_hiddens: features of a position, d.
        inner_size: channels of the scan, I.
        state_size: numbers of the state of a channel, N.
        kernel_size: width of the convolution, K.
        dt_rank: features from which the step sizes are computed, R.

    These are registered under these names, and there are no other parameters and no buffers:

        in_proj: `nn.Linear`, d → 2 I, no bias      conv: `nn.Conv1d`, I → I channels, one group a channel, with a bias
        x_proj: `nn.Linear`, I → R + 2 N, no bias   dt_proj: `nn.Linear`, R → I, with a bias
        A_log: shape (I, N)      D: shape (I,)      out_proj: `nn.Linear`, I → d, no bias

    Every row of `A_log` starts as the logarithms of 1, 2, …, N, and `D` starts as ones.
    """

    def __init__(self, num_hiddens, inner_size, state_size, kernel_size, dt_rank):
        super().__init__()
        ### BEGIN SOLUTION
        self.sizes = [dt_rank, state_size, state_size]
        self.in_proj = nn.Linear(num_hiddens, 2 * inner_size, bias=False)
        self.conv = nn.Conv1d(inner_size, inner_size, kernel_size, groups=inner_size)
        self.x_proj = nn.Linear(inner_size, sum(self.sizes), bias=False)
        self.dt_proj = nn.Linear(dt_rank, inner_size)
        self.A_log = nn.Parameter(torch.arange(1.0, state_size + 1).log().repeat(inner_size, 1))
        self.D = nn.Parameter(torch.ones(inner_size))
        self.out_proj = nn.Linear(inner_size, num_hiddens, bias=False)
        ### END SOLUTION

    def forward(self, X):
        """Reads a batch of sequences.

        1. `in_proj` gives 2 I features: the first I are u, the last I are z.
        2. u goes through the causal depthwise convolution along the steps and a SiLU. At step t it sees the steps
           t - K + 1 to t, with zeros before the first, and the last weight of a channel's kernel belongs to step t.
        3. `x_proj` of that gives, in this order, R features r, B with N and C with N features.
        4. delta = softplus(dt_proj(r)), A = -exp(A_log), and `selective_scan` runs with D over what step 2 gave.
        5. Its answer is multiplied with SiLU(z), and goes through `out_proj`.

        Args:
            X: shape (batch, length, d), length ≥ 1.

        Returns:
            A tensor of the shape of X. Step t depends on the steps 0 to t alone. An empty batch gives an empty answer.

        X is not changed. Gradients flow to X and to all parameters. Works on whatever device X and the parameters are on.

        Example:
            >>> block = SSMBlock(num_hiddens=4, inner_size=8, state_size=3, kernel_size=2, dt_rank=1)
            >>> X = torch.ones(2, 5, 4)
            >>> Y = block(X)
            >>> Y.shape, torch.allclose(block(X[:, :3]), Y[:, :3], atol=1e-6)
            (torch.Size([2, 5, 4]), True)

        Source: Gu and Dao (2023), section 3.4 and figure 3, and sections 3.5 and 3.6 for what is learned and how it starts.
        """
        ### BEGIN SOLUTION
        u, z = self.in_proj(X).chunk(2, dim=-1)
        padded = F.pad(u.transpose(1, 2), (self.conv.kernel_size[0] - 1, 0))
        u = F.silu(self.conv(padded)).transpose(1, 2)
        r, B, C = self.x_proj(u).split(self.sizes, dim=-1)
        y = selective_scan(u, F.softplus(self.dt_proj(r)), -torch.exp(self.A_log), B, C, self.D)
        return self.out_proj(y * F.silu(z))
        ### END SOLUTION
