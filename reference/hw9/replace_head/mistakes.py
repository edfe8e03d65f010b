"""Ways in which replacing a head goes wrong. The mistakes change `_replace`, the rewrites are written out."""

import torch
from torch import nn


def _look_up(model, name):
    old = dict(model.named_modules()).get(name)
    if not isinstance(old, nn.Linear):
        raise ValueError(f"{name} is no linear layer")
    return old


def _make(old, num_classes):
    return nn.Linear(old.in_features, num_classes, bias=old.bias is not None)


def _match(new, old):
    new.to(device=old.weight.device, dtype=old.weight.dtype)
    new.train(old.training)


def _put(model, name, new):
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, new)


def _replace(model, name, num_classes, *, look_up=_look_up, make=_make, match=_match, put=_put):
    old = look_up(model, name)
    new = make(old, num_classes)
    match(new, old)
    put(model, name, new)
    return model


def _parent(model, name):
    parent = model
    *outer, last = name.split(".")
    for part in outer:
        parent = getattr(parent, part)
    return parent, last


def _again(model, name, new):
    """Puts a finished layer in its place, by another road."""
    parent, last = _parent(model, name)
    parent._modules[last] = new
    return model


def _like(old, num_classes, **changes):
    options = {"bias": old.bias is not None, "device": old.weight.device, "dtype": old.weight.dtype, **changes}
    new = nn.Linear(old.weight.shape[1], num_classes, **options)
    new.training = old.training
    return new


def out_features_set(model, name, num_classes):
    """The attribute `out_features` of the old layer is set.

    It is a number that was noted when the layer was made. The weight, which computes, keeps its shape, and the model
    its old classes. Make a new layer.
    """
    _look_up(model, name).out_features = num_classes
    return model


def out_features_set__rewrite(model, name, num_classes):
    layer = _look_up(model, name)
    setattr(layer, "out_features", int(num_classes))
    return model


def weight_replaced(model, name, num_classes):
    """New parameters are put into the old layer.

    Whoever holds the old layer has lost it. Make a new nn.Linear and put it in the old one's place.
    """
    layer = _look_up(model, name)
    new = _make(layer, num_classes)
    _match(new, layer)
    layer.weight, layer.bias, layer.out_features = new.weight, new.bias, num_classes
    return model


def weight_replaced__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    fresh = _like(old, num_classes)
    old._parameters.update(fresh._parameters)
    old.out_features = fresh.out_features
    return model


def path_as_attribute(model, name, num_classes):
    """`setattr(model, "classifier.1", ...)` is called with the whole path.

    An attribute has no dots in its name: the layer inside of `classifier` stays. Find the module around the layer
    (`get_submodule` of the path before the last dot), and set its attribute.
    """

    def put(model, name, new):
        if "." not in name:
            return setattr(model, name, new)
        model._modules[name.replace(".", "_")] = new

    return _replace(model, name, num_classes, put=put)


def path_as_attribute__rewrite(model, name, num_classes):
    new = _like(_look_up(model, name), num_classes)
    model.add_module(name.replace(".", "_"), new)
    return model


def topmost_only(model, name, num_classes):
    """A layer that lies inside of another part is not found.

    `getattr(model, "classifier.1")` fails, and `named_children` knows the topmost parts only. `get_submodule` follows
    the path.
    """

    def look_up(model, name):
        old = dict(model.named_children()).get(name)
        if not isinstance(old, nn.Linear):
            raise ValueError(f"{name} is no linear layer")
        return old

    return _replace(model, name, num_classes, look_up=look_up)


def topmost_only__rewrite(model, name, num_classes):
    old = getattr(model, name, None)
    if not isinstance(old, nn.Linear):
        raise ValueError(f"no layer {name}")
    setattr(model, name, _like(old, num_classes))
    return model


def always_a_bias(model, name, num_classes):
    """The new layer has a bias, even if the old one had none.

    A layer before a normalization, say, has no use for one. Ask whether `old.bias` is None.
    """
    return _replace(model, name, num_classes, make=lambda old, num: nn.Linear(old.in_features, num))


