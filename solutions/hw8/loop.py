# %% [markdown]
# # The training loop
#
# A training loop is short, and nearly every line of it can be wrong without an error message: the model still learns,
# only worse, slower, or with numbers in the report that mean something else. This exercise writes the loop once and
# for all.
#
# **Gradients add up.** `backward` adds to `.grad`. A step must start from gradients that are zero, except where the sum
# is what you want:
#
# **Accumulation.** When a batch that is large enough does not fit into memory, take $k$ small ones, call `backward` for
# each, and step once. For losses $\ell_1, \dots, \ell_k$ that are means over their batches, the step uses
# $$\nabla \Big( \frac{1}{k} \sum_{j=1}^{k} \ell_j \Big) = \sum_{j=1}^{k} \nabla \frac{\ell_j}{k},$$
# so each loss is divided *before* its `backward`. When the number of batches is no multiple of $k$, the last group has
# fewer members, $r$, and there the divisor is $r$: its step is a mean as well.
#
# **Clipping.** The norm of *all* gradients taken together, $\lVert g \rVert$, decides: where it exceeds $c$, every
# gradient is multiplied by $c / \lVert g \rVert$. This shortens the step and keeps its direction. Clipping every
# parameter by itself, or every entry, changes the direction.
#
# **Mixed precision.** In half precision small gradients vanish. A scaler multiplies the loss by a large number, and
# divides the gradients by it right before the step; where they have overflowed, it leaves the step out and lowers the
# scale. Whoever looks at the gradients in between, as clipping does, has to have them unscaled first. The order is
#
# | scale the loss | `backward` | `unscale_` | clip | `step` | `update` |
# |---|---|---|---|---|---|
# | every batch | every batch | every step | every step | every step | every step |
#
# **Two modes.** Dropout and batch normalisation behave differently in training and in evaluation. `model.eval()` sets
# the mode, `torch.no_grad()` saves the memory of the graph: they are two different things, and validation needs both.
#
# **Resuming.** Long trainings are interrupted. The history says how many epochs are done; the next call trains those
# that are missing, no epoch twice.
#
# **Waiting.** The GPU works asynchronously. Whatever brings a number to the host, such as `loss.item()`, `float(loss)`,
# `print(loss)` or `if norm > max_norm`, makes Python wait until the GPU has finished, and then the GPU waits for
# Python. Add the losses up in a tensor on the device, and read it once at the end of the epoch. Detach what you add, or
# the sum holds on to the graph of every batch.

# %%
import torch
from torch import nn

# %% [markdown]
# ## train


