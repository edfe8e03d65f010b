"""Modules whose registered names are nearly those of the stub: what differs costs its own check, not everything."""

from __future__ import annotations

from typing import Any


def fit(call: Any, module: Any) -> None:
    """Fits the case's weights to the module. A weight that is all zeros may be missing in the module, or have another
    shape there; a parameter may be registered under a second name."""
    import torch

    from autograder.worker.call import state_of

    found = state_of(module)
    for name, weight in list(call.weights.items()):
        alike = name in found and found[name].shape == weight.shape
        if alike or not torch.equal(weight, torch.zeros_like(weight)):  # bool(weight.any()) would count as an exit
            continue
        if name in found:
            call.weights[name] = torch.zeros_like(found[name].detach()).to(weight.device)
        else:
            del call.weights[name]
    for name, value in found.items():
        if name not in call.weights:
            twin = next((other for other in call.weights if found.get(other) is value), None)
            if twin is not None:
                call.weights[name] = call.weights[twin]


def loaded(call: Any, module: Any) -> Any:
    """The module with the case's weights in it, fitted where it has to be."""
    from autograder.worker.call import state_of

    wanted = {name: weight.requires_grad for name, weight in call.weights.items()}
    fit(call, module)
    module = call.load(module)
    if call.run == "gradient":
        for name, value in state_of(module).items():
            if wanted.get(name) and value.requires_grad:
                call.watch(name, value)
    return module
