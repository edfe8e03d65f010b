"""Ways in which shortening the gradient goes wrong: what is returned, and what is changed.

The mistakes change a part of `_clip`, the rewrites one of `_in_one_vector`.
"""

import torch
from clipping import clip as _clip
from clipping import in_one_vector as _in_one_vector
from clipping import the_factor as _factor
from clipping import the_norm as _norm


def norm_afterwards(params, max_norm):
    """The norm after shortening is returned.

    The stub asks for the one before: it shows when gradients explode.
    """
    return _clip(params, max_norm, answer=lambda norm, factor: norm * factor)


def norm_afterwards__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, told=lambda norm, vector: vector.norm())


def factor_returned(params, max_norm):
    """The factor is returned, not the norm.

    The stub asks for the norm before anything was shortened.
    """
    return _clip(params, max_norm, answer=lambda norm, factor: factor)


def factor_returned__rewrite(params, max_norm):
    params = list(params)
    norm = _in_one_vector(params, max_norm)
    return torch.clamp(max_norm / (norm + 1e-6), max=1.0) if any(p.grad is not None for p in params) else norm


def nothing_returned(params, max_norm):
    """Nothing is returned.

    The stub asks for the norm before anything was shortened.
    """
    norm = _clip(params, max_norm)
    print(norm)


def nothing_returned__rewrite(params, max_norm):
    _in_one_vector(params, max_norm)
    return None


def float_returned(params, max_norm):
    """A float is returned.

    To read it Python has to wait for the device. The stub asks for a tensor of shape ().
    """
    norm = _clip(params, max_norm)
    return norm.item()


def float_returned__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, told=lambda norm, vector: float(norm))


def none_not_expected(params, max_norm):
    """A parameter without a gradient makes the function fail.

    `grad` is None for what is frozen, or has no part in the loss. Leave it out.
    """
    params = list(params)
    norm = _norm([0 + param.grad for param in params]) if params else torch.zeros(())
    for param in params:
        param.grad.mul_(_factor(norm, max_norm))
    return norm


def none_not_expected__rewrite(params, max_norm):
    params = list(params)
    total = torch.zeros(())
    for param in params:
        total = total + (1 * param.grad).square().sum()
    return _in_one_vector(params, max_norm)


def none_becomes_zero(params, max_norm):
    """A parameter without a gradient gets one of zeros.

    An optimizer may then move it, by momentum or weight decay. Leave it as it is.
    """
    params = list(params)
    for param in params:
        if param.grad is None:
            param.grad = torch.zeros_like(param)
    return _clip(params, max_norm)


def none_becomes_zero__rewrite(params, max_norm):
    params = list(params)
    for param in filter(lambda param: param.grad is None, params):
        param.grad = param.detach() * 0
    return _in_one_vector(params, max_norm)


def no_gradient_fails(params, max_norm):
    """Where there is no gradient, the function fails.

    The norm of nothing is 0.
    """
    params = list(params)
    torch.stack([param.grad.norm() for param in params if param.grad is not None])
    return _clip(params, max_norm)


def no_gradient_fails__rewrite(params, max_norm):
    params = list(params)
    squares = [param.grad.square().sum() for param in params if param.grad is not None]
    torch.stack(squares).sum().sqrt()
    return _in_one_vector(params, max_norm)


def nan_for_zeros(params, max_norm):
    """Gradients of zeros become NaN.

    Their norm is 0, and 0 / 0 is NaN. Add a small number to the norm, or ask first whether it is too long.
    """
    return _clip(params, max_norm, factor=lambda norm, max_norm: (max_norm / norm).clamp(max=1.0))


def nan_for_zeros__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, scale=lambda norm: torch.minimum(max_norm / norm, torch.ones_like(norm)))


def gone_through_twice(params, max_norm):
    """The parameters are gone through twice.

    An iterator such as `model.parameters()` is at its end after the norm is computed; nothing is shortened. Make a list
    first.
    """
    gradients = [param.grad for param in params if param.grad is not None]
    norm = _norm(gradients) if gradients else torch.zeros(())
    for param in params:
        if param.grad is not None:
            param.grad.mul_(_factor(norm, max_norm))
    return norm


def gone_through_twice__rewrite(params, max_norm):
    total = sum(((p.grad * p.grad).sum() for p in params if p.grad is not None), torch.zeros((), dtype=torch.float64))
    seen = iter(params)
    gradients = [param.grad for param in seen if param.grad is not None]
    norm = total.to(gradients[0]).sqrt() if gradients else total.float().sqrt()
    for gradient in gradients:
        gradient *= _factor(norm, max_norm)
    return norm


