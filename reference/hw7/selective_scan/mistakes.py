"""Ways in which selective_scan goes wrong."""

import torch
from scans import joined as _joined
from scans import scan as _scan
from scans import unbound as _unbound


def A_instead_of_the_exponential(x, delta, A, B, C, D):
    """The state is multiplied by A.

    A is the rate of a continuous decay. A step of size delta multiplies the state by exp(delta A).
    """
    return _scan(x, delta, A, B, C, D, decay=lambda delta, A: A.expand(*delta.shape, A.shape[1]))


def A_instead_of_the_exponential__rewrite(x, delta, A, B, C, D):
    return _unbound(x, delta, A, B, C, D, lambda delta, A: A)


def exponential_without_delta(x, delta, A, B, C, D):
    """The decay is exp(A), whatever the step size.

    A large step forgets more than a small one: this is how the input chooses what is kept. The factor is exp(delta A).
    """
    return _scan(x, delta, A, B, C, D, decay=lambda delta, A: A.exp().expand(*delta.shape, A.shape[1]))


def exponential_without_delta__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D, factor=lambda delta, A: torch.exp(A + 0 * delta.unsqueeze(-1)))


def no_exponential(x, delta, A, B, C, D):
    """The state is multiplied by delta A, without the exponential.

    delta A is negative: the state would change its sign with every step. The factor is exp(delta A), between 0 and 1.
    """
    return _scan(x, delta, A, B, C, D, decay=lambda delta, A: delta[..., None] * A)


def no_exponential__rewrite(x, delta, A, B, C, D):
    return _unbound(x, delta, A, B, C, D, lambda delta, A: A * delta)


def first_order(x, delta, A, B, C, D):
    """The exponential is replaced by 1 + delta A.

    That is Euler's method, close for small steps only; for large ones the factor is negative and the state blows up.
    """
    return _scan(x, delta, A, B, C, D, decay=lambda delta, A: 1 + delta[..., None] * A)


def first_order__rewrite(x, delta, A, B, C, D):
    return _unbound(x, delta, A, B, C, D, lambda delta, A: delta * A + 1)


def positive_exponent(x, delta, A, B, C, D):
    """The exponent has the wrong sign.

    A is negative already. exp(-delta A) is larger than 1, and the state grows without bounds.
    """
    return _scan(x, delta, A, B, C, D, decay=lambda delta, A: torch.exp(-delta[..., None] * A))


def positive_exponent__rewrite(x, delta, A, B, C, D):
    return _unbound(x, delta, A, B, C, D, lambda delta, A: (delta * A).neg().exp())


def B_without_delta(x, delta, A, B, C, D):
    """The input is written without the step size.

    What goes into the state is delta B x: a step of size 0 must leave the state as it is.
    """
    return _scan(x, delta, A, B, C, D, write=lambda delta, x, B: x[..., None] * B[:, :, None])


def B_without_delta__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D, value=lambda delta, x, B: torch.einsum("btc,btn->btcn", x, B))


def delta_twice(x, delta, A, B, C, D):
    """The input is multiplied by the step size twice.

    Once: delta B x.
    """
    return _scan(x, delta * 1, A, B, C, D, write=lambda delta, x, B: (delta**2 * x)[..., None] * B[:, :, None])


def delta_twice__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D,
                   value=lambda d, x, B: torch.einsum("btc,btc,btc,btn->btcn", d, d, x, B))  # fmt: skip


def softplus_inside(x, delta, A, B, C, D):
    """A softplus is applied to delta.

    delta comes in as it is meant, positive. The block around the scan makes it so.
    """
    return _scan(x, torch.nn.functional.softplus(delta), A, B, C, D)


def softplus_inside__rewrite(x, delta, A, B, C, D):
    return _joined(x, torch.log1p(delta.exp()), A, B, C, D)


def skip_forgotten(x, delta, A, B, C, D):
    """The skip D is forgotten.

    y has a second part that does not go through the state: D x, with one number for each channel.
    """
    return _scan(x, delta, A, B, C, D, skip=lambda D, x: 0)


def skip_forgotten__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D, past=lambda D, x: torch.zeros_like(x))


def skip_without_x(x, delta, A, B, C, D):
    """D is added, not D x.

    D is no bias: it says how much of the input passes beside the state.
    """
    return _scan(x, delta, A, B, C, D, skip=lambda D, x: D)


