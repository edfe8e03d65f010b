"""Ways in which fitting a line goes wrong: orders, losses and what is returned.

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


def always_in_order(X, y, batch_size, lr, num_epochs, generator=None):
    """The generator is not used.

    With a generator every epoch has an order of its own.
    """
    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        batches=lambda n, batch_size, generator: _batches(n, batch_size, None),
    )


def always_in_order__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X, y, batch_size, lr, num_epochs, None)


def one_order(X, y, batch_size, lr, num_epochs, generator=None):
    """All epochs have the same order.

    Draw an order in every epoch, not once before.
    """
    order = torch.cat(_batches(len(X), len(X), generator))
    return _fit(
        X, y, batch_size, lr, num_epochs, generator, batches=lambda n, batch_size, generator: order.split(batch_size)
    )


def one_order__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    kept = []

    def once(n, batch_size, generator):
        kept.extend([] if kept else [_batches(n, batch_size, generator)])
        return kept[0]

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=once)


def labels_left_in_order(X, y, batch_size, lr, num_epochs, generator=None):
    """The features are shuffled, the labels are not.

    Each sample keeps its label: the same order for both.
    """
    w, b = _start(X)
    losses = []
    for _ in range(num_epochs):
        order = torch.cat(_batches(len(X), batch_size, generator))
        shuffled = X[order]
        for rows in _batches(len(X), batch_size, None):
            change_w, change_b = _gradients(shuffled[rows], _error(shuffled[rows] @ w + b, y[rows]))
            w, b = w - lr * change_w, b - lr * change_b
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def labels_left_in_order__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = X.new_zeros(X.shape[1], 1), X.new_zeros(1), []
    for _ in range(num_epochs):
        for rows, labels in zip(_batches(len(X), batch_size, generator), y.reshape(-1, 1).split(batch_size)):
            error = X[rows] @ w + b - labels
            w = w - lr * (X[rows] * error).mean(0)[:, None]
            b = b - lr * error.mean(0)
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def global_generator(X, y, batch_size, lr, num_epochs, generator=None):
    """The order is drawn from torch's global generator.

    It has to come from the generator that is given, so that it can be repeated.
    """
    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        batches=lambda n, batch_size, generator: _batches(n, batch_size, generator and torch.default_generator),
    )


def global_generator__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    def drawn(n, batch_size, generator):
        return (torch.arange(n) if generator is None else torch.randperm(n)).split(batch_size)

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=drawn)


def always_shuffled(X, y, batch_size, lr, num_epochs, generator=None):
    """The samples are shuffled without a generator as well.

    Then the batches come in the order of the data.
    """
    generator = torch.default_generator if generator is None else generator
    return _fit(X, y, batch_size, lr, num_epochs, generator)


def always_shuffled__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    def drawn(n, batch_size, generator):
        return torch.randperm(n, generator=generator).split(batch_size)

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=drawn)


def drawn_with_replacement(X, y, batch_size, lr, num_epochs, generator=None):
    """Samples are drawn again and again.

    `randint` draws some samples twice and others never. All are used once in an epoch: `randperm`.
    """

    def batches(n, batch_size, generator):
        order = torch.arange(n) if generator is None else torch.randint(n, (n,), generator=generator)
        return order.split(batch_size)

    return _fit(X, y, batch_size, lr, num_epochs, generator, batches=batches)


def drawn_with_replacement__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    def batches(n, batch_size, generator):
        if generator is None:
            return _batches(n, batch_size, None)
        return torch.randint(0, n, [n], generator=generator).split(batch_size)

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=batches)


def loss_before_the_steps(X, y, batch_size, lr, num_epochs, generator=None):
    """The loss of an epoch is the one before its steps.

    The stub asks for the loss after the last step of the epoch.
    """
    (w, b), losses = _start(X), []
    for _ in range(num_epochs):
        losses.append(_loss(X, y, w, b))
        w, b, _ = _fit(X, y, batch_size, lr, 1, generator, start=lambda X: (w, b))
    return w, b, losses


def loss_before_the_steps__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = _by_autograd(X, y, batch_size, lr, num_epochs, generator)
    return w, b, [float(_squares(torch.zeros_like(y), y).mean()), *losses][:num_epochs]


def loss_of_the_last_batch(X, y, batch_size, lr, num_epochs, generator=None):
    """The loss is that of the last batch.

    It is the mean over all n samples.
    """
    last = []

    def batches(n, batch_size, generator):
        found = _batches(n, batch_size, generator)
        last.append(found[-1])
        return found

    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        batches=batches,
        loss=lambda X, y, w, b: _loss(X[last[-1]], y[last[-1]], w, b),
    )


def loss_of_the_last_batch__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    used = []

    def batches(n, batch_size, generator):
        for rows in _batches(n, batch_size, generator):
            used.append(rows)
            yield rows

    def told(X, y, w, b):
        return float(_squares(X[used[-1]] @ w + b, y[used[-1]]).mean())

    return _by_autograd(X, y, batch_size, lr, num_epochs, generator, batches=batches, told=told)


def sum_of_losses(X, y, batch_size, lr, num_epochs, generator=None):
    """The loss is the sum over the samples.

    It is the mean over all n samples.
    """
    return _fit(X, y, batch_size, lr, num_epochs, generator, loss=lambda X, y, w, b: _loss(X, y, w, b) * len(X))


def sum_of_losses__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(
        X, y, batch_size, lr, num_epochs, generator, told=lambda X, y, w, b: _squares(X @ w + b, y).sum().item()
    )


def loss_not_halved(X, y, batch_size, lr, num_epochs, generator=None):
    """The losses that are returned are not halved.

    The loss of a sample is half a square.
    """
    return _fit(X, y, batch_size, lr, num_epochs, generator, loss=lambda X, y, w, b: 2 * _loss(X, y, w, b))


def loss_not_halved__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        told=lambda X, y, w, b: float(torch.nn.functional.mse_loss(X @ w + b, y.view(-1, 1))),
    )


def tensors_for_losses(X, y, batch_size, lr, num_epochs, generator=None):
    """The losses are tensors.

    The stub asks for floats: `.item()`.
    """
    return _fit(
        X, y, batch_size, lr, num_epochs, generator, loss=lambda X, y, w, b: (_error(X @ w + b, y) ** 2 / 2).mean()
    )


def tensors_for_losses__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(
        X, y, batch_size, lr, num_epochs, generator, told=lambda X, y, w, b: _squares(X @ w + b, y).mean()
    )


def last_loss_only(X, y, batch_size, lr, num_epochs, generator=None):
    """Only the last loss is returned.

    The stub asks for a list with a float for every epoch.
    """
    w, b, losses = _fit(X, y, batch_size, lr, num_epochs, generator)
    return w, b, losses[-1:]


def last_loss_only__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = _by_autograd(X, y, batch_size, lr, num_epochs, generator)
    return w, b, [*losses][len(losses) - 1 :] if losses else []


def flat_w(X, y, batch_size, lr, num_epochs, generator=None):
    """w is returned with the shape (d,).

    The stub asks for (d, 1), the shape by which X can be multiplied.
    """
    w, b, losses = _fit(X, y, batch_size, lr, num_epochs, generator)
    return w.squeeze(1), b, losses


def flat_w__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = _by_autograd(X, y, batch_size, lr, num_epochs, generator)
    return w[:, 0], b, losses


def still_in_a_graph(X, y, batch_size, lr, num_epochs, generator=None):
    """w and b still require a gradient.

    Whoever computes with them then builds a graph. Cut them off with `detach`.
    """
    w, b, losses = _fit(X, y, batch_size, lr, num_epochs, generator)
    return w.requires_grad_(), b.requires_grad_(), losses


def still_in_a_graph__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = _by_autograd(X, y, batch_size, lr, num_epochs, generator)
    return torch.nn.Parameter(w), torch.nn.Parameter(b), losses


def single_precision(X, y, batch_size, lr, num_epochs, generator=None):
    """w and b are in single precision.

    They have the dtype of X: `new_zeros` takes dtype and device from it.
    """
    w, b, losses = _fit(X.float(), y.float(), batch_size, lr, num_epochs, generator)
    return w, b, losses


def single_precision__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    return _by_autograd(X.to(torch.float32), y.to(torch.float32), batch_size, lr, num_epochs, generator)


def on_the_cpu(X, y, batch_size, lr, num_epochs, generator=None):
    """w and b are made on the CPU.

    They are on the device of X: `new_zeros` takes dtype and device from it.
    """
    return _fit(
        X,
        y,
        batch_size,
        lr,
        num_epochs,
        generator,
        start=lambda X: (torch.zeros(X.shape[1], 1, dtype=X.dtype), torch.zeros(1, dtype=X.dtype)),
    )


def on_the_cpu__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b = torch.zeros((X.shape[1], 1), dtype=X.dtype), torch.zeros((1,), dtype=X.dtype)
    return _fit(X, y, batch_size, lr, num_epochs, generator, start=lambda X: (w, b))


def argument_reshaped(X, y, batch_size, lr, num_epochs, generator=None):
    """y is changed.

    `resize_`, `unsqueeze_` and `-=` change the caller's tensor. `reshape` gives another view of it.
    """
    if y.dim() == 1:
        y.unsqueeze_(1)
    return _fit(X, y, batch_size, lr, num_epochs, generator)


def argument_reshaped__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    y.resize_(len(X), 1)
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator)


def features_standardised(X, y, batch_size, lr, num_epochs, generator=None):
    """X is standardised in place.

    The caller's data is changed, and w belongs to other features. Use X as it is.
    """
    X -= X.mean(0)
    return _fit(X, y, batch_size, lr, num_epochs, generator)


def features_standardised__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    X.sub_(X.mean(dim=0, keepdim=True))
    return _by_autograd(X, y, batch_size, lr, num_epochs, generator)


def no_epoch_fails(X, y, batch_size, lr, num_epochs, generator=None):
    """No epoch makes the function fail.

    w and b are zero then, and the list of losses is empty.
    """
    w, b, losses = _fit(X, y, batch_size, lr, num_epochs, generator)
    losses[-1]
    return w, b, losses


def no_epoch_fails__rewrite(X, y, batch_size, lr, num_epochs, generator=None):
    w, b, losses = _by_autograd(X, y, batch_size, lr, num_epochs, generator)
    best = losses[0]
    return w, b, losses
