"""Other right ways to take a step of gradient descent."""

import torch


def through_data(params, lr, batch_size):
    """As older code has it: `.data` is the tensor without its graph."""
    for p in params:
        if p.grad is None:
            continue
        p.data.sub_(p.grad.data * (lr / batch_size))
        p.grad = None


@torch.no_grad()
def all_at_once(params, lr, batch_size):
    """One call for all parameters."""
    learning = [p for p in params if p.grad is not None]
    if learning:
        gradients = [p.grad for p in learning]
        torch._foreach_add_(learning, gradients, alpha=-lr / batch_size)
        torch._foreach_zero_(gradients)


def plain_learner(params, lr, batch_size):
    """Written from the stub alone."""
    with torch.no_grad():
        for param in params:
            if param.grad is None:
                pass
            else:
                mean_gradient = param.grad / batch_size
                new = param - lr * mean_gradient
                param.copy_(new)
                param.grad = torch.zeros_like(param)