def skip_without_x__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D, past=lambda D, x: D.expand_as(x))


def residual_for_skip(x, delta, A, B, C, D):
    """x itself is added, without D.

    The skip has a weight for every channel.
    """
    return _scan(x, delta, A, B, C, D, skip=lambda D, x: x)


def residual_for_skip__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, torch.ones_like(D))


def no_state(x, delta, A, B, C, D):
    """Nothing is kept from step to step.

    h at step t begins with what is left of h at step t - 1.
    """
    return _scan(x, delta, A, B, C, D, step=lambda factor, h, new: new)


def no_state__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D, factor=lambda delta, A: torch.zeros_like(delta[..., None] * A))


def read_before_writing(x, delta, A, B, C, D):
    """The state is read before the input of the step is written.

    y_t is C_t h_t: the state after step t.
    """
    seen = []

    def step(factor, h, new):
        seen.append(h)
        return factor * h + new

    return _scan(x, delta, A, B, C, D, step=step, read=lambda h, C: (seen[-1] * C[:, None]).sum(-1))


def read_before_writing__rewrite(x, delta, A, B, C, D):
    def answer(h, C):
        before = torch.cat([torch.zeros_like(h[:, :1]), h[:, :-1]], dim=1) if h.shape[1] else h
        return torch.einsum("btcn,btn->btc", before, C)

    return _joined(x, delta, A, B, C, D, answer=answer)


def decayed_at_once(x, delta, A, B, C, D):
    """What is written decays in the same step.

    The factor belongs to the old state: exp(delta A) h + delta B x, not exp(delta A) (h + delta B x).
    """
    return _scan(x, delta, A, B, C, D, step=lambda factor, h, new: factor * (h + new))


def decayed_at_once__rewrite(x, delta, A, B, C, D):
    def value(delta, x, B):
        return torch.einsum("btc,btc,btn->btcn", delta, x, B) * (delta[..., None] * A).exp()

    return _joined(x, delta, A, B, C, D, value=value)


def factor_of_the_step_before(x, delta, A, B, C, D):
    """The state decays with the step size of the step before.

    From h_{t-1} to h_t it is multiplied by exp(delta_t A), with delta of step t.
    """

    def decay(delta, A):
        shifted = torch.cat([delta[:, :1], delta[:, :-1]], dim=1)
        return torch.exp(shifted[..., None] * A)

    return _scan(x, delta, A, B, C, D, decay=decay)


def factor_of_the_step_before__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D,
                   factor=lambda delta, A: (delta.roll(1, dims=1).unsqueeze(-1) * A).exp())  # fmt: skip


def from_the_end(x, delta, A, B, C, D):
    """The scan runs from the last step to the first.

    Step t must not know what comes after it.
    """
    return _scan(x, delta, A, B, C, D, order=lambda length: range(length - 1, -1, -1))


def from_the_end__rewrite(x, delta, A, B, C, D):
    turned = [part.flip(1) for part in (x, delta)]
    return _joined(*turned, A, B.flip(1), C.flip(1), D).flip(1)


def B_and_C_swapped(x, delta, A, B, C, D):
    """B and C are swapped.

    B says what goes into the state, C what is read from it.
    """
    return _scan(x, delta, A, C, B, D)


def B_and_C_swapped__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, D=D, B=C, C=B)


def read_as_a_mean(x, delta, A, B, C, D):
    """The mean over the state is read, not the sum.

    C_t h_t is a dot product.
    """
    return _scan(x, delta, A, B, C, D, read=lambda h, C: (h * C[:, None]).mean(-1))


def read_as_a_mean__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C / A.shape[1], D)


def squashed(x, delta, A, B, C, D):
    """The state goes through a tanh.

    The recurrence is linear; that is what lets it be computed in parallel.
    """
    return _scan(x, delta, A, B, C, D, step=lambda factor, h, new: torch.tanh(factor * h + new))


def squashed__rewrite(x, delta, A, B, C, D):
    h, ys = torch.zeros(*x[:, :1].squeeze(1).shape, A.shape[1], dtype=x.dtype, device=x.device) if x.shape[1] else 0, []
    for t in range(x.shape[1]):
        h = ((delta[:, t, :, None] * A).exp() * h + (delta * x)[:, t, :, None] * B[:, t, None]).tanh()
        ys.append(torch.einsum("bcn,bn->bc", h, C[:, t]))
    return torch.stack(ys, 1) + D * x if ys else D * x


