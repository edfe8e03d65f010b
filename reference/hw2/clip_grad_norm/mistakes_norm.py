"""Ways in which shortening the gradient goes wrong: norm and factor.

The mistakes change a part of `_clip`, the rewrites one of `_in_one_vector`.
"""

import torch
from clipping import clip as _clip
from clipping import in_one_vector as _in_one_vector
from clipping import the_factor as _factor
from clipping import the_norm as _norm


def each_by_itself(params, max_norm):
    """Every gradient is shortened by itself.

    The relation between the gradients changes, and with it the direction of the step. One norm of all of them decides,
    and one factor goes for all.
    """
    params = [param for param in params if param.grad is not None]
    norm = _norm([param.grad for param in params]) if params else torch.zeros(())
    for param in params:
        param.grad.mul_(_factor(param.grad.norm(), max_norm))
    return norm


def each_by_itself__rewrite(params, max_norm):
    params = list(params)
    norm = _in_one_vector(params, float("inf"))
    for param in params:
        _in_one_vector([param], max_norm)
    return norm


def values_cut_off(params, max_norm):
    """Every entry is cut off.

    That changes the direction of the step. Multiply all entries by one factor.
    """
    params = [param for param in params if param.grad is not None]
    norm = _norm([param.grad for param in params]) if params else torch.zeros(())
    for param in params:
        param.grad.clamp_(-max_norm, max_norm)
    return norm


def values_cut_off__rewrite(params, max_norm):
    learning = [param for param in params if param.grad is not None]
    for param in learning:
        param.kept = param.grad.clone()
    norm = _in_one_vector(learning, float("inf"))
    for param in learning:
        param.grad.copy_(
            torch.maximum(
                torch.minimum(param.kept, torch.full_like(param.kept, max_norm)), torch.full_like(param.kept, -max_norm)
            )
        )
    return norm


def always_scaled(params, max_norm):
    """Short gradients are made longer.

    Only a norm above `max_norm` is brought down to it. The factor is never more than 1.
    """
    return _clip(params, max_norm, factor=lambda norm, max_norm: max_norm / (norm + 1e-6))


def always_scaled__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, scale=lambda norm: max_norm / (norm + 1e-6))


def never_scaled(params, max_norm):
    """The gradients are not shortened.

    `gradient = gradient * factor` makes a new tensor. Write into the one that the parameter holds.
    """
    return _clip(params, max_norm, write=lambda param, factor: param.grad * factor)


def never_scaled__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, scale=torch.ones_like)


def sum_of_norms(params, max_norm):
    """The norms are added up.

    The norm of vectors put together is the root of the sum of the squares of their norms.
    """
    return _clip(
        params, max_norm, norm=lambda gradients: torch.stack([gradient.norm() for gradient in gradients]).sum()
    )


def sum_of_norms__rewrite(params, max_norm):
    params = list(params)
    total = sum([param.grad.norm() for param in params if param.grad is not None], torch.zeros(()))
    return _in_one_vector(params, max_norm, measure=lambda vector: total.to(vector) if len(vector) else torch.zeros(()))


def largest_norm(params, max_norm):
    """The longest gradient decides.

    All gradients together are taken as one vector.
    """
    return _clip(
        params, max_norm, norm=lambda gradients: torch.stack([gradient.norm() for gradient in gradients]).max()
    )


def largest_norm__rewrite(params, max_norm):
    params = list(params)
    norms = [param.grad.norm() for param in params if param.grad is not None]
    return _in_one_vector(
        params, max_norm, measure=lambda vector: torch.stack(norms).amax() if norms else torch.zeros(())
    )


def no_root(params, max_norm):
    """The square of the norm is taken for the norm.

    The norm is the root of the sum of the squares.
    """
    return _clip(params, max_norm, norm=lambda gradients: sum((gradient**2).sum() for gradient in gradients))


def no_root__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, measure=lambda vector: torch.sum(vector.square()))


def largest_entry(params, max_norm):
    """The largest entry is taken for the norm.

    That is the infinity norm. Here it is the root of the sum of the squares.
    """
    return _clip(
        params, max_norm, norm=lambda gradients: torch.stack([gradient.abs().max() for gradient in gradients]).max()
    )


def largest_entry__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, measure=lambda vector: torch.cat([vector.abs(), vector.new_zeros(1)]).max())


def sizes_added_up(params, max_norm):
    """The sizes of the entries are added up.

    That is the 1-norm. Here it is the root of the sum of the squares.
    """
    return _clip(params, max_norm, norm=lambda gradients: sum(gradient.abs().sum() for gradient in gradients))


def sizes_added_up__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, measure=lambda vector: vector.norm(p=1))


def mean_square(params, max_norm):
    """The mean of the squares is taken for their sum.

    The norm grows with the number of entries: it is the root of their sum.
    """
    return _clip(
        params,
        max_norm,
        norm=lambda gradients: torch.cat([gradient.flatten() for gradient in gradients]).square().mean().sqrt(),
    )


def mean_square__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, measure=lambda vector: vector.norm() / max(len(vector), 1) ** 0.5)


def norm_of_the_parameters(params, max_norm):
    """The norm is that of the parameters.

    Their gradients are in `grad`.
    """
    params = list(params)
    norm = _norm([param.detach() for param in params if param.grad is not None] or [torch.zeros(())])
    return _clip(params, max_norm, norm=lambda gradients: norm)


def norm_of_the_parameters__rewrite(params, max_norm):
    params = list(params)
    weights = [param.data.reshape(-1) for param in params if param.grad is not None]
    return _in_one_vector(params, max_norm, measure=lambda vector: torch.cat([vector[:0], *weights]).norm())


def parameters_shortened(params, max_norm):
    """The parameters are shortened, not their gradients.

    Only `grad` is changed here; the step comes later.
    """

    def write(param, factor):
        param.data.mul_(factor)

    return _clip(params, max_norm, write=write)


def parameters_shortened__rewrite(params, max_norm):
    params = list(params)
    kept = [None if param.grad is None else param.grad.clone() for param in params]
    norm = _in_one_vector(params, max_norm)
    for param, gradient in zip(params, kept):
        if gradient is not None:
            param.data *= _factor(norm, max_norm)
            param.grad.copy_(gradient)
    return norm


def the_other_way_round(params, max_norm):
    """The factor is norm / max_norm.

    Then long gradients become longer. Multiplied by max_norm / norm, the norm becomes max_norm.
    """
    return _clip(params, max_norm, factor=lambda norm, max_norm: (norm / max_norm).clamp(min=1.0))


def the_other_way_round__rewrite(params, max_norm):
    return _in_one_vector(params, max_norm, scale=lambda norm: torch.maximum(norm / max_norm, torch.ones_like(norm)))