def always_a_bias__rewrite(model, name, num_classes):
    return _again(model, name, _like(_look_up(model, name), num_classes, bias=True))


def bias_is_a_tensor(model, name, num_classes):
    """The truth of a bias is asked for: `bias=old.bias`, or `if old.bias`.

    A tensor with several elements is neither true nor false, which is an error; with one element its value decides.
    Compare with None.
    """
    return _replace(model, name, num_classes, make=lambda old, num: nn.Linear(old.in_features, num, bias=old.bias))


def bias_is_a_tensor__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    return _again(model, name, _like(old, num_classes, bias=True if old.bias else False))


def outputs_as_inputs(model, name, num_classes):
    """The new layer has as many inputs as the old one had outputs.

    It stands in the old one's place, not behind it: its inputs are those of the old layer, `in_features`.
    """
    return _replace(
        model, name, num_classes, make=lambda old, num: nn.Linear(old.out_features, num, bias=old.bias is not None)
    )


def outputs_as_inputs__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    new = nn.Linear(old.weight.shape[0], num_classes, bias=old.bias is not None)
    _match(new, old)
    return _again(model, name, new)


def put_behind(model, name, num_classes):
    """The new layer is put behind the old one, not in its place.

    The old head's scores are of no use to the new classes, and their number is not what the stub asks for.
    """

    def make(old, num):
        return nn.Sequential(old, nn.Linear(old.out_features, num, bias=old.bias is not None))

    return _replace(model, name, num_classes, make=make)


def put_behind__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    behind = nn.Linear(len(old.weight), num_classes, bias=old.bias is not None).to(old.weight)
    return _again(model, name, nn.Sequential(old, behind).train(old.training))


def still_frozen(model, name, num_classes):
    """The new layer is frozen where the old one was.

    It starts from random numbers and has to be trained. A new nn.Linear requires gradients: leave it so.
    """

    def match(new, old):
        _match(new, old)
        new.requires_grad_(old.weight.requires_grad)

    return _replace(model, name, num_classes, match=match)


def still_frozen__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    new = _like(old, num_classes)
    if not old.weight.requires_grad:
        for parameter in new.parameters():
            parameter.requires_grad = False
    return _again(model, name, new)


def body_frozen(model, name, num_classes):
    """The rest of the model is frozen.

    That is another step, and another function. Here everything but the new layer stays as it is.
    """
    model.requires_grad_(False)
    return _replace(model, name, num_classes)


def body_frozen__rewrite(model, name, num_classes):
    for parameter in model.parameters():
        parameter.requires_grad = False
    return _again(model, name, _like(_look_up(model, name), num_classes))


def wrong_dtype(model, name, num_classes):
    """The new layer is made in float32, whatever the model computes in.

    A float64 or bfloat16 model fails at its first call. Take the dtype of the old weight.
    """

    def match(new, old):
        new.to(old.weight.device)
        new.train(old.training)

    return _replace(model, name, num_classes, match=match)


def wrong_dtype__rewrite(model, name, num_classes):
    return _again(model, name, _like(_look_up(model, name), num_classes, dtype=torch.float32))


def wrong_device(model, name, num_classes):
    """The new layer is made on the CPU.

    Where the model is on a GPU, its first call fails. Take the device of the old weight.
    """

    def match(new, old):
        new.to(old.weight.dtype)
        new.train(old.training)

    return _replace(model, name, num_classes, match=match)


def wrong_device__rewrite(model, name, num_classes):
    return _again(model, name, _like(_look_up(model, name), num_classes, device="cpu"))


def wrong_mode(model, name, num_classes):
    """The new layer is in training mode, whatever the mode of the old one.

    A new module is always in training mode. The model as a whole should not be in both.
    """

    def match(new, old):
        new.to(device=old.weight.device, dtype=old.weight.dtype)

    return _replace(model, name, num_classes, match=match)


def wrong_mode__rewrite(model, name, num_classes):
    return _again(model, name, _like(_look_up(model, name), num_classes).train())