def divided_by_products(x, delta, A, B, C, D):
    """Products of factors are divided by.

    With cumulative products the recurrence is a cumulative sum, but exp(-sum of delta A) overflows as soon as the state
    forgets much. Keep to factors below 1: a loop, or joining steps two by two.
    """
    total = torch.cumsum(delta[..., None] * A, dim=1)
    states = torch.exp(total) * torch.cumsum((delta * x)[..., None] * B[:, :, None] * torch.exp(-total), dim=1)
    return (states * C[:, :, None]).sum(-1) + D * x


def divided_by_products__rewrite(x, delta, A, B, C, D):
    product = torch.cumprod((delta.unsqueeze(-1) * A).exp(), dim=1)
    written = torch.einsum("btc,btc,btn->btcn", delta, x, B) / product
    return torch.einsum("btcn,btcn,btn->btc", product, written.cumsum(1), C) + x * D


def detached_state(x, delta, A, B, C, D):
    """The state is cut off from the graph at every step.

    Nothing is then learned about what should be kept for later.
    """
    return _scan(x, delta, A, B, C, D, step=lambda factor, h, new: factor * h.detach() + new)


def detached_state__rewrite(x, delta, A, B, C, D):
    return _scan(x, delta, A, B, C, D, step=lambda factor, h, new: torch.addcmul(new, factor, h.data))


def loop_over_channels(x, delta, A, B, C, D):
    """There is a loop over the channels.

    They do not depend on each other: one operation serves all of them.
    """
    if not x.shape[2] or not x.numel():
        return _scan(x, delta, A, B, C, D)
    parts = [
        _scan(x[..., c : c + 1], delta[..., c : c + 1], A[c : c + 1], B, C, D[c : c + 1]) for c in range(x.shape[2])
    ]
    return torch.cat(parts, dim=2)


def loop_over_channels__rewrite(x, delta, A, B, C, D):
    if not x.numel():
        return _joined(x, delta, A, B, C, D)
    return torch.cat([
        _joined(*(part[b : b + 1] for part in (x, delta)), A, B[b : b + 1], C[b : b + 1], D) for b in range(len(x))
    ])  # fmt: skip


def state_on_the_cpu(x, delta, A, B, C, D):
    """The state is made on the CPU.

    Give it the device (and the dtype) of x.
    """
    return _scan(x, delta, A, B, C, D, start=lambda like: torch.zeros(like.shape, dtype=like.dtype))


def state_on_the_cpu__rewrite(x, delta, A, B, C, D):
    def start(like):
        return torch.tensor([0.0] * like.numel(), dtype=like.dtype).reshape(like.shape)

    return _scan(x, delta, A, B, C, D, start=start)


def no_steps_refused(x, delta, A, B, C, D):
    """A length of 0 raises an error.

    There is nothing to stack then, and the answer is empty.
    """
    h = torch.zeros(x.shape[0], x.shape[2], A.shape[1], dtype=x.dtype, device=x.device)
    ys = []
    for t in range(x.shape[1]):
        h = torch.exp(delta[:, t, :, None] * A) * h + (delta[:, t] * x[:, t])[:, :, None] * B[:, t, None]
        ys.append((h * C[:, t, None]).sum(-1) + D * x[:, t])
    return torch.stack(ys, dim=1)


def no_steps_refused__rewrite(x, delta, A, B, C, D):
    factor, new = (delta[..., None] * A).exp(), torch.einsum("btc,btn->btcn", delta * x, B)
    h, states = 0, []
    for now, more in zip(factor.unbind(1), new.unbind(1)):
        h = now * h + more
        states += [h]
    return (torch.stack(states, 1) * C.unsqueeze(2)).sum(3) + D * x


def single_precision(x, delta, A, B, C, D):
    """Everything is computed in float32.

    A float64 input asks for float64. Make new tensors with the dtype of x.
    """
    arguments = [argument.float() for argument in (x, delta, A, B, C, D)]
    return _scan(*arguments).to(x.dtype)


def single_precision__rewrite(x, delta, A, B, C, D):
    return _joined(x, delta, A, B, C, D, value=lambda d, x, B: ((d * x).unsqueeze(3) * B.unsqueeze(2)).float())
