# %% [markdown]
# # Training
#
# What happens around the steps: starting from the same random numbers, going through the data batch by batch, measuring
# what has been learnt, keeping gradients in bounds, and splitting the data so that every sample is used for validation
# once.
#
# None of it is hard, and all of it goes wrong silently. A model that stays in evaluation mode still trains, a batch that
# is smaller than the others still has a mean, a fold that leaves out the last samples still has an accuracy.

# %%
import random

import numpy as np
import torch

# %% [markdown]
# ## set_seed


# %%
def set_seed(seed):
    """Seeds the random generators that a training uses, so that it can be repeated.

    There are three of them, and they know nothing of each other: Python's `random`, NumPy's global generator (the one
    behind `np.random.rand`), and torch's, on the CPU and on every GPU. Each gets `seed` itself.

    Args:
        seed: an int from 0 to 2**32 - 1, which is what NumPy takes.

    Returns:
        None. Whatever is drawn from the three generators afterwards is the same after every call with this seed.

    Raises:
        ValueError: `seed` is negative or too large. With a message that says so.

    Example:
        >>> set_seed(3)
        >>> first = random.random(), np.random.rand(), torch.rand(())
        >>> set_seed(3)
        >>> first == (random.random(), np.random.rand(), torch.rand(()))
        True

    Source: PyTorch documentation, "Reproducibility".
    """
    ### BEGIN SOLUTION
    if not 0 <= seed < 2**32:
        raise ValueError(f"the seed must be from 0 to 2**32 - 1, not {seed}")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    ### END SOLUTION


# %% [markdown]
# ## linear_regression


# %%
def linear_regression(X, y, batch_size, lr, num_epochs, generator=None):
    """Fits y = X w + b by minibatch stochastic gradient descent, written from scratch.

    w and b are zero at first. In every epoch all samples are used once, in batches of `batch_size`; the last batch of an
    epoch is smaller when there are not enough samples left. For each batch, w and b take one step against the gradient
    of its loss, which is the mean over the samples that the batch has of

        (x w + b - y)^2 / 2

    Args:
        X: the features, shape (n, d), floating, on any device; n is at least 1.
        y: the labels, shape (n,) or (n, 1), with the dtype and device of X.
        batch_size: an int of at least 1; it may be more than n.
        lr: the learning rate, a float.
        num_epochs: an int of at least 0.
        generator: None for batches in the order of the data; or a torch.Generator on the CPU, from which every epoch
            draws an order of its own with `torch.randperm(n, generator=generator)`. Nothing else is drawn from it, and
            nothing from torch's global generator.

    Returns:
        (w, b, losses): w of shape (d, 1) and b of shape (1,), with the dtype and device of X, cut off from any graph;
        and a list with a float for every epoch, the mean of the losses of all n samples after its last step.

    X and y are left as they are.

    Example:
        >>> X = torch.tensor([[1.0], [2.0], [3.0]])
        >>> w, b, losses = linear_regression(X, torch.tensor([3.0, 5.0, 7.0]), batch_size=2, lr=0.125, num_epochs=2)
        >>> w.tolist(), b.tolist(), [round(loss, 3) for loss in losses]
        ([[1.99237060546875]], [0.86480712890625], [0.269, 0.011])

    Source: Dive into Deep Learning, sections 3.1 and 3.4.
    """
    ### BEGIN SOLUTION
    n = len(X)
    y = y.reshape(n, 1)
    w, b = X.new_zeros(X.shape[1], 1), X.new_zeros(1)
    losses = []
    for _ in range(num_epochs):
        order = torch.arange(n) if generator is None else torch.randperm(n, generator=generator)
        for batch in order.split(batch_size):
            error = X[batch] @ w + b - y[batch]
            w -= lr * X[batch].T @ error / len(batch)
            b -= lr * error.mean(0)
        losses.append(((X @ w + b - y) ** 2 / 2).mean().item())
    return w, b, losses
    ### END SOLUTION


# %% [markdown]
# ## train_epoch


