"""Correct ways to read sequences with a recurrent layer."""

import torch
from common.sequences import run, unrolled


def output_by_output(inputs, state, params):
    """Parts in functions, outputs kept in a list."""
    return run(inputs, state, params)


def states_first(inputs, state, params):
    """One product a step, and one for all outputs."""
    return unrolled(inputs, state, params)


def inputs_at_once(inputs, state, params):
    """The products with the inputs do not depend on the state: made for all steps before the loop."""
    W_xh, W_hh, b_h, W_hq, b_q = params
    steps, batch, _ = inputs.shape
    H = state[0]
    outputs = inputs.new_empty(0, W_hq.shape[1])
    for X in torch.einsum("tbi,ih->tbh", inputs, W_xh) + b_h:
        H = (X + H.mm(W_hh)).tanh()
        outputs = torch.vstack([outputs, H.mm(W_hq) + b_q])
    return outputs.view(steps * batch, -1) if batch else outputs, (H,)


class _Layer:
    def __init__(self, params):
        self.W_xh, self.W_hh, self.b_h, self.W_hq, self.b_q = params

    def __call__(self, X, H):
        H = torch.tanh(torch.matmul(X, self.W_xh) + torch.matmul(H, self.W_hh) + self.b_h)
        return torch.matmul(H, self.W_hq) + self.b_q, H


def by_recursion(inputs, state, params):
    """The first step, then the rest of the sequence."""
    Y, H = _Layer(params)(inputs[0], *state)
    if len(inputs) == 1:
        return Y, (H,)
    outputs, last = by_recursion(inputs[1:], (H,), params)
    return torch.cat((Y, outputs)), last


def from_the_stub(inputs, state, params):
    """Written from the stub alone, by index, with an answer that is a list."""
    H = state[0]
    ys = []
    for t in range(inputs.size(0)):
        X_t = inputs[t, :, :]
        pre = X_t.mm(params[0])
        pre = pre + H.mm(params[1])
        pre = pre + params[2].unsqueeze(0)
        H = torch.tanh(pre)
        ys += [torch.mm(H, params[3]) + params[4]]
    return (torch.concat(ys, 0), (H,))
