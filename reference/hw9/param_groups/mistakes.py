"""Ways in which sorting parameters goes wrong. The mistakes change `_sort`, the rewrites are written out."""


def _check(model, head):
    if head not in [name for name, _ in model.named_modules()]:
        raise ValueError(f"no submodule {head}")


def _in_head(name, head):
    return name.startswith(head + ".")


def _once(body, top):
    return body, [p for p in top if not any(p is q for q in body)]


def _unique(parameters):
    return list({id(p): p for p in parameters}.values())


def _sort(model, head, lr, factor=0.1, *, check=_check, inside=_in_head, once=_once, frozen=False):
    check(model, head)
    body, top = [], []
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if parameter.requires_grad or frozen:
            (top if inside(name, head) else body).append(parameter)
    body, top = once(_unique(body), _unique(top))
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def _plain(model, head):
    """Body and head as lists, by another road."""
    _check(model, head)
    top = [p for p in model.get_submodule(head).parameters() if p.requires_grad]
    others = [(n, p) for n, p in model.named_parameters(remove_duplicate=False) if n[: len(head) + 1] != f"{head}."]
    body = _unique(p for _, p in others if p.requires_grad)
    held = {id(p) for p in body}
    return body, [p for p in top if id(p) not in held]


def rates_swapped(model, head, lr, factor=0.1):
    """The small learning rate is given to the head instead of the body.

    The head starts from random numbers and has everything to learn; the body knows a lot and could lose it. So the body
    is trained slowly, with `lr * factor`, and the head with `lr`.
    """
    body, top = _sort(model, head, lr, factor)
    return [{**body, "lr": lr}, {**top, "lr": lr * factor}]


def rates_swapped__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    return [dict(params=body, lr=lr), dict(params=top, lr=factor * lr)]


def head_first(model, head, lr, factor=0.1):
    """The group of the head comes first.

    Who changes the rates later finds the groups by their place. The body's is the first one.
    """
    return _sort(model, head, lr, factor)[::-1]


def head_first__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    return [{"params": top, "lr": lr}, {"params": body, "lr": lr * factor}]


def rate_divided(model, head, lr, factor=0.1):
    """The body's learning rate is `lr / factor`.

    With a factor of 0.1 that is ten times as much as the head's, not a tenth. Multiply.
    """
    return _sort(model, head, lr, 1 / factor)


def rate_divided__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    return [{"params": body, "lr": lr / factor}, {"params": top, "lr": lr}]


def factor_is_the_rate(model, head, lr, factor=0.1):
    """The body's learning rate is the factor itself.

    The factor says how much smaller the body's rate is than the head's: it is `lr * factor`.
    """
    body, top = _sort(model, head, lr, factor)
    return [{**body, "lr": factor}, top]


def factor_is_the_rate__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    return [{"params": body, "lr": factor}, {"params": top, "lr": lr}]


def another_default(model, head, lr, factor=0.01):
    """The factor that is used when none is given is not 0.1.

    The default value stands in the signature of the stub. Leave it as it is there.
    """
    return _sort(model, head, lr, factor)


def another_default__rewrite(model, head, lr, factor=1e-2):
    body, top = _plain(model, head)
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def without_a_dot(model, head, lr, factor=0.1):
    """Names that only begin like the head's are taken for it.

    `"fc2.weight".startswith("fc")` is true, and `fc2` is another layer. The path of a parameter of the head begins with
    the head's name and a dot.
    """
    return _sort(model, head, lr, factor, inside=lambda name, head: name.startswith(head))


def without_a_dot__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    size = len(head)
    top = [p for n, p in model.named_parameters() if n[:size] == head and p.requires_grad]
    body = [p for n, p in model.named_parameters(remove_duplicate=False) if n[:size] != head and p.requires_grad]
    body = _unique(body)
    return [{"params": body, "lr": lr * factor}, {"params": _once(body, top)[1], "lr": lr}]


