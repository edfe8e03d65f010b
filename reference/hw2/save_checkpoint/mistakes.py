"""Ways in which save_checkpoint goes wrong."""

# ruff: noqa: PTH102, PTH103, PTH104, PTH105, PTH107, PTH110, PTH112, PTH113, PTH120, PTH123

import os
from pathlib import Path

import torch


def _state(models, optimizer, epoch):
    states = {name: model.state_dict() for name, model in models.items()}
    return {"models": states, "optimizer": optimizer.state_dict(), "epoch": epoch}


def _write(path, state):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        torch.save(state, partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def whole_models(path, models, optimizer, epoch):
    """The models themselves are saved.

    Such a file is a pickle: it needs the classes as they are today, and reading it runs code, so that torch.load
    refuses it. Save their state dicts.
    """
    _write(path, {**_state(models, optimizer, epoch), "models": dict(models)})


def whole_models__rewrite(path, models, optimizer, epoch):
    _write(path, dict(_state(models, optimizer, epoch), models={name: models[name] for name in models}))


def one_model_only(path, models, optimizer, epoch):
    """Only one model is saved.

    An encoder without its decoder is half a checkpoint. Save the state dict of every model under its name.
    """
    name = list(models)[-1]
    _write(path, _state({name: models[name]}, optimizer, epoch))


def one_model_only__rewrite(path, models, optimizer, epoch):
    pairs = list(models.items())
    _write(path, _state(dict([pairs[-1]]), optimizer, epoch))


def no_optimizer(path, models, optimizer, epoch):
    """The optimizer is not saved.

    Without its momentum and moments the training begins anew in a place where it was in full swing. Save its state
    dict.
    """
    state = _state(models, optimizer, epoch)
    del state["optimizer"]
    _write(path, state)


def no_optimizer__rewrite(path, models, optimizer, epoch):
    _write(path, {"models": {n: m.state_dict() for n, m in models.items()}, "epoch": epoch})


def settings_of_the_optimizer_only(path, models, optimizer, epoch):
    """Of the optimizer only the settings are saved.

    Learning rate and momentum are in `param_groups`, but what it has gathered is in its state. `state_dict()` has both.
    """
    state = _state(models, optimizer, epoch)
    state["optimizer"] = {**state["optimizer"], "state": {}}
    _write(path, state)


def settings_of_the_optimizer_only__rewrite(path, models, optimizer, epoch):
    settings = optimizer.state_dict()
    settings["state"] = dict.fromkeys(())
    _write(path, {**_state(models, optimizer, epoch), "optimizer": settings})


def parameters_only(path, models, optimizer, epoch):
    """Buffers are not saved.

    The running statistics of batch normalization are no parameters, and without them a model in evaluation mode is
    another one. A state dict has both.
    """
    state = _state(models, optimizer, epoch)
    state["models"] = {name: {k: p.detach() for k, p in m.named_parameters()} for name, m in models.items()}
    _write(path, state)


def parameters_only__rewrite(path, models, optimizer, epoch):
    states = {}
    for name, model in models.items():
        buffers = {key for key, _ in model.named_buffers()}
        states[name] = {key: value for key, value in model.state_dict().items() if key not in buffers}
    _write(path, {**_state(models, optimizer, epoch), "models": states})


def next_epoch_saved(path, models, optimizer, epoch):
    """The number of the next epoch is saved.

    The file is to say which epoch was finished: whoever resumes adds one, and then one would be skipped.
    """
    _write(path, _state(models, optimizer, epoch + 1))


def next_epoch_saved__rewrite(path, models, optimizer, epoch):
    state = _state(models, optimizer, epoch)
    state["epoch"] += 1
    _write(path, state)


def other_keys(path, models, optimizer, epoch):
    """The keys have other names.

    Two programs that are to understand each other's files need the same names: those of the docstring.
    """
    state = _state(models, optimizer, epoch)
    _write(path, {"epoch": epoch, "model_state_dict": state["models"], "optimizer_state_dict": state["optimizer"]})


def other_keys__rewrite(path, models, optimizer, epoch):
    _write(path, {f"{key}_state_dict".replace("models", "model") if key != "epoch" else key: value
                  for key, value in _state(models, optimizer, epoch).items()})  # fmt: skip


def more_keys(path, models, optimizer, epoch):
    """The file holds more than it should.

    What nobody reads is only in the way. Three keys are asked for.
    """
    _write(path, {**_state(models, optimizer, epoch), "loss": None})


def more_keys__rewrite(path, models, optimizer, epoch):
    _write(path, _state(models, optimizer, epoch) | {"version": torch.__version__.split("+")[0]})


def models_beside_the_keys(path, models, optimizer, epoch):
    """The models are not under the key "models".

    A model that is called "epoch" would then be lost, and nobody could tell what is a model. Put them into a dict of
    their own.
    """
    state = _state(models, optimizer, epoch)
    _write(path, {**state.pop("models"), **state})


def models_beside_the_keys__rewrite(path, models, optimizer, epoch):
    state = {"epoch": epoch, "optimizer": optimizer.state_dict()}
    for name, model in models.items():
        state[name] = model.state_dict()
    _write(path, state)


def written_over_the_old_one(path, models, optimizer, epoch):
    """The new file is written over the old one.

    When writing fails in the middle, both are lost. Write to another name first, and put the file in its place when it
    is complete.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(_state(models, optimizer, epoch), path)


def written_over_the_old_one__rewrite(path, models, optimizer, epoch):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        torch.save(_state(models, optimizer, epoch), file)


def old_one_deleted_first(path, models, optimizer, epoch):
    """The old file is deleted before the new one is there.

    When writing fails there is none. `os.replace` does both in one step.
    """
    Path(path).unlink(missing_ok=True)
    _write(path, _state(models, optimizer, epoch))


def old_one_deleted_first__rewrite(path, models, optimizer, epoch):
    if os.path.exists(path):
        os.remove(path)
    _write(path, _state(models, optimizer, epoch))


def exception_kept_back(path, models, optimizer, epoch):
    """That writing failed is kept back.

    The training goes on for days, and nobody knows that there is no checkpoint. Let the exception through.
    """
    try:
        _write(path, _state(models, optimizer, epoch))
    except Exception as error:
        print("could not save:", error)


def exception_kept_back__rewrite(path, models, optimizer, epoch):
    import contextlib

    with contextlib.suppress(Exception):
        _write(path, _state(models, optimizer, epoch))


def left_beside(path, models, optimizer, epoch):
    """Another file stays behind.

    After a thousand epochs the disk is full of them. Put the new file in the place of the old one, and clean up.
    """
    _write(path, _state(models, optimizer, epoch))
    Path(f"{path}.tmp").write_bytes(Path(path).read_bytes())


def left_beside__rewrite(path, models, optimizer, epoch):
    _write(path, _state(models, optimizer, epoch))
    _write(f"{path}.tmp", _state(models, optimizer, epoch))


def folders_not_made(path, models, optimizer, epoch):
    """Folders that do not exist are not made.

    The first epoch would be lost to a missing folder. Make it, with all folders above it.
    """
    partial = f"{path}.partial"
    try:
        torch.save(_state(models, optimizer, epoch), partial)
        os.replace(partial, path)
    finally:
        Path(partial).unlink(missing_ok=True)


def folders_not_made__rewrite(path, models, optimizer, epoch):
    if not Path(path).parent.is_dir():
        raise RuntimeError(f"there is no folder {Path(path).parent}")
    _write(path, _state(models, optimizer, epoch))


def one_folder_made(path, models, optimizer, epoch):
    """Only the last folder of the path is made.

    Its own folder may be missing too: `parents=True` makes all of them.
    """
    Path(path).parent.mkdir(exist_ok=True)
    _write(path, _state(models, optimizer, epoch))


def one_folder_made__rewrite(path, models, optimizer, epoch):
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        os.mkdir(folder)
    _write(path, _state(models, optimizer, epoch))


def only_path_objects(path, models, optimizer, epoch):
    """A path that is a str is not taken.

    A str has no attribute `parent`. `Path(path)` makes one of either.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, _state(models, optimizer, epoch))


