"""Ways in which a step of RMSprop goes wrong that have to do with parameters and state. The mistakes
change a part of `_step`, the rewrites one of `_in_two_loops`."""

import itertools

import torch
from stepping import in_two_loops as _in_two_loops
from stepping import step as _step
from stepping import the_rule as _rule

_elsewhere: dict = {}


def gradient_left(params, state, lr, alpha=0.99, eps=1e-8):
    """The gradient is left where it is.

    `backward` adds to `grad`. What is left there is used again in every step that follows. Set it to zero, or to None,
    after the step.
    """
    return _step(params, state, _rule(lr, alpha, eps), done=lambda param: None)


def gradient_left__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    params = list(params)
    kept = [p.grad if p.grad is None else p.grad.clone() for p in params]
    _in_two_loops(params, state, _rule(lr, alpha, eps))
    for p, gradient in zip(params, kept):
        p.grad = gradient


def not_in_place(params, state, lr, alpha=0.99, eps=1e-8):
    """The parameters are not changed.

    `param = param - …` makes a new tensor and gives it the name; the tensor that the model holds stays as it was. Write
    into it: `-=`, `sub_`, `copy_`. Nor does anything change when the gradients are set to zero before they are used.
    """

    def write(param, change):
        param = param - change

    return _step(params, state, _rule(lr, alpha, eps), write=write)


def not_in_place__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    params = list(params)
    copies = [p.detach().clone() for p in params]
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
    for p, copy in zip(params, copies):
        p = copy - lr


def another_memory(params, state, lr, alpha=0.99, eps=1e-8):
    """A parameter gets new memory.

    Assigning to `.data` puts another tensor behind the parameter. Whatever shares its memory, such as a tied weight or
    a view, keeps the old numbers. Write into the tensor that is there.
    """

    def assign(param, change):
        param.data = param.data - change

    return _step(params, state, _rule(lr, alpha, eps), write=assign)


def another_memory__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    params = list(params)
    for p in params:
        p.data = p.data.clone()
    return _in_two_loops(params, state, _rule(lr, alpha, eps))


def recorded(params, state, lr, alpha=0.99, eps=1e-8):
    """The step is taken while gradients are recorded.

    Autograd refuses to have a leaf that requires a gradient written into, for it could not differentiate that. Take the
    step under `torch.no_grad()`.
    """
    for index, param in enumerate(params):
        if param.grad is not None:
            slot = state.setdefault(index, torch.zeros_like(param))
            param -= (_rule(lr, alpha, eps))(param.grad, slot)
            param.grad.zero_()


def recorded__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    with torch.enable_grad():
        for p in params:
            if p.grad is None:
                continue
            if p not in state:
                param = p
                state[p] = torch.zeros_like(param)
            p.sub_((_rule(lr, alpha, eps))(p.grad, state[p]))
            p.grad = None


def no_longer_trained(params, state, lr, alpha=0.99, eps=1e-8):
    """The parameters no longer require a gradient.

    The next backward pass then leaves them out, or fails. To write into a parameter it is enough that nothing is
    recorded: `torch.no_grad()`.
    """

    def write(param, change):
        param.requires_grad_(False)
        param -= change

    return _step(params, state, _rule(lr, alpha, eps), write=write)


def no_longer_trained__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    params = [p for p in params if p.grad is not None]
    _in_two_loops(params, state, _rule(lr, alpha, eps))
    for p in params:
        p.requires_grad = False


def recording_left_off(params, state, lr, alpha=0.99, eps=1e-8):
    """Recording of gradients is switched off and stays off.

    From then on no backward pass works, anywhere. Use `torch.no_grad()` as a `with` block or a decorator: it puts back
    what was before.
    """
    _step(params, state, _rule(lr, alpha, eps))
    torch.set_grad_enabled(False)


def recording_left_off__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    torch._C._set_grad_enabled(False)
    return _in_two_loops(params, state, _rule(lr, alpha, eps))


def none_not_expected(params, state, lr, alpha=0.99, eps=1e-8):
    """A parameter without a gradient makes the step fail.

    `grad` is None for what is frozen, and for what the loss does not depend on. Leave such a parameter as it is.
    """
    with torch.no_grad():
        for index, param in enumerate(params):
            slot = state.setdefault(index, torch.zeros_like(param))
            param -= (_rule(lr, alpha, eps))(0 + param.grad, slot)
            param.grad.zero_()


