"""Ways in which shortening the gradient of a network goes wrong."""

import torch
from clipping import clip as _clip
from clipping import in_one_vector as _in_one_vector
from clipping import of as _of
from clipping import the_factor as _factor
from clipping import the_norm as _norm


def each_by_itself(net, theta):
    """Every gradient is shortened by itself.

    The relation between the gradients changes, and with it the direction of the step. One norm of all of them decides,
    and one factor goes for all.
    """
    for param in _of(net):
        _clip([param], theta)


def each_by_itself__rewrite(net, theta):
    for param in _of(net):
        if param.grad is not None and param.grad.norm() > theta:
            param.grad.mul_(theta / param.grad.norm())


def values_cut_off(net, theta):
    """Every entry is cut off.

    That changes the direction of the step. Multiply all entries by one factor.
    """
    for param in _of(net):
        if param.grad is not None:
            param.grad.clamp_(-theta, theta)


def values_cut_off__rewrite(net, theta):
    for param in _of(net):
        if param.grad is not None:
            param.grad.copy_(torch.where(param.grad.abs() > theta, param.grad.sign() * theta, param.grad))


def always_scaled(net, theta):
    """Short gradients are made longer.

    Only a norm above theta is brought down to it. The factor is never more than 1.
    """
    _clip(net, theta, factor=lambda norm, theta: theta / (norm + 1e-6))


def always_scaled__rewrite(net, theta):
    _in_one_vector(net, theta, scale=lambda norm: theta / (norm + 1e-6))


def not_written(net, theta):
    """The gradients are not changed.

    `gradient = gradient * factor` makes a new tensor and gives it the name. Write into the one that the parameter
    holds.
    """
    _clip(net, theta, write=lambda param, factor: param.grad * factor)


def not_written__rewrite(net, theta):
    gradients = [param.grad for param in _of(net) if param.grad is not None]
    if gradients:
        factor = _factor(_norm(gradients), theta)
        for gradient in gradients:
            gradient = gradient * factor


def sum_of_norms(net, theta):
    """The norms are added up.

    The norm of vectors put together is the root of the sum of the squares of their norms.
    """
    _clip(net, theta, norm=lambda gradients: torch.stack([gradient.norm() for gradient in gradients]).sum())


def sum_of_norms__rewrite(net, theta):
    total = sum((param.grad.square().sum().sqrt() for param in _of(net) if param.grad is not None), torch.zeros(()))
    _in_one_vector(net, theta, measure=lambda vector: total.to(vector))


def largest_norm(net, theta):
    """The longest gradient decides.

    All gradients together are taken as one vector.
    """
    _clip(net, theta, norm=lambda gradients: torch.stack([gradient.norm() for gradient in gradients]).max())


def largest_norm__rewrite(net, theta):
    norms = [param.grad.norm() for param in _of(net) if param.grad is not None]
    _in_one_vector(net, theta, measure=lambda vector: max(norms))


def no_root(net, theta):
    """The square of the norm is taken for the norm.

    The norm is the root of the sum of the squares.
    """
    _clip(net, theta, norm=lambda gradients: sum((gradient**2).sum() for gradient in gradients))


def no_root__rewrite(net, theta):
    _in_one_vector(net, theta, measure=lambda vector: torch.sum(vector.square()))


def largest_entry(net, theta):
    """The largest entry is taken for the norm.

    That is the infinity norm. Here it is the root of the sum of the squares.
    """
    _clip(net, theta, norm=lambda gradients: torch.stack([gradient.abs().max() for gradient in gradients]).max())


def largest_entry__rewrite(net, theta):
    _in_one_vector(net, theta, measure=lambda vector: torch.linalg.vector_norm(vector, float("inf")))


def mean_square(net, theta):
    """The mean of the squares is taken for their sum.

    The norm grows with the number of entries: it is the root of their sum.
    """
    norm = lambda gradients: torch.cat([gradient.flatten() for gradient in gradients]).square().mean().sqrt()
    _clip(net, theta, norm=norm)


def mean_square__rewrite(net, theta):
    _in_one_vector(net, theta, measure=lambda vector: vector.norm() / len(vector) ** 0.5)


