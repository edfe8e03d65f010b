"""Ways of loading that are right, written in other ways."""

from pathlib import Path

import torch


def plain_learner(path, models, optimizer=None, device="cpu"):
    """Written from the stub alone: the default of weights_only, sets of names, a file object."""
    with Path(path).open("rb") as file:
        checkpoint = torch.load(file, map_location=device)
    absent = set(models) - set(checkpoint["models"])
    if absent:
        raise KeyError("the checkpoint lacks " + ", ".join(sorted(absent)))
    for name in models:
        model = models[name].to(device)
        model.load_state_dict(checkpoint["models"][name])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]


def module_dict(path, models, optimizer=None, device="cpu"):
    """All models as one module."""
    file = torch.load(path, map_location=lambda storage, location: storage, weights_only=True)
    together = torch.nn.ModuleDict(models)
    state = {f"{name}.{key}": value for name in models for key, value in file["models"][name].items()}
    together.to(device)
    together.load_state_dict(state)
    if optimizer is not None:
        optimizer.load_state_dict(file["optimizer"])
    return int(file["epoch"])
