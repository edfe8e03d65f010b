# %% [markdown]
# # Checkpoints
#
# A training that takes days will be interrupted. A checkpoint holds all that is needed to go on as if nothing had
# happened: the weights of every model, the state of the optimizer (momentum and moments are part of where it is), and
# how far the training has come.
#
# The file holds *state dicts*, names and tensors, and not the objects themselves. Such a file can be read when the
# classes have moved, and `torch.load` can read it with `weights_only=True`: a pickle of an object runs code when it is
# read, anybody's code.

# %%
from pathlib import Path

import torch

# %% [markdown]
# ## save_checkpoint
#
# Interruptions also happen while a file is being written. Whoever writes over the only checkpoint has none, until the
# new one is complete. So write beside it, and put the new file in the place of the old one in a single step:
# `os.replace`, or `replace` of a Path, does that or does nothing.


# %%
def save_checkpoint(path, models, optimizer, epoch):
    """Writes models, optimizer and epoch into one file.

    The file is written by torch.save and holds a dict with the keys

    * "models": a dict with the state dict of each model under its name,
    * "optimizer": the state dict of the optimizer,
    * "epoch": the number of the epoch, an int.

    It holds nothing else, and torch.load reads it with `weights_only=True`.

    Args:
        path: where the file is to be, a str or a pathlib.Path. Folders of the path that do not exist are made.
        models: a dict of nn.Modules by name, any number of them, on any device.
        optimizer: has state_dict() and load_state_dict(), as those of torch.optim.
        epoch: the number of the epoch that has just been finished, counted from 0.

    A file that is already there is replaced, and only when the new one is complete: when writing fails, the exception
    is passed on and the old file is as it was. Afterwards, in either case, no other file lies beside it.

    Models and optimizer are not changed, neither their values nor their mode nor their device.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "last.pt"
        >>> model = torch.nn.Linear(1, 1, bias=False)
        >>> _ = torch.nn.init.constant_(model.weight, 2.0)
        >>> save_checkpoint(path, {"line": model}, torch.optim.SGD(model.parameters(), lr=0.5), 3)
        >>> file = torch.load(path, weights_only=True)
        >>> file["epoch"], file["models"]["line"]["weight"], file["optimizer"]["param_groups"][0]["lr"]
        (3, tensor([[2.]]), 0.5)

    Source: PyTorch tutorials, "Saving and Loading Models", sections on general checkpoints and on several models.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## load_checkpoint
#
# Tensors come out of a file on the device from which they were saved. On a machine without a GPU that fails, unless
# `map_location` says where they are to go. And the optimizer keeps a state for each parameter: it has to be on the
# parameter's device. Optimizers see to that when they load a state dict, provided that the parameters have been moved
# before.


# %%
def load_checkpoint(path, models, optimizer=None, device="cpu"):
    """Reads a file of save_checkpoint back into models and optimizer.

    Args:
        path: the file, a str or a pathlib.Path.
        models: a dict of nn.Modules by name. Each gets the weights that the file has under its name. The file may hold
            further models: they are left out.
        optimizer: gets the state that the file holds. None leaves that out.
        device: a str or torch.device. All models are moved there, wherever they are and wherever the file was written,
            on a GPU that this machine does not have for instance, and the optimizer's state is there too.

    Returns:
        The number of the epoch in the file, an int.

    The parameters of the models stay the objects that they were, so that an optimizer made of them before still trains
    them. The mode of the models does not change. The file is read with `weights_only=True`: no code that it may hold is
    run. It is left as it was.

    Raises:
        KeyError: the file lacks a model that `models` names. The message has the name, and nothing has been changed:
            no model, and not the optimizer.
        RuntimeError: the state dict of a model does not fit, as load_state_dict raises it.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "last.pt"
        >>> model = torch.nn.Linear(1, 1, bias=False)
        >>> _ = torch.nn.init.constant_(model.weight, 2.0)
        >>> save_checkpoint(path, {"line": model}, torch.optim.SGD(model.parameters(), lr=0.5), 3)
        >>> other = torch.nn.Linear(1, 1, bias=False)
        >>> load_checkpoint(path, {"line": other})
        3
        >>> other.weight.item()
        2.0

    Source: PyTorch tutorials, "Saving and Loading Models", sections on several models and on other devices.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## resume
