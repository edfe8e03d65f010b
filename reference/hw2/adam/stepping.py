"""Steps of Adam by hand, with parts that can be exchanged."""

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
                slot = state.setdefault(key(index, param), {"t": 0, "m": new(param), "v": new(param)})
                write(param, rule(param.grad, slot))
                done(param)


def in_two_loops(params, state, rule, *, key=lambda index, param: param, new=torch.zeros_like):
    """The same in another way: the changes first, then the parameters."""
    learning = [(index, param) for index, param in enumerate(params) if param.grad is not None]
    changes = []
    for index, param in learning:
        place = key(index, param)
        if place not in state:
            state[place] = {"t": 0, "m": new(param), "v": new(param)}
        changes.append(rule(param.grad.detach(), state[place]))
    for (_, param), change in zip(learning, changes, strict=True):
        param.data.sub_(change)
        param.grad = None


def means(g, slot, betas):
    """The running means with this gradient in them."""
    slot["t"] += 1
    slot["m"].lerp_(g, 1 - betas[0])
    slot["v"].mul_(betas[1]).addcmul_(g, g, value=1 - betas[1])
    return slot["t"], slot["m"], slot["v"]


def means_again(g, slot, betas):
    """The same, with new tensors."""
    slot["t"] = slot["t"] + 1
    slot["m"] = betas[0] * slot["m"] + (1 - betas[0]) * g
    slot["v"] = betas[1] * slot["v"] + (1 - betas[1]) * g**2
    return slot["t"], slot["m"], slot["v"]


def the_rule(lr, betas, eps):
    def rule(g, slot):
        slot["t"] += 1
        slot["m"].lerp_(g, 1 - betas[0])
        slot["v"].mul_(betas[1]).addcmul_(g, g, value=1 - betas[1])
        m, v = slot["m"] / (1 - betas[0] ** slot["t"]), slot["v"] / (1 - betas[1] ** slot["t"])
        return lr * m / (v.sqrt() + eps)

    return rule
