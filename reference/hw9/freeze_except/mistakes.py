"""Ways in which freezing goes wrong. The mistakes change `_freeze`, the rewrites are written out."""


def _look_up(model, names):
    known = dict(model.named_modules())
    for name in names:
        if name not in known:
            raise ValueError(f"no submodule {name}")
    return [known[name] for name in names]


def _flags(model, parts):
    model.requires_grad_(False)
    for part in parts:
        part.requires_grad_(True)


def _modes(model, parts):
    model.eval()
    for part in parts:
        part.train()


def _clear(model):
    for parameter in model.parameters():
        if not parameter.requires_grad:
            parameter.grad = None


def _trained(model, parts):
    return [p for p in model.parameters() if p.requires_grad]


def _freeze(model, names, *, look_up=_look_up, flags=_flags, modes=_modes, clear=_clear, trained=_trained):
    parts = look_up(model, names)
    flags(model, parts)
    modes(model, parts)
    clear(model)
    return trained(model, parts)


def _plain(model, names, *, modes=True, start=False):
    """The same with a loop over paths."""
    parts = _look_up(model, names)
    ids = {id(p) for part in parts for p in part.parameters()}
    for parameter in model.parameters():
        parameter.requires_grad = id(parameter) in ids or (start and parameter.requires_grad)
        if not parameter.requires_grad:
            parameter.grad = None
    if modes:
        inside = {id(m) for part in parts for m in part.modules()}
        for module in model.modules():
            module.training = id(module) in inside
    return [p for p in model.parameters() if p.requires_grad]


def left_in_training_mode(model, names):
    """The frozen parts are left in the mode in which they were.

    Without gradients a batch norm still updates its running mean and variance in every batch, and dropout drops, as
    long as they are in training mode. The body drifts although its weights are frozen. Put it in evaluation mode.
    """
    return _freeze(model, names, modes=lambda model, parts: None)


def left_in_training_mode__rewrite(model, names):
    return _plain(model, names, modes=False)


def head_in_evaluation_mode(model, names):
    """What is trained is put in evaluation mode too.

    `model.eval()` reaches every part. The parts that are trained need training mode back, or their batch norm and
    dropout do nothing.
    """
    return _freeze(model, names, modes=lambda model, parts: model.eval())


def head_in_evaluation_mode__rewrite(model, names):
    trained = _plain(model, names, modes=False)
    for module in model.modules():
        module.training = False
    return trained


def containers_in_training_mode(model, names):
    """The model itself, or what a named part lies in, is in training mode.

    A module's own forward may look at `training`, for dropout say. Only the named parts, and what is inside of them,
    are trained.
    """

    def modes(model, parts):
        _modes(model, parts)
        inside = {id(part) for part in parts}
        for module in model.modules():
            if inside & {id(part) for part in module.modules()}:
                module.training = True

    return _freeze(model, names, modes=modes)


def containers_in_training_mode__rewrite(model, names):
    trained = _plain(model, names)
    for path, module in model.named_modules():
        if any(f"{name}.".startswith(f"{path}." if path else "") for name in names):
            module.training = True
    return trained


def only_the_model_in_evaluation_mode(model, names):
    """`model.training` is set to False.

    This is one flag of one module. `eval()` sets it in every part, in batch norm and dropout as well.
    """

    def modes(model, parts):
        model.training = False
        for part in parts:
            part.train()

    return _freeze(model, names, modes=modes)


def only_the_model_in_evaluation_mode__rewrite(model, names):
    trained = _plain(model, names, modes=False)
    setattr(model, "training", False)
    for part in _look_up(model, names):
        for module in part.modules():
            module.training = True
    return trained


def not_thawed(model, names):
    """The named parts are not thawed.

    They may have been frozen before, by whoever made the model or by a call with other names. Set `requires_grad` to
    True for them, do not only leave it.
    """

    def flags(model, parts):
        kept = {id(p) for part in parts for p in part.parameters()}
        for parameter in model.parameters():
            if id(parameter) not in kept:
                parameter.requires_grad = False

    return _freeze(model, names, flags=flags)


