"""Steps with momentum by hand, with parts that can be exchanged."""

import torch


def the_write(param, change):
    param -= change


def zero(param):
    param.grad.zero_()


def step(params, state, rule, *, key=lambda index, param: index, write=the_write, done=zero, new=torch.zeros_like):
    """Right as it stands; a mistake gives another part. `rule` says by how much a parameter with this gradient
    changes, and keeps what it needs in a slot of the state."""
    with torch.no_grad():
        for index, param in enumerate(params):
            if param.grad is not None:
                slot = state.setdefault(key(index, param), new(param))
                write(param, rule(param.grad, slot))
                done(param)


def in_two_loops(params, state, rule, *, key=lambda index, param: param, new=torch.zeros_like):
    """The same in another way: the changes first, then the parameters."""
    learning = [(index, param) for index, param in enumerate(params) if param.grad is not None]
    changes = []
    for index, param in learning:
        place = key(index, param)
        if place not in state:
            state[place] = new(param)
        changes.append(rule(param.grad.detach(), state[place]))
    for (_, param), change in zip(learning, changes, strict=True):
        param.data.sub_(change)
        param.grad = None
