# %% [markdown]
# # Optimizers
#
# An optimizer turns gradients into steps. All four here do their work *in place*: they write into the parameters that
# the model holds, so that the model sees the new values, and they do it without gradients being recorded, for a step is
# no part of what is differentiated.
#
# | | what it keeps | the step |
# |---|---|---|
# | SGD | nothing | $-\eta\, g$ |
# | momentum | a velocity: where the steps have been going | $-\eta\, v$ |
# | RMSprop | how large the gradient's square has been lately | $-\eta\, g / (\sqrt{s} + \epsilon)$ |
# | Adam | both, each corrected for its start at zero | $-\eta\, \hat m / (\sqrt{\hat v} + \epsilon)$ |
#
# What an optimizer keeps belongs to one parameter, has its shape, and has to be there again at the next step. Here it
# is kept in a dict, `state`, that the caller holds: one for each training, empty at first.

# %%
import math

import torch

# %% [markdown]
# ## sgd


# %%
def sgd(params, lr, batch_size):
    """One step of minibatch stochastic gradient descent.

    The gradient of every parameter is that of the *sum* of the losses of a batch; the step follows the mean:

        param  <-  param - lr * grad / batch_size

    Args:
        params: an iterable of parameters (leaf tensors of any shape and floating dtype, on any device), possibly one
            that can be gone through only once, such as `model.parameters()`. Their gradients are in `grad`.
        lr: the learning rate, a float.
        batch_size: how many samples the sum of the losses was taken over, an int.

    Returns:
        None. The step is written into the parameters, which stay the same tensors in the same memory and still require
        a gradient. A parameter whose `grad` is None is left as it is, and the others are updated all the same.
        Afterwards the gradients are used up: each is zero or None, so that the next backward pass starts from nothing.

    The step is computed with tensor operations, without torch.optim; torch's settings, such as whether gradients are
    recorded, are afterwards as they were before.

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> w.grad = torch.tensor([4.0, -8.0])
        >>> sgd([w], lr=0.5, batch_size=4)
        >>> w.tolist()
        [0.5, 3.0]

    Sources: Robbins and Monro, "A Stochastic Approximation Method" (1951); Dive into Deep Learning, section 3.4.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## momentum


# %%
def momentum(params, state, lr, momentum=0.9):
    """One step of gradient descent with momentum.

    Where gradients point to one side and then to the other, they cancel out; where they agree, they add up. For every
    parameter a velocity v, zero before the first step, takes the new gradient g in, and the step follows it:

        v  <-  momentum * v + grad
        param  <-  param - lr * v

    The learning rate is no part of the velocity: when it changes, so does the next step as a whole.

    Args:
        params: an iterable of parameters (leaf tensors of any shape and floating dtype, on any device), possibly one
            that can be gone through only once, such as `model.parameters()`. Their gradients are in `grad`.
        state: a dict, empty before the first step of a training. The function keeps in it, and nowhere else, what it
            needs for the next step; keys and values are up to you. The same dict comes with the same parameters in
            the same order, and another training has a dict of its own.
        lr: the learning rate of this step, a float.
        momentum: how much of the velocity stays, a float from 0 to 1.

    Returns:
        None. The step is written into the parameters, which stay the same tensors in the same memory and still require
        a gradient. A parameter whose `grad` is None is left as it is, and so is its velocity; it may have a gradient in
        another step. Afterwards the gradients are used up: each is zero or None.

    The step is computed with tensor operations, without torch.optim, and never waits for the device: no number is read
    from a tensor.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> state = {}
        >>> for _ in range(2):
        ...     w.grad = torch.tensor([1.0])
        ...     momentum([w], state, lr=0.5, momentum=0.5)
        ...     print(w.tolist())
        [0.5]
        [-0.25]

    Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964); Dive into Deep Learning,
    section 12.6.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## rmsprop


