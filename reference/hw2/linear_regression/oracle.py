"""linear_regression by autograd, with a column of ones for the bias."""

import torch
from torch.nn import functional as F


def linear_regression(X, y, batch_size, lr, num_epochs, generator=None):
    with_ones = torch.cat([X, X.new_ones(len(X), 1)], dim=1)
    targets, weights = y.flatten(), X.new_zeros(X.shape[1] + 1).requires_grad_()
    losses = []
    for _ in range(num_epochs):
        order = list(range(len(X)) if generator is None else torch.randperm(len(X), generator=generator))
        for start in range(0, len(order), batch_size):
            rows = torch.tensor(order[start : start + batch_size])
            loss = F.mse_loss(torch.mv(with_ones[rows], weights), targets[rows]) / 2
            (gradient,) = torch.autograd.grad(loss, weights)
            weights = (weights - lr * gradient).detach().requires_grad_()
        losses.append(float(F.mse_loss(torch.mv(with_ones, weights), targets).detach()) / 2)
    weights = weights.detach()
    return weights[:-1, None].clone(), weights[-1:].clone(), losses
