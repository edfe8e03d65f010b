"""What is asked of the two networks, by hand and by autograd.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

THREE = "a tuple of three"


def by_hand(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """Loss and gradients of one call with NumPy arrays; what the case asks to be reported of them."""
    found = function(*(tensor.numpy() for tensor in call.args))
    if not _three(found):
        return {"what two_layer_numpy returns": _kind(found)}
    loss, grad_w1, grad_w2 = found
    facts = {
        "what two_layer_numpy returns": THREE,
        "loss": _loss(loss, call.args[0].dtype),
        "grad_w1": grad_w1,
        "grad_w2": grad_w2,
    }
    return {name: facts[name] for name in call.options["report"]}


def trained(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """Weights and losses of one call; what the case asks to be reported of them."""
    options = call.options
    w1, w2 = call.args[2:4]
    if options.get("leaves"):
        for weight in (w1, w2):
            weight.requires_grad_(True)
    if options.get("watched"):
        return {"autograd": _walks_back(function, call)}
    found = function(*call.args, **call.kwargs)
    if not _three(found):
        return {"what train_two_layer returns": _kind(found)}
    new_w1, new_w2, losses = found
    facts = {
        "what train_two_layer returns": THREE,
        "w1": new_w1,
        "w2": new_w2,
        "losses": _losses(losses, call.args[0].dtype),
        "losses are": _kinds(losses),
        "flag “the weights still require a gradient”": any(_requires(weight) for weight in (new_w1, new_w2)),
        "flag “the weights that were given have got a gradient”": any(w.grad is not None for w in (w1, w2)),
    }
    return {name: facts[name] for name in options["report"]}


def _walks_back(function: Callable[..., Any], call: Any) -> bool:
    """Whether autograd is used: what it saves on the way forward is unpacked on the way back, and only there."""
    used: list[int] = []

    def unpacked(tensor: torch.Tensor) -> torch.Tensor:
        used.append(1)
        return tensor

    try:
        with torch.autograd.graph.saved_tensors_hooks(torch.Tensor.detach, unpacked):
            function(*call.args, **call.kwargs)
    except RuntimeError as error:
        if "saved tensor hooks" not in str(error):  # torch.func takes gradients too, and refuses to be watched
            raise
        return True
    return bool(used)


def _three(found: Any) -> bool:
    return isinstance(found, (tuple, list)) and len(found) == 3


def _kind(found: Any) -> str:
    return f"a {type(found).__name__}" + (f" of {len(found)}" if isinstance(found, (tuple, list)) else "")


def _loss(loss: Any, dtype: torch.dtype) -> Any:
    """The number that was returned, to be compared in the precision of the arguments; everything else as it is."""
    single = isinstance(loss, (float, np.floating)) or (isinstance(loss, np.ndarray) and loss.shape == ())
    return torch.tensor(float(loss), dtype=dtype) if single else loss


def _losses(losses: Any, dtype: torch.dtype) -> Any:
    """The numbers in the list, whatever holds each; its form is the question of other cases."""
    if not isinstance(losses, (list, tuple)):
        return losses
    numbers = [loss.detach().cpu() if isinstance(loss, torch.Tensor) else loss for loss in losses]
    try:
        return torch.tensor([float(number) for number in numbers], dtype=dtype)
    except (TypeError, ValueError, RuntimeError):
        return losses


def _kinds(losses: Any) -> str:
    if not isinstance(losses, list):
        return _kind(losses)
    return "a list of " + (", ".join(sorted({type(loss).__name__ for loss in losses})) or "nothing")


def _requires(weight: Any) -> bool:
    return isinstance(weight, torch.Tensor) and weight.requires_grad
