"""Ways in which standardize goes wrong."""

import torch


def _axes(X, dim):
    return tuple(axis % X.dim() for axis in ((dim,) if isinstance(dim, int) else dim))


def divisor_n_minus_1(X, dim, eps=1e-5):
    """The variance has the divisor n - 1.

    That is what torch's `var` and `std` do unless they are told otherwise. Here, as in the normalization layers, it is
    n; and with n - 1 a single element gives NaN.
    """
    variance = X.var(dim=dim, keepdim=True)
    return (X - X.mean(dim=dim, keepdim=True)) / torch.sqrt(variance + eps)


def divisor_n_minus_1__rewrite(X, dim, eps=1e-5):
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred * (torch.std(X, dim=dim, keepdim=True) ** 2 + eps) ** -0.5


def eps_outside_the_root(X, dim, eps=1e-5):
    """`eps` is added outside the root.

    It belongs to the variance: the root of variance plus eps. Where the variance is small this makes a difference.
    """
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred / (centred.square().mean(dim=dim, keepdim=True).sqrt() + eps)


def eps_outside_the_root__rewrite(X, dim, eps=1e-5):
    std = X.std(dim=dim, keepdim=True, correction=0)
    return (X - X.mean(dim=dim, keepdim=True)) / (std + eps)


def eps_forgotten(X, dim, eps=1e-5):
    """`eps` is not used.

    Where all elements are equal the variance is 0, and 0 / 0 is NaN.
    """
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred / centred.square().mean(dim=dim, keepdim=True).sqrt()


def eps_forgotten__rewrite(X, dim, eps=1e-5):
    return (X - X.mean(dim=dim, keepdim=True)) / X.std(dim=dim, keepdim=True, correction=0)


def eps_fixed(X, dim, eps=1e-5):
    """The number added to the variance is always 1e-5.

    The caller may ask for another one: use the argument `eps`.
    """
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred / torch.sqrt(centred.square().mean(dim=dim, keepdim=True) + 1e-5)


def eps_fixed__rewrite(X, dim, eps=1e-5):
    variance, mean = torch.var_mean(X, dim=dim, correction=0, keepdim=True)
    return (X - mean) * (variance + 0.00001).rsqrt()


def divided_by_the_variance(X, dim, eps=1e-5):
    """The root is missing: it is divided by the variance.

    The variance has the unit of x squared. Its root, the standard deviation, brings the result to variance 1.
    """
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred / (centred.square().mean(dim=dim, keepdim=True) + eps)


def divided_by_the_variance__rewrite(X, dim, eps=1e-5):
    variance, mean = torch.var_mean(X, dim=dim, correction=0, keepdim=True)
    return (X - mean) * (variance + eps).reciprocal()


def mean_kept(X, dim, eps=1e-5):
    """The mean is not subtracted.

    Dividing alone sets the variance to 1 and leaves the mean where it is.
    """
    return X / torch.sqrt(X.var(dim=dim, keepdim=True, correction=0) + eps)


def mean_kept__rewrite(X, dim, eps=1e-5):
    centred = X - X.mean(dim=dim, keepdim=True)
    return X * (centred.square().mean(dim=dim, keepdim=True) + eps).rsqrt()


def only_centred(X, dim, eps=1e-5):
    """The mean is subtracted, and that is all.

    What is left has mean 0, but the variance that it had before. Divide.
    """
    return X - X.mean(dim=dim, keepdim=True)


def only_centred__rewrite(X, dim, eps=1e-5):
    return X.sub(X.mean(dim=_axes(X, dim), keepdim=True))


def axes_not_kept(X, dim, eps=1e-5):
    """The statistics lose their axes and are broadcast along others.

    Without `keepdim=True` the means of the rows become a row, and broadcasting aligns shapes at the right: it is
    subtracted from every row, or does not fit at all. On square tensors nobody notices.
    """
    return (X - X.mean(dim=dim)) / torch.sqrt(X.var(dim=dim, correction=0) + eps)


def axes_not_kept__rewrite(X, dim, eps=1e-5):
    variance, mean = torch.var_mean(X, dim=dim, correction=0)
    return (X - mean) * (variance + eps).rsqrt()


def no_statistic_keeps_its_axes(X, dim, eps=1e-5):
    """The mean loses its axes, and so does the variance that is taken of what is left.

    Without `keepdim=True` the means of the rows become a row, and broadcasting aligns shapes at the right: it is
    subtracted from every row, or does not fit at all. On square tensors nobody notices.
    """
    centred = X - X.mean(dim=dim)
    return centred / torch.sqrt(centred.square().mean(dim=dim) + eps)


def no_statistic_keeps_its_axes__rewrite(X, dim, eps=1e-5):
    centred = X - torch.mean(X, _axes(X, dim))
    return centred * (centred.var(_axes(X, dim), correction=0) + centred.mean(_axes(X, dim)) ** 2 + eps).rsqrt()