def not_thawed__rewrite(model, names):
    before = {id(p): p.requires_grad for p in model.parameters()}
    _plain(model, names)
    for parameter in model.parameters():
        parameter.requires_grad_(parameter.requires_grad and before[id(parameter)])
    return [p for p in model.parameters() if p.requires_grad]


def not_frozen_again(model, names):
    """Only the named parts are set, and the rest is left as it was.

    Everything else has to be frozen: `requires_grad=False` for all parameters first, then True for those named.
    """

    def flags(model, parts):
        for part in parts:
            part.requires_grad_(True)

    return _freeze(model, names, flags=flags)


def not_frozen_again__rewrite(model, names):
    return _plain(model, names, start=True)


def the_named_are_frozen(model, names):
    """It is the named parts that are frozen, and the others are trained.

    The names say what is trained: everything *except* them is frozen.
    """

    def flags(model, parts):
        model.requires_grad_(True)
        for part in parts:
            part.requires_grad_(False)

    def modes(model, parts):
        model.train()
        for part in parts:
            part.eval()

    return _freeze(model, names, flags=flags, modes=modes)


def the_named_are_frozen__rewrite(model, names):
    frozen = {id(p) for part in _look_up(model, names) for p in part.parameters()}
    still = {id(m) for part in _look_up(model, names) for m in part.modules()}
    for module in model.modules():
        module.training = id(module) not in still
    for parameter in model.parameters():
        parameter.requires_grad = id(parameter) not in frozen
        parameter.grad = parameter.grad if parameter.requires_grad else None
    return [p for p in model.parameters() if id(p) not in frozen]


def attribute_on_the_module(model, names):
    """`requires_grad = False` is set on modules.

    A module has no such attribute; Python makes one that nobody reads, and every parameter stays as it was. Use the
    method `requires_grad_()`, or set the attribute of the parameters.
    """

    def flags(model, parts):
        model.requires_grad = False
        for part in parts:
            part.requires_grad = True

    return _freeze(model, names, flags=flags)


def attribute_on_the_module__rewrite(model, names):
    parts = _look_up(model, names)
    for module in model.modules():
        setattr(module, "requires_grad", module in parts)
    _modes(model, parts)
    return _trained(model, parts)


def names_that_begin_alike(model, names):
    """Parts whose names only begin like a given one are trained.

    `"fc2.weight".startswith("fc")` is true. A parameter of `fc` has a path that begins with `fc.`, with the dot; easier
    is to take the submodule and what is inside of it.
    """

    def look_up(model, names):
        _look_up(model, names)
        return [part for path, part in model.named_modules() if path and path.startswith(tuple(names))]

    return _freeze(model, names, look_up=look_up)


def names_that_begin_alike__rewrite(model, names):
    _look_up(model, names)
    model.requires_grad_(False)
    for path, parameter in model.named_parameters(remove_duplicate=False):
        if any(path[: len(name)] == name for name in names):
            parameter.requires_grad = True
    for path, module in model.named_modules():
        module.training = any(path[: len(name)] == name for name in names)
    _clear(model)
    return [p for p in model.parameters() if p.requires_grad]


def topmost_parts_only(model, names):
    """A part that lies inside of another is not found.

    `named_children` gives the topmost parts only, and `getattr` takes a name, not a path. `get_submodule` and
    `named_modules` know paths such as `classifier.1`.
    """
    if any(name not in dict(model.named_children()) for name in names):
        raise ValueError(f"no submodule {names}")
    return _freeze(model, names)


def topmost_parts_only__rewrite(model, names):
    for name in names:
        if "." in name or not hasattr(model, name):
            raise ValueError(f"{name} is not a part")
    return _plain(model, names)


