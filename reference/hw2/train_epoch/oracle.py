"""train_epoch with gradients from torch.autograd.grad, and sums in double precision."""

import torch


def train_epoch(net, train_iter, loss, updater):
    for part in net.modules():
        part.training = True
    losses, rights, sizes = [], [], []
    for X, y in train_iter:
        scores = net(X)
        mean = loss(scores, y)
        trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
        gradients = torch.autograd.grad(mean, trained, allow_unused=True)
        for parameter in net.parameters():
            parameter.grad = None
        for parameter, gradient in zip(trained, gradients, strict=True):
            parameter.grad = gradient
        updater.step()
        losses.append(float(mean.detach()))
        rights.append(sum(int(row.argmax()) == int(label) for row, label in zip(scores.detach(), y, strict=True)))
        sizes.append(y.shape[0])
    weighted = sum(mean * size for mean, size in zip(losses, sizes, strict=True))
    return weighted / sum(sizes), sum(rights) / sum(sizes)