# %%
def rmsprop(params, state, lr, alpha=0.99, eps=1e-8):
    """One step of RMSprop: every entry of a parameter has a learning rate of its own.

    For every parameter a running mean s of the squared gradient, zero before the first step, says how large its entries
    have been lately, and the step is divided by its root. All of it is done entry by entry:

        s  <-  alpha * s + (1 - alpha) * grad^2
        param  <-  param - lr * grad / (sqrt(s) + eps)

    `eps` is added to the root, not to s: it keeps the step finite where the gradient has always been zero.

    Args:
        params: an iterable of parameters (leaf tensors of any shape and floating dtype, on any device), possibly one
            that can be gone through only once, such as `model.parameters()`. Their gradients are in `grad`.
        state: a dict, empty before the first step of a training. The function keeps in it, and nowhere else, what it
            needs for the next step; keys and values are up to you. The same dict comes with the same parameters in
            the same order, and another training has a dict of its own.
        lr: the learning rate of this step, a float.
        alpha: how much of the running mean stays, a float from 0 to 1.
        eps: a small number, a float.

    Returns:
        None. The step is written into the parameters, which stay the same tensors in the same memory and still require
        a gradient. A parameter whose `grad` is None is left as it is, and so is its running mean; it may have a
        gradient in another step. Afterwards the gradients are used up: each is zero or None.

    The step is computed with tensor operations, without torch.optim, and never waits for the device: no number is read
    from a tensor.

    Example:
        >>> w = torch.tensor([1.0, 1.0], requires_grad=True)
        >>> w.grad = torch.tensor([0.01, -100.0])
        >>> rmsprop([w], {}, lr=0.25, alpha=0.75)
        >>> [round(x, 3) for x in w.tolist()]
        [0.5, 1.5]

    Sources: Tieleman and Hinton, "Lecture 6.5: RMSProp" (2012); Dive into Deep Learning, section 12.8.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## adam


# %%
def adam(params, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """One step of Adam.

    For every parameter two running means, zero before the first step: m of the gradient g, and v of its square. Means
    that start at zero are too small at first; in step t, counted from 1, they are divided by what is missing. All of it
    is done entry by entry, with (beta1, beta2) = `betas`:

        m  <-  beta1 * m + (1 - beta1) * grad
        v  <-  beta2 * v + (1 - beta2) * grad^2
        m_hat = m / (1 - beta1^t)
        v_hat = v / (1 - beta2^t)
        param  <-  param - lr * m_hat / (sqrt(v_hat) + eps)

    `eps` is added to the root of the corrected mean.

    Args:
        params: an iterable of parameters (leaf tensors of any shape and floating dtype, on any device), possibly one
            that can be gone through only once, such as `model.parameters()`. Their gradients are in `grad`.
        state: a dict, empty before the first step of a training. The function keeps in it, and nowhere else, what it
            needs for the next step; keys and values are up to you. The same dict comes with the same parameters in
            the same order, and another training has a dict of its own.
        lr: the learning rate of this step, a float.
        betas: how much of the two running means stays, two floats from 0 to 1.
        eps: a small number, a float.

    Returns:
        None. The step is written into the parameters, which stay the same tensors in the same memory and still require
        a gradient. A parameter whose `grad` is None is left as it is, and so are its means; it may have a gradient in
        another step. Its t counts the steps in which it had one. Afterwards the gradients are used up: each is zero or
        None.

    The step is computed with tensor operations, without torch.optim, and never waits for the device: no number is read
    from a tensor.

    Example:
        >>> w = torch.tensor([1.0, 1.0], requires_grad=True)
        >>> w.grad = torch.tensor([0.01, -100.0])
        >>> adam([w], {}, lr=0.25)
        >>> [round(x, 3) for x in w.tolist()]
        [0.75, 1.25]

    Sources: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1; Dive into Deep Learning,
    section 12.10.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# # Schedules
#
# Large steps at first, to get near; small ones later, to settle. A schedule says which learning rate an epoch gets.
# The first four know it beforehand: they are functions of the epoch, counted from 0. The last one looks at how the
# training goes.
#
# torch's schedulers in `torch.optim.lr_scheduler` change an optimizer's learning rate each time their `step` is called,
# once after every epoch. Written as a function of the epoch, a schedule needs no state, and a training that is resumed
# cannot get it wrong.

# %% [markdown]
# ## step_lr


