"""Other right ways to take a step with momentum."""

import torch


def keyed_by_parameter(params, state, lr, momentum=0.9):
    """The parameter itself is the key; the first velocity is a copy of the gradient."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            if p in state:
                state[p] = momentum * state[p] + p.grad
            else:
                state[p] = p.grad.clone()
            p.sub_(state[p], alpha=lr)
            p.grad = None


@torch.no_grad()
def all_at_once(params, state, lr, momentum=0.9):
    """Lists of tensors, and one call for all of them."""
    params = list(params)
    velocities = state.setdefault("velocities", [torch.zeros_like(p) for p in params])
    learning = [i for i, p in enumerate(params) if p.grad is not None]
    if not learning:
        return
    velocity = [velocities[i] for i in learning]
    torch._foreach_mul_(velocity, momentum)
    torch._foreach_add_(velocity, [params[i].grad for i in learning])
    torch._foreach_add_([params[i] for i in learning], velocity, alpha=-lr)
    torch._foreach_zero_([params[i].grad for i in learning])


class _Velocity:
    def __init__(self, parameter):
        self.value = torch.zeros_like(parameter, requires_grad=False)

    def take_in(self, gradient, share):
        self.value = torch.lerp(gradient, gradient + self.value, share)
        return self.value


def with_objects(params, state, lr, momentum=0.9):
    """An object for each parameter; data instead of no_grad."""
    for number, parameter in enumerate(params):
        if parameter.grad is not None:
            if number not in state:
                state[number] = _Velocity(parameter.data)
            parameter.data -= lr * state[number].take_in(parameter.grad, momentum)
            parameter.grad.data.zero_()