def anywhere_in_the_name(model, head, lr, factor=0.1):
    """The head's name is looked for anywhere in the parameter's.

    `"fc" in "last_fc.weight"` is true, and so it is for `a.fc.weight`. The path has to begin with the head's name and a
    dot.
    """
    return _sort(model, head, lr, factor, inside=lambda name, head: head in name)


def anywhere_in_the_name__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    groups = {True: [], False: []}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if parameter.requires_grad and not any(parameter is p for p in groups[head in name]):
            groups[name.find(head) >= 0].append(parameter)
    return [{"params": groups[False], "lr": lr * factor}, {"params": _once(groups[False], groups[True])[1], "lr": lr}]


def weight_and_bias_only(model, head, lr, factor=0.1):
    """Only the head's own weight and bias are counted as the head.

    A head may have several layers, and theirs are called `head.0.weight` and so on. Everything below the name belongs
    to it.
    """
    return _sort(model, head, lr, factor, inside=lambda name, head: name in (f"{head}.weight", f"{head}.bias"))


def weight_and_bias_only__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    top = [p for p in model.get_submodule(head).parameters(recurse=False) if p.requires_grad]
    others = dict(model.named_parameters(remove_duplicate=False))
    body = _unique(p for n, p in others.items() if n.rpartition(".")[0] != head and p.requires_grad)
    return [{"params": body, "lr": lr * factor}, {"params": _once(body, top)[1], "lr": lr}]


def last_part_of_the_path(model, head, lr, factor=0.1):
    """A head that lies inside of another part is not found.

    `getattr` takes one name, not a path, and `named_children` gives the topmost parts only. `get_submodule` follows
    dots, and so do the names of `named_parameters`.
    """
    if head not in dict(model.named_children()):
        raise ValueError(f"no submodule {head}")
    return _sort(model, head, lr, factor)


def last_part_of_the_path__rewrite(model, head, lr, factor=0.1):
    if not hasattr(model, head) or "." in head:
        raise ValueError(f"{head} is not there")
    body, top = _plain(model, head)
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def frozen_ones_too(model, head, lr, factor=0.1):
    """Frozen parameters are in the groups.

    They never get a gradient, and an optimizer that holds them keeps state for nothing, or moves them by what a
    gradient from before has left. Ask each parameter for `requires_grad`.
    """
    return _sort(model, head, lr, factor, frozen=True)


def frozen_ones_too__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    named = list(model.named_parameters(remove_duplicate=False))
    body = list(dict.fromkeys(p for n, p in named if not n.startswith(f"{head}.")))
    top = list(dict.fromkeys(p for n, p in named if n.startswith(f"{head}.") and p not in set(body)))
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def shared_in_both(model, head, lr, factor=0.1):
    """A parameter that body and head share is in both groups.

    torch.optim refuses that, or it would be moved twice in every step. `named_parameters` hides the second name of a
    shared parameter, the parameters of a submodule do not: take those of the body out of the head's.
    """
    return _sort(model, head, lr, factor, once=lambda body, top: (body, top))


def shared_in_both__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    named = [(n, p) for n, p in model.named_parameters(remove_duplicate=False) if p.requires_grad]
    top = _unique(p for n, p in named if n.startswith(f"{head}."))
    return [{"params": _unique(p for n, p in named if not n.startswith(f"{head}.")), "lr": lr * factor},
            {"params": top, "lr": lr}]  # fmt: skip


def shared_in_the_head(model, head, lr, factor=0.1):
    """A parameter that body and head share is trained with the head's learning rate.

    It has been trained with the body, and a large rate undoes that. It belongs to the body's group.
    """

    def once(body, top):
        return [p for p in body if not any(p is q for q in top)], top

    return _sort(model, head, lr, factor, once=once)


def shared_in_the_head__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    own = {id(p) for p in model.get_submodule(head).parameters()}
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if id(p) not in own], "lr": lr * factor},
        {"params": [p for p in trained if id(p) in own], "lr": lr},
    ]


