"""replace_head through the dictionary of the parent's parts."""

from torch import nn


def replace_head(model, name, num_classes):
    places = {path: (part, key) for path, part, key in _places(model, "")}
    if name not in places or type(places[name][0]._modules[places[name][1]]) is not nn.Linear:
        raise ValueError(f"no linear layer is called {name}")
    parent, key = places[name]
    old = parent._modules[key]
    layer = nn.Linear(old.weight.shape[1], num_classes, bias=old.bias is not None).to(old.weight)
    layer.training = old.training
    parent._modules[key] = layer
    return model


def _places(module, path):
    for key, part in module._modules.items():
        yield path + key, module, key
        yield from _places(part, f"{path}{key}.")
