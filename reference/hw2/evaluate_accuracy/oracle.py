"""evaluate_accuracy sample by sample, with a list of those that are right."""

import torch


@torch.no_grad()
def evaluate_accuracy(net, data_iter):
    parts = list(net.modules())
    before = [part.training for part in parts]
    for part in parts:
        part.training = False
    right = []
    for X, y in data_iter:
        right += [int(row.argmax()) == int(label) for row, label in zip(net(X), y, strict=True)]
    for part, mode in zip(parts, before, strict=True):
        part.training = mode
    return sum(right) / max(len(right), 1)
