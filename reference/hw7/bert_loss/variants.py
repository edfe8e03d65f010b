"""Other correct ways to take the two losses."""

import torch
import torch.nn.functional as F


def classes_second(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
    """The classes moved to axis 1, where the loss of torch wants them; a product of two vectors."""
    losses = F.cross_entropy(mlm_Y_hat.transpose(1, 2), mlm_Y, reduction="none")
    mlm_l = losses.flatten() @ mlm_weights.flatten() / mlm_weights.sum().clamp_min(1e-20)
    nsp_l = torch.nn.CrossEntropyLoss()(nsp_Y_hat, nsp_y)
    return mlm_l, nsp_l, mlm_l + nsp_l


def with_shares(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
    """Each prediction's share first, then a sum."""
    shares = mlm_weights / (mlm_weights.sum() + 1e-30)
    logs = torch.log_softmax(mlm_Y_hat, 2)
    hot = F.one_hot(mlm_Y, mlm_Y_hat.shape[2]).to(logs.dtype)
    words = -torch.einsum("bmv,bmv,bm->", logs, hot, shares)
    pairs = F.nll_loss(F.log_softmax(nsp_Y_hat, 1), nsp_y, reduction="sum") / len(nsp_y)
    return words, pairs, sum((words, pairs))


def in_a_list(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
    """The loss of the notes with reduction none, and a correction of the count where there is nothing."""
    loss = torch.nn.CrossEntropyLoss(reduction="none")
    losses = loss(mlm_Y_hat.reshape(-1, mlm_Y_hat.shape[-1]), mlm_Y.reshape(-1)) * mlm_weights.reshape(-1)
    count = mlm_weights.sum()
    count = count + (count == 0).to(count.dtype)
    both = [losses.sum() / count, loss(nsp_Y_hat, nsp_y).mean()]
    return (*both, torch.stack(both).sum())