# %%
def train_epoch(net, train_iter, loss, updater):
    """Trains a classifier for one epoch.

    Args:
        net: an nn.Module from inputs to class scores of shape (N, C). It may come in any mode; it is in training mode
            for all batches, and is left there.
        train_iter: an iterable of batches (X, y), labels y of shape (N,) and dtype int64, on the device of the net. It
            may be one that can be gone through only once and has no length. The last batch may be smaller than the
            others. There is at least one.
        loss: `loss(y_hat, y)` is the mean loss of the batch, a tensor of shape (). It expects scores as they come from
            the net, as nn.CrossEntropyLoss does, which has the softmax in it.
        updater: an optimizer (`zero_grad`, `step`) of the parameters of the net, some of which may be frozen.

    For each batch the net and the loss are called once, the net with X as it comes, and one step is taken, along the
    gradient of this batch alone. Gradients that the parameters have when the function is called are not used. No graph
    of an earlier batch is kept alive.

    Returns:
        (train_loss, train_acc): two floats (Python floats, not tensors), over all samples of the epoch, so that a batch
        counts as often as it has samples. The first is the mean loss, as `loss` returned it before the step; the second
        the fraction (0 to 1) of samples whose largest score was that of the label.

    Example:
        >>> net = torch.nn.Linear(1, 2, bias=False)
        >>> _ = torch.nn.init.zeros_(net.weight)
        >>> updater = torch.optim.SGD(net.parameters(), lr=1.0)
        >>> batches = [(torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1])), (torch.tensor([[2.0]]), torch.tensor([0]))]
        >>> train_loss, train_acc = train_epoch(net, batches, torch.nn.CrossEntropyLoss(), updater)
        >>> round(train_loss, 3), round(train_acc, 3)
        (0.504, 0.667)

    Source: Dive into Deep Learning, section 3.6 of its first edition.
    """
    ### BEGIN SOLUTION
    net.train()
    total_loss = total_right = samples = 0
    for X, y in train_iter:
        y_hat = net(X)
        batch_loss = loss(y_hat, y)
        updater.zero_grad()
        batch_loss.backward()
        updater.step()
        total_loss += batch_loss.item() * len(y)
        total_right += (y_hat.argmax(dim=1) == y).sum().item()
        samples += len(y)
    return total_loss / samples, total_right / samples
    ### END SOLUTION


# %% [markdown]
# ## evaluate_accuracy


# %%
def evaluate_accuracy(net, data_iter):
    """The fraction of samples that a classifier gets right.

    Args:
        net: an nn.Module from inputs to class scores of shape (N, C). It may come in any mode, and parts of it in
            another one, such as a batch normalisation that is kept in evaluation mode on purpose.
        data_iter: an iterable of batches (X, y), labels y of shape (N,) and dtype int64, on the device of the net. It
            may be one that can be gone through only once and has no length. The last batch may be smaller than the
            others, and there may be no batch at all.

    The net is called once for each batch, with X as it comes: whoever scaled the training data scales these, too, by
    the same number and before they are given here. All of it is in evaluation mode meanwhile, and records no gradients.
    When the function returns, every part of the net is in the mode in which it came, so that a training can go on, and
    nothing else has changed in it.

    Returns:
        The number of samples whose largest score is that of the label, divided by the number of all samples: a float
        (a Python float, not a tensor), 0.0 where there is no sample. A batch counts as often as it has samples.

    Example:
        >>> net = torch.nn.Linear(1, 2, bias=False)
        >>> _ = net.weight.data.copy_(torch.tensor([[1.0], [-1.0]]))
        >>> batches = [(torch.tensor([[1.0], [2.0]]), torch.tensor([0, 0])), (torch.tensor([[3.0]]), torch.tensor([1]))]
        >>> round(evaluate_accuracy(net, batches), 3), net.training
        (0.667, True)

    Source: Dive into Deep Learning, section 3.6 of its first edition.
    """
    ### BEGIN SOLUTION
    modes = {module: module.training for module in net.modules()}
    net.eval()
    right = samples = 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            samples += len(y)
    for module, training in modes.items():
        module.training = training
    return right / samples if samples else 0.0
    ### END SOLUTION


