"""Ways in which load_checkpoint goes wrong."""

# ruff: noqa: PTH123

import copy
from pathlib import Path

import torch


def _read(path, device="cpu"):
    return torch.load(path, map_location=device, weights_only=True)


def _check(file, models):
    for name in models:
        if name not in file["models"]:
            raise KeyError(f"there is no model {name!r}")


def _fill(file, models, device):
    for name, model in models.items():
        model.to(device)
        model.load_state_dict(file["models"][name])


def _finish(file, optimizer):
    if optimizer is not None:
        optimizer.load_state_dict(file["optimizer"])
    return file["epoch"]


def _right(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    _fill(file, models, device)
    return _finish(file, optimizer)


def no_map_location(path, models, optimizer=None, device="cpu"):
    """Tensors are read to where they were saved.

    On a machine without that GPU torch.load raises. `map_location` says where they are to go.
    """
    file = torch.load(path, weights_only=True)
    _check(file, models)
    _fill(file, models, device)
    return _finish(file, optimizer)


def no_map_location__rewrite(path, models, optimizer=None, device="cpu"):
    with Path(path).open("rb") as stream:
        torch.load(stream)
    return _right(path, models, optimizer, device)


def optimizer_left_out(path, models, optimizer=None, device="cpu"):
    """The optimizer's state is not loaded.

    Its momentum and its learning rate are those of a new training then. Load its state dict too.
    """
    return _right(path, models, None, device)


def optimizer_left_out__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    _fill(file, models, device)
    return file["epoch"]


def settings_only(path, models, optimizer=None, device="cpu"):
    """Of the optimizer only the settings are loaded.

    What it has gathered, such as its momentum, is in its state. `load_state_dict` loads both.
    """
    file = _read(path, device)
    file["optimizer"]["state"] = {}
    _check(file, models)
    _fill(file, models, device)
    return _finish(file, optimizer)


def settings_only__rewrite(path, models, optimizer=None, device="cpu"):
    epoch = _right(path, models, optimizer, device)
    if optimizer is not None:
        optimizer.state.clear()
    return epoch


def next_epoch(path, models, optimizer=None, device="cpu"):
    """The number of the next epoch is returned.

    Here the number is returned that the file has; whoever resumes adds one.
    """
    return _right(path, models, optimizer, device) + 1


def next_epoch__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    _fill(file, models, device)
    _finish(file, optimizer)
    return 1 + file["epoch"]


def nothing_returned(path, models, optimizer=None, device="cpu"):
    """The number of the epoch is not returned.

    Without it nobody knows how far the training has come.
    """
    _right(path, models, optimizer, device)


def nothing_returned__rewrite(path, models, optimizer=None, device="cpu"):
    epoch = _right(path, models, optimizer, device)
    print(f"loaded epoch {epoch}")


def everything_returned(path, models, optimizer=None, device="cpu"):
    """More than the number of the epoch is returned.

    Models and optimizer are changed in place: the caller has them already. One int is asked for.
    """
    return models, optimizer, _right(path, models, optimizer, device)


def everything_returned__rewrite(path, models, optimizer=None, device="cpu"):
    return (models, optimizer, _right(path, models, optimizer, device))


def missing_names_skipped(path, models, optimizer=None, device="cpu"):
    """A model that the file lacks is skipped.

    It keeps its random weights, and nobody notices. Raise a KeyError with its name.
    """
    file = _read(path, device)
    _fill(file, {name: model for name, model in models.items() if name in file["models"]}, device)
    return _finish(file, optimizer)


def missing_names_skipped__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    for name in file["models"]:
        if name in models:
            models[name].to(device).load_state_dict(file["models"][name])
    return _finish(file, optimizer)


def noticed_too_late(path, models, optimizer=None, device="cpu"):
    """That a model is missing is noticed when others have been loaded.

    After the exception half of the models are those of the file. Look whether all names are there before anything is
    changed.
    """
    file = _read(path, device)
    _fill(file, models, device)
    return _finish(file, optimizer)


def noticed_too_late__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    for name, model in models.items():
        if name not in file["models"]:
            raise KeyError("no model called " + name)
        _fill(file, {name: model}, device)
    return _finish(file, optimizer)


def name_not_told(path, models, optimizer=None, device="cpu"):
    """The message does not have the name of the model that is missing.

    Whoever reads it wants to know which one: put the name into the message.
    """
    if not set(models) <= set(_read(path)["models"]):
        raise KeyError("a model is missing")
    return _right(path, models, optimizer, device)


def name_not_told__rewrite(path, models, optimizer=None, device="cpu"):
    try:
        return _right(path, models, optimizer, device)
    except KeyError:
        raise KeyError from None


def names_loosely(path, models, optimizer=None, device="cpu"):
    """Entries that do not fit are passed over.

    With `strict=False` a model is loaded in part and keeps random weights elsewhere. A checkpoint of this very training
    has to fit.
    """
    file = _read(path, device)
    _check(file, models)
    for name, model in models.items():
        model.to(device).load_state_dict(file["models"][name], strict=False)
    return _finish(file, optimizer)


def names_loosely__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    for name, model in models.items():
        own = model.to(device).state_dict()
        own.update({key: value for key, value in file["models"][name].items() if key in own})
        model.load_state_dict(own)
    return _finish(file, optimizer)


def by_order(path, models, optimizer=None, device="cpu"):
    """Models are matched by their order.

    Another order, or a model that is left out, gives a model the weights of another one. Match them by name.
    """
    file = _read(path, device)
    _check(file, models)
    for model, state in zip(models.values(), file["models"].values()):
        model.to(device).load_state_dict(state)
    return _finish(file, optimizer)


def by_order__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    states = iter(file["models"].values())
    for name in models:
        models[name].to(device)
        models[name].load_state_dict(next(states))
    return _finish(file, optimizer)


def all_models_demanded(path, models, optimizer=None, device="cpu"):
    """Models of the file that nobody asks for are not left out.

    Whoever needs the encoder alone should get it. Go through the models that were given, not through those of the
    file.
    """
    file = _read(path, device)
    _check(file, models)
    for name, state in file["models"].items():
        models[name].to(device).load_state_dict(state)
    return _finish(file, optimizer)


def all_models_demanded__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    if file["models"].keys() != models.keys():
        raise KeyError("the models of the file are others")
    return _right(path, models, optimizer, device)


def new_parameters(path, models, optimizer=None, device="cpu"):
    """The models get new parameters.

    The optimizer holds the old ones, and from now on trains what nobody uses. Copy the values into the parameters that
    are there, as `load_state_dict` does.
    """
    file = _read(path, device)
    _check(file, models)
    _fill(file, models, device)
    for name, model in models.items():
        model.load_state_dict(file["models"][name], assign=True)
    return _finish(file, optimizer)


def new_parameters__rewrite(path, models, optimizer=None, device="cpu"):
    epoch = _right(path, models, optimizer, device)
    for model in models.values():
        for name, parameter in list(model.named_parameters()):
            setattr(model, name, torch.nn.Parameter(parameter.detach().clone(), parameter.requires_grad))
    return epoch


def evaluation_mode(path, models, optimizer=None, device="cpu"):
    """The models are put into evaluation mode.

    Whoever goes on training would do it without dropout. Loading needs no mode: the caller chooses it.
    """
    epoch = _right(path, models, optimizer, device)
    for model in models.values():
        model.eval()
    return epoch


def evaluation_mode__rewrite(path, models, optimizer=None, device="cpu"):
    for model in models.values():
        model.train(mode=False)
    return _right(path, models, optimizer, device)


def training_mode(path, models, optimizer=None, device="cpu"):
    """The models are put into training mode.

    Whoever evaluates would do it with dropout. Loading needs no mode: the caller chooses it.
    """
    epoch = _right(path, models, optimizer, device)
    for model in models.values():
        model.train()
    return epoch


def training_mode__rewrite(path, models, optimizer=None, device="cpu"):
    for model in models.values():
        model.train(mode=True)
    return _right(path, models, optimizer, device)


def any_code_run(path, models, optimizer=None, device="cpu"):
    """Code in the file is run.

    With `weights_only=False` a checkpoint from elsewhere may do whatever it likes. State dicts need nothing of the
    kind.
    """
    file = torch.load(path, map_location=device, weights_only=False)
    _check(file, models)
    _fill(file, models, device)
    return _finish(file, optimizer)


def any_code_run__rewrite(path, models, optimizer=None, device="cpu"):
    with open(path, "rb") as stream:
        torch.load(stream, map_location="cpu", weights_only=False)
    return _right(path, models, optimizer, device)


def models_not_moved(path, models, optimizer=None, device="cpu"):
    """The models are not moved to the device.

    `map_location` only says where the tensors of the file go; `load_state_dict` then copies them to where the model is.
    Move the model.
    """
    file = _read(path, device)
    _check(file, models)
    for name, model in models.items():
        model.load_state_dict(file["models"][name])
    return _finish(file, optimizer)


def models_not_moved__rewrite(path, models, optimizer=None, device="cpu"):
    where = {name: next(model.parameters()).device for name, model in models.items()}
    file = _read(path)
    _check(file, models)
    for name, model in models.items():
        _fill(file, {name: model}, where[name])
    return _finish(file, optimizer)


def optimizer_before_the_models(path, models, optimizer=None, device="cpu"):
    """The optimizer is loaded before the models are moved.

    It puts its state where the parameters are at that moment, and there it stays. Move the models first.
    """
    file = _read(path, device)
    _check(file, models)
    epoch = _finish(file, optimizer)
    _fill(file, models, device)
    return epoch


def optimizer_before_the_models__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path)
    _check(file, models)
    for name in models:
        models[name].load_state_dict(file["models"][name])
    epoch = _finish(file, optimizer)
    for name in models:
        models[name].to(device)
    return epoch