# %%
def step_lr(lr, epoch, step_size, gamma=0.1):
    """The learning rate of an epoch, when it drops every `step_size` epochs.

    It begins with `lr`, and after every `step_size` epochs it is multiplied by `gamma` once more. Between two drops it
    stays the same.

    Args:
        lr: the learning rate of the first epochs, a float.
        epoch: the number of the epoch, counted from 0, an int.
        step_size: the number of epochs between two drops, an int of at least 1.
        gamma: the factor of a drop, a float.

    Returns:
        The learning rate of this epoch, a float.

    Raises:
        ValueError: `step_size` is less than 1. With a message that says so.

    Example:
        >>> [step_lr(1.0, epoch, step_size=2, gamma=0.5) for epoch in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]

    Sources: Dive into Deep Learning, section 12.11; PyTorch documentation, torch.optim.lr_scheduler.StepLR.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## multistep_lr


# %%
def multistep_lr(lr, epoch, milestones, gamma=0.1):
    """The learning rate of an epoch, when it drops at given epochs.

    It begins with `lr`. Each milestone is the number of an epoch; from this epoch on, it included, the learning rate
    is multiplied by `gamma` once more.

    Args:
        lr: the learning rate before the first milestone, a float.
        epoch: the number of the epoch, counted from 0, an int.
        milestones: a list or tuple of ints, in any order. It may be empty, and a number that is in it twice counts
            twice. It is left as it is.
        gamma: the factor of a drop, a float.

    Returns:
        The learning rate of this epoch, a float.

    Example:
        >>> [multistep_lr(1.0, epoch, [1, 3], gamma=0.5) for epoch in range(5)]
        [1.0, 0.5, 0.5, 0.25, 0.25]

    Sources: Dive into Deep Learning, section 12.11; PyTorch documentation, torch.optim.lr_scheduler.MultiStepLR.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## exponential_lr


# %%
def exponential_lr(lr, epoch, gamma):
    """The learning rate of an epoch, when it is multiplied by `gamma` after every epoch.

    Args:
        lr: the learning rate of epoch 0, a float.
        epoch: the number of the epoch, counted from 0, an int.
        gamma: the factor from one epoch to the next, a float.

    Returns:
        The learning rate of this epoch, a float.

    Example:
        >>> [exponential_lr(1.0, epoch, gamma=0.5) for epoch in range(4)]
        [1.0, 0.5, 0.25, 0.125]

    Sources: PyTorch documentation, torch.optim.lr_scheduler.ExponentialLR.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## cosine_lr


# %%
def cosine_lr(lr, epoch, T_max, eta_min=0.0):
    """The learning rate of an epoch, when it goes down along half a wave of a cosine.

    It begins with `lr` in epoch 0, falls slowly at first, fastest half way, and slowly again at the end, and reaches
    `eta_min` in epoch `T_max`:

        eta_min + (lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2

    From epoch `T_max` on it stays at `eta_min`. (torch's CosineAnnealingLR goes up again.)

    Args:
        lr: the learning rate of epoch 0, a float.
        epoch: the number of the epoch, counted from 0, an int.
        T_max: the number of epochs of the way down, an int of at least 1.
        eta_min: the learning rate at its end, a float.

    Returns:
        The learning rate of this epoch, a float.

    Raises:
        ValueError: `T_max` is less than 1. With a message that says so.

    Example:
        >>> [round(cosine_lr(1.0, epoch, T_max=4), 3) for epoch in range(6)]
        [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]

    Sources: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017), equation 5; Dive into
    Deep Learning, section 12.11.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## reduce_on_plateau


# %%
def reduce_on_plateau(lr, metrics, mode="min", factor=0.1, patience=10, threshold=1e-4, min_lr=0.0):
    """The learning rates of a training, when they are lowered where the training makes no progress.

    After every epoch its metric, such as the validation loss, is compared with the best one so far. It is better when
    it is less than best * (1 - `threshold`), or, with `mode` "max", more than best * (1 + `threshold`); the first one
    is better than none, unless it is NaN. A better metric becomes the best one. Epochs that are not better are counted
    as bad ones, and a better one sets the count back to 0. Where there are more bad epochs in a row than `patience`,
    the learning rate is multiplied by `factor`, but never falls below `min_lr`, and the count starts again from 0. The
    best metric stays.

    Args:
        lr: the learning rate of the first epoch, a float.
        metrics: the metrics of the epochs so far, a list of floats of at least 0, or NaN. It may be empty, and is left
            as it is.
        mode: "min" for a metric that should fall, "max" for one that should rise.
        factor: what the learning rate is multiplied by, a float.
        patience: how many bad epochs in a row are put up with, an int of at least 0.
        threshold: by which part of the best metric another has to be better, a float.
        min_lr: the smallest learning rate, a float.

    Returns:
        A list with a float for every metric: the learning rate after it has been seen.

    Raises:
        ValueError: `mode` is neither "min" nor "max". With a message that names it.

    Example:
        >>> reduce_on_plateau(1.0, [3.0, 2.0, 2.0, 2.5, 1.0, 1.0], factor=0.5, patience=1)
        [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]

    Sources: PyTorch documentation, torch.optim.lr_scheduler.ReduceLROnPlateau.
    """
    raise NotImplementedError("your code here")
