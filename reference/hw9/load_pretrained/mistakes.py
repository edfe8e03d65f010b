"""Ways in which loading a checkpoint goes wrong. The mistakes change `_load`, the rewrites are written out."""

import torch


def _strip(name, prefix):
    """The model's name for an entry; None where it is not meant for the model."""
    return name[len(prefix) :] if name.startswith(prefix) else None


def _fits(value, entry):
    return value.shape == entry.shape


def _own(model):
    return model.state_dict()


def _copy(model, name, target, entry):
    target.copy_(entry)


def _check(told):
    if not told["loaded"]:
        raise ValueError("nothing fits")


def _load(model, state_dict, prefix="", *, strip=_strip, fits=_fits, own=_own, copy=_copy, check=_check):
    entries = {strip(name, prefix): name for name in state_dict if strip(name, prefix) is not None}
    told = {"loaded": [], "mismatched": [], "missing": [], "unexpected": []}
    values = own(model)
    for name, value in values.items():
        if name not in entries:
            told["missing"].append(name)
        elif fits(value, state_dict[entries[name]]):
            told["loaded"].append(name)
        else:
            told["mismatched"].append(name)
    used = {entries[name] for name in values if name in entries}
    told["unexpected"] = [name for name in state_dict if name not in used]
    check(told)
    with torch.no_grad():
        for name in told["loaded"]:
            copy(model, name, values[name], state_dict[entries[name]])
    return told


def _sorted(model, state_dict, prefix=""):
    """The report by another road: what fits, and four lists."""
    values = model.state_dict()
    fits, other, missing = [], [], []
    for name in values:
        key = prefix + name
        group = missing if key not in state_dict else fits if state_dict[key].shape == values[name].shape else other
        group.append(name)
    left = [key for key in state_dict if not (key.startswith(prefix) and key[len(prefix) :] in values)]
    if not fits:
        raise ValueError("not one entry fits")
    return {"loaded": fits, "mismatched": other, "missing": missing, "unexpected": left}


def _into(model, state_dict, prefix, told):
    model.load_state_dict({name: state_dict[prefix + name] for name in told["loaded"]}, strict=False)
    return told


def not_strict(model, state_dict, prefix=""):
    """`load_state_dict(strict=False)` is trusted with everything.

    It forgives names, not shapes: an entry of another shape is an error. Sort out what does not fit before you load.
    """
    entries = {_strip(n, prefix): v for n, v in state_dict.items() if _strip(n, prefix) is not None}
    missing, _ = model.load_state_dict(entries, strict=False)
    told = {"loaded": [n for n in model.state_dict() if n in entries], "mismatched": [], "missing": missing}
    told["unexpected"] = [n for n in state_dict if _strip(n, prefix) not in told["loaded"]]
    _check(told)
    return told


def not_strict__rewrite(model, state_dict, prefix=""):
    values = model.state_dict()
    known = [name for name in values if prefix + name in state_dict]
    if not known:
        raise ValueError("no name fits")
    for name in known:
        model.load_state_dict({name: state_dict[prefix + name]}, strict=False)
    left = [key for key in state_dict if not (key.startswith(prefix) and key[len(prefix) :] in values)]
    return {"loaded": known, "mismatched": [], "missing": [n for n in values if n not in known], "unexpected": left}


def shapes_broadcast(model, state_dict, prefix=""):
    """Shapes are not compared before `copy_`.

    `copy_` broadcasts: an entry of shape (1, 3) fills all rows of a (2, 3) weight with the same numbers, and nothing
    complains. Where it cannot, it raises. Compare the shapes.
    """

    def fits(value, entry):
        try:
            return torch.broadcast_shapes(value.shape, entry.shape) == value.shape
        except RuntimeError:
            return False

    return _load(model, state_dict, prefix, fits=fits)


def shapes_broadcast__rewrite(model, state_dict, prefix=""):
    told = {"loaded": [], "mismatched": [], "missing": []}
    for name, value in model.state_dict().items():
        entry = state_dict.get(prefix + name)
        if entry is None:
            told["missing"].append(name)
            continue
        try:
            with torch.no_grad():
                value.copy_(entry)
            told["loaded"].append(name)
        except RuntimeError:
            told["mismatched"].append(name)
    if not told["loaded"]:
        raise ValueError("nothing")
    known = {prefix + name for name in model.state_dict()}
    return {**told, "unexpected": [key for key in state_dict if key not in known]}


