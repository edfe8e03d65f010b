"""Ways in which fitting a line goes wrong: batches and steps.

The mistakes change a part of `_fit`, the rewrites one of `_by_autograd`.
"""

import torch
from fitting import by_autograd as _by_autograd
from fitting import fit as _fit
from fitting import the_batches as _batches
from fitting import the_error as _error
from fitting import the_gradients as _gradients
from fitting import the_loss as _loss
from fitting import the_squares as _squares
from fitting import the_start as _start


def labels_not_reshaped(X, y, batch_size, lr, num_epochs, generator=None):
    """Labels of shape (n,) are subtracted from predictions of shape (n, 1).

    That gives all n times n differences, without any message, and a line that fits nothing. Give y the shape of the
    predictions.
    """
    w = X.new_zeros(X.shape[1], 1).requires_grad_()
    b = X.new_zeros(1).requires_grad_()
    losses = []
    for _ in range(num_epochs):
        for rows in _batches(len(X), batch_size, generator):
            gradients = torch.autograd.grad(((X[rows] @ w + b - y[rows]) ** 2).mean() / 2, (w, b))
            w, b = ((t - lr * g).detach().requires_grad_() for t, g in zip((w, b), gradients))
        losses.append(_loss(X, y, w, b))
    return w.detach(), b.detach(), losses


def labels_not_reshaped__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, squares=lambda y_hat, y: (y_hat - y) ** 2 / 2)


def not_halved(X, y, batch_size, lr, num_epochs, generator=None):
    """The square is not halved.

    The loss of the stub is half a square. Without the half its gradient is twice as long.
    """
    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        gradients=lambda X, error: _gradients(X, 2 * error),
        loss=lambda X, y, w, b: 2 * _loss(X, y, w, b),
    )


def not_halved__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    told = lambda X, y, w, b: float((_squares(X @ w + b, y) * 2).mean())
    return _by_autograd(
        X, y, batch_size, lr, num_epochs, generator, squares=lambda y_hat, y: (y_hat - y.view(-1, 1)) ** 2, told=told
    )


def gradient_not_halved(X, y, batch_size, lr, num_epochs, generator=None):
    """The step is twice as long.

    The derivative of half a square is the error itself, not twice the error.
    """
    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=lambda X, error: _gradients(X, 2 * error))


def gradient_not_halved__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(
        X, y, batch_size, lr, num_epochs, generator, squares=lambda y_hat, y: torch.square(y_hat - y.view(-1, 1))
    )


def sum_of_the_batch(X, y, batch_size, lr, num_epochs, generator=None):
    """The step follows the sum over the batch.

    It is longer the larger the batch is. Take the mean.
    """
    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=lambda X, error: (X.T @ error, error.sum(0)))


def sum_of_the_batch__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, reduce=torch.sum)


def divided_by_batch_size(X, y, batch_size, lr, num_epochs, generator=None):
    """The smaller last batch is divided by `batch_size`.

    Its mean is over the samples that it has. Divided by more, its samples count less than the others.
    """

    def gradients(X, error):
        return X.T @ error / batch_size, error.sum(0) / batch_size

    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=gradients)


def divided_by_batch_size__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, reduce=lambda squares: squares.sum() / batch_size)


def divided_by_all(X, y, batch_size, lr, num_epochs, generator=None):
    """Every batch is divided by the number of all samples.

    The mean is over the samples of the batch.
    """
    n = len(X)

    def gradients(X, error):
        return X.T @ error / n, error.sum(0) / n

    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=gradients)


def divided_by_all__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, reduce=lambda squares: squares.sum() / X.shape[0])


def remainder_dropped(X, y, batch_size, lr, num_epochs, generator=None):
    """The samples that do not fill a batch are left out.

    The last batch is smaller, and counts as well.
    """

    def batches(n, batch_size, generator):
        return [rows for rows in _batches(n, batch_size, generator) if len(rows) == batch_size]

    return _fit(X, y, batch_size, lr, num_epochs, generator, batches=batches)


def remainder_dropped__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    def whole(n, batch_size, generator):
        order = torch.cat(_batches(n, batch_size, generator))
        return [order[j * batch_size : (j + 1) * batch_size] for j in range(n // batch_size)]

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=whole)


def one_step_an_epoch(X, y, batch_size, lr, num_epochs, generator=None):
    """All samples are one batch.

    Batches of `batch_size` samples each take a step.
    """
    return _fit(
        X, y, batch_size, lr, num_epochs, generator, batches=lambda n, batch_size, generator: _batches(n, n, generator)
    )


def one_step_an_epoch__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    def whole(n, batch_size, generator):
        return [torch.cat(_batches(n, batch_size, generator))]

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=whole)


