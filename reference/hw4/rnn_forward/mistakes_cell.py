"""Ways in which a step of the recurrent layer goes wrong."""

import torch
from common.sequences import read as _read
from common.sequences import run as _run
from common.sequences import unrolled as _unrolled
from parts import fused as _fused
from parts import step as _step


def no_tanh(inputs, state, params):
    """The tanh is missing.

    Without it the layer is linear however many steps it has, and its state grows without bound.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, squash=lambda sums: sums))


def no_tanh__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, squash=torch.clone))


def relu_for_tanh(inputs, state, params):
    """The new state goes through a ReLU.

    The formula has a tanh, which keeps the state between -1 and 1.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, squash=torch.relu))


def relu_for_tanh__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, squash=lambda sums: sums.clamp(min=0)))


def sigmoid_for_tanh(inputs, state, params):
    """The new state goes through a sigmoid.

    The formula has a tanh, whose values lie on both sides of zero.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, squash=torch.sigmoid))


def sigmoid_for_tanh__rewrite(inputs, state, params):
    squash = lambda sums: torch.tanh(sums / 2) / 2 + 0.5
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, squash=squash))


def tanh_by_hand(inputs, state, params):
    """The tanh is made of exponentials.

    For large numbers it is infinity divided by infinity, NaN. `torch.tanh` knows what to do there.
    """
    squash = lambda sums: (sums.exp() - (-sums).exp()) / (sums.exp() + (-sums).exp())
    return _run(inputs, state, params, step=lambda *args: _step(*args, squash=squash))


def tanh_by_hand__rewrite(inputs, state, params):
    def squash(sums):
        up, down = torch.exp(sums), torch.exp(-1 * sums)
        return torch.div(torch.sub(up, down), torch.add(up, down))

    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, squash=squash))


def bias_missing(inputs, state, params):
    """The hidden state lacks its bias.

    b_h is added before the tanh.
    """
    W_xh, W_hh, _, W_hq, b_q = params
    return _run(inputs, state, params, step=lambda X, state, _: (torch.tanh(X @ W_xh + state[0] @ W_hh),))


def bias_missing__rewrite(inputs, state, params):
    W_xh, W_hh, b_h, *rest = params
    outputs, new = _unrolled(inputs, state, [W_xh, W_hh, torch.zeros_like(b_h), *rest])
    return outputs, new


def bias_behind_tanh(inputs, state, params):
    """The bias is added after the tanh.

    It belongs to the sum inside.
    """
    W_xh, W_hh, b_h = params[:3]
    return _run(inputs, state, params, step=lambda X, state, _: (torch.tanh(X @ W_xh + state[0] @ W_hh) + b_h,))


def bias_behind_tanh__rewrite(inputs, state, params):
    W_xh, W_hh, b_h, *rest = params
    without = [W_xh, W_hh, b_h * 0, *rest]
    return _unrolled(inputs, state, params, step=lambda X, state, _: (_fused(X, state, without)[0] + b_h,))


def state_weights_transposed(inputs, state, params):
    """W_hh is transposed.

    It is square, so that nothing complains. `nn.Linear` keeps its weight transposed; here the state stands on the left
    and the weight as it is on the right.
    """
    W_xh, W_hh, b_h = params[:3]
    return _run(inputs, state, params, step=lambda X, state, _: (torch.tanh(X @ W_xh + state[0] @ W_hh.T + b_h),))


def state_weights_transposed__rewrite(inputs, state, params):
    def step(X, state, params):
        return (torch.tanh(X @ params[0] + torch.nn.functional.linear(state[0], params[1], params[2])),)

    return _unrolled(inputs, state, params, step=step)


def state_without_weights(inputs, state, params):
    """The state before is added without its weights.

    It is multiplied by W_hh first.
    """
    W_xh, _, b_h = params[:3]
    return _run(inputs, state, params, step=lambda X, state, _: (torch.tanh(X @ W_xh + state[0] + b_h),))


def state_without_weights__rewrite(inputs, state, params):
    unit = torch.eye(len(params[1]), dtype=params[1].dtype, device=params[1].device)
    return _unrolled(inputs, state, params, step=lambda X, state, ps: _fused(X, state, [ps[0], unit, *ps[2:]]))


def state_added_afterwards(inputs, state, params):
    """The state before is added to the tanh.

    The new state is the tanh alone: what of the old one stays is for W_hh to say.
    """
    return _run(inputs, state, params, step=lambda X, old, ps: (_step(X, old, ps)[0] + old[0],))


def state_added_afterwards__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda X, old, ps: (torch.add(*old, *_fused(X, old, ps)),))


def two_tanhs(inputs, state, params):
    """Input and state go through a tanh each.

    It is one tanh of the whole sum.
    """
    W_xh, W_hh, b_h = params[:3]
    return _run(inputs, state, params, step=lambda X, old, _: (torch.tanh(X @ W_xh) + torch.tanh(old[0] @ W_hh + b_h),))


def two_tanhs__rewrite(inputs, state, params):
    def step(X, old, params):
        return ((X.matmul(params[0])).tanh() + torch.addmm(params[2], old[0], params[1]).tanh(),)

    return _unrolled(inputs, state, params, step=step)


def ready_made_cell(inputs, state, params):
    """torch's own cell is called.

    The exercise is to write it from its formula.
    """
    W_xh, W_hh, b_h = params[:3]
    cell = lambda X, old, _: (torch.rnn_tanh_cell(X, old[0], W_xh.T, W_hh.T, b_h, torch.zeros_like(b_h)),)
    return _run(inputs, state, params, step=cell)


def ready_made_cell__rewrite(inputs, state, params):
    W_xh, W_hh, b_h = params[:3]
    cell = torch.nn.RNNCell(*W_xh.shape, bias=False).to(inputs.device, inputs.dtype)
    weights = {"weight_ih": W_xh.T, "weight_hh": W_hh.T}
    cell.bias_ih, cell.bias_hh = torch.nn.Parameter(b_h.detach()), torch.nn.Parameter(b_h.detach() * 0)
    step = lambda X, old, _: (torch.func.functional_call(cell, weights | {"bias_ih": b_h}, (X, old[0])),)
    return _unrolled(inputs, state, params, step=step)


def ready_made_layer(inputs, state, params):
    """torch's own layer does it.

    The exercise is to write it: the loop over the steps, and the formulas inside.
    """
    W_xh, W_hh, b_h = params[:3]
    weights = [W_xh.T, W_hh.T, b_h, torch.zeros_like(b_h)]
    hidden, last = torch.rnn_tanh(inputs, state[0][None], weights, True, 1, 0.0, False, False, False)
    return _read(hidden.flatten(0, 1), params), (last[0],)


def ready_made_layer__rewrite(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    weights = {"weight_ih_l0": W_xh.T, "weight_hh_l0": W_hh.T, "bias_ih_l0": b_h, "bias_hh_l0": torch.zeros_like(b_h)}
    layer = torch.nn.RNN(*W_xh.shape).to(inputs.device, inputs.dtype)
    hidden, last = torch.func.functional_call(layer, weights, (inputs, state[0][None].contiguous()))
    return _read(hidden.flatten(0, 1), [W_hq, b_q]), (last[0],)