#
# The file says which epoch was finished last, and the next one is the first to be trained. The slip of beginning with
# the one in the file is common: it trains this epoch twice, every time the training is resumed.


# %%
def resume(path, models, optimizer, num_epochs, train_epoch, device="cpu"):
    """Trains the epochs that are missing, from the last checkpoint on.

    Where there is a file at `path`, models and optimizer are loaded from it, and training goes on with the epoch after
    the one in the file. Where there is none, training begins with epoch 0. It may use `save_checkpoint` and
    `load_checkpoint` above.

    Args:
        path: the checkpoint, a file of save_checkpoint, a str or a pathlib.Path.
        models: a dict of nn.Modules by name. They are moved to `device`, also where there is no file.
        optimizer: the optimizer of their parameters.
        num_epochs: the number of epochs of the whole training, those in the file included. They are numbered from 0 to
            `num_epochs` - 1.
        train_epoch: `train_epoch(epoch)` trains one epoch, the one with this number. It is called once for every epoch
            that is missing, in order.
        device: a str or torch.device.

    Returns:
        The numbers of the epochs that were trained by this call, a list of ints: the empty list when none was missing.

    After every epoch, before the next one begins, the checkpoint is saved to `path` with the number of that epoch. When
    `train_epoch` raises an exception, it is passed on, and the file is the checkpoint of the last epoch that was
    finished. A call that trains no epoch leaves the file as it was.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "last.pt"
        >>> model = torch.nn.Linear(1, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        >>> resume(path, {"line": model}, optimizer, 2, lambda epoch: None)
        [0, 1]
        >>> resume(path, {"line": model}, optimizer, 5, lambda epoch: None)
        [2, 3, 4]

    Source: PyTorch tutorials, "Saving and Loading Models", section on a general checkpoint for resuming training.
    """
    raise NotImplementedError("your code here")


# %% [markdown]
# ## warm_start
#
# A model that somebody else has trained is a better beginning than random numbers, even where only a part of it fits.
# `load_state_dict(…, strict=False)` leaves out names that one of the two sides does not have, and says nothing. Where
# all names have a prefix too many it loads nothing at all, and says nothing either. It still refuses a tensor of
# another shape, such as the head for another number of classes. So look first, load what fits, and report the rest.


# %%
def warm_start(path, model):
    """Loads those entries of a state dict that fit into the model, and says which do not.

    Args:
        path: a file that torch.save has made of a state dict, a dict of tensors by name. A str or a pathlib.Path. The
            tensors may have been on any device.
        model: an nn.Module, on any device, where it stays.

    An entry fits where the model has one of the same name and the same shape, among its parameters and buffers. It is
    copied into the model. All others are left out, and nothing is broadcast. What the file does not fill keeps its
    value. Parameters stay the objects that they were, frozen ones stay frozen, and the mode of the model does not
    change. The file is read with `weights_only=True`.

    Returns:
        A tuple of two lists of names, each in alphabetical order: the entries of the model that were not filled, and
        the entries of the file that were not used. A name with another shape is in both.

    Raises:
        ValueError: not a single entry fits. The model is as it was.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "body.pt"
        >>> torch.save({"weight": torch.ones(1, 2), "bias": torch.ones(5)}, path)
        >>> model = torch.nn.Linear(2, 1)
        >>> warm_start(path, model)
        (['bias'], ['bias'])
        >>> model.weight.tolist()
        [[1.0, 1.0]]

    Source: PyTorch tutorials, "Saving and Loading Models", section on warm starting a model.
    """
    raise NotImplementedError("your code here")
