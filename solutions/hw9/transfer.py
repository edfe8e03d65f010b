# %% [markdown]
# # Transfer learning
#
# A network that was trained on a large data set has learned features that are good for more than the task it was
# trained for. *Transfer learning* starts from such a network instead of from random numbers: the *body* is kept, the
# last layer, the *head*, is replaced by one that fits the new task, and both are trained on the new data, which may be
# few. Two things protect what the body knows.
#
# | | body | head |
# |---|---|---|
# | starts from | pretrained weights | random weights |
# | fine-tuning | small learning rate, $\eta_{\text{body}} = \gamma\, \eta$ with $\gamma \ll 1$ | learning rate $\eta$ |
# | feature extraction | frozen, and in evaluation mode | learning rate $\eta$ |
#
# At the start the gradients that the random head sends back are noise. With a large learning rate they would undo the
# body before the head has learned anything.

# %%
import torch
from torch import nn

# %% [markdown]
# ## param_groups
#
# An optimizer takes a list of dictionaries in place of a list of parameters. Each is a group with settings of its own:
#
# `torch.optim.SGD([{"params": [...], "lr": 0.001}, {"params": [...], "lr": 0.01}])`
#
# Names of submodules are paths: `classifier.1` is the part `1` of the part `classifier`. A parameter belongs to a
# submodule when its name begins with the path *and a dot*: `fc2.weight` begins with `fc` and does not belong to it.


