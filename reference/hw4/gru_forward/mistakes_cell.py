"""Ways in which a step of the gated recurrent unit goes wrong."""

import torch
from common.sequences import run as _run
from common.sequences import unrolled as _unrolled
from parts import fused as _fused
from parts import gate as _gate
from parts import step as _step


def update_gate_inverted(inputs, state, params):
    """The update gate is the wrong way round.

    Here Z is how much of the old state stays, and 1 - Z how much of the candidate comes in. Some papers have it the
    other way; with given weights that is another network.
    """
    mix = lambda Z, H, H_tilde: (1 - Z) * H + Z * H_tilde
    return _run(inputs, state, params, step=lambda *args: _step(*args, mix=mix))


def update_gate_inverted__rewrite(inputs, state, params):
    mix = lambda Z, H, H_tilde: torch.lerp(H, H_tilde, Z)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, mix=mix))


def reset_after_the_product(inputs, state, params):
    """The reset gate is applied to the product with W_hh.

    So it is in `torch.nn.GRU`. Here it is applied to the hidden state, and what is left of that is multiplied by W_hh.
    Only with a single hidden unit is it the same.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.tanh(X @ W_x + R * (H @ W_h) + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def reset_after_the_product__rewrite(inputs, state, params):
    def step(X, state, params):
        def candidate(X, H, R, W, b):
            seen, held = W.split([X.shape[1], H.shape[1]])
            return torch.tanh(torch.addmm(b, X, seen) + torch.mm(H, held).mul(R))

        return _fused(X, state, params, candidate=candidate)

    return _unrolled(inputs, state, params, step=step)


def reset_after_the_bias(inputs, state, params):
    """The reset gate is applied after the product and the bias.

    R multiplies the hidden state, before its product with W_hh; the bias is not reset at all.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.tanh(X @ W_x + R * (H @ W_h + b))
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def reset_after_the_bias__rewrite(inputs, state, params):
    W_x, W_h, b = params[6:9]
    candidate = lambda X, H, R, *_: torch.addcmul(X.mm(W_x), R, torch.addmm(b, H, W_h)).tanh()
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def reset_of_everything(inputs, state, params):
    """The reset gate is applied to the whole sum.

    The input of the step is never reset, only the hidden state that the candidate sees.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.tanh(R * (X @ W_x + H @ W_h + b))
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def reset_of_everything__rewrite(inputs, state, params):
    candidate = lambda X, H, R, W, b: torch.tanh(torch.addmm(b, torch.cat([X, H], 1), W) * R)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def reset_behind_the_tanh(inputs, state, params):
    """The reset gate is applied to the candidate.

    It is applied to the hidden state, before the candidate is made of it.
    """
    candidate = lambda X, H, R, W_x, W_h, b: R * torch.tanh(X @ W_x + H @ W_h + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def reset_behind_the_tanh__rewrite(inputs, state, params):
    candidate = lambda X, H, R, W, b: torch.mul(torch.tanh(torch.cat([X, H], 1) @ W + b), R)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def reset_gate_unused(inputs, state, params):
    """The reset gate is not used.

    The candidate sees R * H, not H.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.tanh(X @ W_x + H @ W_h + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def reset_gate_unused__rewrite(inputs, state, params):
    candidate = lambda X, H, R, W, b: (torch.cat([X, H], dim=1) @ W + b).tanh()
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def reset_inverted(inputs, state, params):
    """The reset gate is the wrong way round.

    The candidate sees R * H: where R is 0 the state is forgotten.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.tanh(X @ W_x + ((1 - R) * H) @ W_h + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def reset_inverted__rewrite(inputs, state, params):
    candidate = lambda X, H, R, W, b: torch.tanh(torch.addmm(b, torch.cat([X, H - R * H], 1), W))
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def reset_state_kept(inputs, state, params):
    """The reset state is mixed into the new one.

    Only the candidate sees R * H. The last formula mixes it with H itself: give R * H no name that is used again.
    """

    def step(X, state, params):
        (H,) = state
        Z, R = _gate(X, H, *params[:3]), _gate(X, H, *params[3:6])
        H = R * H
        H_tilde = torch.tanh(X @ params[6] + H @ params[7] + params[8])
        return (Z * H + (1 - Z) * H_tilde,)

    return _run(inputs, state, params, step=step)


def reset_state_kept__rewrite(inputs, state, params):
    def step(X, state, params):
        kept = []

        def candidate(X, H, R, W, b):
            kept.append(R * H)
            return torch.tanh(torch.addmm(b, torch.cat([X, kept[0]], 1), W))

        return _fused(X, state, params, candidate=candidate, mix=lambda Z, H, new: torch.lerp(new, kept[0], Z))

    return _unrolled(inputs, state, params, step=step)


def gates_exchanged(inputs, state, params):
    """The two gates are exchanged.

    The first three parameters belong to the update gate, the next three to the reset gate.
    """
    return _run(inputs, state, [*params[3:6], *params[0:3], *params[6:]])


def gates_exchanged__rewrite(inputs, state, params):
    def step(X, state, params):
        (H,) = state
        R, Z = (torch.sigmoid(torch.addmm(b, X, W_x) + H @ W_h) for W_x, W_h, b in (params[:3], params[3:6]))
        return (Z * H + (1 - Z) * torch.tanh(torch.addmm(params[8], X, params[6]) + (R * H) @ params[7]),)

    return _unrolled(inputs, state, params, step=step)


def update_gate_for_both(inputs, state, params):
    """The update gate is used for the reset gate.

    There are two gates, each with weights and a bias of its own.
    """

    def step(X, state, params):
        Z = _gate(X, state[0], *params[:3])
        H_tilde = torch.tanh(X @ params[6] + (Z * state[0]) @ params[7] + params[8])
        return (Z * state[0] + (1 - Z) * H_tilde,)

    return _run(inputs, state, params, step=step)


def update_gate_for_both__rewrite(inputs, state, params):
    return _unrolled(inputs, state, [*params[:3], *params[:3], *params[6:]])


def candidate_only(inputs, state, params):
    """The candidate becomes the new state.

    It is mixed with the old state by the update gate.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, mix=lambda Z, H, H_tilde: H_tilde))