def norm_of_the_parameters(net, theta):
    """The norm is that of the parameters.

    Their gradients are in `grad`.
    """
    norm = _norm([param.detach() for param in _of(net) if param.grad is not None] or [torch.zeros(())])
    _clip(net, theta, norm=lambda gradients: norm)


def norm_of_the_parameters__rewrite(net, theta):
    weights = [param.data.reshape(-1) for param in _of(net) if param.grad is not None]
    _in_one_vector(net, theta, measure=lambda vector: torch.cat(weights).norm())


def parameters_shortened(net, theta):
    """The parameters are shortened, not their gradients.

    Only `grad` is changed here; the step comes later.
    """
    _clip(net, theta, write=lambda param, factor: param.data.mul_(factor))


def parameters_shortened__rewrite(net, theta):
    learning = [param for param in _of(net) if param.grad is not None]
    kept = [param.grad.clone() for param in learning]
    _in_one_vector(net, theta)
    for param, gradient in zip(learning, kept):
        param.data *= _factor(_norm(kept), theta)
        param.grad.copy_(gradient)


def the_other_way_round(net, theta):
    """The factor is norm / theta.

    Then long gradients become longer. Multiplied by theta / norm, the norm becomes theta.
    """
    _clip(net, theta, factor=lambda norm, theta: (norm / theta).clamp(min=1.0))


def the_other_way_round__rewrite(net, theta):
    _in_one_vector(net, theta, scale=lambda norm: torch.maximum(norm / theta, torch.ones_like(norm)))


def not_theta_long(net, theta):
    """The gradient is divided by its norm.

    Its norm becomes 1 then, whatever theta is. The factor is theta / norm.
    """
    _clip(net, theta, factor=lambda norm, theta: torch.where(norm > theta, 1 / norm, torch.ones_like(norm)))


def not_theta_long__rewrite(net, theta):
    _in_one_vector(net, theta, scale=lambda norm: norm**-1 if norm > theta else 1)


def none_not_expected(net, theta):
    """A parameter without a gradient makes the function fail.

    `grad` is None for what is frozen, or has no part in the loss. Leave it out.
    """
    params = _of(net)
    norm = torch.sqrt(sum((torch.sum(param.grad**2) for param in params), torch.zeros(())))
    for param in params:
        param.grad.mul_(_factor(norm, theta).to(param.grad))


def none_not_expected__rewrite(net, theta):
    for param in _of(net):
        1 * param.grad
    _in_one_vector(net, theta)


def none_becomes_zero(net, theta):
    """A parameter without a gradient gets one of zeros.

    An optimizer may then move it, by momentum or weight decay. Leave it as it is.
    """
    for param in _of(net):
        if param.grad is None:
            param.grad = torch.zeros_like(param)
    _clip(net, theta)


def none_becomes_zero__rewrite(net, theta):
    for param in filter(lambda param: param.grad is None, _of(net)):
        param.grad = param.detach() * 0
    _in_one_vector(net, theta)


def no_gradient_fails(net, theta):
    """Where there is no gradient, the function fails.

    `sum` of nothing is Python's 0, of which torch can take no root, and `stack` of nothing is an error. Look first.
    """
    torch.sqrt(sum((param.grad**2).sum() for param in _of(net) if param.grad is not None))
    _clip(net, theta)


def no_gradient_fails__rewrite(net, theta):
    torch.exp(sum(param.grad.square().sum() for param in _of(net) if param.grad is not None))
    _in_one_vector(net, theta)


def new_gradients(net, theta):
    """The gradients are replaced by new tensors.

    Whoever holds the old ones does not see it. Multiply in place.
    """

    def write(param, factor):
        param.grad = param.grad * factor

    _clip(net, theta, write=write)


def new_gradients__rewrite(net, theta):
    params = _of(net)
    _in_one_vector(net, theta)
    for param in params:
        if param.grad is not None:
            param.grad = param.grad.clone()


def single_numbers_fail(net, theta):
    """The gradient of a single number makes the function fail.

    `grad[:]` is a slice along the first axis, and a tensor of shape () has none. `grad *= …` or `grad.mul_(…)` needs no
    slice.
    """

    def write(param, factor):
        param.grad[:] *= factor

    _clip(net, theta, write=write)


