"""Ways in which nth_derivative goes wrong."""

import torch


def _checked(n):
    if n < 0:
        raise ValueError("n is negative")


def _leaf(x):
    return x if x.requires_grad else x.detach().requires_grad_()


def _step(y, x):
    if not y.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)[0]


def _derived(f, x, n):
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        y = _step(y, x)
    return y


def _again(f, x, n):
    """The same by recursion."""
    if n == 0:
        return f(x)
    return _again(lambda t: _step(f(t), t), _leaf(x), n - 1)


def no_graph_of_the_gradient(f, x, n):
    """The gradient has no graph, so that it cannot be differentiated again.

    `torch.autograd.grad` records what it does only when it is told `create_graph=True`.
    """
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        (y,) = torch.autograd.grad(y.sum(), x)
    return y


def no_graph_of_the_gradient__rewrite(f, x, n):
    _checked(n)
    x = _leaf(x)
    y = f(x)
    while n:
        y = torch.autograd.grad(y, x, torch.ones_like(y), retain_graph=True)[0]
        n -= 1
    return y


def graph_kept_but_not_made(f, x, n):
    """Where the gradient has no graph, the next derivative is taken to be zero.

    A gradient without a graph need not be constant: it may have been computed without `create_graph=True`.
    """
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        (y,) = torch.autograd.grad(y.sum(), x, retain_graph=True, materialize_grads=True)
    return y


def graph_kept_but_not_made__rewrite(f, x, n):
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        y = _step(y, x).detach()
    return y


def last_gradient_without_a_graph(f, x, n):
    """The answer is cut off from the graph.

    The last derivative is recorded too: whoever calls may want to differentiate it. Nothing is detached on the way out.
    """
    _checked(n)
    return _derived(f, x, n).detach()


def last_gradient_without_a_graph__rewrite(f, x, n):
    _checked(n)
    return _again(f, x.detach(), n).data


def vanishing_raises(f, x, n):
    """A derivative that vanishes raises an error.

    The derivative of a constant has no graph to walk back through. Ask for `requires_grad` before; answer with zeros.
    """
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y


def vanishing_raises__rewrite(f, x, n):
    _checked(n)
    if n == 0:
        return f(x)
    x = _leaf(x)
    return vanishing_raises__rewrite(lambda t: torch.autograd.grad(f(t).sum(), t, create_graph=True)[0], x, n - 1)


def unused_raises(f, x, n):
    """A function that has a graph, but does not depend on x, raises an error.

    Its answer requires a gradient because of something else, a parameter say. `torch.autograd.grad` refuses unless it
    is told `materialize_grads=True` (or `allow_unused=True`, which gives None).
    """
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y


def unused_raises__rewrite(f, x, n):
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        if y.grad_fn is None:
            y = torch.zeros_like(x)
        else:
            y = torch.autograd.grad(y, x, torch.ones_like(x), create_graph=True)[0]
    return y


def summed(f, x, n):
    """The answer is one number, a sum over the elements.

    The gradient of the sum has an element for each element of x. It is differentiated, not summed itself.
    """
    _checked(n)
    return _derived(f, x, n).sum()


def summed__rewrite(f, x, n):
    _checked(n)
    return torch.einsum("i->", _again(f, x, n).reshape(-1))


def averaged(f, x, n):
    """The derivative is divided by the number of elements.

    The gradient of a mean is smaller than that of the sum. Use `sum()`, or a vector of ones as `grad_outputs`.
    """
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(n):
        y = _step(y / max(x.numel(), 1), x)
    return y


def averaged__rewrite(f, x, n):
    _checked(n)
    return _again(f, x, n) / max(x.numel(), 1) ** n


def added_up_in_grad(f, x, n):
    """The derivatives are added up in `.grad`.

    `backward` adds to what is in `.grad`, and the derivative before is still there. `torch.autograd.grad` gives the
    gradient back instead.
    """
    _checked(n)
    inner = x.detach().clone().requires_grad_()
    y = f(inner)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        y.sum().backward(create_graph=True)
        y = torch.zeros_like(x) if inner.grad is None else inner.grad
    return y