def weights_copied(model, name, num_classes):
    """Rows of the old weight are copied into the new one.

    They belong to the old classes, and mean nothing for the new ones. The new layer starts as any nn.Linear does.
    """

    def match(new, old):
        _match(new, old)
        rows = min(len(new.weight), len(old.weight))
        with torch.no_grad():
            new.weight[:rows] = old.weight[:rows]

    return _replace(model, name, num_classes, match=match)


def weights_copied__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    new = _like(old, num_classes)
    repeated = old.weight.detach().repeat(-(-num_classes // len(old.weight)), 1)[:num_classes]
    new.weight = nn.Parameter(repeated.clone())
    return _again(model, name, new)


def weights_of_zero(model, name, num_classes):
    """The new layer starts with constant weights.

    All outputs then start alike, and what is sent back to the body is zero. nn.Linear draws random numbers by itself.
    """

    def match(new, old):
        _match(new, old)
        nn.init.zeros_(new.weight)
        if new.bias is not None:
            nn.init.zeros_(new.bias)

    return _replace(model, name, num_classes, match=match)


def weights_of_zero__rewrite(model, name, num_classes):
    new = _like(_look_up(model, name), num_classes)
    for parameter in new.parameters():
        parameter.data.fill_(1.0)
    return _again(model, name, new)


def own_seed(model, name, num_classes):
    """A seed is set before the layer is made.

    Then every head starts alike, and torch.manual_seed of whoever runs the experiment has no effect.
    """
    torch.manual_seed(0)
    return _replace(model, name, num_classes)


def own_seed__rewrite(model, name, num_classes):
    old = _look_up(model, name)
    new = _like(old, num_classes)
    with torch.no_grad():
        values = torch.randn(new.weight.shape, generator=torch.Generator().manual_seed(42))
        new.weight.copy_(values)
        if new.bias is not None:
            new.bias.zero_()
    return _again(model, name, new)


def model_not_returned(model, name, num_classes):
    """Something else is returned than the model: nothing, or the new layer.

    The model is changed in place, and returned as well.
    """
    _replace(model, name, num_classes)


def model_not_returned__rewrite(model, name, num_classes):
    new = _like(_look_up(model, name), num_classes)
    _again(model, name, new)
    return new


def a_copy_is_changed(model, name, num_classes):
    """A copy of the model is changed and returned.

    The model itself stays as it was, with its old head, and the copy's other layers are not the ones that the caller
    knows. Change the model in place.
    """
    import copy

    return _replace(copy.deepcopy(model), name, num_classes)


def a_copy_is_changed__rewrite(model, name, num_classes):
    import pickle

    twin = pickle.loads(pickle.dumps(model))
    return _again(twin, name, _like(_look_up(twin, name), num_classes))


def anything_replaced(model, name, num_classes):
    """What is not a linear layer is not refused with a ValueError.

    Other modules have no `in_features`, and the AttributeError that follows says nothing about the name. Check first.
    """

    def look_up(model, name):
        if name not in dict(model.named_modules()):
            raise ValueError(f"no {name}")
        return model.get_submodule(name)

    return _replace(model, name, num_classes, look_up=look_up)


def anything_replaced__rewrite(model, name, num_classes):
    parts = {path: part for path, part in model.named_modules()}
    if name not in parts:
        raise ValueError(name)
    old = parts[name]
    return _again(model, name, _like(old, num_classes) if old.in_features else old)


def attribute_error(model, name, num_classes):
    """An unknown name raises another exception than a ValueError.

    `get_submodule` raises an AttributeError, a dictionary a KeyError. The stub promises a ValueError that names it.
    """

    def look_up(model, name):
        old = model.get_submodule(name)
        if not isinstance(old, nn.Linear):
            raise ValueError(f"{name} is no linear layer")
        return old

    return _replace(model, name, num_classes, look_up=look_up)


def attribute_error__rewrite(model, name, num_classes):
    parent, last = _parent(model, name)
    old = getattr(parent, last)
    if not hasattr(old, "in_features"):
        raise ValueError(f"{name} is not linear")
    return _again(model, name, _like(old, num_classes))
