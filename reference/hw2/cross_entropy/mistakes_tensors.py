"""Ways in which cross_entropy goes wrong with tensors: shapes, dtype, device, gradient, arguments, what is called."""

import torch
import torch.nn.functional as F
from pieces import check as _check
from pieces import losses as _losses
from pieces import pick as _pick
from pieces import reduce as _reduce
from pieces import right as _right
from pieces import shift as _shift


def all_pairs_picked(y_hat, y, reduction="mean"):
    """Every sample is given the labels of all samples.

    `y_hat[:, y]` picks whole columns, a matrix of shape (N, N). One entry from each row needs the row numbers as well,
    or `gather`.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(shifted.exp().sum(dim=1).log() - shifted[:, y], reduction)


def all_pairs_picked__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(torch.log(shifted.exp().sum(1)) - torch.index_select(shifted, 1, y), reduction)


def column_minus_row(y_hat, y, reduction="mean"):
    """A column is broadcast against a row.

    With `keepdim` or `gather` the one has shape (N, 1) and the other (N,): their difference is N times N. Squeeze the
    last axis of the column.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(shifted.exp().sum(dim=1).log() - shifted.gather(1, y[:, None]), reduction)


def column_minus_row__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    picked = torch.take_along_dim(shifted, y.unsqueeze(1), dim=1)
    return _reduce(torch.log(torch.sum(torch.exp(shifted), dim=1)) - picked, reduction)


def a_column_of_losses(y_hat, y, reduction="mean"):
    """The losses are a column.

    Shape (N, 1) is broadcast by whoever expects (N,). Squeeze the last axis.
    """
    _check(reduction)
    return _reduce(_losses(y_hat, y)[:, None], reduction)


def a_column_of_losses__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(shifted.exp().sum(dim=1, keepdim=True).log() - shifted.gather(1, y.unsqueeze(1)), reduction)


def squeezed_too_much(y_hat, y, reduction="mean"):
    """The axis of the batch is squeezed away when there is one sample.

    `squeeze()` without an axis takes off every axis of length 1. Name the axis.
    """
    _check(reduction)
    return _reduce(_losses(y_hat, y).squeeze(), reduction)


def squeezed_too_much__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    column = shifted.exp().sum(dim=1, keepdim=True).log() - shifted.gather(1, y[:, None])
    return _reduce(torch.squeeze(column), reduction)


def single_precision(y_hat, y, reduction="mean"):
    """The loss is always computed in single precision.

    Whoever works in double precision, to check gradients for instance, must keep it.
    """
    return _right(y_hat.float(), y, reduction)


def single_precision__rewrite(y_hat, y, reduction="mean"):
    return _right(y_hat, y, reduction).to(torch.float32)


def detached(y_hat, y, reduction="mean"):
    """The loss is cut off from the graph.

    Nothing learns from a loss without a gradient. Compute with the logits themselves, not with their data.
    """
    return _right(y_hat.detach(), y, reduction)


def detached__rewrite(y_hat, y, reduction="mean"):
    with torch.no_grad():
        return _right(y_hat, y, reduction)


def sum_without_gradient(y_hat, y, reduction="mean"):
    """The logarithm of the sum has no gradient.

    It keeps the probabilities of the wrong classes down: without it every logit of a right class grows for ever. Only
    the maximum may be detached, since it cancels out.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    return _reduce(shifted.exp().sum(dim=1).log().detach() - _pick(shifted, y), reduction)


def sum_without_gradient__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    shifted = _shift(y_hat)
    with torch.no_grad():
        total = torch.exp(shifted).sum(1).log()
    return _reduce(total - _pick(shifted, y), reduction)


def logits_overwritten(y_hat, y, reduction="mean"):
    """The caller's logits are overwritten.

    Autograd refuses to change a leaf in place, and whoever looks at the logits afterwards finds others. Keep the
    shifted logits in a new tensor.
    """
    _check(reduction)
    y_hat -= y_hat.amax(dim=1, keepdim=True)
    return _reduce(y_hat.exp().sum(dim=1).log() - _pick(y_hat, y), reduction)


def logits_overwritten__rewrite(y_hat, y, reduction="mean"):
    return _right(y_hat.sub_(y_hat.max(dim=1, keepdim=True).values), y, reduction)


def rows_on_the_cpu(y_hat, y, reduction="mean"):
    """A tensor is created on the CPU.

    It cannot be compared or computed with where the logits are on an accelerator. Create it on the device of the
    logits.
    """
    _check(reduction)
    shifted = _shift(y_hat)
    chosen = y[:, None] == torch.arange(y_hat.shape[1])
    return _reduce(shifted.exp().sum(dim=1).log() - torch.where(chosen, shifted, 0).sum(1), reduction)


def rows_on_the_cpu__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    total = torch.zeros(len(y), dtype=y_hat.dtype)
    return _reduce(total.add(_losses(y_hat, y)), reduction)


def ready_made(y_hat, y, reduction="mean"):
    """PyTorch's own cross entropy, or its softmax, does the work.

    Here you build it yourself: maximum, difference, exponential, sum, logarithm.
    """
    _check(reduction)
    return F.cross_entropy(y_hat, y, reduction=reduction)


def ready_made__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    return torch.nn.CrossEntropyLoss(reduction=reduction)(y_hat, y)


def loop_over_the_batch(y_hat, y, reduction="mean"):
    """The samples are handled one after another in a loop.

    Every sample costs calls of its own. Add along the axis of the classes, for all samples at once.
    """
    _check(reduction)
    rows = [_losses(y_hat[i : i + 1], y[i : i + 1]) for i in range(len(y))]
    return _reduce(torch.cat(rows) if rows else _losses(y_hat, y), reduction)


def loop_over_the_batch__rewrite(y_hat, y, reduction="mean"):
    _check(reduction)
    values = torch.empty_like(y_hat[:, 0])
    for i, (row, label) in enumerate(zip(y_hat, y)):
        shifted = row - row.max()
        values[i] = torch.log(torch.exp(shifted).sum()) - shifted.gather(0, label.reshape(1)).sum()
    return _reduce(values, reduction)


def unknown_reduction_accepted(y_hat, y, reduction="mean"):
    """An unknown reduction raises nothing.

    Whoever misspells "mean" gets something else without noticing. Raise a ValueError for what is none of the three.
    """
    values = _losses(y_hat, y)
    if reduction == "mean":
        return values.mean()
    if reduction == "sum":
        return values.sum()
    return values


def unknown_reduction_accepted__rewrite(y_hat, y, reduction="mean"):
    values = _losses(y_hat, y)
    return {"none": values, "sum": values.sum()}.get(reduction, values.mean())


def reduction_not_named(y_hat, y, reduction="mean"):
    """The message does not name the unknown reduction.

    Whoever reads the error wants to know what was passed: put the value of `reduction` into the message.
    """
    if reduction not in ("none", "mean", "sum"):
        raise ValueError("unknown reduction")
    return _right(y_hat, y, reduction)


def reduction_not_named__rewrite(y_hat, y, reduction="mean"):
    try:
        return _right(y_hat, y, reduction)
    except ValueError:
        raise ValueError("reduction must be 'none', 'mean' or 'sum'") from None