def sizes_compared(model, state_dict, prefix=""):
    """Only the numbers of elements are compared.

    A (3, 2) entry has as many elements as a (2, 3) weight, and they mean something else. Compare the shapes.
    """

    def copy(model, name, target, entry):
        target.copy_(entry.reshape(target.shape))

    return _load(model, state_dict, prefix, fits=lambda value, entry: value.numel() == entry.numel(), copy=copy)


def sizes_compared__rewrite(model, state_dict, prefix=""):
    told = {"loaded": [], "mismatched": [], "missing": [], "unexpected": []}
    values = model.state_dict()
    for name in values:
        entry = state_dict.get(prefix + name)
        if entry is None:
            told["missing"] += [name]
        elif entry.flatten().shape != values[name].flatten().shape:
            told["mismatched"] += [name]
        else:
            told["loaded"] += [name]
            values[name].data.view(-1).copy_(entry.flatten())
    if told["loaded"] == []:
        raise ValueError("nothing is loaded")
    told["unexpected"] = [key for key in state_dict if not (key.startswith(prefix) and key[len(prefix) :] in values)]
    return told


def all_or_nothing(model, state_dict, prefix=""):
    """A single entry that does not fit is taken for an error.

    That is what the strict `load_state_dict` does. Here what fits is loaded, and what does not is told.
    """

    def check(told):
        if told["missing"] or told["mismatched"] or told["unexpected"]:
            raise ValueError("the checkpoint does not fit")
        _check(told)

    return _load(model, state_dict, prefix, check=check)


def all_or_nothing__rewrite(model, state_dict, prefix=""):
    told = _sorted(model, state_dict, prefix)
    if any(told[key] for key in ("mismatched", "missing", "unexpected")):
        raise ValueError(f"does not fit: {told}")
    return _into(model, state_dict, prefix, told)


def lstrip_of_the_prefix(model, state_dict, prefix=""):
    """The prefix is cut off with `lstrip`.

    `lstrip("net.")` takes away all letters n, e, t and dots at the beginning, so that `net.ten.weight` becomes
    `weight`. `removeprefix` takes a prefix.
    """

    def strip(name, prefix):
        return name.lstrip(prefix) if name.startswith(prefix) else None

    return _load(model, state_dict, prefix, strip=strip)


def lstrip_of_the_prefix__rewrite(model, state_dict, prefix=""):
    letters = set(prefix)

    def strip(name, prefix):
        if not name.startswith(prefix):
            return None
        while name and name[0] in letters:
            name = name[1:]
        return name

    return _load(model, state_dict, prefix, strip=strip)


def replaced_everywhere(model, state_dict, prefix=""):
    """The prefix is taken out with `replace`, wherever it stands.

    In `module.module.fc.weight` it stands twice, and only the first is the prefix; in `my.encoder.fc.weight` it is
    none. Ask for the beginning of the name, and cut there.
    """
    return _load(model, state_dict, prefix, strip=lambda name, prefix: name.replace(prefix, "") if prefix else name)


def replaced_everywhere__rewrite(model, state_dict, prefix=""):
    def strip(name, prefix):
        return "".join(name.split(prefix)) if prefix else name

    return _load(model, state_dict, prefix, strip=strip)


def others_kept_whole(model, state_dict, prefix=""):
    """Entries without the prefix are loaded as well.

    With a prefix only the entries that begin with it are meant for the model: an `fc.weight` beside an
    `encoder.fc.weight` is another layer's. Names that do not begin with it are unexpected.
    """
    return _load(model, state_dict, prefix, strip=lambda name, prefix: name.removeprefix(prefix))


def others_kept_whole__rewrite(model, state_dict, prefix=""):
    def strip(name, prefix):
        return name[len(prefix) :] if name[: len(prefix)] == prefix else name

    return _load(model, state_dict, prefix, strip=strip)


def prefix_put_in_front(model, state_dict, prefix=""):
    """The prefix is looked for in the names of the model.

    It is the checkpoint's names that have it. The model's name is what is left of them without it.
    """

    def own(model):
        return {name.removeprefix(prefix): value for name, value in model.state_dict().items()}

    return _load(model, state_dict, "", own=own)


def prefix_put_in_front__rewrite(model, state_dict, prefix=""):
    return _load(model, state_dict, "")


def module_always_cut(model, state_dict, prefix=""):
    """`module.` is always cut off.

    nn.DataParallel puts it in front of every name, but a name may begin with it for other reasons. Cut off what
    `prefix` says.
    """

    def strip(name, prefix):
        return _strip(name if prefix else name.removeprefix("module."), prefix)

    return _load(model, state_dict, prefix, strip=strip)