def candidate_only__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, mix=lambda Z, H, new: torch.clone(new)))


def candidate_not_weighed(inputs, state, params):
    """The candidate is added as a whole.

    What of the old state stays is Z, and what of the candidate comes in is 1 - Z: together no more than one.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, mix=lambda Z, H, H_tilde: Z * H + H_tilde))


def candidate_not_weighed__rewrite(inputs, state, params):
    mix = lambda Z, H, new: torch.addcmul(new, Z, H)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, mix=mix))


def gates_of_the_input_only(inputs, state, params):
    """The gates do not see the hidden state.

    Each is made of the input and of the state before.
    """
    gate = lambda X, H, W_x, W_h, b: torch.sigmoid(X @ W_x + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, gate=gate))


def gates_of_the_input_only__rewrite(inputs, state, params):
    blind = [*params]
    blind[1], blind[4] = torch.zeros_like(params[1]), torch.zeros_like(params[4])
    outputs, new = _unrolled(inputs, state, blind)
    return outputs, new


def gates_without_bias(inputs, state, params):
    """The gates lack their biases.

    Each is added inside the sigmoid.
    """
    gate = lambda X, H, W_x, W_h, b: torch.sigmoid(X @ W_x + H @ W_h)
    return _run(inputs, state, params, step=lambda *args: _step(*args, gate=gate))


def gates_without_bias__rewrite(inputs, state, params):
    without = [torch.zeros_like(param) if at in (2, 5) else param for at, param in enumerate(params)]
    return _unrolled(inputs, state, without)


def candidate_without_bias(inputs, state, params):
    """The candidate lacks its bias.

    b_h is added inside the tanh.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.tanh(X @ W_x + (R * H) @ W_h)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def candidate_without_bias__rewrite(inputs, state, params):
    return _unrolled(inputs, state, [*params[:8], torch.zeros_like(params[8]), *params[9:]])


def gates_by_tanh(inputs, state, params):
    """The gates go through a tanh.

    A gate is a share, between 0 and 1; a sigmoid gives it.
    """
    gate = lambda *args: _gate(*args, squash=torch.tanh)
    return _run(inputs, state, params, step=lambda *args: _step(*args, gate=gate))


def gates_by_tanh__rewrite(inputs, state, params):
    squash = lambda sums: 2 * torch.sigmoid(2 * sums) - 1
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, gates=squash))


def gates_not_squashed(inputs, state, params):
    """The gates lack their sigmoid.

    A gate is a share, between 0 and 1. The bare sum may be any number.
    """
    gate = lambda *args: _gate(*args, squash=lambda sums: sums)
    return _run(inputs, state, params, step=lambda *args: _step(*args, gate=gate))


def gates_not_squashed__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, gates=torch.clone))


def candidate_by_sigmoid(inputs, state, params):
    """The candidate goes through a sigmoid.

    It is no gate but a state, on both sides of zero: tanh.
    """
    candidate = lambda X, H, R, W_x, W_h, b: torch.sigmoid(X @ W_x + (R * H) @ W_h + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def candidate_by_sigmoid__rewrite(inputs, state, params):
    candidate = lambda X, H, R, W, b: (1 + torch.tanh((torch.cat([X, R * H], 1) @ W + b) / 2)) / 2
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def tanh_by_hand(inputs, state, params):
    """The tanh is made of exponentials.

    For large numbers it is infinity divided by infinity, NaN. `torch.tanh` knows what to do there.
    """
    squash = lambda sums: (sums.exp() - (-sums).exp()) / (sums.exp() + (-sums).exp())
    candidate = lambda X, H, R, W_x, W_h, b: squash(X @ W_x + (R * H) @ W_h + b)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def tanh_by_hand__rewrite(inputs, state, params):
    def candidate(X, H, R, W, b):
        sums = torch.addmm(b, torch.cat([X, R * H], 1), W)
        up, down = torch.exp(sums), torch.exp(-1 * sums)
        return torch.div(torch.sub(up, down), torch.add(up, down))

    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def sigmoid_by_hand(inputs, state, params):
    """The sigmoid is made of an exponential.

    The values are right, but where exp(-x) is infinite the gradient is NaN. `torch.sigmoid` knows what to do there.
    """
    squash = lambda sums: 1 / (1 + torch.exp(-sums))
    return _run(inputs, state, params, step=lambda *args: _step(*args, gate=lambda *a: _gate(*a, squash=squash)))


def sigmoid_by_hand__rewrite(inputs, state, params):
    squash = lambda sums: (1 + sums.neg().exp()) ** -1
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, gates=squash))