def first_batch_only(X, y, batch_size, lr, num_epochs, generator=None):
    """Only the first batch of an epoch is used.

    All samples are used once in an epoch.
    """
    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        batches=lambda n, batch_size, generator: _batches(n, batch_size, generator)[:1],
    )


def first_batch_only__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    def first(n, batch_size, generator):
        yield _batches(n, batch_size, generator)[0]

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=first)


def bias_sum(X, y, batch_size, lr, num_epochs, generator=None):
    """The gradient of b is a sum, that of w a mean.

    Both are means over the batch.
    """
    return _fit(
        X, y, batch_size, lr, num_epochs, generator, gradients=lambda X, error: (X.T @ error / len(X), error.sum(0))
    )


def bias_sum__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    n = None
    w, b, losses = X.new_zeros(X.shape[1], 1), X.new_zeros(1), []
    for _ in range(num_epochs):
        for rows in _batches(len(X), batch_size, generator):
            error = X[rows] @ w + b - y.reshape(-1, 1)[rows]
            w = w - lr * (X[rows] * error).mean(0)[:, None]
            b = b - lr * sum(error)
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def no_bias(X, y, batch_size, lr, num_epochs, generator=None):
    """b stays zero.

    It takes a step as w does: its gradient is the mean of the errors.
    """
    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=lambda X, error: (X.T @ error / len(X), 0.0))


def no_bias__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = X.new_zeros(X.shape[1], 1), X.new_zeros(1), []
    for _ in range(num_epochs):
        for rows in _batches(len(X), batch_size, generator):
            error = X[rows] @ w - y.reshape(-1, 1)[rows]
            w = w - lr * (X[rows] * error).mean(0)[:, None]
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def new_w_for_b(X, y, batch_size, lr, num_epochs, generator=None):
    """b takes its step with the new w.

    Both gradients are those of the same loss: compute them first, then change w and b.
    """
    (w, b), losses = _start(X), []
    for _ in range(num_epochs):
        for rows in _batches(len(X), batch_size, generator):
            w = w - lr * _gradients(X[rows], _error(X[rows] @ w + b, y[rows]))[0]
            b = b - lr * _gradients(X[rows], _error(X[rows] @ w + b, y[rows]))[1]
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def new_w_for_b__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = X.new_zeros(X.shape[1], 1), X.new_zeros(1), []
    targets = y.reshape(-1, 1)
    for _ in range(num_epochs):
        for rows in _batches(len(X), batch_size, generator):
            w -= lr * (X[rows] * (X[rows] @ w + b - targets[rows])).mean(0)[:, None]
            b -= lr * (X[rows] @ w + b - targets[rows]).mean(0)
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def uphill(X, y, batch_size, lr, num_epochs, generator=None):
    """The step goes up the gradient.

    The gradient shows where the loss grows. The step goes against it: subtract.
    """
    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=lambda X, error: _gradients(X, -error))


def uphill__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, reduce=lambda squares: -squares.mean())


def gradients_add_up(X, y, batch_size, lr, num_epochs, generator=None):
    """The gradients are not set to zero between the steps.

    `backward` adds to `grad`, so every step follows all gradients so far. Set them to zero after each step.
    """
    w = X.new_zeros(X.shape[1], 1).requires_grad_()
    b = X.new_zeros(1).requires_grad_()
    losses = []
    for _ in range(num_epochs):
        for rows in _batches(len(X), batch_size, generator):
            (_error(X[rows] @ w + b, y[rows]) ** 2 / 2).mean().backward()
            w.data -= lr * w.grad
            b.data -= lr * b.grad
        losses.append(_loss(X, y, w, b))
    return w.detach(), b.detach(), losses


def gradients_add_up__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    sums = [0.0, 0.0]

    def gradients(X, error):
        for index, gradient in enumerate(_gradients(X, error)):
            sums[index] = sums[index] + gradient
        return sums

    return _fit(X, y, batch_size, lr, num_epochs, generator, gradients=gradients)


def starts_at_random(X, y, batch_size, lr, num_epochs, generator=None):
    """w starts with random numbers.

    It is zero at first, and nothing is drawn from torch's global generator.
    """
    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        start=lambda X: (torch.normal(0, 0.01, (X.shape[1], 1)).to(X), X.new_zeros(1)),
    )


def starts_at_random__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w = torch.normal(mean=0, std=0.01, size=(X.shape[1], 1)).to(X)
    return _fit(X, y, batch_size, lr, num_epochs, generator, start=lambda X: (w, torch.zeros(1).to(X)))