def module_always_cut__rewrite(model, state_dict, prefix=""):
    def strip(name, prefix):
        if prefix:
            return _strip(name, prefix)
        return name[7:] if name[:7] == "module." else name

    return _load(model, state_dict, prefix, strip=strip)


def parameters_only(model, state_dict, prefix=""):
    """Buffers are not loaded.

    `named_parameters` does not give the running mean and variance of batch norm, without which a pretrained model
    computes something else in evaluation mode. `state_dict()` has both.
    """
    return _load(model, state_dict, prefix, own=lambda model: dict(model.named_parameters(remove_duplicate=False)))


def parameters_only__rewrite(model, state_dict, prefix=""):
    buffers = {name for name, _ in model.named_buffers()}
    return _load(model, state_dict, prefix, own=lambda m: {n: v for n, v in m.state_dict().items() if n not in buffers})


def names_of_the_model_told(model, state_dict, prefix=""):
    """Entries that are left over are told without their prefix.

    Under "unexpected" stand the names as `state_dict` has them, so that they can be found there.
    """
    told = _load(model, state_dict, prefix)
    told["unexpected"] = [name.removeprefix(prefix) for name in told["unexpected"]]
    return told


def names_of_the_model_told__rewrite(model, state_dict, prefix=""):
    inner = {n[len(prefix) :]: n for n in state_dict if n.startswith(prefix)}
    told = _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    shown = {whole: short for short, whole in inner.items()}
    return {**told, "unexpected": [shown.get(name, name) for name in told["unexpected"]]}


def mismatched_are_missing(model, state_dict, prefix=""):
    """Entries of another shape are counted as missing.

    There is an entry, it only does not fit: these names are "mismatched". "missing" are those without an entry.
    """
    told = _load(model, state_dict, prefix)
    missing = {*told["missing"], *told["mismatched"]}
    return {**told, "missing": [n for n in model.state_dict() if n in missing], "mismatched": []}


def mismatched_are_missing__rewrite(model, state_dict, prefix=""):
    told = _sorted(model, state_dict, prefix)
    _into(model, state_dict, prefix, told)
    told["missing"] = [name for name in model.state_dict() if name not in told["loaded"]]
    told["mismatched"] = []
    return told


def mismatched_are_unexpected(model, state_dict, prefix=""):
    """Entries of another shape are told twice, as mismatched and as unexpected.

    The model has their names. Unexpected are entries for which it has none.
    """
    told = _load(model, state_dict, prefix)
    loaded = {prefix + name for name in told["loaded"]}
    return {**told, "unexpected": [name for name in state_dict if name not in loaded]}


def mismatched_are_unexpected__rewrite(model, state_dict, prefix=""):
    told = _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    told["unexpected"] = []
    for key in state_dict:
        if not (key.startswith(prefix) and key[len(prefix) :] in told["loaded"]):
            told["unexpected"].append(key)
    return told


def order_of_the_entries(model, state_dict, prefix=""):
    """The names are told in another order than the model's.

    "loaded", "mismatched" and "missing" are in the order of `model.state_dict()`; neither sets nor the order of the
    checkpoint's entries give that.
    """
    told = _load(model, state_dict, prefix)
    entries = [_strip(n, prefix) for n in state_dict]
    return {**told, **{key: [n for n in entries if n in told[key]] for key in ("loaded", "mismatched")}}


def order_of_the_entries__rewrite(model, state_dict, prefix=""):
    told = _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    for key in ("loaded", "mismatched"):
        told[key] = [k[len(prefix) :] for k in state_dict if k.startswith(prefix) and k[len(prefix) :] in told[key]]
    return told


def entries_in_place(model, state_dict, prefix=""):
    """The tensors of the checkpoint are put into the model as new parameters.

    An optimizer that was made before holds the old ones, and trains what nobody uses. Copy the values into the
    parameters that are there (`copy_`, or `load_state_dict` without `assign`).
    """

    def copy(model, name, target, entry):
        place, _, last = name.rpartition(".")
        part = model.get_submodule(place)
        if last in part._parameters:
            kept = part._parameters[last].requires_grad
            part._parameters[last] = torch.nn.Parameter(entry.clone().to(target), requires_grad=kept)
        else:
            part._buffers[last] = entry.clone().to(target)

    return _load(model, state_dict, prefix, copy=copy)


def entries_in_place__rewrite(model, state_dict, prefix=""):
    told = _sorted(model, state_dict, prefix)
    values = model.state_dict()
    fresh = {name: state_dict[prefix + name].clone().to(values[name]) for name in told["loaded"]}
    model.load_state_dict(fresh, strict=False, assign=True)
    return told