def mean_does_not_keep_its_axes(X, dim, eps=1e-5):
    """The mean loses its axes; only the variance keeps them.

    Without `keepdim=True` the means of the rows become a row, which is subtracted from every row, or does not fit at
    all.
    """
    centred = X - X.mean(dim=dim)
    return centred / torch.sqrt(centred.square().mean(dim=dim, keepdim=True) + eps)


def mean_does_not_keep_its_axes__rewrite(X, dim, eps=1e-5):
    axes = _axes(X, dim)
    centred = X - torch.mean(X, axes)
    second = centred.var(axes, correction=0, keepdim=True) + centred.mean(axes, keepdim=True) ** 2
    return centred * (second + eps).rsqrt()


def variance_does_not_keep_its_axes(X, dim, eps=1e-5):
    """The variance loses its axes; only the mean keeps them.

    Without `keepdim=True` the variances of the rows become a row, by which every row is divided, or which does not fit
    at all.
    """
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred / torch.sqrt(centred.square().mean(dim=dim) + eps)


def variance_does_not_keep_its_axes__rewrite(X, dim, eps=1e-5):
    return (X - X.mean(dim=dim, keepdim=True)) * (X.var(dim=dim, correction=0) + eps).rsqrt()


def statistics_of_everything(X, dim, eps=1e-5):
    """One mean and one variance are taken over the whole tensor.

    They belong to the axes `dim`; every position along the other axes has its own.
    """
    return (X - X.mean()) / torch.sqrt(X.var(correction=0) + eps)


def statistics_of_everything__rewrite(X, dim, eps=1e-5):
    centred = X - X.sum() / max(X.numel(), 1)
    return centred * (centred.square().sum() / max(X.numel(), 1) + eps) ** -0.5


def always_the_last_axis(X, dim, eps=1e-5):
    """The statistics are always taken over the last axis.

    `dim` says which axis they are taken over.
    """
    return (X - X.mean(dim=-1, keepdim=True)) / torch.sqrt(X.var(dim=-1, keepdim=True, correction=0) + eps)


def always_the_last_axis__rewrite(X, dim, eps=1e-5):
    last = X.dim() - 1
    centred = X - X.mean(last, keepdim=True)
    return centred * (centred.square().mean(last, keepdim=True) + eps).rsqrt()


def always_the_first_axis(X, dim, eps=1e-5):
    """The statistics are always taken over the first axis.

    `dim` says which axis they are taken over.
    """
    return (X - X.mean(dim=0, keepdim=True)) / torch.sqrt(X.var(dim=0, keepdim=True, correction=0) + eps)


def always_the_first_axis__rewrite(X, dim, eps=1e-5):
    centred = X - X.mean(0)
    return centred * (centred.square().mean(0) + eps).rsqrt()


def all_the_other_axes(X, dim, eps=1e-5):
    """The axis `dim` keeps its statistics, and the others are reduced.

    `dim` is what disappears in the statistics, not what remains.
    """
    others = tuple(axis for axis in range(X.dim()) if axis not in _axes(X, dim))
    if not others:
        return (X - X) / torch.sqrt(torch.zeros_like(X) + eps)
    return (X - X.mean(dim=others, keepdim=True)) / torch.sqrt(X.var(dim=others, keepdim=True, correction=0) + eps)


def all_the_other_axes__rewrite(X, dim, eps=1e-5):
    others = sorted(set(range(X.dim())) - set(_axes(X, dim)))
    centred = X - X.mean(dim=others, keepdim=True) if others else torch.zeros_like(X) * X
    squares = centred.square()
    variance = squares.mean(dim=others, keepdim=True) if others else squares
    return centred * (variance + eps).rsqrt()


def an_axis_after_the_other(X, dim, eps=1e-5):
    """Several axes are standardized one after the other.

    The statistics are taken over all of them together: one mean for the whole block.
    """
    for axis in _axes(X, dim):
        X = (X - X.mean(axis, keepdim=True)) / torch.sqrt(X.var(axis, keepdim=True, correction=0) + eps)
    return X


def an_axis_after_the_other__rewrite(X, dim, eps=1e-5):
    for axis in (dim,) if isinstance(dim, int) else dim:
        centred = X - X.mean(axis, keepdim=True)
        X = centred * (centred.square().mean(axis, keepdim=True) + eps).rsqrt()
    return X


def variances_averaged(X, dim, eps=1e-5):
    """The variance over several axes is a mean of variances over one.

    That leaves out how far the means of the parts lie apart. Square the distances from the one mean, over all axes.
    """
    axes = _axes(X, dim)
    variance = X.var(axes[0], keepdim=True, correction=0).mean(dim=axes, keepdim=True)
    return (X - X.mean(dim=axes, keepdim=True)) / torch.sqrt(variance + eps)