def new_gradients(params, max_norm):
    """The gradients are replaced by new tensors.

    Whoever holds the old ones, such as a bucket of several gradients, does not see it. Multiply in place.
    """

    def write(param, factor):
        param.grad = param.grad * factor

    return _clip(params, max_norm, write=write)


def new_gradients__rewrite(params, max_norm):
    params = list(params)
    norm = _in_one_vector(params, max_norm)
    for param in params:
        if param.grad is not None:
            param.grad = param.grad.clone()
    return norm


def compared_by_the_host(params, max_norm):
    """Python compares the norm.

    An `if` on a tensor waits until the device has finished. Multiply always, by a factor that is at most 1.
    """
    params = list(params)
    norm = _clip(params, float("inf"))
    if norm > max_norm:
        _clip(params, max_norm)
    return norm


def compared_by_the_host__rewrite(params, max_norm):
    params = list(params)
    norm = _in_one_vector(params, float("inf"))
    if bool(norm > max_norm):
        for param in params:
            if param.grad is not None:
                param.grad *= max_norm / norm
    return norm


def on_the_cpu(params, max_norm):
    """A tensor is made on the CPU.

    It cannot be combined with gradients on an accelerator. Take device and dtype from them.
    """
    params = list(params)
    for param in params:
        if param.grad is not None:
            torch.cat([torch.zeros(1, dtype=param.grad.dtype), param.grad.flatten()])
    return _clip(params, max_norm)


def on_the_cpu__rewrite(params, max_norm):
    params = list(params)
    for param in params:
        if param.grad is not None:
            param.grad.mul_(torch.ones(param.grad.shape, dtype=param.grad.dtype))
            param.grad.reshape(-1).add_(torch.zeros(param.grad.numel(), dtype=param.grad.dtype))
    return _in_one_vector(params, max_norm)


def single_precision(params, max_norm):
    """The norm is computed in single precision.

    It has the dtype of the gradients.
    """
    return _clip(params, max_norm, answer=lambda norm, factor: norm.float())


def single_precision__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, told=lambda norm, vector: norm.to(torch.float32))


def recording_left_off(params, max_norm):
    """Recording of gradients is switched off and stays off.

    Use `torch.no_grad()` as a `with` block or a decorator: it puts back what was before.
    """
    norm = _clip(params, max_norm)
    torch.set_grad_enabled(False)
    return norm


def recording_left_off__rewrite(params, max_norm):
    torch._C._set_grad_enabled(False)
    return _in_one_vector(params, max_norm)


def torchs_own(params, max_norm):
    """torch's own function does it.

    The exercise is to write it, in a few lines.
    """
    return torch.nn.utils.clip_grad_norm_(params, max_norm)


def torchs_own__rewrite(params, max_norm):
    from torch.nn.utils.clip_grad import clip_grad_norm_ as ready

    return ready(list(params), max_norm, norm_type=2.0)


def zeros_to_begin_with(params, max_norm):
    """The norm of gradients in half precision is in single precision.

    A sum that begins with `torch.zeros(())` is in float32, and so is everything that is added to it. Begin with 0, or
    with a zero of the gradients' dtype.
    """

    def norm(gradients):
        total = torch.zeros((), device=gradients[0].device)
        for gradient in gradients:
            total = total + gradient.pow(2).sum()
        return total.sqrt()

    return _clip(params, max_norm, norm=norm)


def zeros_to_begin_with__rewrite(params, max_norm):
    widened = lambda vector: torch.linalg.vector_norm(vector, dtype=torch.promote_types(vector.dtype, torch.float32))
    return _in_one_vector(params, max_norm, measure=widened)


def viewed_as_one_row(params, max_norm):
    """A gradient that is not contiguous cannot be made one row of by `view`.

    That of a transposed weight, or of images whose channels come last, is not. `flatten` and `reshape` copy where they
    must; the norm of a tensor needs neither.
    """
    return _clip(
        params, max_norm, norm=lambda gradients: torch.cat([gradient.view(-1) for gradient in gradients]).norm()
    )


def viewed_as_one_row__rewrite(params, max_norm):
    params = list(params)
    for param in params:
        if param.grad is not None:
            param.grad.view(param.grad.numel())
    return _in_one_vector(params, max_norm)


def smallest_norm(params, max_norm):
    """The norm that is returned is never 0.

    Against a division by 0 add something small, or raise the norm, where you divide; what is returned is the norm.
    """
    return _clip(params, max_norm, norm=lambda gradients: _norm(gradients).clamp_(min=1e-6))


def smallest_norm__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, told=lambda norm, vector: torch.maximum(norm, torch.full_like(norm, 1e-6)))