# %%
def param_groups(model, head, lr, factor=0.1):
    """Sorts the parameters of a model into two groups for an optimizer: the pretrained body and the new head.

    Args:
        model: an nn.Module.
        head: str, the name of the submodule that is the head, as `model.named_modules()` gives it. It may lie inside of
            others, such as "classifier.1".
        lr: the learning rate of the head.
        factor: the learning rate of the body is `lr * factor`.

    Returns:
        A list of two dictionaries that torch.optim takes as parameter groups: the group of the body comes first, that
        of the head second. Each has "params", a list of parameters, and "lr", its learning rate.

        The head's group has the parameters of the submodule called `head`, at whatever depth, and no others: a
        submodule whose name only begins alike, such as "fc2" beside "fc", is part of the body. All other parameters of
        the model are the body's, also those that belong to no submodule but to the model itself.

        Parameters that do not require a gradient are in no group. Both groups are there even when one of them has no
        parameters. No parameter occurs twice: one that body and head share, such as a tied embedding, has been trained
        before and is in the body's group alone.

        The model is not changed.

    Raises:
        ValueError: the model has no submodule called `head`. The message names it.

    Example:
        >>> net = nn.Sequential()
        >>> net.add_module("body", nn.Linear(3, 2))
        >>> net.add_module("fc", nn.Linear(2, 5))
        >>> groups = param_groups(net, "fc", lr=0.5)
        >>> [(group["lr"], [tuple(p.shape) for p in group["params"]]) for group in groups]
        [(0.05, [(2, 3), (2,)]), (0.5, [(5, 2), (5,)])]

    Sources: Zhang et al., "Dive into Deep Learning", section 14.2, Fine-Tuning; Howard and Ruder, "Universal Language
    Model Fine-tuning for Text Classification" (2018), section 3.2, discriminative fine-tuning.
    """
    ### BEGIN SOLUTION
    if head not in dict(model.named_modules()):
        raise ValueError(f"the model has no submodule called {head!r}")
    body, top = {}, {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if parameter.requires_grad:
            (top if name.startswith(f"{head}.") else body)[parameter] = None
    return [
        {"params": list(body), "lr": lr * factor},
        {"params": [parameter for parameter in top if parameter not in body], "lr": lr},
    ]
    ### END SOLUTION


# %% [markdown]
# ## freeze_except
#
# A frozen parameter has `requires_grad=False`: autograd computes no gradient for it. This is half of freezing. A
# batch-norm layer in *training* mode updates its running mean and variance in every forward pass, with no gradient
# involved,
#
# $$\mu \leftarrow (1 - m)\, \mu + m\, \bar{x},$$
#
# and dropout goes on dropping. A body that is frozen and left in training mode therefore drifts: its weights stay, its
# statistics follow the new data. Frozen parts belong in evaluation mode.
#
# `model.train()` puts *every* part in training mode again. Call `freeze_except` in its place at the beginning of an
# epoch. Called with more names later, it thaws the body part by part.


# %%
def freeze_except(model, names):
    """Freezes a model but for some of its submodules.

    Args:
        model: an nn.Module, whatever its parameters' `requires_grad` and its parts' modes have been before.
        names: list of str, the submodules that are trained, as `model.named_modules()` names them. They may lie inside
            of others. An empty list freezes everything.

    Returns:
        A list of the parameters that are trained, each once, in the order of `model.parameters()`.

        Afterwards the parameters of the named submodules, at whatever depth, require a gradient, and no other parameter
        of the model does. A parameter that a named submodule shares with the rest is trained. A name stands for one
        submodule: one whose name only begins alike, such as "fc2" beside "fc", is frozen.

        A named submodule and all parts of it are in training mode. Everything else is in evaluation mode, also the model
        itself and what a named submodule lies in: running statistics of the frozen parts do not move, and they
        drop nothing.

        The `grad` of a frozen parameter is None, so that an optimizer that still holds it leaves it alone. The `grad`
        of the others stays as it is, and so do all values.

    Raises:
        ValueError: the model has no submodule of one of the names. The message names it, and the model is as it was.

    Example:
        >>> net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Linear(2, 5))
        >>> [tuple(p.shape) for p in freeze_except(net, ["2"])]
        [(5, 2), (5,)]
        >>> [part.training for part in net]
        [False, False, True]

    Sources: Zhang et al., "Dive into Deep Learning", section 14.2, Fine-Tuning; Howard and Ruder, "Universal Language
    Model Fine-tuning for Text Classification" (2018), section 3.3, gradual unfreezing.
    """
    ### BEGIN SOLUTION
    modules = dict(model.named_modules(remove_duplicate=False))
    for name in names:
        if name not in modules:
            raise ValueError(f"the model has no submodule called {name!r}")
    model.requires_grad_(False).eval()
    for name in names:
        modules[name].requires_grad_(True).train()
    for parameter in model.parameters():
        if not parameter.requires_grad:
            parameter.grad = None
    return [parameter for parameter in model.parameters() if parameter.requires_grad]
    ### END SOLUTION


# %% [markdown]
# ## replace_head
#
# The head of a pretrained network has an output for each class of the old task. A new task has other classes, so the
# layer has to go; what goes *into* it stays, and so does its number of inputs. Changing the attribute `out_features`
# changes a number that is printed and nothing else: the weight is what computes.


# %%
def replace_head(model, name, num_classes):
    """Puts a new linear layer in the place of the one called `name`.

    Args:
        model: an nn.Module. It is changed in place.
        name: str, the name of an nn.Linear in the model, as `model.named_modules()` gives it. It may lie inside of
            others, such as "classifier.1".
        num_classes: the number of outputs of the new layer.

    Returns:
        The model itself.

        Afterwards the model computes with a new nn.Linear in this place, found under the same name. It has as many
        inputs as the old layer had, `num_classes` outputs, and a bias if the old layer had one.

        Its parameters start as those of any nn.Linear, with random numbers from torch's global generator; none is
        copied from the old layer. They require a gradient, even where the old ones were frozen. They are on the device
        and have the dtype of the old weight, and the new layer is in the mode (training or evaluation) of the old one.

        Everything else in the model stays as it is: the other layers are the same objects, with the same values. The
        old layer itself is not changed either.

    Raises:
        ValueError: the model has no submodule called `name`, or that is not an nn.Linear. The message names it.

    Example:
        >>> net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1000))
        >>> replace_head(net, "2", 5)(torch.zeros(4, 3)).shape
        torch.Size([4, 5])

    Source: Zhang et al., "Dive into Deep Learning", section 14.2, Fine-Tuning.
    """
    ### BEGIN SOLUTION
    old = dict(model.named_modules()).get(name)
    if not isinstance(old, nn.Linear):
        raise ValueError(f"{name!r} is not the name of a linear layer of the model")
    new = nn.Linear(
        old.in_features, num_classes, old.bias is not None, device=old.weight.device, dtype=old.weight.dtype
    )
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, new.train(old.training))
    return model
    ### END SOLUTION


# %% [markdown]
# ## load_pretrained
#
# A checkpoint seldom fits as a whole. Its head has other classes, the new model has parts that the old one lacked, or
# the weights are those of a larger model, in which ours was called `encoder`. `load_state_dict(strict=False)` forgives
# names that are missing or left over, but not shapes that differ; and it says nothing when *no* name fits and nothing
# was loaded at all. Then one trains from random numbers and wonders.