# %%
def train(
    model,
    train_loader,
    optimizer,
    loss_fn,
    num_epochs,
    device,
    *,
    val_loader=None,
    accumulate=1,
    max_norm=None,
    scaler=None,
    autocast_dtype=None,
    history=None,
):
    """Trains a classifier and returns how its losses went.

    An epoch goes once through `train_loader`, and then, if there is one, once through `val_loader`. For every batch
    the model and `loss_fn` are called once.

    Args:
        model: an nn.Module from inputs to class scores of shape (N, C). It may come on any device and in any mode.
            The model is moved to `device`, and is left there.
        train_loader: like a DataLoader, an iterable with a length. Every pass gives batches (inputs, labels) of CPU
            tensors, labels of shape (N,) and dtype int64. Inputs and labels of every batch are moved to `device`.
            The last batch may be smaller than the others.
        optimizer: holds all parameters of the model. Some of them may be frozen, or get no gradient: their `grad` is
            None, which must do no harm.
        loss_fn: `loss_fn(outputs, labels)` is the mean loss of the batch, a tensor of shape ().
        num_epochs: the number of epochs of the whole training, 0 or more. Those in `history` count among them.
        device: a torch.device. It decides where the work is done, also where there are other devices.
        val_loader: like `train_loader`, or None for no validation.
        accumulate: number of successive batches, a group, that share one optimizer step.
        max_norm: the largest allowed norm of the gradient, or None for no clipping.
        scaler: a gradient scaler with the methods of torch.amp.GradScaler, or None.
        autocast_dtype: torch.bfloat16 or torch.float16 for mixed precision, or None.
        history: what an earlier call returned, whose training goes on, or None for a new training.

    Returns:
        The history: a dict with the key "train_loss" and, only with a `val_loader`, "val_loss" and "val_accuracy".
        Each value is a list with one float for every epoch (Python floats, not tensors).

        "train_loss" is the mean over all samples of the epoch: a batch counts as often as it has samples. It is made
        of the losses as `loss_fn` returned them, neither scaled nor divided by the size of a group. "val_loss" is the
        same mean over the samples of `val_loader`, and "val_accuracy" is the fraction (0 to 1) of its samples whose
        largest score is that of the label.

    Steps:
        Every optimizer step uses the gradient of its own group alone, nothing is left from the steps before.
        Gradients that the parameters have when the function is called are not used either.
        The gradient of a group is the mean of the gradients of its batches, whatever their sizes. The batches of an
        epoch that are left over when the last group is not full are a group too: it gets a step of its own, and its
        gradient is the mean over the batches that it has.
        `backward` is called for every batch, so that the graphs of earlier batches are not kept alive, neither by the
        steps nor by the history. It builds no graph of the gradients themselves (no `create_graph`).

    Clipping:
        Where the norm of all gradients together, taken as one vector, exceeds `max_norm`, all of them are multiplied
        by `max_norm` / norm before the step. Smaller gradients are left as they are.

    Scaler:
        With a `scaler` every backward pass starts from the scaled loss, the step is taken by the scaler, which may
        leave it out, and the scaler is updated once after every step. Gradients are unscaled before they are clipped.

    Resuming:
        With a `history` of k epochs only the epochs that are missing are trained, `num_epochs` - k of them, or none.
        Model, optimizer and scaler come as the earlier call left them. The history returned begins with the epochs of
        the one that was given, which is left as it was.

    Modes:
        The model is in training mode in every training batch of every epoch. It is in evaluation mode in every
        validation batch. Validation records no gradients, and changes nothing in the model but its mode.
        When the function returns, every parameter has the `requires_grad` that it came with.
        With an `autocast_dtype` the model and the loss run under torch.autocast for the type of `device` with that
        dtype, in training and in validation.

    Between its batches an epoch never waits for the device: no tensor is read by the host, not for a loss, a count or
    a comparison. At the end of an epoch at most three numbers are read. The batches are not changed, and torch's
    global settings are as before when the function returns.

    Example:
        >>> model = nn.Linear(1, 2, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> batches = [(torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1])), (torch.tensor([[2.0]]), torch.tensor([0]))]
        >>> history = train(model, batches, optimizer, nn.CrossEntropyLoss(), 2, torch.device("cpu"), val_loader=batches)
        >>> {key: [round(value, 3) for value in values] for key, values in history.items()}
        {'train_loss': [0.504, 0.145], 'val_loss': [0.154, 0.096], 'val_accuracy': [1.0, 1.0]}

    Sources: Goyal et al., "Accurate, Large Minibatch SGD" (2017); Pascanu, Mikolov and Bengio, "On the difficulty of
    training recurrent neural networks" (2013), for clipping; Micikevicius et al., "Mixed Precision Training" (2018).
    """
    ### BEGIN SOLUTION
    model.to(device)
    earlier = history or {}
    keys = ["train_loss"] if val_loader is None else ["train_loss", "val_loss", "val_accuracy"]
    history = {key: list(earlier.get(key, [])) for key in keys}

    def forward(batch):
        inputs, labels = (tensor.to(device, non_blocking=True) for tensor in batch)
        with torch.autocast(device.type, dtype=autocast_dtype, enabled=autocast_dtype is not None):
            outputs = model(inputs)
            return outputs, labels, loss_fn(outputs, labels)

    def step():
        if max_norm is not None:
            if scaler is not None:
                scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        if scaler is None:
            optimizer.step()
        else:
            scaler.step(optimizer)
            scaler.update()
        optimizer.zero_grad()

    for _ in range(len(history["train_loss"]), num_epochs):
        model.train()
        optimizer.zero_grad()
        total, samples = torch.zeros((), device=device), 0
        for index, batch in enumerate(train_loader):
            _, labels, loss = forward(batch)
            total += loss.detach() * len(labels)
            samples += len(labels)
            group = min(accumulate, len(train_loader) - index // accumulate * accumulate)
            loss = loss / group
            (loss if scaler is None else scaler.scale(loss)).backward()
            if (index + 1) % accumulate == 0 or index + 1 == len(train_loader):
                step()
        history["train_loss"].append((total / samples).item())

        if val_loader is None:
            continue
        model.eval()
        total, right, samples = torch.zeros((), device=device), torch.zeros((), device=device), 0
        with torch.no_grad():
            for batch in val_loader:
                outputs, labels, loss = forward(batch)
                total += loss * len(labels)
                right += (outputs.argmax(dim=1) == labels).sum()
                samples += len(labels)
        history["val_loss"].append((total / samples).item())
        history["val_accuracy"].append((right / samples).item())
    return history
    ### END SOLUTION


# %% [markdown]
# # One step in mixed precision
#
# `float16` takes half the memory of `float32`, and a GPU computes with it several times as fast. It has two weaknesses:
# it has few digits, and it ends early, below at about $6 \cdot 10^{-8}$ and above at 65504. Mixed precision deals with
# both:
#
# * **autocast** chooses the dtype operator by operator: products of matrices in half precision, sums, losses and
#   softmax in single precision. The weights stay in single precision. It is made for the forward pass and the loss; the
#   backward pass runs in the dtypes that the forward pass has chosen.
# * **the scaler** multiplies the loss by a large number, so that gradients which would vanish do not. It divides them by
#   it before the step. When the number was too large, gradients are infinite: the scaler leaves this step out and takes
#   a smaller number for the next.
#
# The scaler looks at the gradients at three moments: `unscale_` divides them, `step` does so if that has not been done,
# and `update` chooses the next number. Whoever wants to see the true gradients, to clip them, has to ask for `unscale_`
# first.

# %% [markdown]
# ## train_step_amp


# %%
def train_step_amp(model, inputs, labels, optimizer, loss_fn, scaler, *, max_norm=None, autocast_dtype=torch.float16):
    """One training step in mixed precision.

    Args:
        model: an nn.Module from inputs to class scores of shape (N, C). It is on its device already, and in the mode in
            which it is to be trained: the step changes neither.
        inputs: the inputs of the batch, N samples, on the device of the model.
        labels: their classes, shape (N,) and dtype int64, on the same device.
        optimizer: holds all parameters of the model. Some of them may be frozen, and stay so, or get no gradient: their
            `grad` is None, which must do no harm.
        loss_fn: `loss_fn(outputs, labels)` is the mean loss of the batch, a tensor of shape ().
        scaler: a gradient scaler with the methods `scale`, `unscale_`, `step` and `update` of torch.amp.GradScaler.
        max_norm: the largest allowed norm of the gradient, or None for no clipping.
        autocast_dtype: torch.float16 or torch.bfloat16.

    Returns:
        The loss of the batch before the step, as `loss_fn` returned it and not scaled: a tensor of shape (), which is
        detached, so that the graph of the batch is not kept alive.

    Steps:
        The model and `loss_fn` are called once, for the batch as it is. Both run under torch.autocast, for the type of
        the device on which the inputs are, and with `autocast_dtype`. All else runs without it: the backward pass as
        well as the step.
        The backward pass starts from the scaled loss, and builds no graph of the gradients (no `create_graph`).
        The step uses the gradient of this batch alone. Gradients that the parameters have when the function is called
        are not used.
        Where the norm of all unscaled gradients together, taken as one vector, exceeds `max_norm`, all of them are
        multiplied by `max_norm` / norm before the step. Smaller gradients are left as they are.
        The step is taken by the scaler, which may leave it out, and the scaler is updated once, after the step.

    The step never waits for the device: no tensor is read by the host, not for a loss and not for a comparison.

    Example:
        >>> model = nn.Linear(1, 2, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
        >>> batch = torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1])
        >>> loss = train_step_amp(model, *batch, optimizer, nn.CrossEntropyLoss(), scaler, autocast_dtype=torch.bfloat16)
        >>> round(loss.item(), 2), loss.requires_grad, model.weight.tolist()
        (0.69, False, [[0.5], [-0.5]])

    Sources: Micikevicius et al., "Mixed Precision Training" (2018); PyTorch documentation, "Automatic Mixed Precision
    examples", section "Gradient clipping".
    """
    ### BEGIN SOLUTION
    optimizer.zero_grad()
    with torch.autocast(inputs.device.type, dtype=autocast_dtype):
        loss = loss_fn(model(inputs), labels)
    scaler.scale(loss).backward()
    if max_norm is not None:
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    scaler.step(optimizer)
    scaler.update()
    return loss.detach()
    ### END SOLUTION


# %% [markdown]
# # A batch that does not fit
#
# The memory of a step grows with the number of samples, because the graph keeps the activations of all of them until
# `backward`. The gradient does not: it is as large as the model. So cut the batch into *micro-batches*, and let `.grad`
# add up what each of them gives.
#
# The loss of a batch is a mean over its $N$ samples. For micro-batches of $n_1, \dots, n_k$ samples with mean losses
# $\ell_1, \dots, \ell_k$,
# $$\ell = \frac{1}{N} \sum_{j=1}^{k} n_j \ell_j, \qquad \nabla \ell = \sum_{j=1}^{k} \nabla \Big( \frac{n_j}{N} \ell_j \Big).$$
# The weights $n_j / N$ are equal to $1 / k$ only where all micro-batches have the same size. The last one often has not.

# %% [markdown]
# ## accumulate_gradients


# %%
def accumulate_gradients(model, inputs, labels, optimizer, loss_fn, micro_batch_size):
    """Computes the gradient of a batch piece by piece.

    Args:
        model: an nn.Module from inputs to class scores, on its device already. What it makes of a sample does not
            depend on the other samples.
        inputs: the inputs of the batch, shape (N, ...) with N >= 1, on the device of the model.
        labels: their classes, shape (N,) and dtype int64, on the same device.
        optimizer: holds all parameters of the model. Some of them may be frozen, and stay so, or get no gradient: their
            `grad` is None, which must do no harm.
        loss_fn: `loss_fn(outputs, labels)` is the mean loss of the samples that it is given, a tensor of shape ().
        micro_batch_size: the number of samples of a micro-batch, 1 or more. The batch is cut in the order of its
            samples. The last micro-batch has those that are left over, whether they are as many or not.

    Returns:
        The mean loss over all N samples of the batch, a tensor of shape (), which is detached.

    After the call the `grad` of every parameter is the gradient of this mean loss, as one backward pass for the whole
    batch gives it: every sample counts the same, in whatever micro-batch it is. Gradients that the parameters had
    before are no part of it: they are cleared before the first backward pass, and never between two micro-batches.

    The model and `loss_fn` are called once for every micro-batch, and never see more samples at once. `backward` is
    called for every micro-batch before the next one goes through the model, so that the graphs of earlier ones are
    not kept alive. It builds no graph of the gradients (no `create_graph`). The optimizer takes no step: the weights
    stay as they are, and so does the mode of the model.

    The function never waits for the device: no tensor is read by the host.

    Raises:
        ValueError: `micro_batch_size` is less than 1. The message names it, and nothing is computed.

    Example:
        >>> model = nn.Linear(1, 2, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> batch = torch.tensor([[1.0], [-1.0], [4.0]]), torch.tensor([0, 1, 0])
        >>> loss = accumulate_gradients(model, *batch, optimizer, nn.CrossEntropyLoss(), 2)
        >>> round(loss.item(), 4), model.weight.grad.tolist()
        (0.6931, [[-1.0], [1.0]])

    Source: Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour" (2017), on the normalisation of
    the loss.
    """
    ### BEGIN SOLUTION
    if micro_batch_size < 1:
        raise ValueError(f"micro_batch_size must be at least 1, not {micro_batch_size}")
    optimizer.zero_grad()
    total = torch.zeros((), device=inputs.device)
    for some, wanted in zip(inputs.split(micro_batch_size), labels.split(micro_batch_size), strict=True):
        loss = loss_fn(model(some), wanted) * (len(wanted) / len(labels))
        loss.backward()
        total += loss.detach()
    return total
    ### END SOLUTION
