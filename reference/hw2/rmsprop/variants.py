"""Other right ways to take a step of RMSprop."""

import torch


def keyed_by_parameter(params, state, lr, alpha=0.99, eps=1e-8):
    """The parameter itself is the key; the mean moves towards the square by lerp."""
    for p in params:
        if p.grad is None:
            continue
        g = p.grad
        if p not in state:
            state[p] = torch.zeros_like(p.data)
        state[p].lerp_(g.square(), 1 - alpha)
        p.data.addcdiv_(g, state[p].sqrt() + eps, value=-lr)
        p.grad = None


@torch.no_grad()
def all_at_once(params, state, lr, alpha=0.99, eps=1e-8):
    """Lists of tensors, and one call for all of them."""
    params = list(params)
    if "squares" not in state:
        state["squares"] = [torch.zeros_like(p) for p in params]
    pairs = [(p, s) for p, s in zip(params, state["squares"], strict=True) if p.grad is not None]
    if not pairs:
        return
    learning, squares = map(list, zip(*pairs, strict=True))
    gradients = [p.grad for p in learning]
    torch._foreach_mul_(squares, alpha)
    torch._foreach_addcmul_(squares, gradients, gradients, 1 - alpha)
    roots = torch._foreach_sqrt(squares)
    torch._foreach_add_(roots, eps)
    torch._foreach_addcdiv_(learning, gradients, roots, -lr)
    torch._foreach_zero_(gradients)


def plain_learner(params, state, lr, alpha=0.99, eps=1e-8):
    """Written from the stub alone."""
    with torch.no_grad():
        for number, param in enumerate(params):
            if param.grad is not None:
                s = state.get(number, 0)
                s = alpha * s + (1 - alpha) * param.grad * param.grad
                state[number] = s
                rate = lr / (torch.sqrt(s) + eps)
                param.copy_(param - rate * param.grad)
                param.grad = torch.zeros_like(param.grad)
