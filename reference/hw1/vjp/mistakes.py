"""Ways in which vjp goes wrong."""

import torch


def _evaluated(f, x, v):
    """A leaf and f of it, after the shapes have been compared."""
    x = x.detach().requires_grad_()
    y = f(x)
    if v.shape != y.shape:
        raise ValueError("v does not have the shape of f(x)")
    return x, y


def _walk(x, y, v):
    if not y.requires_grad:
        return torch.zeros_like(x).detach()
    return torch.autograd.grad(y, x, v, materialize_grads=True)[0]


def v_ignored(f, x, v):
    """v has no effect.

    The gradient of the sum is the product with a vector of ones. Give v to `torch.autograd.grad` (as `grad_outputs`),
    or sum v times f(x).
    """
    x, y = _evaluated(f, x, v)
    return _walk(x, y, torch.ones_like(y))


def v_ignored__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    return _walk(x, y.sum(), torch.ones((), dtype=y.dtype, device=y.device))


def multiplied_afterwards(f, x, v):
    """v is multiplied with the gradient of the sum.

    That is right where each output depends on its own element of x only. In general v weighs the outputs, before they
    come together in an element of the gradient.
    """
    x, y = _evaluated(f, x, v)
    ones = _walk(x, y, torch.ones_like(y))
    flat = v.reshape(-1)
    weights = torch.cat([flat, flat.new_ones(max(0, x.numel() - len(flat)))])[: x.numel()]
    return ones * weights.reshape(x.shape)


def multiplied_afterwards__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    answer = _walk(x, y.sum(), torch.tensor(1.0, dtype=y.dtype, device=y.device)).flatten()
    shared = min(len(answer), v.numel())
    return torch.cat([answer[:shared] * v.flatten()[:shared], answer[shared:]]).reshape(x.shape)


def averaged(f, x, v):
    """The product is divided by the number of outputs.

    It is a sum over the outputs, not a mean.
    """
    x, y = _evaluated(f, x, v)
    return _walk(x, y, v / max(v.numel(), 1))


def averaged__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    return _walk(x, y, v) / max(y.numel(), 1)


def jvp_for_vjp(f, x, v):
    """The Jacobian is multiplied from the wrong side.

    v has an element for each output; the answer has one for each element of x.
    """
    x, y = _evaluated(f, x, v)
    if x.numel() == 0 or not y.requires_grad:
        return _walk(x, y, v)
    whole = torch.autograd.functional.jacobian(f, x.detach()).reshape(y.numel(), x.numel())
    flat = v.reshape(-1)[: x.numel()]
    product = whole @ torch.cat([flat, flat.new_zeros(x.numel() - len(flat))])
    return product.reshape(y.shape) if y.shape != x.shape else product.reshape(x.shape)


def jvp_for_vjp__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    if x.numel() == 0 or not y.requires_grad:
        return _walk(x, y, v)
    way = x.detach().flatten() * 0
    shared = min(way.numel(), v.numel())
    way[:shared] = v.flatten()[:shared]
    return torch.func.jvp(f, (x.detach(),), (way.reshape(x.shape),))[1]


def jacobian_row_by_row(f, x, v):
    """The Jacobian is computed row by row.

    A walk backwards for each output costs as many times the work. One walk with v gives the product.
    """
    x, y = _evaluated(f, x, v)
    if not y.requires_grad:
        return torch.zeros_like(x).detach()
    answer = torch.zeros_like(x).detach()
    for weight, output in zip(v.reshape(-1), y.reshape(-1), strict=True):
        answer = answer + weight * torch.autograd.grad(output, x, retain_graph=True, materialize_grads=True)[0]
    return answer


def jacobian_row_by_row__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    if not y.requires_grad or not x.numel():
        return torch.zeros_like(x).detach()
    rows = [torch.autograd.grad(one, x, retain_graph=True, allow_unused=True)[0] for one in y.reshape(-1).unbind()]
    rows = [torch.zeros_like(x).detach() if row is None else row for row in rows]
    return (v.reshape(-1, 1) * torch.stack(rows).reshape(len(rows), -1)).sum(0).reshape(x.shape)


def whole_jacobian(f, x, v):
    """The whole Jacobian is formed, and multiplied with v.

    It has as many elements as outputs times inputs, most of which are often zero. One walk with v gives the product.
    """
    x, y = _evaluated(f, x, v)
    if not y.requires_grad or not x.numel():
        return torch.zeros_like(x).detach()
    J = torch.autograd.functional.jacobian(f, x.detach(), vectorize=True)
    return (v.reshape(-1) @ J.reshape(y.numel(), x.numel())).reshape(x.shape)


