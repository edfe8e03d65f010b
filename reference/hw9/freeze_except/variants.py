"""Other correct freeze_except."""


def with_loops(model, names):
    """Every flag set by hand; the parts are collected first."""
    parts = []
    for name in names:
        try:
            parts.append(model.get_submodule(name))
        except AttributeError:
            raise ValueError("no submodule " + name) from None
    for module in model.modules():
        module.training = False
    for parameter in model.parameters():
        parameter.requires_grad = False
    for part in parts:
        for module in part.modules():
            module.training = True
        for parameter in part.parameters():
            parameter.requires_grad = True
    trained = []
    for parameter in model.parameters():
        if parameter.requires_grad:
            trained.append(parameter)
        else:
            parameter.grad = None
    return trained


def by_names(model, names):
    """Sets of ids; `train(False)` and the model's zero_grad for the frozen parts."""
    known = dict(model.named_modules())
    unknown = set(names) - known.keys()
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    chosen = {id(p) for name in names for p in known[name].parameters()}
    for p in model.parameters():
        p.requires_grad_(id(p) in chosen)
        p.grad = p.grad if p.requires_grad else None
    model.train(False)
    for name in names:
        known[name].train(True)
    return list(filter(lambda p: p.requires_grad, model.parameters()))