def variances_averaged__rewrite(X, dim, eps=1e-5):
    axes = _axes(X, dim)
    inner = X - X.mean(axes[0], keepdim=True)
    variance = inner.square().mean(dim=axes, keepdim=True)
    return (X - X.mean(dim=axes, keepdim=True)) * (variance + eps).rsqrt()


def squares_minus_square(X, dim, eps=1e-5):
    """The variance is the mean of the squares minus the square of the mean.

    Far from 0 both are large and nearly equal, and their difference is rounding error, at times a negative one.
    Subtract the mean first.
    """
    mean = X.mean(dim=dim, keepdim=True)
    return (X - mean) / torch.sqrt(X.square().mean(dim=dim, keepdim=True) - mean.square() + eps)


def squares_minus_square__rewrite(X, dim, eps=1e-5):
    axes = _axes(X, dim)
    mean = X.mean(dim=axes, keepdim=True)
    return (X - mean) * ((X * X).mean(dim=axes, keepdim=True) - mean**2 + eps).rsqrt()


def statistics_detached(X, dim, eps=1e-5):
    """No gradient goes through the mean and the variance.

    They depend on every element, so they are part of the derivative: do not detach them.
    """
    mean, variance = X.mean(dim=dim, keepdim=True).detach(), X.var(dim=dim, keepdim=True, correction=0).detach()
    return (X - mean) / torch.sqrt(variance + eps)


def statistics_detached__rewrite(X, dim, eps=1e-5):
    with torch.no_grad():
        variance, mean = torch.var_mean(X, dim=dim, correction=0, keepdim=True)
        scale = (variance + eps).rsqrt()
    return (X - mean) * scale


def variance_detached(X, dim, eps=1e-5):
    """No gradient goes through the variance.

    It depends on every element, so it is part of the derivative: do not detach it.
    """
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred / torch.sqrt(centred.detach().square().mean(dim=dim, keepdim=True) + eps)


def variance_detached__rewrite(X, dim, eps=1e-5):
    centred = X - X.mean(dim=dim, keepdim=True)
    return centred * (X.data.var(dim=dim, keepdim=True, correction=0) + eps).rsqrt()


def mean_detached(X, dim, eps=1e-5):
    """No gradient goes through the mean.

    It depends on every element, so it is part of the derivative: do not detach it.
    """
    centred = X - X.mean(dim=dim, keepdim=True).detach()
    return centred / torch.sqrt(centred.square().mean(dim=dim, keepdim=True) + eps)


def mean_detached__rewrite(X, dim, eps=1e-5):
    centred = X.sub(X.data.mean(dim=dim, keepdim=True))
    return centred * (centred.pow(2).mean(_axes(X, dim), keepdim=True) + eps).rsqrt()


def gradient_lost(X, dim, eps=1e-5):
    """The answer has no gradient.

    `.detach()`, `.data`, `.numpy()` and `torch.tensor(...)` leave the graph behind. Compute with X itself.
    """
    X = X.detach()
    return (X - X.mean(dim=dim, keepdim=True)) / torch.sqrt(X.var(dim=dim, keepdim=True, correction=0) + eps)


def gradient_lost__rewrite(X, dim, eps=1e-5):
    with torch.no_grad():
        variance, mean = torch.var_mean(X, dim=dim, correction=0, keepdim=True)
        return (X - mean) * (variance + eps).rsqrt()


def written_into_the_argument(X, dim, eps=1e-5):
    """The result is written into the argument.

    `X -= …` changes the caller's tensor, and autograd refuses it on a leaf that requires a gradient. Write X - ….
    """
    X -= X.mean(dim=dim, keepdim=True)
    X /= torch.sqrt(X.square().mean(dim=dim, keepdim=True) + eps)
    return X


def written_into_the_argument__rewrite(X, dim, eps=1e-5):
    X.sub_(X.mean(dim=dim, keepdim=True))
    return X.mul_((X.var(dim=dim, keepdim=True, correction=0) + eps).rsqrt())


def single_precision(X, dim, eps=1e-5):
    """The answer is in single precision whatever X is.

    Half of the digits of a float64 tensor are lost. Keep the dtype of X.
    """
    X = X.float()
    return (X - X.mean(dim=dim, keepdim=True)) / torch.sqrt(X.var(dim=dim, keepdim=True, correction=0) + eps)


def single_precision__rewrite(X, dim, eps=1e-5):
    X = X.to(torch.float32)
    centred = X.sub(X.mean(dim=_axes(X, dim), keepdim=True))
    return centred.div((X.var(dim=dim, keepdim=True, correction=0) + eps) ** 0.5)