def whole_jacobian__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    if not y.requires_grad or not x.numel():
        return torch.zeros_like(x).detach()
    rows = torch.autograd.functional.jacobian(f, x.detach(), vectorize=True).reshape(y.numel(), x.numel())
    return torch.einsum("i,ij->j", v.flatten(), rows).view_as(x)


def constant_raises(f, x, v):
    """A function that does not depend on x raises an error.

    Its answer requires no gradient: there is nothing to walk back through. Ask before, and answer with zeros.
    """
    x, y = _evaluated(f, x, v)
    return torch.autograd.grad(y, x, v)[0]


def constant_raises__rewrite(f, x, v):
    leaf, y = _evaluated(f, x, v)
    (found,) = torch.autograd.grad(outputs=[y], inputs=[leaf], grad_outputs=[v])
    return found


def unused_raises(f, x, v):
    """A function that has a graph, but does not depend on x, raises an error.

    Its answer requires a gradient because of a parameter. `torch.autograd.grad` refuses unless it is told
    `materialize_grads=True` (or `allow_unused=True`, which gives None).
    """
    x, y = _evaluated(f, x, v)
    return torch.autograd.grad(y, x, v)[0] if y.requires_grad else torch.zeros_like(x).detach()


def unused_raises__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    if y.grad_fn is None:
        return x.detach() * 0
    return torch.autograd.grad((y * v).sum(), [x])[0]


def shape_not_compared(f, x, v):
    """A v of another shape is not refused with a ValueError.

    What can be broadcast gives a number without an error, and often a wrong one; the rest fails deep inside torch.
    Compare the shapes first.
    """
    x = x.detach().requires_grad_()
    y = f(x)
    return _walk(x, (y * v).sum(), torch.ones((), dtype=y.dtype, device=y.device))


def shape_not_compared__rewrite(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    total = torch.sum(torch.mul(v, y))
    return torch.autograd.grad(total, x, materialize_grads=True)[0] if total.requires_grad else x.detach() * 0


def torchs_own_error(f, x, v):
    """A v of another shape is refused with torch's RuntimeError.

    The stub asks for a ValueError, which says that an argument of the caller is wrong. Compare the shapes yourself.
    """
    x = x.detach().requires_grad_()
    return _walk(x, f(x), v)


def torchs_own_error__rewrite(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    if y.shape != v.shape:
        raise RuntimeError("the shapes differ")
    return _walk(x, y, v)


def parameters_get_gradients(f, x, v):
    """Parameters that f holds get a gradient.

    `backward` walks to every leaf. `torch.autograd.grad` walks to those that it is told, and leaves all `.grad` alone.
    """
    x, y = _evaluated(f, x, v)
    if y.requires_grad:
        y.backward(v)
    return torch.zeros_like(x).detach() if x.grad is None else x.grad


def parameters_get_gradients__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    total = (y * v).sum()
    if total.requires_grad:
        total.backward()
    return x.detach() * 0 if x.grad is None else x.grad.clone()


def changes_the_caller(f, x, v):
    """The caller's x requires a gradient afterwards.

    `x.requires_grad_()` and `x.requires_grad = True` change the tensor that was given. Work on a detached one.
    """
    _evaluated(f, x, v)
    x.requires_grad_()
    return _walk(x, f(x), v)


def changes_the_caller__rewrite(f, x, v):
    x.requires_grad = True
    y = f(x)
    if y.shape != v.shape:
        raise ValueError("shape")
    return _walk(x, y, v)


def adds_to_grad(f, x, v):
    """The `.grad` of the caller's x is changed.

    `backward` adds to it, and somebody may have gathered gradients there. `torch.autograd.grad` leaves it alone.
    """
    leaf, y = _evaluated(f, x, v)
    answer = _walk(leaf, y, v)
    if x.grad is not None:
        x.grad += answer
    return answer


def adds_to_grad__rewrite(f, x, v):
    leaf, y = _evaluated(f, x, v)
    answer = _walk(leaf, y, v)
    if x.requires_grad and x.grad is not None:
        x.grad = x.grad + answer
    return answer


def keeps_a_graph(f, x, v):
    """The answer requires a gradient.

    With `create_graph=True` the walk back is recorded, for whoever wants to differentiate it. Here that is not asked
    for.
    """
    x, y = _evaluated(f, x, v)
    if not y.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(y, x, v, create_graph=True, materialize_grads=True)[0]


def keeps_a_graph__rewrite(f, x, v):
    x, y = _evaluated(f, x, v)
    return _walk(x, y, v).requires_grad_()


def single_precision(f, x, v):
    """Everything is computed in single precision.

    Keep the dtype of x.
    """
    x, y = _evaluated(f, x.float(), v.float())
    return _walk(x, y, v.float())


def single_precision__rewrite(f, x, v):
    v = v.to(torch.float32)
    return _walk(*_evaluated(f, x.to(torch.float32), v), v)
