"""Other correct param_groups."""


def by_identity(model, head, lr, factor=0.1):
    """Sets of ids, and the head by `get_submodule`."""
    try:
        top = model.get_submodule(head)
    except AttributeError as error:
        raise ValueError(f"unknown head {head}: {error}") from None
    names = [n for n, _ in model.named_parameters(remove_duplicate=False) if not n.startswith(head + ".")]
    outside = {id(model.get_parameter(name)) for name in names}
    groups = [{"params": [], "lr": lr * factor}, {"params": [], "lr": lr}]
    own = {id(p) for p in top.parameters()}
    for p in model.parameters():
        if p.requires_grad:
            groups[id(p) in own and id(p) not in outside]["params"].append(p)
    return groups


def by_path(model, head, lr, factor=0.1):
    """The paths are split at their dots; a set of parameters that were seen."""
    wanted = head.split(".")
    if not any(name.split(".") == wanted for name, _ in model.named_modules() if name):
        raise ValueError("there is no submodule " + head)
    seen, body, new = set(), [], []
    everything = list(model.named_parameters(remove_duplicate=False))
    everything.sort(key=lambda item: item[0].split(".")[: len(wanted)] == wanted)
    for name, parameter in everything:
        if parameter in seen or not parameter.requires_grad:
            continue
        seen.add(parameter)
        if name.split(".")[: len(wanted)] == wanted:
            new.append(parameter)
        else:
            body.append(parameter)
    return [{"params": body, "lr": lr * factor, "name": "body"}, {"params": new, "lr": lr, "name": "head"}]
