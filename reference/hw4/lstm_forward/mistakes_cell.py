"""Ways in which a step of long short-term memory goes wrong: its formulas."""

import torch
from common.sequences import run as _run
from common.sequences import unrolled as _unrolled
from parts import four as _four
from parts import fused as _fused
from parts import gate as _gate
from parts import step as _step
from parts import the_candidate as _candidate
from parts import the_gates as _gates


def tanh_of_the_cell_missing(inputs, state, params):
    """The tanh of the cell is missing.

    The cell is a sum that may grow; the hidden state is O * tanh(C).
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, hidden=lambda O, C: O * C))


def tanh_of_the_cell_missing__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, hidden=torch.mul))


def cell_squashed(inputs, state, params):
    """The cell itself goes through the tanh.

    Only what is seen of it does. The cell that is carried on is the bare sum.
    """

    def step(X, state, params):
        H, C = _step(X, state, params)
        return H, torch.tanh(C)

    return _run(inputs, state, params, step=step)


def cell_squashed__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: torch.tanh(C * F + new * I)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell, hidden=torch.mul))


def cell_goes_through_the_output_gate(inputs, state, params):
    """The output gate is applied to the cell that is carried on.

    It says what is seen of the cell, and changes nothing in it.
    """

    def step(X, state, params):
        H, C = _step(X, state, params)
        return H, _gate(X, state[0], *params[6:9]) * C

    return _run(inputs, state, params, step=step)


def cell_goes_through_the_output_gate__rewrite(inputs, state, params):
    def step(X, state, params):
        H, C = _fused(X, state, params)
        return H, C * _four(X, state[0], params)[2].sigmoid()

    return _unrolled(inputs, state, params, step=step)


def input_and_forget_exchanged(inputs, state, params):
    """Input and forget gate are exchanged.

    F says how much of the old cell stays, I how much of the candidate comes in.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=lambda C, I, F, new: I * C + F * new))


def input_and_forget_exchanged__rewrite(inputs, state, params):
    return _unrolled(inputs, state, [*params[3:6], *params[:3], *params[6:]])


def order_of_torch(inputs, state, params):
    """The parameters are taken in the order of torch's own layer.

    There the candidate stands before the output gate. Here it is the last of the four.
    """
    return _run(inputs, state, [*params[:6], *params[9:12], *params[6:9], *params[12:]])


def order_of_torch__rewrite(inputs, state, params):
    def sums(X, H, params):
        i, f, c, o = _four(X, H, params)
        return i, f, o, c

    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, sums=sums))


def gates_inverted(inputs, state, params):
    """The forget gate is the wrong way round.

    The old cell is multiplied by F: where F is 0 it is forgotten.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=lambda C, I, F, new: (1 - F) * C + I * new))


def gates_inverted__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: C - F * C + I * new
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell))


def forget_gate_unused(inputs, state, params):
    """The forget gate is not used.

    The old cell is multiplied by it; or nothing is ever forgotten.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=lambda C, I, F, new: C + I * new))


def forget_gate_unused__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: torch.addcmul(C, I, new)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell))


def coupled_gates(inputs, state, params):
    """The input gate is 1 minus the forget gate.

    Such units exist. Here the input gate has weights and a bias of its own.
    """
    cell = lambda C, I, F, new: F * C + (1 - F) * new
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=cell))


def coupled_gates__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: torch.lerp(new, C, F)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell))


def coupled_the_other_way(inputs, state, params):
    """The forget gate is 1 minus the input gate.

    Such units exist. Here the forget gate has weights and a bias of its own.
    """
    cell = lambda C, I, F, new: (1 - I) * C + I * new
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=cell))


def coupled_the_other_way__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: torch.lerp(C, new, I)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell))


def input_gate_unused(inputs, state, params):
    """The input gate is not used.

    The candidate is multiplied by it before it is added to the cell.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=lambda C, I, F, new: F * C + new))


def input_gate_unused__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: torch.addcmul(new, F, C)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell))


def output_gate_unused(inputs, state, params):
    """The output gate is not used.

    The hidden state is O * tanh(C).
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, hidden=lambda O, C: torch.tanh(C)))


def output_gate_unused__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, hidden=lambda O, C: C.tanh() + 0 * O))