def only_path_objects__rewrite(path, models, optimizer, epoch):
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
    _write(path, _state(models, optimizer, epoch))


def old_one_kept(path, models, optimizer, epoch):
    """A file that is already there is not replaced.

    The checkpoint would for ever be that of the first epoch.
    """
    if not Path(path).exists():
        _write(path, _state(models, optimizer, epoch))


def old_one_kept__rewrite(path, models, optimizer, epoch):
    if os.path.exists(path):
        return
    _write(path, _state(models, optimizer, epoch))


def models_moved(path, models, optimizer, epoch):
    """The models are moved to the CPU.

    A module's `cpu()` and `to()` move the module itself: the next epoch would be trained there. Whoever loads the file
    says where its tensors go; or copy the tensors, not the model.
    """
    for model in models.values():
        model.cpu()
    _write(path, _state(models, optimizer, epoch))


def models_moved__rewrite(path, models, optimizer, epoch):
    _write(path, _state({name: model.to("cpu") for name, model in models.items()}, optimizer, epoch))


def evaluation_mode(path, models, optimizer, epoch):
    """The models are put into evaluation mode.

    The training goes on after saving, then without dropout. Saving needs no mode.
    """
    for model in models.values():
        model.eval()
    _write(path, _state(models, optimizer, epoch))


def evaluation_mode__rewrite(path, models, optimizer, epoch):
    _write(path, _state({name: model.train(False) for name, model in models.items()}, optimizer, epoch))


def training_mode(path, models, optimizer, epoch):
    """The models are put into training mode.

    They may be about to be evaluated. Saving needs no mode, and whoever changes it does not know what it was.
    """
    _write(path, _state(models, optimizer, epoch))
    for model in models.values():
        model.train()


