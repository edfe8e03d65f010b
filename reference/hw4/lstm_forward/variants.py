"""Correct ways to read sequences with long short-term memory."""

import torch
from common.sequences import run, unrolled


def output_by_output(inputs, state, params):
    """Parts in functions, outputs kept in a list."""
    return run(inputs, state, params)


def states_first(inputs, state, params):
    """One product for all gates, and one for all outputs."""
    return unrolled(inputs, state, params)


def inputs_at_once(inputs, state, params):
    """The products with the inputs made for all steps before the loop, the gates by their place."""
    ahead = [inputs @ params[at] + params[at + 2] for at in range(0, 12, 3)]
    H, C = state
    outputs = torch.empty(0, params[-1].shape[0], dtype=inputs.dtype, device=inputs.device)
    for sums in zip(*ahead, strict=False):
        I, F, O, new = (x + torch.einsum("bh,hk->bk", H, params[3 * at + 1]) for at, x in enumerate(sums))
        C = C.mul(F.sigmoid()) + new.tanh().mul(I.sigmoid())
        H = C.tanh().mul(O.sigmoid())
        outputs = torch.cat([outputs, H.matmul(params[-2]) + params[-1]])
    return outputs, (H, C)


class _Memory:
    """A cell that keeps its parameters by name."""

    def __init__(self, params):
        names = [kind + gate for gate in "ifoc" for kind in ("Wx", "Wh", "b")]
        self.params = dict(zip([*names, "Wq", "bq"], params, strict=False))

    def sum(self, gate, X, H):
        return X @ self.params["Wx" + gate] + H @ self.params["Wh" + gate] + self.params["b" + gate]

    def step(self, X, H, C):
        keep = torch.sigmoid(self.sum("f", X, H)) * C
        write = torch.sigmoid(self.sum("i", X, H)) * torch.tanh(self.sum("c", X, H))
        cell = keep + write
        return torch.sigmoid(self.sum("o", X, H)) * torch.tanh(cell), cell


def by_recursion(inputs, state, params):
    """The first step, then the rest of the sequence."""
    memory = _Memory(params)
    H, C = memory.step(inputs[0], *state)
    Y = H @ memory.params["Wq"] + memory.params["bq"]
    if inputs.shape[0] == 1:
        return Y, (H, C)
    rest, last = by_recursion(inputs[1:], (H, C), params)
    return torch.cat((Y, rest), dim=0), last


def from_the_stub(inputs, state, params):
    """Written from the stub alone."""
    [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q] = params
    (H, C) = state
    outputs = []
    for t in range(len(inputs)):
        X = inputs[t]
        i = torch.sigmoid((X @ W_xi) + (H @ W_hi) + b_i)
        f = torch.sigmoid((X @ W_xf) + (H @ W_hf) + b_f)
        o = torch.sigmoid((X @ W_xo) + (H @ W_ho) + b_o)
        c_tilda = torch.tanh((X @ W_xc) + (H @ W_hc) + b_c)
        C = f * C + i * c_tilda
        H = o * torch.tanh(C)
        Y = (H @ W_hq) + b_q
        outputs.append(Y)
    return torch.cat(outputs, dim=0), (H, C)