# %%
def load_pretrained(model, state_dict, prefix=""):
    """Loads what fits of a checkpoint into a model, and tells what did not.

    Args:
        model: an nn.Module.
        state_dict: a dict from names to tensors, as `state_dict()` of another module gave it. It may lie on another
            device than the model and have other dtypes.
        prefix: str. Only the entries whose name begins with `prefix` are meant for the model, and its name for such an
            entry is what follows the prefix. With "" these are all entries, under their own names.

    Returns:
        A dict with four lists of str:
            "loaded": the model's names (parameters and buffers, in the order of `model.state_dict()`) that got the
                values of an entry of the same name and the same shape.
            "mismatched": the model's names whose entry has another shape, in the same order. These keep their values,
                also where the entry could be broadcast or reshaped.
            "missing": the model's names without an entry, in the same order. These keep their values.
            "unexpected": the names of all other entries as `state_dict` has them, in its order: those that do not begin
                with the prefix, and those for which the model has no name.

        The values are copied into the parameters and buffers that the model has, so that an optimizer that holds them
        stays valid. Each keeps its dtype, its device and its `requires_grad`. Later changes of the model do not reach
        `state_dict`, which is not changed.

    Raises:
        ValueError: nothing at all could be loaded. It has a message.

    Example:
        >>> old, new = nn.Linear(3, 2), nn.Linear(3, 5)
        >>> checkpoint = {"encoder.bias": torch.ones(5), "encoder.weight": old.weight.detach(), "step": torch.tensor(9)}
        >>> load_pretrained(new, checkpoint, prefix="encoder.")
        {'loaded': ['bias'], 'mismatched': ['weight'], 'missing': [], 'unexpected': ['step']}
        >>> new.bias.sum().item()
        5.0

    Source: PyTorch documentation, torch.nn.Module.load_state_dict and "Saving and Loading Models", warmstarting.
    """
    ### BEGIN SOLUTION
    entries = {name.removeprefix(prefix): name for name in state_dict if name.startswith(prefix)}
    told = {"loaded": [], "mismatched": [], "missing": [], "unexpected": []}
    own = model.state_dict()
    for name, value in own.items():
        if name not in entries:
            told["missing"].append(name)
        elif state_dict[entries[name]].shape != value.shape:
            told["mismatched"].append(name)
        else:
            told["loaded"].append(name)
    known = {entries[name] for name in own if name in entries}
    told["unexpected"] = [name for name in state_dict if name not in known]
    if not told["loaded"]:
        raise ValueError("nothing of the checkpoint fits the model; is the prefix right?")
    with torch.no_grad():
        for name in told["loaded"]:
            own[name].copy_(state_dict[entries[name]])
    return told
    ### END SOLUTION


# %% [markdown]
# ## LitClassifier
#
# Lightning takes the training loop out of your hands. What remains is a *LightningModule*: a model with methods of
# agreed names, its *hooks*, that the trainer calls. It calls them by their names and by nothing else: a method
# `prediction_step` is never called, because the hook is `predict_step`.
#
# | hook | called | what it has to do |
# |---|---|---|
# | `on_train_epoch_start()` | before the first batch of an epoch | whatever has to be done again every epoch |
# | `training_step(batch, batch_idx)` | for every training batch | return the loss; the trainer does `backward` and the step |
# | `validation_step(batch, batch_idx)` | for every validation batch, in evaluation mode, without gradients | log metrics |
# | `predict_step(batch, batch_idx)` | for every batch of `trainer.predict` | return predictions |
# | `configure_optimizers()` | once, before training | return the optimizer |
#
# `self.log(name, value)` hands the trainer a number, which it averages and shows. `self.save_hyperparameters()` stores
# the arguments of the constructor in `self.hparams` and in every checkpoint; a module among them would be stored twice,
# so it is left out with `ignore`.
#
# `pip install lightning` brings the trainer. It is not needed here: where Lightning is not installed, the class below
# stands in for its module, and you are graded with such a class in any case.

# %%
try:
    from lightning import LightningModule
