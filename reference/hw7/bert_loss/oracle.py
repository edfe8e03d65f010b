"""bert_loss by log-softmax and picked entries; the division leaves out what is not there."""

import torch


def picked(scores, labels):
    return -scores.log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)


def bert_loss(mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y):
    losses = picked(mlm_Y_hat, mlm_Y)
    total = mlm_weights.sum()
    words = torch.where(total > 0, (mlm_weights * losses).sum() / torch.where(total > 0, total, 1), 0.0 * losses.sum())
    pairs = picked(nsp_Y_hat, nsp_y).sum() / nsp_y.numel()
    return words, pairs, words + pairs
