"""A recurrent layer over a batch of sequences, written in two ways, with parts that can be exchanged."""

import torch
from parts import fused
from parts import step as the_step


def read(H, params):
    return H @ params[-2] + params[-1]


def run(
    inputs, state, params, *, step=the_step, read=read, join=torch.cat, answer=lambda outputs, state: (outputs, state)
):
    """Output by output."""
    outputs = []
    state = tuple(state)
    for X in inputs:
        state = step(X, state, params)
        outputs.append(read(state[0], params))
    return answer(join(outputs), state)


def unrolled(inputs, state, params, *, step=fused, read=read, rows=lambda outputs: outputs.flatten(0, 1)):
    """All states first, then all outputs in one product."""
    states = [tuple(state)]
    for t in range(inputs.shape[0]):
        states.append(step(inputs[t], states[-1], params))
    hidden = torch.stack([state[0] for state in states[1:]])
    return rows(read(hidden, params)), states[-1]