def first_name_decides(model, head, lr, factor=0.1):
    """Of a shared parameter only the first name is looked at.

    `named_parameters` gives a parameter once, under the name that comes first. Where the head comes first, one that it
    shares with the body is counted as the head's. With `remove_duplicate=False` every name is there.
    """
    _check(model, head)
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    body, top = ([p for n, p in trained if _in_head(n, head) is wanted] for wanted in (False, True))
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def first_name_decides__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    groups = [{"params": [], "lr": lr * factor}, {"params": [], "lr": lr}]
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            groups[f"{name}."[: len(head) + 1] == f"{head}."]["params"] += [parameter]
    return groups


def own_parameters_forgotten(model, head, lr, factor=0.1):
    """Parameters of the model itself, which belong to no submodule, are in no group.

    Who collects the parameters of `model.children()` misses them, and they are never trained. Go through all
    parameters of the model.
    """
    return _sort(
        model, head, lr, factor,
        once=lambda body, top: _once([p for p in body if not any(p is q for q in model.parameters(False))], top),
    )  # fmt: skip


def own_parameters_forgotten__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    below = {id(p) for child in model.children() for p in child.parameters()}
    return [{"params": [p for p in body if id(p) in below], "lr": lr * factor}, {"params": top, "lr": lr}]


def empty_group_left_out(model, head, lr, factor=0.1):
    """A group without parameters is left out.

    Then the head's group is the first one where the body is frozen, and who sets rates by their place sets the wrong
    one. torch.optim takes an empty group.
    """
    return [group for group in _sort(model, head, lr, factor) if group["params"]]


def empty_group_left_out__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    groups = [{"params": body, "lr": lr * factor}] if body else []
    return groups + ([{"params": top, "lr": lr}] if top else [])


def parameters_compared(model, head, lr, factor=0.1):
    """Tensors are looked for with `in`.

    `parameter in a_list` compares elements, which is an error for different shapes, and wrong for equal numbers.
    Compare identities (`is`, `id`), or go by the names.
    """
    _check(model, head)
    top = list(model.get_submodule(head).parameters())
    body = [p for p in model.parameters() if p not in top and p.requires_grad]
    return [{"params": body, "lr": lr * factor}, {"params": [p for p in top if p.requires_grad], "lr": lr}]


def parameters_compared__rewrite(model, head, lr, factor=0.1):
    _check(model, head)
    top = list(model.get_submodule(head).parameters())
    groups = [{"params": [], "lr": lr * factor}, {"params": [p for p in top if p.requires_grad], "lr": lr}]
    for parameter in model.parameters():
        if top.count(parameter) == 0 and parameter.requires_grad:
            groups[0]["params"].append(parameter)
    return groups


def body_is_frozen(model, head, lr, factor=0.1):
    """The body is frozen.

    Freezing is another way to protect it, and another function. Here it is trained, slowly: the model stays as it is.
    """
    groups = _sort(model, head, lr, factor)
    for parameter in groups[0]["params"]:
        parameter.requires_grad = False
    return groups


def body_is_frozen__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head)
    for name, part in model.named_parameters():
        part.requires_grad_(name.startswith(head + "."))
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def unknown_head_accepted(model, head, lr, factor=0.1):
    """A head that the model does not have is accepted.

    With a typing error in the name everything is body, and the new head is trained as slowly as it. Look whether the
    name is one of `model.named_modules()`.
    """
    return _sort(model, head, lr, factor, check=lambda model, head: None)


def unknown_head_accepted__rewrite(model, head, lr, factor=0.1):
    body, top = _plain(model, head) if head in dict(model.named_modules()) else (list(model.parameters()), [])
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]


def attribute_error(model, head, lr, factor=0.1):
    """An unknown head raises another exception than a ValueError.

    `get_submodule` raises an AttributeError, a dictionary a KeyError. Who calls the function expects the ValueError
    that the stub names.
    """
    model.get_submodule(head)
    return _sort(model, head, lr, factor)


def attribute_error__rewrite(model, head, lr, factor=0.1):
    part = model
    for name in head.split("."):
        part = getattr(part, name)
    if not hasattr(part, "parameters"):
        raise AttributeError(head)
    body, top = _plain(model, head)
    return [{"params": body, "lr": lr * factor}, {"params": top, "lr": lr}]