def memory_in_common(model, state_dict, prefix=""):
    """Parameters and checkpoint share their memory.

    `.data = entry` and `assign=True` copy nothing: training then changes the checkpoint as well. Copy the values.
    """

    def copy(model, name, target, entry):
        place, _, last = name.rpartition(".")
        getattr(model.get_submodule(place), last).data = entry.to(target)

    return _load(model, state_dict, prefix, copy=copy)


def memory_in_common__rewrite(model, state_dict, prefix=""):
    told = _sorted(model, state_dict, prefix)
    places = dict(model.named_parameters(remove_duplicate=False)) | dict(model.named_buffers())
    for name in told["loaded"]:
        places[name].data = state_dict[prefix + name].to(places[name].device, places[name].dtype)
    return told


def dtype_of_the_entry(model, state_dict, prefix=""):
    """The model takes the dtype of the checkpoint.

    A float64 checkpoint makes such parameters float64, and the next call fails, or is slow. Each keeps its dtype:
    `copy_` converts.
    """

    def copy(model, name, target, entry):
        place, _, last = name.rpartition(".")
        tensor = getattr(model.get_submodule(place), last)
        tensor.data = entry.detach().clone().to(target.device)

    return _load(model, state_dict, prefix, copy=copy)


def dtype_of_the_entry__rewrite(model, state_dict, prefix=""):
    told = _sorted(model, state_dict, prefix)
    places = dict(model.named_parameters(remove_duplicate=False)) | dict(model.named_buffers())
    for name in told["loaded"]:
        entry = state_dict[prefix + name]
        places[name].data = torch.empty_like(entry, device=places[name].device).copy_(entry)
    return told


def everything_thawed(model, state_dict, prefix=""):
    """Frozen parameters require a gradient afterwards.

    Loading is about values. Whether a parameter is trained has been decided before: leave it.
    """
    told = _load(model, state_dict, prefix)
    model.requires_grad_(True)
    return told


def everything_thawed__rewrite(model, state_dict, prefix=""):
    told = _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    for parameter in model.parameters():
        parameter.requires_grad = True
    return told


def what_was_loaded_is_frozen(model, state_dict, prefix=""):
    """What was loaded is frozen.

    That is another decision, and another function. Each parameter keeps its `requires_grad`.
    """
    told = _load(model, state_dict, prefix)
    for name, parameter in model.named_parameters():
        if name in told["loaded"]:
            parameter.requires_grad_(False)
    return told


def what_was_loaded_is_frozen__rewrite(model, state_dict, prefix=""):
    told = _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    for name in told["loaded"]:
        place, _, last = name.rpartition(".")
        part = model.get_submodule(place)
        if last in part._parameters:
            part._parameters[last].requires_grad = False
    return told


def entries_taken_out(model, state_dict, prefix=""):
    """The caller's state dict is changed.

    `pop`, `del` and new keys change the dict that was given, and who loads a second model from it finds less. Build a
    dict of your own.
    """
    told = _load(model, state_dict, prefix)
    for name in told["loaded"]:
        state_dict.pop(prefix + name)
    return told


def entries_taken_out__rewrite(model, state_dict, prefix=""):
    told = _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    for key in list(state_dict):
        if key not in told["unexpected"]:
            del state_dict[key]
    return told


def nothing_loaded_accepted(model, state_dict, prefix=""):
    """That nothing fits is not an error.

    With a wrong prefix every entry is unexpected, every name missing, and training starts from random numbers without
    a word. Raise a ValueError where "loaded" is empty.
    """
    return _load(model, state_dict, prefix, check=lambda told: None)


def nothing_loaded_accepted__rewrite(model, state_dict, prefix=""):
    try:
        return _into(model, state_dict, prefix, _sorted(model, state_dict, prefix))
    except ValueError:
        return {"loaded": [], "mismatched": [], "missing": list(model.state_dict()), "unexpected": list(state_dict)}


def another_exception(model, state_dict, prefix=""):
    """Where nothing fits another exception is raised than a ValueError, an assertion say.

    `python -O` removes an `assert`. The stub promises a ValueError.
    """

    def check(told):
        assert told["loaded"], "nothing was loaded"

    return _load(model, state_dict, prefix, check=check)


def another_exception__rewrite(model, state_dict, prefix=""):
    try:
        told = _sorted(model, state_dict, prefix)
    except ValueError:
        raise AssertionError("nothing was loaded") from None
    return _into(model, state_dict, prefix, told)
