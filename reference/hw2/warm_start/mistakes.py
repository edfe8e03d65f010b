"""Ways in which warm_start goes wrong."""

import torch
from torch import nn


def _read(path):
    return torch.load(path, map_location="cpu", weights_only=True)


def _fitting(file, model):
    own = model.state_dict()
    fits = {name: value for name, value in file.items() if name in own and value.shape == own[name].shape}
    if not fits:
        raise ValueError("no entry fits into the model")
    return fits


def _lists(file, model, fits):
    return sorted(model.state_dict().keys() - fits.keys()), sorted(file.keys() - fits.keys())


def _right(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def shapes_not_compared(path, model):
    """An entry of another shape raises an exception.

    `strict=False` is about names: a tensor of another shape is refused all the same. Hold such entries back.
    """
    file = _read(path)
    own = model.state_dict()
    if not any(name in own and value.shape == own[name].shape for name, value in file.items()):
        raise ValueError("nothing fits")
    report = model.load_state_dict(file, strict=False)
    return sorted(report.missing_keys), sorted(report.unexpected_keys)


def shapes_not_compared__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    common = {name: value for name, value in file.items() if name in model.state_dict()}
    model.load_state_dict(common, strict=False)
    return _lists(file, model, fits)


def names_demanded(path, model):
    """All names have to fit.

    Without `strict=False` a single name too many or too few is refused, and the warm start is for models that are not
    the same.
    """
    file = _read(path)
    fits = _fitting(file, model)
    model.load_state_dict({name: fits.get(name, value) for name, value in file.items()})
    return _lists(file, model, fits)


def names_demanded__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    model.load_state_dict(file, strict=True)
    return _lists(file, model, fits)


def values_broadcast(path, model):
    """A tensor of another shape is broadcast into the model.

    `copy_` repeats a single number over a whole row without a word. Compare the shapes.
    """
    file = _read(path)
    fits = _fitting(file, model)
    own = model.state_dict()
    for name in own.keys() & file.keys():
        try:
            own[name].copy_(file[name])
        except RuntimeError:
            continue
        fits[name] = file[name]
    return _lists(file, model, fits)


def values_broadcast__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name in file:
                try:
                    value[...] = file[name]
                    fits[name] = value
                except RuntimeError:
                    pass
    return _lists(file, model, fits)


def values_reshaped(path, model):
    """A tensor with as many elements is reshaped.

    Weights mean something by their place: two rows of three are not three rows of two. Compare the shapes.
    """
    file = _read(path)
    fits = _fitting(file, model)
    own = model.state_dict()
    for name, value in file.items():
        if name in own and value.numel() == own[name].numel():
            fits[name] = value.reshape(own[name].shape)
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def values_reshaped__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    own = model.state_dict()
    more = {
        n: torch.reshape(v, own[n].size()) for n, v in file.items() if n in own and len(v.view(-1)) == own[n].numel()
    }
    model.load_state_dict(more, strict=False)
    return _lists(file, model, {**fits, **more})


def cut_to_fit(path, model):
    """A tensor that is too large is cut.

    The first rows of another head are no beginning for this one: its classes are others. Leave it out.
    """
    file = _read(path)
    fits = _fitting(file, model)
    own = model.state_dict()
    for name, value in file.items():
        if name in own and value.dim() == own[name].dim() and value.dim():
            part = value[: own[name].shape[0]]
            if part.shape == own[name].shape:
                fits[name] = part
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def cut_to_fit__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    for name, value in model.state_dict().items():
        if name in file and file[name].dim() and value.dim() and file[name].shape[1:] == value.shape[1:]:
            if len(file[name]) >= len(value):
                fits[name] = file[name][: len(value)]
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def other_shapes_not_told(path, model):
    """Entries of another shape are in neither list.

    They were not filled and not used, and the caller has to know: they belong into both lists.
    """
    file = _read(path)
    fits = _fitting(file, model)
    model.load_state_dict(fits, strict=False)
    own = model.state_dict().keys()
    return sorted(own - file.keys()), sorted(file.keys() - own)


def other_shapes_not_told__rewrite(path, model):
    own = set(model.state_dict())
    _right(path, model)
    file = set(_read(path))
    return sorted(own.difference(file)), sorted(file.difference(own))


def other_shapes_told_once(path, model):
    """Entries of another shape are missing in the second list.

    They stand in the file and were not used: the second list has them too.
    """
    file = _read(path)
    fits = _fitting(file, model)
    report = model.load_state_dict(fits, strict=False)
    return sorted(report.missing_keys), sorted(file.keys() - model.state_dict().keys())


def other_shapes_told_once__rewrite(path, model):
    not_filled, not_used = _right(path, model)
    return not_filled, [name for name in not_used if name not in not_filled]


def lists_swapped(path, model):
    """The two lists are the wrong way round.

    First come the entries of the model, then those of the file.
    """
    return _right(path, model)[::-1]


def lists_swapped__rewrite(path, model):
    not_filled, not_used = _right(path, model)
    return not_used, not_filled


def lists_unsorted(path, model):
    """The lists are not in alphabetical order.

    The order of a dict or of a set is that of somebody's program, or none. Sort the names.
    """
    not_filled, not_used = _right(path, model)
    own, file = list(model.state_dict()), list(_read(path))
    return [name for name in own if name in not_filled], [name for name in file if name in not_used]


def lists_unsorted__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    report = model.load_state_dict(fits, strict=False)
    return list(report.missing_keys), [name for name in file if name not in fits]


def nothing_reported(path, model):
    """What was left out is not reported.

    Without a report nobody learns that half of the model is random. Return the two lists.
    """
    _right(path, model)


def nothing_reported__rewrite(path, model):
    file = _read(path)
    model.load_state_dict(_fitting(file, model), strict=False)
    return None


def silent_when_nothing_fits(path, model):
    """That nothing fits is not noticed.

    Where all names have a prefix too many, the model stays random and everybody takes it for trained. Raise a
    ValueError.
    """
    try:
        return _right(path, model)
    except ValueError:
        return sorted(model.state_dict()), sorted(_read(path))


def silent_when_nothing_fits__rewrite(path, model):
    file, own = _read(path), model.state_dict()
    fits = {name: file[name] for name in own if name in file and file[name].shape == own[name].shape}
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def names_alone_count(path, model):
    """Entries of another shape count as fitting when it is asked whether anything fits.

    None of them is loaded. Look whether the dict of what will be loaded is empty.
    """
    file, own = _read(path), model.state_dict()
    if not own.keys() & file.keys():
        raise ValueError("no name of the file is one of the model")
    fits = {name: file[name] for name in own if name in file and file[name].shape == own[name].shape}
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def names_alone_count__rewrite(path, model):
    file = _read(path)
    try:
        return _right(path, model)
    except ValueError:
        if any(name in file for name in model.state_dict()):
            return _lists(file, model, {})
        raise


def no_map_location(path, model):
    """Tensors are read to where they were saved.

    On a machine without that GPU torch.load raises. `map_location` says where they are to go.
    """
    file = torch.load(path, weights_only=True)
    fits = _fitting(file, model)
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def no_map_location__rewrite(path, model):
    torch.load(str(path))
    return _right(path, model)


def new_parameters(path, model):
    """The model gets new parameters.

    An optimizer holds the old ones, and from now on trains what nobody uses. Copy the values into the parameters that
    are there.
    """
    answer = _right(path, model)
    for name, parameter in list(model.named_parameters()):
        setattr(model, name, nn.Parameter(parameter.detach().clone(), parameter.requires_grad))
    return answer


def new_parameters__rewrite(path, model):
    answer = _right(path, model)
    copied = {name: value.clone() for name, value in model.state_dict().items()}
    frozen = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    model.load_state_dict(copied, assign=True)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(frozen[name])
    return answer


def all_unfrozen(path, model):
    """Frozen parameters can be trained afterwards.

    Whether a parameter is trained is the caller's choice. Copy its values and leave it as it is.
    """
    answer = _right(path, model)
    for parameter in model.parameters():
        parameter.requires_grad = True
    return answer


def all_unfrozen__rewrite(path, model):
    model.requires_grad_(True)
    return _right(path, model)


def loaded_ones_frozen(path, model):
    """What was loaded is frozen.

    Whether a parameter is trained is the caller's choice. Copy its values and leave it as it is.
    """
    fits = _fitting(_read(path), model)
    answer = _right(path, model)
    for name, parameter in model.named_parameters():
        if name in fits:
            parameter.requires_grad = False
    return answer


def loaded_ones_frozen__rewrite(path, model):
    not_filled, not_used = _right(path, model)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in not_filled and parameter.requires_grad)
    return not_filled, not_used


