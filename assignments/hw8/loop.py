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
    raise NotImplementedError("your code here")
