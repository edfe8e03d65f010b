"""Warm starts that are right, written in other ways."""

import torch


def plain_learner(path, model):
    """Written from the stub alone: loops, and a whole state dict that is loaded strictly."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    current = model.state_dict()
    not_filled = []
    not_used = []
    for name in current:
        if name in saved and saved[name].shape == current[name].shape:
            current[name] = saved[name]
        else:
            not_filled.append(name)
    for name in saved:
        if name not in current or name in not_filled:
            not_used.append(name)
    if len(not_filled) == len(current):
        raise ValueError("no entry fits")
    model.load_state_dict(current)
    not_filled.sort()
    not_used.sort()
    return not_filled, not_used


def torchs_report(path, model):
    """What load_state_dict reports, and what was held back before it."""
    device = next(model.parameters()).device
    saved = torch.load(path, map_location=device)
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    held_back = [name for name, value in saved.items() if shapes.get(name, tuple(value.shape)) != tuple(value.shape)]
    offered = {name: value for name, value in saved.items() if name not in held_back}
    if not offered.keys() & shapes.keys():
        raise ValueError(f"nothing to load from {path}")
    report = model.load_state_dict(offered, strict=False)
    return sorted(report.missing_keys), sorted([*report.unexpected_keys, *held_back])