def one_model_only(path, models, optimizer=None, device="cpu"):
    """Only the first model is loaded.

    The others keep their random weights. Load every model that is given.
    """
    file = _read(path, device)
    _check(file, models)
    _fill(file, dict(list(models.items())[:1]), device)
    return _finish(file, optimizer)


def one_model_only__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    for name, model in models.items():
        _fill(file, {name: model}, device)
        break
    return _finish(file, optimizer)


def parameters_only(path, models, optimizer=None, device="cpu"):
    """Buffers are not loaded.

    The running statistics of batch normalization are no parameters, and without them a model in evaluation mode is
    another one.
    """
    file = _read(path, device)
    _check(file, models)
    kept = {name: {key: b.clone() for key, b in model.named_buffers()} for name, model in models.items()}
    _fill(file, models, device)
    for name, buffers in kept.items():
        models[name].load_state_dict(buffers, strict=False)
    return _finish(file, optimizer)


def parameters_only__rewrite(path, models, optimizer=None, device="cpu"):
    file = _read(path, device)
    _check(file, models)
    for name, model in models.items():
        copy.deepcopy(model).load_state_dict(file["models"][name])
        for key, parameter in model.to(device).named_parameters():
            parameter.data.copy_(file["models"][name][key])
    return _finish(file, optimizer)
