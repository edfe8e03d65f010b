"""Linear regression by hand, with parts that can be exchanged."""

import torch


def the_batches(n, batch_size, generator):
    order = torch.arange(n) if generator is None else torch.randperm(n, generator=generator)
    return order.split(batch_size)


def the_error(y_hat, y):
    return y_hat - y.reshape(y_hat.shape)


def the_gradients(X, error):
    return X.T @ error / len(X), error.mean(0)


def the_loss(X, y, w, b):
    return (the_error(X @ w + b, y) ** 2 / 2).mean().item()


def the_start(X):
    return X.new_zeros(X.shape[1], 1), X.new_zeros(1)


def fit(
    X,
    y,
    batch_size,
    lr,
    num_epochs,
    generator,
    *,
    start=the_start,
    batches=the_batches,
    error=the_error,
    gradients=the_gradients,
    loss=the_loss,
):
    """Right as it stands; a mistake gives another part."""
    w, b = start(X)
    losses = []
    for _ in range(num_epochs):
        for rows in batches(len(X), batch_size, generator):
            change_w, change_b = gradients(X[rows], error(X[rows] @ w + b, y[rows]))
            w, b = w - lr * change_w, b - lr * change_b
        losses.append(loss(X, y, w, b))
    return w, b, losses


def the_squares(y_hat, y):
    return (y_hat - y.view(-1, 1)) ** 2 / 2


def by_autograd(
    X,
    y,
    batch_size,
    lr,
    num_epochs,
    generator,
    *,
    batches=the_batches,
    squares=the_squares,
    reduce=torch.mean,
    told=None,
):
    """The same in another way."""
    w = torch.zeros((X.shape[1], 1), dtype=X.dtype, device=X.device, requires_grad=True)
    b = torch.zeros((1,), dtype=X.dtype, device=X.device, requires_grad=True)
    losses = []
    for _ in range(num_epochs):
        for rows in batches(X.shape[0], batch_size, generator):
            reduce(squares(torch.matmul(X[rows], w) + b, y[rows])).backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
        with torch.no_grad():
            losses.append(float(the_squares(X @ w + b, y).mean()) if told is None else told(X, y, w, b))
    return w.detach(), b.detach(), losses
