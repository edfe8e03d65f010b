"""Ways in which a step of gradient descent goes wrong. The mistakes change a part of `_step`."""

import torch


def _write(param, change):
    param -= change


def _zero(param):
    param.grad.zero_()


def _step(params, lr, batch_size, *, write=_write, done=_zero, absent=lambda param: True):
    """Right as it stands. `absent` says of a parameter without a gradient whether the loop goes on."""
    with torch.no_grad():
        for param in params:
            if param.grad is None:
                if not absent(param):
                    return
                continue
            write(param, lr * param.grad / batch_size)
            done(param)


def batch_size_forgotten(params, lr, batch_size):
    """The batch size is forgotten.

    The gradient is that of a sum. Without dividing it, the step is longer the larger the batch is, and every change of
    the batch size needs another learning rate.
    """
    return _step(params, lr, 1)


def batch_size_forgotten__rewrite(params, lr, batch_size):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.add_(p.grad, alpha=-lr)
                p.grad = None


def multiplied(params, lr, batch_size):
    """The gradient is multiplied by the batch size.

    A mean is the sum divided by the number of samples.
    """
    return _step(params, lr * batch_size, 1)


def multiplied__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data -= p.grad * batch_size * lr
            p.grad = None


def whole_division(params, lr, batch_size):
    """The division drops what is behind the point.

    `//` rounds down, so that most gradients become 0 or -1. Divide with `/`.
    """
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                param -= lr * (param.grad // batch_size)
                param.grad.zero_()


def whole_division__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data.sub_(torch.div(p.grad, batch_size, rounding_mode="floor"), alpha=lr)
            p.grad = None


def uphill(params, lr, batch_size):
    """The step goes up the gradient.

    The gradient shows where the loss grows. The step goes against it: subtract.
    """
    return _step(params, -lr, batch_size)


def uphill__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data += p.grad.div(batch_size) * lr
            p.grad = None


def gradient_left(params, lr, batch_size):
    """The gradient is left where it is.

    `backward` adds to `grad`. What is left there is used again in every step that follows. Set it to zero, or to None,
    after the step.
    """
    return _step(params, lr, batch_size, done=lambda param: None)


def gradient_left__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data.sub_(p.grad, alpha=lr / batch_size)


def not_in_place(params, lr, batch_size):
    """The parameters are not changed.

    `param = param - …` makes a new tensor and gives it the name; the tensor that the model holds stays as it was. Write
    into it: `-=`, `sub_`, `copy_`. Nor does anything change when the gradients are set to zero before they are used.
    """
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                gradient = param.grad
                param = param - lr * gradient / batch_size
                gradient.zero_()


def not_in_place__rewrite(params, lr, batch_size):
    params = [p for p in params if p.grad is not None]
    for p in params:
        p.grad.zero_()
    for p in params:
        p.data.sub_(p.grad, alpha=lr / batch_size)


def another_memory(params, lr, batch_size):
    """A parameter gets new memory.

    Assigning to `.data` puts another tensor behind the parameter. Whatever shares its memory, such as a tied weight or
    a view, keeps the old numbers. Write into the tensor that is there.
    """

    def assign(param, change):
        param.data = param.data - change

    return _step(params, lr, batch_size, write=assign)


def another_memory__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data = torch.sub(p.detach(), p.grad, alpha=lr / batch_size)
            p.grad = None


def recorded(params, lr, batch_size):
    """The step is taken while gradients are recorded.

    Autograd refuses to have a leaf that requires a gradient written into, for it could not differentiate that. Take the
    step under `torch.no_grad()`.
    """
    for param in params:
        if param.grad is not None:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def recorded__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is None:
            continue
        p.sub_(p.grad, alpha=lr / batch_size)
        p.grad = None


def recording_left_off(params, lr, batch_size):
    """Recording of gradients is switched off and stays off.

    From then on no backward pass works, anywhere. Use `torch.no_grad()` as a `with` block or a decorator: it puts back
    what was before.
    """
    torch.set_grad_enabled(False)
    _step(params, lr, batch_size)
    torch.set_grad_enabled(False)


def recording_left_off__rewrite(params, lr, batch_size):
    torch._C._set_grad_enabled(False)
    for p in params:
        if p.grad is not None:
            p -= p.grad * lr / batch_size
            p.grad = None


def no_longer_trained(params, lr, batch_size):
    """The parameters no longer require a gradient.

    The next backward pass then leaves them out, or fails. To write into a parameter it is enough that nothing is
    recorded: `torch.no_grad()`.
    """

    def write(param, change):
        param.requires_grad_(False)
        param -= change

    return _step(params, lr, batch_size, write=write)


def no_longer_trained__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.requires_grad = False
            p.sub_(p.grad / batch_size * lr)
            p.grad = None


def none_not_expected(params, lr, batch_size):
    """A parameter without a gradient makes the step fail.

    `grad` is None for what is frozen, and for what the loss does not depend on. Leave such a parameter as it is.
    """
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def none_not_expected__rewrite(params, lr, batch_size):
    for p in params:
        p.data -= lr / batch_size * p.grad
        p.grad = None


def stops_at_none(params, lr, batch_size):
    """The step ends at the first parameter without a gradient.

    Those behind it have gradients, too. Skip the one parameter, and go on with the next.
    """
    return _step(params, lr, batch_size, absent=lambda param: False)


def stops_at_none__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is None:
            break
        p.data.sub_(p.grad, alpha=lr / batch_size)
        p.grad = None


def first_parameter_only(params, lr, batch_size):
    """Only the first parameter gets its step.

    The function ends inside its loop. It has to go through all parameters.
    """
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                param -= lr * param.grad / batch_size
                param.grad.zero_()
                return


def first_parameter_only__rewrite(params, lr, batch_size):
    return _step([p for p in params if p.grad is not None][:1], lr, batch_size)


def length_needed(params, lr, batch_size):
    """The parameters are taken for a list.

    `model.parameters()` can be gone through in a `for` loop, but has no length and no index. Loop over it directly, or
    make a list of it first.
    """
    with torch.no_grad():
        for i in range(len(params)):
            if params[i].grad is not None:
                params[i] -= lr * params[i].grad / batch_size
                params[i].grad.zero_()


def length_needed__rewrite(params, lr, batch_size):
    i = len(params)
    while i:
        i -= 1
        if params[i].grad is not None:
            params[i].data -= lr / batch_size * params[i].grad
            params[i].grad = None


def gone_through_twice(params, lr, batch_size):
    """The parameters are gone through twice.

    An iterator such as `model.parameters()` is at its end after the first loop; the second does nothing, and the
    gradients stay. Do it in one loop, or make a list first.
    """
    _step(params, lr, batch_size, done=lambda param: None)
    for param in params:
        param.grad = None


def gone_through_twice__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data.sub_(p.grad, alpha=lr / batch_size)
    for p in filter(lambda p: p.grad is not None, params):
        p.grad.zero_()


def on_the_cpu(params, lr, batch_size):
    """A tensor is made on the CPU.

    It cannot be combined with parameters on an accelerator. A Python number goes with any device; a tensor needs the
    device of the parameter.
    """

    def write(param, change):
        param -= change * torch.ones(param.shape)

    return _step(params, lr, batch_size, write=write)


def on_the_cpu__rewrite(params, lr, batch_size):
    for p in params:
        if p.grad is not None:
            p.data.sub_(p.grad * torch.full(p.shape, lr / batch_size, dtype=p.dtype))
            p.grad = None


def torchs_own(params, lr, batch_size):
    """torch's own optimizer takes the step.

    The exercise is to write it: two lines of tensor operations for each parameter.
    """
    optimizer = torch.optim.SGD(list(params), lr=lr / batch_size)
    optimizer.step()
    optimizer.zero_grad()


def torchs_own__rewrite(params, lr, batch_size):
    from torch.optim.sgd import sgd as ready

    with torch.no_grad():
        params = [p for p in params if p.grad is not None]
        ready(
            params,
            [p.grad for p in params],
            [None] * len(params),
            weight_decay=0,
            momentum=0,
            lr=lr / batch_size,
            dampening=0,
            nesterov=False,
            maximize=False,
        )
    for p in params:
        p.grad = None