except ImportError:
    import inspect

    class LightningModule(nn.Module):
        """What this homework needs of Lightning's class of the same name: it logs to nowhere."""

        class Hyperparameters(dict):
            __getattr__ = dict.__getitem__  # hparams.lr is hparams["lr"]

        def __init__(self):
            super().__init__()
            self._hparams = self.Hyperparameters()

        @property
        def hparams(self):
            return self._hparams

        def save_hyperparameters(self, *args, ignore=()):
            """Stores the arguments of the constructor that calls it, or those named, but for the ignored ones."""
            given = dict(inspect.getargvalues(inspect.currentframe().f_back).locals)
            ignored = {ignore} if isinstance(ignore, str) else set(ignore)
            named = args or [name for name in inspect.signature(type(self).__init__).parameters if name != "self"]
            self._hparams.update({name: given[name] for name in named if name not in ignored})

        def log(self, name, value, **options):
            """Takes a metric for the trainer."""

        def log_dict(self, values, **options):
            """Takes several."""


# %%
class LitClassifier(LightningModule):
    """A pretrained classifier with a new head, ready for Lightning's trainer to fine-tune.

    Args of the constructor:
        model: an nn.Module that answers inputs of shape (N, ...) with scores of shape (N, C).
        head: str, the name of the submodule of `model` that is the new head.
        lr: the learning rate of the head.
        factor: the learning rate of the body is `lr * factor`.
        freeze: whether everything but the head is frozen.

    The attribute `model` holds the model. `hparams` has the hyperparameters "head", "lr", "factor" and "freeze" and
    nothing else: the model is not among them. With `freeze` the model is frozen as `freeze_except` does it when the
    constructor returns; without it every parameter has the `requires_grad` that it came with.
    """

    def __init__(self, model, head, lr=0.01, factor=0.1, freeze=False):
        super().__init__()
        ### BEGIN SOLUTION
        self.save_hyperparameters(ignore=["model"])
        self.model = model
        self.head, self.lr, self.factor, self.freeze = head, lr, factor, freeze
        if freeze:
            freeze_except(model, [head])
        ### END SOLUTION

    def forward(self, X):
        """The scores of the model for inputs X, shape (N, C)."""
        ### BEGIN SOLUTION
        return self.model(X)
        ### END SOLUTION

    def on_train_epoch_start(self):
        """With `freeze`, freezes the model anew, because the trainer may have put all of it in training mode. Without it
        does nothing."""
        ### BEGIN SOLUTION
        if self.freeze:
            freeze_except(self.model, [self.head])
        ### END SOLUTION

    def training_step(self, batch, batch_idx):
        """Logs the mean cross-entropy of the batch as "train_loss" and returns it.

        `batch` is a pair (X, y) of inputs and labels, shape (N,) and int64. The loss returned is a tensor of shape ()
        with its graph, for the trainer calls `backward`. The step itself calls neither `backward` nor an optimizer.
        """
        ### BEGIN SOLUTION
        X, y = batch
        loss = nn.functional.cross_entropy(self(X), y)
        self.log("train_loss", loss)
        return loss
        ### END SOLUTION

    def validation_step(self, batch, batch_idx):
        """Logs the mean cross-entropy of the batch as "val_loss" and the fraction (0 to 1) of its samples whose largest
        score is that of the label as "val_accuracy".

        The trainer has set the mode, and the step leaves it alone. What it returns is not used.
        """
        ### BEGIN SOLUTION
        X, y = batch
        scores = self(X)
        self.log("val_loss", nn.functional.cross_entropy(scores, y))
        self.log("val_accuracy", (scores.argmax(dim=1) == y).float().mean())
        ### END SOLUTION

    def predict_step(self, batch, batch_idx):
        """The class with the largest score for every sample of a batch (X, y): shape (N,) and int64."""
        ### BEGIN SOLUTION
        X, _ = batch
        return self(X).argmax(dim=1)
        ### END SOLUTION

    def configure_optimizers(self):
        """A torch.optim.SGD with momentum 0.9 and the groups of `param_groups`, the body's before the head's.

        All hooks work where model and batch are on another device. Each value is logged once a step, with `self.log` or
        `self.log_dict`, as a number or a tensor with one element.

        Example:
            >>> net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Linear(2, 5))
            >>> lit = LitClassifier(net, "2", lr=0.5, freeze=True)
            >>> [group["lr"] for group in lit.configure_optimizers().param_groups]
            [0.05, 0.5]
            >>> sorted(lit.hparams)
            ['factor', 'freeze', 'head', 'lr']

        Source: Lightning documentation, LightningModule; Zhang et al., "Dive into Deep Learning", section 14.2.
        """
        ### BEGIN SOLUTION
        return torch.optim.SGD(param_groups(self.model, self.head, self.lr, self.factor), lr=self.lr, momentum=0.9)
        ### END SOLUTION