def output_gate_inside(inputs, state, params):
    """The output gate is inside the tanh.

    The hidden state is O * tanh(C), not tanh(O * C).
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, hidden=lambda O, C: torch.tanh(O * C)))


def output_gate_inside__rewrite(inputs, state, params):
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, hidden=lambda O, C: C.mul(O).tanh()))


def hidden_of_the_old_cell(inputs, state, params):
    """The hidden state is made of the old cell.

    The cell comes first; the hidden state shows the new one.
    """

    def step(X, state, params):
        _, C = _step(X, state, params)
        return _gate(X, state[0], *params[6:9]) * torch.tanh(state[1]), C

    return _run(inputs, state, params, step=step)


def hidden_of_the_old_cell__rewrite(inputs, state, params):
    def step(X, state, params):
        return _fused(X, state, params, hidden=lambda O, C: O * state[1].tanh())[0], _fused(X, state, params)[1]

    return _unrolled(inputs, state, params, step=step)


def hidden_of_the_candidate(inputs, state, params):
    """The hidden state is made of the candidate.

    It is O * tanh(C): what is in the cell is seen, old and new together.
    """

    def step(X, state, params):
        _, C = _step(X, state, params)
        return _gate(X, state[0], *params[6:9]) * _candidate(X, state[0], params), C

    return _run(inputs, state, params, step=step)


def hidden_of_the_candidate__rewrite(inputs, state, params):
    def step(X, state, params):
        _, C = _fused(X, state, params)
        o, c = _four(X, state[0], params)[2:]
        return torch.sigmoid(o) * torch.tanh(c), C

    return _unrolled(inputs, state, params, step=step)


def cell_not_carried(inputs, state, params):
    """The cell is not carried on.

    Every step starts from the given one. It is carried from step to step as the hidden state is.
    """
    return _run(inputs, state, params, step=lambda X, now, ps: _step(X, (now[0], state[1]), ps))


def cell_not_carried__rewrite(inputs, state, params):
    def step(X, now, params):
        return _fused(X, [now[0], state[1]], params)

    return _unrolled(inputs, state, params, step=step)


def cell_forgotten(inputs, state, params):
    """The cell is I * C_tilde alone.

    What the old cell holds is added, as far as the forget gate lets it through.
    """
    return _run(inputs, state, params, step=lambda *args: _step(*args, cell=lambda C, I, F, new: I * new))


def cell_forgotten__rewrite(inputs, state, params):
    cell = lambda C, I, F, new: I.mul(new)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, cell=cell))


def states_exchanged(inputs, state, params):
    """Hidden state and cell are exchanged.

    The state is a tuple (H, C), in this order, where it is given and where it is returned.
    """
    outputs, new = _run(inputs, (state[1], state[0]), params)
    return outputs, new[::-1]


def states_exchanged__rewrite(inputs, state, params):
    C, H = state
    outputs, (H, C) = _unrolled(inputs, (H, C), params)
    return outputs, (C, H)


def candidate_sees_the_cell(inputs, state, params):
    """The candidate is made of the cell.

    It is made of the input and the hidden state, as the gates are.
    """

    def step(X, state, params):
        new = _gate(X, state[1], *params[9:12], squash=torch.tanh)
        return _step(X, state, params, candidate=lambda *_: new)

    return _run(inputs, state, params, step=step)


def candidate_sees_the_cell__rewrite(inputs, state, params):
    def step(X, state, params):
        sums = lambda X, H, params: [*_four(X, H, params)[:3], _four(X, state[1], params)[3]]
        return _fused(X, state, params, sums=sums)

    return _unrolled(inputs, state, params, step=step)


def gates_see_the_cell(inputs, state, params):
    """The gates are made of the cell.

    They are made of the input and the hidden state.
    """
    gates = lambda X, H, C, params: _gates(X, C, C, params)
    return _run(inputs, state, params, step=lambda *args: _step(*args, gates=gates))


def gates_see_the_cell__rewrite(inputs, state, params):
    def step(X, state, params):
        sums = lambda X, H, params: [*_four(X, state[1], params)[:3], _four(X, H, params)[3]]
        return _fused(X, state, params, sums=sums)

    return _unrolled(inputs, state, params, step=step)


def candidate_by_sigmoid(inputs, state, params):
    """The candidate goes through a sigmoid.

    It is no gate: tanh, so that it can make the cell smaller too.
    """
    candidate = lambda X, H, params: _gate(X, H, *params[9:12])
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def candidate_by_sigmoid__rewrite(inputs, state, params):
    candidate = lambda sums: (1 + torch.tanh(sums / 2)) / 2
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=candidate))


def gates_by_tanh(inputs, state, params):
    """The gates go through a tanh.

    A gate is a share, between 0 and 1; a sigmoid gives it.
    """
    gates = lambda X, H, C, params: [_gate(X, H, *params[at : at + 3], squash=torch.tanh) for at in (0, 3, 6)]
    return _run(inputs, state, params, step=lambda *args: _step(*args, gates=gates))


def gates_by_tanh__rewrite(inputs, state, params):
    squash = lambda sums: 2 * torch.sigmoid(2 * sums) - 1
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, squash=squash))


def gates_without_bias(inputs, state, params):
    """The gates lack their biases.

    Each is added inside the sigmoid.
    """
    gates = lambda X, H, C, ps: [torch.sigmoid(X @ ps[at] + H @ ps[at + 1]) for at in (0, 3, 6)]
    return _run(inputs, state, params, step=lambda *args: _step(*args, gates=gates))


def gates_without_bias__rewrite(inputs, state, params):
    without = [torch.zeros_like(param) if at in (2, 5, 8) else param for at, param in enumerate(params)]
    return _unrolled(inputs, state, without)


def candidate_without_bias(inputs, state, params):
    """The candidate lacks its bias.

    b_c is added inside the tanh.
    """
    candidate = lambda X, H, ps: torch.tanh(X @ ps[9] + H @ ps[10])
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate))


def candidate_without_bias__rewrite(inputs, state, params):
    return _unrolled(inputs, state, [*params[:11], torch.zeros_like(params[11]), *params[12:]])


def tanh_by_hand(inputs, state, params):
    """The tanh is made of exponentials.

    For large numbers it is infinity divided by infinity, NaN. `torch.tanh` knows what to do there.
    """
    squash = lambda sums: (sums.exp() - (-sums).exp()) / (sums.exp() + (-sums).exp())
    candidate = lambda X, H, params: _gate(X, H, *params[9:12], squash=squash)
    hidden = lambda O, C: O * squash(C)
    return _run(inputs, state, params, step=lambda *args: _step(*args, candidate=candidate, hidden=hidden))


def tanh_by_hand__rewrite(inputs, state, params):
    def squash(sums):
        up, down = torch.exp(sums), torch.exp(-1 * sums)
        return torch.div(torch.sub(up, down), torch.add(up, down))

    hidden = lambda O, C: squash(C).mul(O)
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, candidate=squash, hidden=hidden))


def sigmoid_by_hand(inputs, state, params):
    """The sigmoid is made of an exponential.

    The values are right, but where exp(-x) is infinite the gradient is NaN. `torch.sigmoid` knows what to do there.
    """
    squash = lambda sums: 1 / (1 + torch.exp(-sums))
    gates = lambda X, H, C, params: [_gate(X, H, *params[at : at + 3], squash=squash) for at in (0, 3, 6)]
    return _run(inputs, state, params, step=lambda *args: _step(*args, gates=gates))


def sigmoid_by_hand__rewrite(inputs, state, params):
    squash = lambda sums: (1 + sums.neg().exp()) ** -1
    return _unrolled(inputs, state, params, step=lambda *args: _fused(*args, squash=squash))


def ready_made(inputs, state, params):
    """torch's own cell is called.

    The exercise is to write it from its formulas.
    """

    def step(X, state, params):
        W_x, W_h = (torch.cat([params[at + kind] for at in (0, 3, 9, 6)], 1).T for kind in (0, 1))
        b = torch.cat([params[at + 2] for at in (0, 3, 9, 6)])
        return torch.lstm_cell(X, state, W_x, W_h, b, b * 0)

    return _run(inputs, state, params, step=step)


def ready_made__rewrite(inputs, state, params):
    layer = torch.nn.LSTMCell(*params[0].shape).to(inputs.device, inputs.dtype)
    weights = {
        "weight_ih": torch.cat([params[at].T for at in (0, 3, 9, 6)]),
        "weight_hh": torch.cat([params[at].T for at in (1, 4, 10, 7)]),
        "bias_ih": torch.cat([params[at] for at in (2, 5, 11, 8)]),
        "bias_hh": layer.bias_hh.detach() * 0,
    }
    return _unrolled(inputs, state, params, step=lambda X, now, _: torch.func.functional_call(layer, weights, (X, now)))