def evaluation_mode(path, model):
    """The model is put into evaluation mode.

    It is about to be trained. Loading needs no mode: the caller chooses it.
    """
    answer = _right(path, model)
    model.eval()
    return answer


def evaluation_mode__rewrite(path, model):
    return _right(path, model.train(False))


def any_code_run(path, model):
    """Code in the file is run.

    With `weights_only=False` a file from elsewhere may do whatever it likes. A state dict needs nothing of the kind.
    """
    torch.load(path, map_location="cpu", weights_only=False)
    return _right(path, model)


def any_code_run__rewrite(path, model):
    file = torch.load(path, "cpu", weights_only=False)
    fits = _fitting(file, model)
    model.load_state_dict(fits, strict=False)
    return _lists(file, model, fits)


def parameters_only(path, model):
    """Buffers are left out.

    The running statistics of batch normalization are no parameters, and without them the weights that were learnt with
    them do not fit. A state dict has both.
    """
    file = _read(path)
    fits = _fitting(file, model)
    trained = {name for name, _ in model.named_parameters()}
    model.load_state_dict({name: value for name, value in fits.items() if name in trained}, strict=False)
    return _lists(file, model, fits)


def parameters_only__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    for name, parameter in model.named_parameters():
        if name in fits:
            parameter.data.copy_(fits[name])
    return _lists(file, model, fits)


def moved_to_the_cpu(path, model):
    """The model is moved to the CPU.

    It stays where it is: `load_state_dict` copies values to wherever the parameters are.
    """
    return _right(path, model.cpu())


def moved_to_the_cpu__rewrite(path, model):
    model.to("cpu")
    return _right(path, model)


def all_or_nothing(path, model):
    """One entry that does not fit keeps all others out.

    The warm start is for models that fit in part. Look at every entry by itself.
    """
    file, own = _read(path), model.state_dict()
    _fitting(file, model)
    if any(name in own and value.shape != own[name].shape for name, value in file.items()):
        return sorted(own), sorted(file)
    return _right(path, model)


def all_or_nothing__rewrite(path, model):
    file = _read(path)
    fits = _fitting(file, model)
    try:
        model.load_state_dict(file, strict=False) if all(
            value.shape == file[name].shape for name, value in model.state_dict().items() if name in file
        ) else model.load_state_dict({"": torch.zeros(1)})
    except RuntimeError:
        fits = {}
    return _lists(file, model, fits)
