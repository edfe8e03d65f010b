"""How the functions of transfer.py are tried: which model they are given, and what is told of it afterwards.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograder.exercises.hw9 import _models as models
from autograder.exercises.hw9._models import Watch


def groups(student: Any, call: Any) -> Any:
    """`param_groups` on the model of a case. Reports the groups, or what of the model has changed
    (`untouched`)."""
    model = models.build(call.options)
    watch = Watch(model)
    found = student.param_groups(model, **call.kwargs)
    if call.options.get("untouched"):
        return {"changed": watch.changed()}
    if not isinstance(found, (list, tuple)) or not all(isinstance(group, dict) for group in found):
        return found
    return [{"params": _sorted(models.names_of(model, g.get("params"))), "lr": g.get("lr")} for g in found]


def _sorted(names: Any) -> Any:
    return sorted(names) if isinstance(names, list) else names


def freeze(student: Any, call: Any) -> Any:
    """`freeze_except` on the model of a case, once for each list of names. Reports what `report` asks for: the
    parameters that require a gradient (`trainable`), the `modes`, what is `returned`, which parameters have a gradient
    left (`gradients`), the buffers after a batch in the mode that was left (`statistics`), and what has changed."""
    model = models.build(call.options, call.device)
    for parameter in model.parameters() if "gradients" in call.options["report"] else ():
        parameter.grad = torch.ones_like(parameter)
    watch = Watch(model)
    refused = False
    found: Any = None
    for names in call.options.get("before", []):
        student.freeze_except(model, list(names))
    try:
        found = student.freeze_except(model, **call.kwargs)
    except ValueError:
        if not call.options.get("refused"):
            raise
        refused = True
    reports: dict[str, Callable[[], Any]] = {
        "trainable": lambda: models.trainable(model),
        "modes": lambda: models.modes(model),
        "returned": lambda: models.names_of(model, found),
        "gradients": lambda: [name for name, p in model.named_parameters() if p.grad is not None],
        "statistics": lambda: _after(model, call.args),
        "changed": lambda: watch.changed("values", "parts", "parameters"),
        "refused": lambda: [refused, watch.changed()],
    }
    return {name: reports[name]() for name in call.options["report"]}


def _after(model: nn.Module, batches: tuple[torch.Tensor, ...]) -> dict[str, torch.Tensor]:
    """The buffers after the model has answered a few batches, in whatever mode it is."""
    for batch in batches:
        model(batch)
    return {name: buffer.detach().clone() for name, buffer in model.named_buffers()}


def replace(student: Any, call: Any) -> Any:
    """`replace_head` on the model of a case. Reports what `report` asks for; `scores` are the model's answers when the
    new layer's parameters are filled with known numbers."""
    model = models.build(call.options, call.device)
    name = call.kwargs["name"]
    watch = Watch(model)
    before = dict(model.named_modules())
    old = before.get(name)
    shape = tuple(old.weight.shape) if isinstance(old, nn.Linear) else ()
    if call.options.get("seeds"):
        assert isinstance(old, nn.Linear)
        return {"draws": _draws(student, call), "old": old.weight.detach().clone()}
    try:
        found = student.replace_head(model, **call.kwargs)
    except ValueError:
        if not call.options.get("refused"):
            raise
        return {"refused": [True, watch.changed()]}
    new = dict(model.named_modules()).get(name)
    assert old is not None
    reports: dict[str, Callable[[], Any]] = {
        "scores": lambda: _scores(model, new, call.args[0]),
        "layer": lambda: _layer(new),
        "trainable": lambda: models.trainable(model),
        "modes": lambda: models.modes(model),
        "flag “the model itself is returned”": lambda: found is model,
        "flag “the layer is a new one”": lambda: isinstance(new, nn.Module) and new is not old,
        "flag “the old layer has changed”": lambda: (
            tuple(old.weight.shape) != shape or old.out_features != shape[0] or old.in_features != shape[1]
        ),
        "other parts": lambda: _others(model, before, name),
        "other values": lambda: {k: v for k, v in models.numbers(model).items() if not k.startswith(f"{name}.")},
        "refused": lambda: [False, []],
    }
    return {name: reports[name]() for name in call.options["report"]}


def _scores(model: nn.Module, layer: Any, X: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        for index, parameter in enumerate(layer.parameters()):
            values = (torch.arange(parameter.numel()) * 3 + index) % 7 - 2
            parameter.copy_(values.reshape(parameter.shape))
    answer: torch.Tensor = model(X.to(next(model.parameters()).dtype))
    return answer.detach()


def _layer(layer: Any) -> Any:
    """What a linear layer is, in words."""
    if not isinstance(layer, nn.Linear):
        return f"a {type(layer).__name__}"
    told = {name: [list(p.shape), str(p.dtype), p.device.type] for name, p in layer.named_parameters()}
    return [layer.in_features, layer.out_features, told]


def _others(model: nn.Module, before: dict[str, nn.Module], name: str) -> dict[str, str]:
    """Which parts are the same objects as before; the layer itself is left out."""
    now = dict(model.named_modules())
    return {
        key or "model": "the same" if now.get(key) is before.get(key) else "another"
        for key in sorted(now.keys() | before.keys())
        if key != name
    }


def _draws(student: Any, call: Any) -> list[Any]:
    """Weights of new heads, two after each of two seeds."""
    found = []
    for seed in (5, 6, 5, 6):
        model = models.build(call.options)
        torch.manual_seed(seed)
        student.replace_head(model, **call.kwargs)
        parameters = dict(model.named_parameters())
        for kind in ("weight", "bias"):
            found.append([seed, kind, parameters[f"{call.kwargs['name']}.{kind}"].detach().clone()])
    return found


def load(student: Any, call: Any) -> Any:
    """`load_pretrained` on the model of a case; the state dict is the argument. Reports what `report` asks for."""
    model = models.build(call.options, call.device)
    entries = call.args[0]
    held = {name: value.detach().clone() for name, value in entries.items()}
    watch = Watch(model)
    before = {name: id(value) for name, value in model.named_parameters()}
    frozen = [name for name, value in model.named_parameters() if not value.requires_grad]
    try:
        found = student.load_pretrained(model, entries, **call.kwargs)
    except ValueError:
        if not call.options.get("refused"):
            raise
        return {"refused": [True, watch.changed("values")]}
    reports: dict[str, Callable[[], Any]] = {
        "told": lambda: found,
        "values": lambda: models.numbers(model),
        "other parameters": lambda: [n for n, value in model.named_parameters() if before.get(n) != id(value)],
        "frozen": lambda: [frozen, [n for n, value in model.named_parameters() if not value.requires_grad]],
        "flag “the state dict follows the model”": lambda: _follows(model, entries, held),
        "flag “parameters have a graph”": lambda: any(value.grad_fn is not None for value in model.parameters()),
        "refused": lambda: [False, watch.changed("values")],
    }
    return {name: reports[name]() for name in call.options["report"]}


def _follows(model: nn.Module, entries: dict[str, torch.Tensor], held: dict[str, torch.Tensor]) -> bool:
    """Whether what happens to the model happens to the state dict too."""
    with torch.no_grad():
        for value in model.state_dict().values():
            value.add_(1)
    return any(name in entries and not torch.equal(entries[name], value) for name, value in held.items())