def none_not_expected__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    for param in params:
        if param not in state:
            state[param] = torch.zeros_like(param)
        gradient = 1 * param.grad
        param.data.add_((_rule(lr, alpha, eps))(gradient, state[param]), alpha=-1)
        param.grad = None


def stops_at_none(params, state, lr, alpha=0.99, eps=1e-8):
    """The step ends at the first parameter without a gradient.

    Those behind it have gradients, too. Skip the one parameter, and go on with the next.
    """
    before = itertools.takewhile(lambda param: param.grad is not None, params)
    return _step(before, state, _rule(lr, alpha, eps))


def stops_at_none__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    learning = []
    for p in params:
        if p.grad is None:
            break
        learning.append(p)
    return _in_two_loops(learning, state, _rule(lr, alpha, eps))


def none_taken_for_zero(params, state, lr, alpha=0.99, eps=1e-8):
    """No gradient is taken for a gradient of zeros.

    Then the running mean of a parameter changes in a step in which the loss does not depend on it, and the parameter
    may move as well. Leave both as they are.
    """
    params = list(params)
    for param in params:
        if param.grad is None and param.requires_grad:
            param.grad = torch.zeros_like(param)
    return _step(params, state, _rule(lr, alpha, eps))


def none_taken_for_zero__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    with torch.no_grad():
        for index, param in enumerate(params):
            slot = state.setdefault(index, torch.zeros_like(param))
            gradient = torch.zeros_like(param) if param.grad is None else param.grad
            param.copy_(param - (_rule(lr, alpha, eps))(gradient, slot))
            param.grad = None


def counted_without_none(params, state, lr, alpha=0.99, eps=1e-8):
    """The places in the state are those among the parameters with a gradient.

    When another parameter has none, all behind it move up by one place and get the running mean of another parameter.
    Count all parameters, or use the parameter itself as the key.
    """
    learning = [param for param in params if param.grad is not None]
    return _step(learning, state, _rule(lr, alpha, eps))


def counted_without_none__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    place = itertools.count()
    return _in_two_loops(params, state, _rule(lr, alpha, eps), key=lambda index, param: next(place))


def one_for_all(params, state, lr, alpha=0.99, eps=1e-8):
    """All parameters share one place in the state.

    Each needs the running mean of its own, in its own shape. Use the number of the parameter, or the parameter itself,
    as the key.
    """
    return _step(params, state, _rule(lr, alpha, eps), key=lambda index, param: "all")


def one_for_all__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, _rule(lr, alpha, eps), key=lambda index, param: None)


def keyed_by_shape(params, state, lr, alpha=0.99, eps=1e-8):
    """Parameters of the same shape share a place in the state.

    A model has many parameters that are alike in shape, and each needs the running mean of its own. Use the number of
    the parameter, or the parameter itself, as the key.
    """
    return _step(params, state, _rule(lr, alpha, eps), key=lambda index, param: tuple(param.shape))


def keyed_by_shape__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    return _in_two_loops(params, state, _rule(lr, alpha, eps), key=lambda index, param: str(tuple(param.shape)))


def kept_elsewhere(params, state, lr, alpha=0.99, eps=1e-8):
    """The running mean is kept outside of the state.

    A global variable, or a default argument, is shared by all trainings, and is still there when a new one begins. Keep
    everything in `state`.
    """
    return _step(params, _elsewhere, _rule(lr, alpha, eps))


def kept_elsewhere__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    memory = _step.__dict__.setdefault("memory", dict())
    return _in_two_loops(params, memory, _rule(lr, alpha, eps), key=lambda index, param: index)


def kept_at_the_parameter(params, state, lr, alpha=0.99, eps=1e-8):
    """The running mean is kept as an attribute of the parameter.

    Another training of the same parameters then begins with what the first one left. Keep everything in `state`.
    """
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                if not hasattr(param, "kept"):
                    param.kept = torch.zeros_like(param)
                param -= (_rule(lr, alpha, eps))(param.grad, param.kept)
                param.grad.zero_()