def added_up_in_grad__rewrite(f, x, n):
    _checked(n)
    inner = x.detach().requires_grad_()
    y, total = f(inner), 0
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        total = total + _step(y, inner)
        y = total
    return y.detach()


def one_too_few(f, x, n):
    """The function is differentiated once too few.

    `range(n)` counts n turns, from 0 to n - 1.
    """
    _checked(n)
    return _derived(f, x, max(n - 1, 0))


def one_too_few__rewrite(f, x, n):
    _checked(n)
    x = _leaf(x)
    y = f(x)
    for _ in range(1, n):
        y = _step(y, x)
    return y


def one_too_many(f, x, n):
    """The function is differentiated once too often.

    With n = 0 the answer is f(x), with n = 1 the first derivative.
    """
    _checked(n)
    return _derived(f, x, n + 1)


def one_too_many__rewrite(f, x, n):
    _checked(n)
    x = _leaf(x)
    y = _step(f(x), x)
    for _ in range(n):
        y = _step(y, x)
    return y


def power_of_the_derivative(f, x, n):
    """The first derivative is raised to a power.

    The n-th derivative is the derivative of the derivative of …, not the n-th power of the first.
    """
    _checked(n)
    return _derived(f, x, 1) ** n if n else f(x)


def power_of_the_derivative__rewrite(f, x, n):
    _checked(n)
    answer = f(x) if n == 0 else torch.ones_like(x)
    for _ in range(n):
        answer = answer * _again(f, x, 1)
    return answer


def nothing_at_zero(f, x, n):
    """With n = 0 the answer is not f(x).

    A function that has not been differentiated is itself.
    """
    _checked(n)
    return _derived(f, x, n) if n else x.clone()


def nothing_at_zero__rewrite(f, x, n):
    _checked(n)
    y = x * 1
    if n:
        y = _again(f, x, n)
    return y


def changes_the_caller(f, x, n):
    """The caller's x requires a gradient afterwards.

    `x.requires_grad_()` and `x.requires_grad = True` change the tensor that was given. Work on a detached one.
    """
    _checked(n)
    x.requires_grad_()
    return _derived(f, x, n)


def changes_the_caller__rewrite(f, x, n):
    _checked(n)
    x.requires_grad = True
    return _again(f, x, n)


def clears_grad(f, x, n):
    """The `.grad` of the caller's x is changed.

    Somebody may have gathered gradients there. `torch.autograd.grad` leaves it alone.
    """
    _checked(n)
    answer = _derived(f, x, n)
    x.grad = None
    return answer


def clears_grad__rewrite(f, x, n):
    _checked(n)
    for leaf in (x, f(x)):
        if leaf.is_leaf:
            leaf.grad = None
    return _again(f, x, n)


def negative_not_refused(f, x, n):
    """A negative n is not refused.

    A loop over `range(-1)` has no turns, and the answer would be f(x). Raise a ValueError that says what is wrong.
    """
    return _derived(f, x, n)


def negative_not_refused__rewrite(f, x, n):
    return _again(f, x, max(0, n))


def cut_off_from_x(f, x, n):
    """No gradient reaches x.

    A detached or copied x is another leaf: the graph of the answer ends there. Where x requires a gradient, use x
    itself.
    """
    _checked(n)
    return _derived(f, x.detach().clone().requires_grad_(), n)


def cut_off_from_x__rewrite(f, x, n):
    _checked(n)
    return _again(f, torch.empty_like(x).copy_(x.detach()).requires_grad_(), n)


def single_precision(f, x, n):
    """Everything is computed in single precision.

    Keep the dtype of x.
    """
    _checked(n)
    return _derived(f, x.float(), n)


def single_precision__rewrite(f, x, n):
    _checked(n)
    return _again(f, x.to(torch.float32), n)