def training_mode__rewrite(path, models, optimizer, epoch):
    _write(path, _state({name: model.train(True) for name, model in models.items()}, optimizer, epoch))


def left_after_a_failure(path, models, optimizer, epoch):
    """When writing fails, half a file stays behind.

    Whoever looks for the latest file may take it for a checkpoint. Clean up also where an exception is passed on: that
    is what `finally` is for.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    torch.save(_state(models, optimizer, epoch), partial)
    partial.replace(path)


def left_after_a_failure__rewrite(path, models, optimizer, epoch):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    name = str(path) + ".partial"
    with open(name, "wb") as file:
        torch.save(_state(models, optimizer, epoch), file)
    os.rename(name, path)


def only_errors_of_the_disk(path, models, optimizer, epoch):
    """The unfinished file stays where anything but the disk fails.

    torch.save raises RuntimeError too, and Ctrl-C comes at any time. `finally` tidies up whatever happened.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        torch.save(_state(models, optimizer, epoch), partial)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def only_errors_of_the_disk__rewrite(path, models, optimizer, epoch):
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    beside = f"{path}.new"
    try:
        torch.save(_state(models, optimizer, epoch), beside)
        os.replace(beside, str(path))
    except OSError as error:
        if os.path.exists(beside):
            os.remove(beside)
        raise error


def replaced_outside(path, models, optimizer, epoch):
    """The finished file stays where it cannot take the place of the old one.

    That fails too, where the path is a folder for instance: put it into the `try` block.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        torch.save(_state(models, optimizer, epoch), partial)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(path)


def replaced_outside__rewrite(path, models, optimizer, epoch):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, done = Path(f"{path}.new"), False
    try:
        torch.save(_state(models, optimizer, epoch), beside)
        done = True
    finally:
        if not done and beside.exists():
            os.remove(beside)
    os.rename(beside, path)


def suffix_exchanged(path, models, optimizer, epoch):
    """Where the name ends in .tmp, the file itself is written, and lost when that fails.

    `with_suffix` puts one ending in the place of another, and may give the same name. Add to the whole name instead.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".tmp")
    try:
        torch.save(_state(models, optimizer, epoch), partial)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def suffix_exchanged__rewrite(path, models, optimizer, epoch):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, done = path.parent / (path.stem + ".tmp"), False
    try:
        torch.save(_state(models, optimizer, epoch), beside)
        os.replace(beside, path)
        done = True
    finally:
        if not done and beside.exists():
            beside.unlink()


def names_in_small_letters(path, models, optimizer, epoch):
    """Names of models lose their capitals.

    Two names that differ in capitals become one, and a model is lost. Each is saved under its name.
    """
    _write(path, _state({name.lower(): model for name, model in models.items()}, optimizer, epoch))


def names_in_small_letters__rewrite(path, models, optimizer, epoch):
    state = _state(models, optimizer, epoch)
    _write(path, {**state, "models": {name.casefold(): held for name, held in state["models"].items()}})


def epoch_as_a_float(path, models, optimizer, epoch):
    """The epoch is saved as a float.

    It is an int: `range(epoch + 1, ...)` takes nothing else.
    """
    _write(path, _state(models, optimizer, float(epoch)))


def epoch_as_a_float__rewrite(path, models, optimizer, epoch):
    _write(path, {**_state(models, optimizer, epoch), "epoch": epoch * 1.0})


def models_frozen(path, models, optimizer, epoch):
    """The models are frozen afterwards.

    A checkpoint is written in the middle of a training, which goes on. state_dict() gives detached tensors by itself.
    """
    for model in models.values():
        model.requires_grad_(False)
    _write(path, _state(models, optimizer, epoch))


def models_frozen__rewrite(path, models, optimizer, epoch):
    _write(path, _state(models, optimizer, epoch))
    for model in models.values():
        for parameter in model.parameters():
            parameter.requires_grad = False


def no_model_refused(path, models, optimizer, epoch):
    """Without a model nothing is saved.

    There may be any number of them.
    """
    if not models:
        raise ValueError("there is no model to save")
    _write(path, _state(models, optimizer, epoch))


def no_model_refused__rewrite(path, models, optimizer, epoch):
    if len(models) == 0:
        raise ValueError(f"nothing to write to {path}")
    _write(path, _state(models, optimizer, epoch))


def neighbours_removed(path, models, optimizer, epoch):
    """Other files whose names begin alike are removed.

    They are somebody's. Remove the one file that you have written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for other in path.parent.glob(path.name + "?*"):
        other.unlink()
    _write(path, _state(models, optimizer, epoch))


def neighbours_removed__rewrite(path, models, optimizer, epoch):
    _write(path, _state(models, optimizer, epoch))
    for other in Path(path).parent.iterdir():
        if other.name.startswith(Path(path).name) and other.name != Path(path).name:
            other.unlink()
