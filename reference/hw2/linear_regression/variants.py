"""Other right ways to fit a line."""

import torch
from torch import nn
from torch.utils.data import TensorDataset


def from_scratch_with_autograd(X, y, batch_size, lr, num_epochs, generator=None):
    """As the notes have it: parameters, a sum of losses, backward, a step divided by the size of the batch."""
    w = torch.zeros((X.shape[1], 1), dtype=X.dtype, device=X.device, requires_grad=True)
    b = torch.zeros(1, dtype=X.dtype, device=X.device, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        indices = list(range(X.shape[0]))
        if generator is not None:
            indices = torch.randperm(X.shape[0], generator=generator).tolist()
        for start in range(0, len(indices), batch_size):
            chosen = torch.tensor(indices[start : start + batch_size])
            y_hat = torch.matmul(X[chosen], w) + b
            loss = (y_hat - y[chosen].reshape(y_hat.shape)) ** 2 / 2
            loss.sum().backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad / len(chosen)
                    param.grad.zero_()
        with torch.no_grad():
            losses.append(float(((X @ w + b - y.reshape(-1, 1)) ** 2 / 2).mean()))
    return w.detach(), b.detach(), losses


def with_a_layer(X, y, batch_size, lr, num_epochs, generator=None):
    """nn.Linear and its own gradient steps; the labels are squeezed."""
    layer = nn.utils.skip_init(nn.Linear, X.shape[1], 1, dtype=X.dtype, device=X.device)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    half = lambda rows, labels: 0.5 * nn.functional.mse_loss(layer(rows)[:, 0], labels)
    labels, losses = y.view(-1), []
    for _ in range(num_epochs):
        data = (X, labels)
        if generator is not None:
            order = torch.randperm(len(X), generator=generator)
            data = X[order], labels[order]
        for rows, wanted in zip(data[0].split(batch_size), data[1].split(batch_size), strict=True):
            layer.zero_grad()
            half(rows, wanted).backward()
            for parameter in layer.parameters():
                parameter.data -= lr * parameter.grad
        losses.append(half(X, labels).item())
    return layer.weight.detach().T.clone(), layer.bias.detach().clone(), losses


def with_a_data_set(X, y, batch_size, lr, num_epochs, generator=None):
    """A data set in an order that was drawn before; vectors without an axis of size 1."""
    w, b, losses = X.new_zeros(X.size(1)), X.new_zeros(()), []
    for _ in range(num_epochs):
        order = torch.arange(len(X)) if generator is None else torch.randperm(len(X), generator=generator)
        dataset = TensorDataset(X[order], y.reshape(-1)[order])
        for start in range(0, len(dataset), batch_size):
            rows, labels = dataset[start : start + batch_size]
            error = torch.einsum("nd,d->n", rows, w) + b - labels
            w = w - lr * torch.einsum("nd,n->d", rows, error) / error.numel()
            b = b - lr * error.mean()
        losses.append(float(sum(e * e for e in X @ w + b - y.reshape(-1)) / (2 * len(X))))
    return w.unsqueeze(1), b.reshape(1), losses