def kept_at_the_parameter__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    params = list(params)
    for param in params:
        param.__dict__.setdefault("slots", {})
    for param in params:
        _in_two_loops([param], param.slots, _rule(lr, alpha, eps))


def forgotten(params, state, lr, alpha=0.99, eps=1e-8):
    """Nothing is left for the next step.

    The running mean must be there again when the next step comes. Write it into the dict that is given; `state = …`
    only gives another dict that name.
    """
    state = {}
    return _step(params, state, _rule(lr, alpha, eps))


def forgotten__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    state.clear()
    return _in_two_loops(params, state, _rule(lr, alpha, eps))


def length_needed(params, state, lr, alpha=0.99, eps=1e-8):
    """The parameters are taken for a list.

    `model.parameters()` can be gone through in a `for` loop, but has no length and no index. Loop over it directly, or
    make a list of it first.
    """
    for i in range(len(params)):
        _step(params[i : i + 1], state.setdefault(i, {}), _rule(lr, alpha, eps))


def length_needed__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    assert len(params) >= 0
    return _in_two_loops(params, state, _rule(lr, alpha, eps))


def gone_through_twice(params, state, lr, alpha=0.99, eps=1e-8):
    """The parameters are gone through twice.

    An iterator such as `model.parameters()` is at its end after the first loop; the second does nothing, and the
    gradients stay. Do it in one loop, or make a list first.
    """
    _step(params, state, _rule(lr, alpha, eps), done=lambda param: None)
    for param in params:
        param.grad = None


def gone_through_twice__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                if param not in state:
                    state[param] = torch.zeros_like(param)
                param.add_(-(_rule(lr, alpha, eps))(param.grad, state[param]))
    for param in params:
        if param.grad is not None:
            param.grad.zero_()


def single_precision(params, state, lr, alpha=0.99, eps=1e-8):
    """The state is in single precision.

    A training in double precision loses half of its digits. `zeros_like` takes shape, dtype and device from the
    parameter.
    """
    new = lambda param: torch.zeros_like(param, dtype=torch.float32)
    return _step(params, state, _rule(lr, alpha, eps), new=new)


def single_precision__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def single(param):
        return torch.zeros(param.shape, device=param.device)

    return _in_two_loops(params, state, _rule(lr, alpha, eps), new=single)


def state_on_the_cpu(params, state, lr, alpha=0.99, eps=1e-8):
    """The state is made on the CPU.

    It cannot be combined with gradients on an accelerator. `zeros_like` takes shape, dtype and device from the
    parameter.
    """
    new = lambda param: torch.zeros(param.shape, dtype=param.dtype)
    return _step(params, state, _rule(lr, alpha, eps), new=new)


def state_on_the_cpu__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    def zeros(param):
        return torch.full(tuple(param.size()), 0.0, dtype=param.dtype)

    return _in_two_loops(params, state, _rule(lr, alpha, eps), new=zeros)


def number_read(params, state, lr, alpha=0.99, eps=1e-8):
    """A number is read from a tensor.

    `.item()`, `float(…)` and a tensor in an `if` make Python wait until the device has finished, once for every
    parameter and step. Compute with tensors.
    """

    def write(param, change):
        if torch.isfinite(change).all():
            param -= change
        else:
            raise ValueError("the step is not finite")

    return _step(params, state, _rule(lr, alpha, eps), write=write)


def number_read__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    params = list(params)
    largest = [float(p.grad.abs().max()) for p in params if p.grad is not None]
    _in_two_loops(params, state, _rule(lr, alpha, eps))


def torchs_own(params, state, lr, alpha=0.99, eps=1e-8):
    """torch's own optimizer takes the step.

    The exercise is to write it: a few lines of tensor operations for each parameter.
    """
    if "optimizer" not in state:
        state["optimizer"] = torch.optim.RMSprop(list(params), lr=lr, alpha=alpha, eps=eps)
    state["optimizer"].step()
    state["optimizer"].zero_grad()


def torchs_own__rewrite(params, state, lr, alpha=0.99, eps=1e-8):
    optimizer = torch.optim.RMSprop(list(params), lr=lr, alpha=alpha, eps=eps)
    if "saved" in state:
        optimizer.load_state_dict(state["saved"])
    optimizer.step()
    state["saved"] = optimizer.state_dict()
    optimizer.zero_grad()
