"""Batch normalisation by hand, with parts that can be exchanged."""

import torch


def axes(X):
    return tuple(axis for axis in range(X.dim()) if axis != 1)


def fitted(statistic, X):
    return statistic.reshape(1, -1, *[1] * (X.dim() - 2))


def statistics(X):
    mean = X.mean(dim=axes(X))
    return mean, ((X - fitted(mean, X)) ** 2).mean(dim=axes(X))


def entries(X):
    return X.numel() // X.shape[1]


def checked(X, training):
    if training and entries(X) == 1:
        raise ValueError("a single entry has no variance")


def scaled(X, mean, var, gamma, beta, eps):
    normalised = (X - fitted(mean, X)) / (fitted(var, X) + eps).sqrt()
    return fitted(gamma, X) * normalised + fitted(beta, X)


def averages(X, mean, var, moving_mean, moving_var, momentum):
    n = entries(X)
    mean, var = mean.detach(), var.detach() * n / (n - 1)
    return moving_mean + momentum * (mean - moving_mean), moving_var + momentum * (var - moving_var)


def normalised(X, gamma, beta, moving_mean, moving_var, eps, momentum, training, *, own=statistics, then=averages,
               finish=scaled):  # fmt: skip
    """batch_norm with its statistics, its moving averages or its last step exchanged."""
    checked(X, training)
    if not training:
        return finish(X, moving_mean, moving_var, gamma, beta, eps), moving_mean.clone(), moving_var.clone()
    mean, var = own(X)
    Y = finish(X, mean, var, gamma, beta, eps)
    with torch.no_grad():
        return Y, *then(X, mean, var, moving_mean, moving_var, momentum)