def single_numbers_fail__rewrite(net, theta):
    gradients = [param.grad for param in _of(net) if param.grad is not None]
    factor = _factor(_norm(gradients), theta) if gradients else 1
    for gradient in gradients:
        gradient[0:] = factor * gradient[0:]


def modules_only(net, theta):
    """A list of parameters makes the function fail.

    A network from scratch has its parameters in a list, which has neither `parameters()` nor an attribute `params`. Ask
    whether `net` is an nn.Module first.
    """
    net.parameters()
    _clip(net, theta)


def modules_only__rewrite(net, theta):
    _in_one_vector(net.parameters() if isinstance(net, torch.nn.Module) else net.params, theta)


def lists_only(net, theta):
    """A module makes the function fail.

    A module cannot be gone through; its parameters are what `parameters()` gives.
    """
    _clip([param for param in net], theta)


def lists_only__rewrite(net, theta):
    iter(net)
    _in_one_vector(net, theta)


def tuples_fail(net, theta):
    """A tuple of parameters makes the function fail.

    A list or a tuple may be given: ask whether `net` is an nn.Module, not whether it is a list.
    """
    _clip(net if isinstance(net, list) else net.parameters(), theta)


def tuples_fail__rewrite(net, theta):
    if type(net) is not list:
        net = list(net.parameters())
    _in_one_vector(net, theta)


def own_parameters_only(net, theta):
    """Only the module's own parameters are shortened, not those of its parts.

    `parameters()` gives them all, the parts of parts included.
    """
    _clip(net, theta, params=lambda net: net.parameters(recurse=False) if isinstance(net, torch.nn.Module) else net)


def own_parameters_only__rewrite(net, theta):
    _in_one_vector(net._parameters.values() if isinstance(net, torch.nn.Module) else net, theta)


def shared_parameters_twice(net, theta):
    """A parameter that two parts share counts twice.

    It is one parameter with one gradient. `parameters()` gives it once; a loop over the parts meets it again.
    """

    def params(net):
        if not isinstance(net, torch.nn.Module):
            return net
        return [param for module in net.modules() for param in module._parameters.values() if param is not None]

    _clip(net, theta, params=params)


def shared_parameters_twice__rewrite(net, theta):
    if isinstance(net, torch.nn.Module):
        params = [param for _, param in net.named_parameters(remove_duplicate=False)]
    else:
        params = list(net)
    squares = sum((p.grad**2).sum() for p in params if p.grad is not None)
    for param in params:
        if param.grad is not None:
            param.grad *= min(1.0, theta / (float(squares) ** 0.5 + 1e-6))


def on_the_cpu(net, theta):
    """A tensor is made on the CPU.

    It cannot be combined with gradients on an accelerator. Take device and dtype from them.
    """
    for param in _of(net):
        if param.grad is not None:
            torch.cat([torch.zeros(1, dtype=param.grad.dtype), param.grad.flatten()])
    _clip(net, theta)


def on_the_cpu__rewrite(net, theta):
    for param in _of(net):
        if param.grad is not None:
            param.grad.mul_(torch.ones(param.grad.shape, dtype=param.grad.dtype))
            param.grad.reshape(-1).add_(torch.zeros(param.grad.numel(), dtype=param.grad.dtype))
    _in_one_vector(net, theta)


def recording_left_off(net, theta):
    """Recording of gradients is switched off and stays off.

    Use `torch.no_grad()` as a `with` block or a decorator: it puts back what was before.
    """
    torch.set_grad_enabled(False)
    _clip(net, theta)


def recording_left_off__rewrite(net, theta):
    torch._C._set_grad_enabled(False)
    _in_one_vector(net, theta)


def torchs_own(net, theta):
    """torch's own function does it.

    The exercise is to write it, in a few lines.
    """
    torch.nn.utils.clip_grad_norm_(_of(net), theta)


def torchs_own__rewrite(net, theta):
    from torch.nn.utils.clip_grad import clip_grad_norm_ as ready

    ready(_of(net), theta, norm_type=2.0)