# %% [markdown]
# ## clip_grad_norm


# %%
def clip_grad_norm(params, max_norm):
    """Shortens the gradient where it is too long.

    All gradients together are taken as one vector. Where its norm (the root of the sum of the squares of all its
    entries) exceeds `max_norm`, every gradient is multiplied by `max_norm` / norm: the step becomes shorter, and its
    direction stays. Where it does not, the gradients are left as they are. (Dividing by norm + 1e-6, as torch does, is
    as good.)

    Args:
        params: an iterable of parameters with their gradients in `grad`, possibly one that can be gone through only
            once, such as `model.parameters()`. A parameter whose `grad` is None is left as it is. Gradients may have any
            memory layout.
        max_norm: the largest norm that is allowed, a float of at least 0.

    Returns:
        The norm before anything was shortened, a tensor of shape () with the dtype and device of the gradients; a zero
        where there is no gradient. The gradients are changed in place: each is the same tensor as before.

    Gradients of zeros stay zeros. The function never waits for the device: no number is read from a tensor, not even to
    compare it. It is written without torch.nn.utils.

    Example:
        >>> w, b = torch.zeros(2, requires_grad=True), torch.zeros(1, requires_grad=True)
        >>> w.grad, b.grad = torch.tensor([2.0, 4.0]), torch.tensor([4.0])
        >>> clip_grad_norm([w, b], max_norm=3.0)
        tensor(6.)
        >>> [round(x, 3) for x in w.grad.tolist() + b.grad.tolist()]
        [1.0, 2.0, 2.0]

    Sources: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1;
    Dive into Deep Learning, section 9.5.
    """
    ### BEGIN SOLUTION
    gradients = [param.grad for param in params if param.grad is not None]
    if not gradients:
        return torch.tensor(0.0)
    norm = torch.stack([(gradient**2).sum() for gradient in gradients]).sum().sqrt()
    factor = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    for gradient in gradients:
        gradient *= factor
    return norm
    ### END SOLUTION


# %% [markdown]
# ## k_fold


# %%
def k_fold(k, i, X, y):
    """The data of round i of a k-fold cross-validation.

    The samples are cut into k folds, one after the other in the order of the data. Fold i is for validation, the others
    are for training. In the k rounds together every sample is used for validation exactly once, so none may be left
    over: the folds have n // k samples, and where n is no multiple of k, each of the first n % k folds has one more.

    Args:
        k: the number of folds, an int from 2 to n.
        i: the number of the round, an int from 0 to k - 1.
        X: the features of the n samples, shape (n, *): one axis or more.
        y: their labels, shape (n, *).

    Returns:
        (X_train, y_train, X_valid, y_valid), tensors with the dtypes and devices of X and y. The samples are in the
        order in which they are in the data. X and y are left as they are.

    Raises:
        ValueError: there are no k folds (`k` is less than 2, or more than n), or no round `i`. With a message that says
            which.

    Example:
        >>> X, y = torch.arange(5), torch.arange(5) * 10
        >>> for part in k_fold(2, 1, X, y):
        ...     print(part.tolist())
        [0, 1, 2]
        [0, 10, 20]
        [3, 4]
        [30, 40]

    Source: Dive into Deep Learning, sections 3.6 and 5.7.
    """
    ### BEGIN SOLUTION
    n = len(X)
    if not 2 <= k <= n:
        raise ValueError(f"{n} samples cannot be cut into {k} folds")
    if not 0 <= i < k:
        raise ValueError(f"the rounds are numbered from 0 to {k - 1}, there is no {i}")
    X_folds, y_folds = list(X.tensor_split(k)), list(y.tensor_split(k))
    X_valid, y_valid = X_folds.pop(i), y_folds.pop(i)
    return torch.cat(X_folds), torch.cat(y_folds), X_valid, y_valid
    ### END SOLUTION
