"""Two correct ways, of which a mistake changes one step: `right` with torch's loss, `again` written out."""

import torch.nn.functional as F


def each(mlm_Y_hat, mlm_Y):
    """The cross entropies of all predictions, padding included, in one row."""
    return F.cross_entropy(mlm_Y_hat.reshape(-1, mlm_Y_hat.shape[-1]), mlm_Y.reshape(-1), reduction="none")


def words(mlm_Y_hat, mlm_weights, mlm_Y):
    weights = mlm_weights.reshape(-1)
    return (each(mlm_Y_hat, mlm_Y) * weights).sum() / (weights.sum() + 1e-30)


def add(mlm_l, nsp_l):
    return mlm_l + nsp_l


def right(arguments, words=words, pairs=F.cross_entropy, add=add):
    mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y = arguments
    mlm_l, nsp_l = words(mlm_Y_hat, mlm_weights, mlm_Y), pairs(nsp_Y_hat, nsp_y)
    return mlm_l, nsp_l, add(mlm_l, nsp_l)


def table(scores, labels):
    """Minus the logarithms of the probabilities of the labels, in the shape of the labels."""
    logs = scores - scores.logsumexp(-1, keepdim=True)
    return -logs.take_along_dim(labels[..., None], -1)[..., 0]


def mean(losses, weights):
    total = weights.sum()
    return (losses * weights).sum() / total.clamp(min=1e-30)


def again(arguments, table=table, mean=mean, pairs=lambda losses: losses.mean(), add=add):
    mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y = arguments
    mlm_l, nsp_l = mean(table(mlm_Y_hat, mlm_Y), mlm_weights), pairs(table(nsp_Y_hat, nsp_y))
    return mlm_l, nsp_l, add(mlm_l, nsp_l)