def own_parameters_trained(model, names):
    """Parameters of the model itself, which belong to no submodule, are not frozen.

    A loop over `model.children()` does not reach them. Go through `model.parameters()`, or call `requires_grad_` of the
    model.
    """

    def flags(model, parts):
        for child in model.children():
            child.requires_grad_(False)
        for part in parts:
            part.requires_grad_(True)

    return _freeze(model, names, flags=flags)


def own_parameters_trained__rewrite(model, names):
    _plain(model, names)
    for parameter in model.parameters(recurse=False):
        parameter.requires_grad = True
    return list(filter(lambda p: p.requires_grad, model.parameters()))


def gradients_kept(model, names):
    """Frozen parameters keep the gradients that they have.

    An optimizer that holds them does not ask for `requires_grad`: it moves whatever has a gradient, and with the old
    one. Set `grad` to None.
    """
    return _freeze(model, names, clear=lambda model: None)


def gradients_kept__rewrite(model, names):
    held = {p: p.grad for p in model.parameters()}
    trained = _plain(model, names)
    for parameter, gradient in held.items():
        parameter.grad = gradient
    return trained


def all_gradients_cleared(model, names):
    """The gradients of the parameters that are trained are cleared as well.

    They belong to whoever trains. Only those of frozen parameters are set to None.
    """
    return _freeze(model, names, clear=lambda model: model.zero_grad())


def all_gradients_cleared__rewrite(model, names):
    trained = _plain(model, names)
    for parameter in trained:
        parameter.grad = None
    return trained


def order_of_the_names(model, names):
    """The parameters are returned in the order of the names, and one of two named parts twice.

    The order is that of `model.parameters()`, and each parameter is there once, or an optimizer refuses the list.
    """
    return _freeze(model, names, trained=lambda model, parts: [p for part in parts for p in part.parameters()])


def order_of_the_names__rewrite(model, names):
    _plain(model, names)
    found = []
    for part in _look_up(model, names):
        found.extend(part.parameters())
    return found


def nothing_returned(model, names):
    """Nothing is returned.

    The function gives the list of the parameters that are trained, which is what the optimizer needs.
    """
    _freeze(model, names)


def nothing_returned__rewrite(model, names):
    for _ in _plain(model, names):
        pass


def names_returned(model, names):
    """Names of parameters are returned, not parameters.

    An optimizer needs the tensors.
    """
    _freeze(model, names)
    return [name for name, p in model.named_parameters() if p.requires_grad]


def names_returned__rewrite(model, names):
    trained = {id(p) for p in _plain(model, names)}
    return [n for n, p in model.named_parameters() if id(p) in trained]


def frozen_before_the_check(model, names):
    """The model is changed before a wrong name is noticed.

    After the ValueError the model is half frozen. Look all names up first.
    """

    def look_up(model, names):
        model.requires_grad_(False).eval()
        return _look_up(model, names)

    return _freeze(model, names, look_up=look_up)


def frozen_before_the_check__rewrite(model, names):
    for module in model.modules():
        module.training = False
    for parameter in model.parameters():
        parameter.requires_grad = False
    return _plain(model, names)


def unknown_name_ignored(model, names):
    """A name that the model does not have is ignored.

    After a typing error everything is frozen, the loss does not fall, and nothing says why. Raise a ValueError that
    names it.
    """

    def look_up(model, names):
        return [part for path, part in model.named_modules() if path and path in names]

    return _freeze(model, names, look_up=look_up)


def unknown_name_ignored__rewrite(model, names):
    known = {path for path, _ in model.named_modules() if path}
    return _plain(model, [name for name in names if name in known])


def attribute_error(model, names):
    """An unknown name raises another exception than a ValueError.

    `get_submodule` raises an AttributeError, a dictionary a KeyError. The stub promises a ValueError.
    """
    return _freeze(model, names, look_up=lambda model, names: [model.get_submodule(name) for name in names])


def attribute_error__rewrite(model, names):
    for name in names:
        part = model
        for step in name.split("."):
            part = getattr(part, step)
    return _plain(model, names)
