"""Ways in which a step with momentum goes wrong that have to do with the velocity. The mistakes
change a part of `_step`, the rewrites one of `_in_two_loops`."""

import torch
from stepping import in_two_loops as _in_two_loops
from stepping import step as _step


def learning_rate_in_velocity(params, state, lr, momentum=0.9):
    """The learning rate is part of the velocity.

    While it stays the same this makes no difference. When it changes, what was gathered before keeps the old one.
    Multiply the velocity by it when the step is taken.
    """
    return _step(params, state, lambda g, v: v.mul_(momentum).add_(g, alpha=lr))


def learning_rate_in_velocity__rewrite(params, state, lr, momentum=0.9):
    return _in_two_loops(params, state, lambda g, v: v.copy_(lr * g + momentum * v))


def weighted_mean(params, state, lr, momentum=0.9):
    """The new gradient is weighted with 1 - momentum.

    That is a running mean, as Adam has it. Here the gradients are added up: the new one enters as it is.
    """
    return _step(params, state, lambda g, v: lr * v.mul_(momentum).add_(g, alpha=1 - momentum))


def weighted_mean__rewrite(params, state, lr, momentum=0.9):
    return _in_two_loops(params, state, lambda g, v: lr * v.lerp_(g, 1 - momentum))


def nesterov(params, state, lr, momentum=0.9):
    """The step looks ahead, as Nesterov's does.

    The stub's step follows the velocity itself, not the gradient and once more the velocity.
    """
    return _step(params, state, lambda g, v: lr * (g + momentum * v.mul_(momentum).add_(g)))


def nesterov__rewrite(params, state, lr, momentum=0.9):
    return _in_two_loops(params, state, lambda g, v: v.copy_(momentum * v + g).mul(momentum).add(g).mul(lr))


def nothing_fades(params, state, lr, momentum=0.9):
    """The velocity never becomes smaller.

    Without the factor `momentum` the gradients of all steps count the same for ever.
    """
    return _step(params, state, lambda g, v: lr * v.add_(g))


def nothing_fades__rewrite(params, state, lr, momentum=0.9):
    return _in_two_loops(params, state, lambda g, v: v.copy_(v + g) * lr)


def new_gradient_fades(params, state, lr, momentum=0.9):
    """The new gradient is multiplied by the momentum as well.

    Only the old velocity is. The new gradient enters as it is.
    """
    return _step(params, state, lambda g, v: lr * v.add_(g).mul_(momentum))


def new_gradient_fades__rewrite(params, state, lr, momentum=0.9):
    return _in_two_loops(params, state, lambda g, v: v.copy_(momentum * v + momentum * g) * lr)


def uphill(params, state, lr, momentum=0.9):
    """The step goes up the gradient.

    The gradient shows where the loss grows. The step goes against it: subtract.
    """
    return _step(params, state, lambda g, v: -lr * v.mul_(momentum).add_(g))


def uphill__rewrite(params, state, lr, momentum=0.9):
    return _in_two_loops(params, state, lambda g, v: v.copy_(momentum * v - g) * lr)


def old_velocity(params, state, lr, momentum=0.9):
    """The step follows the old velocity.

    First the velocity takes the new gradient in, then the step follows it. Else the first step goes nowhere.
    """

    def rule(g, v):
        change = lr * v
        v.mul_(momentum).add_(g)
        return change

    return _step(params, state, rule)


def old_velocity__rewrite(params, state, lr, momentum=0.9):
    def rule(g, v):
        before = v.clone()
        v.copy_(v * momentum + g)
        return before * lr

    return _in_two_loops(params, state, rule)


def velocity_is_the_gradient(params, state, lr, momentum=0.9):
    """The first velocity is the gradient's own tensor.

    Once the gradient is set to zero, or changed, so is the velocity. Make a copy, or add the gradient to zeros.
    """
    with torch.no_grad():
        for index, param in enumerate(params):
            if param.grad is not None:
                state[index] = momentum * state[index] + param.grad if index in state else param.grad
                param -= lr * state[index]
                param.grad.zero_()


def velocity_is_the_gradient__rewrite(params, state, lr, momentum=0.9):
    for p in params:
        if p.grad is None:
            continue
        if p not in state:
            state[p] = p.grad
        else:
            state[p] = state[p] * momentum
            state[p] += p.grad
        p.data.sub_(state[p], alpha=lr)
        p.grad.mul_(0)


def fixed_momentum(params, state, lr, momentum=0.9):
    """The argument `momentum` is not used.

    0.9 is its default, not its value.
    """
    return _step(params, state, lambda g, v: lr * v.mul_(0.9).add_(g))


def fixed_momentum__rewrite(params, state, lr, momentum=0.9):
    decay = 9 / 10
    return _in_two_loops(params, state, lambda g, v: v.copy_(decay * v + g).mul(lr))
