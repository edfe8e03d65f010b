"""How LitClassifier is tried: a trainer that calls hooks, and a log that is kept.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from typing import Any

import torch

from autograder.exercises.hw9 import _models as models
from autograder.exercises.hw9._models import Watch

SETTINGS = ("lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize")


class Log:
    """Stands in the place of the trainer's."""

    def __init__(self, module: Any) -> None:
        self.values: list[list[Any]] = []
        module.log = self.log
        module.log_dict = self.log_dict

    def log(self, name: str, value: Any, *args: Any, **options: Any) -> None:
        self.values.append([name, number(value)])

    def log_dict(self, dictionary: dict[str, Any], *args: Any, **options: Any) -> None:
        for name, value in dictionary.items():
            self.log(name, value)

    def sorted(self) -> list[list[Any]]:
        return sorted(self.values, key=lambda entry: str(entry[0]))


def number(value: Any) -> Any:
    """The number that was logged, whatever holds it."""
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return value.detach().float().reshape(()).cpu()
    return torch.tensor(float(value)) if type(value) in (int, float) else value


def play(student: Any, call: Any) -> Any:
    """Makes the module, and plays the part of the trainer that `do` names. Gradients are those of the loss that
    training_step returns."""
    options = call.options
    model = models.build(options, call.device)
    watch = Watch(model)
    lit = student.LitClassifier(model, **call.init)
    log = Log(lit)
    do = options["do"]
    if do == "made":
        return {"model": lit.model is model, "hparams": {key: lit.hparams[key] for key in sorted(lit.hparams)}}
    if do == "constructor":
        return {"trainable": models.trainable(model), "changed": watch.changed("requires_grad", "values", "parts")}
    if do == "forward":
        return lit(call.args[0])
    if do == "optimizer":
        return optimizer_of(lit, model)
    if do == "epoch start":
        model.train()
        for name in options.get("resting", []):
            model.get_submodule(name).eval()
        lit.on_train_epoch_start()
        return {"trainable": models.trainable(model), "modes": models.modes(model)}
    lit.train(do == "train")
    model.train(do == "train")
    return step(lit, model, log, call)


def optimizer_of(lit: Any, model: torch.nn.Module) -> Any:
    """What kind of optimizer it is, and its groups."""
    optimizer = lit.configure_optimizers()
    if not isinstance(optimizer, torch.optim.Optimizer):
        return f"a {type(optimizer).__name__}"
    groups = [
        {"params": sorted(models.names_of(model, g["params"])), "settings": {name: g.get(name) for name in SETTINGS}}
        for g in optimizer.param_groups
    ]
    return {"optimizer": type(optimizer).__name__, "groups": groups}


def step(lit: Any, model: torch.nn.Module, log: Log, call: Any) -> dict[str, Any]:
    """One step of training, validation or prediction; what the case asks to be reported of it."""
    do, batch = call.options["do"], tuple(call.args[:2])
    watch = Watch(model)
    if do == "train":
        answer = lit.training_step(batch, 0)
    else:
        with torch.no_grad():
            answer = lit.validation_step(batch, 0) if do == "validate" else lit.predict_step(batch, 0)
    graph = isinstance(answer, torch.Tensor) and answer.requires_grad
    had = any(p.grad is not None for p in model.parameters())
    if do == "train" and graph:
        answer.backward()
    reports = {
        "answer": lambda: answer.detach() if isinstance(answer, torch.Tensor) else answer,
        "logged": log.sorted,
        "flag “the loss has a graph”": lambda: graph,
        "flag “backward was called”": lambda: had,
        "gradients": lambda: {n: p.grad.detach().clone() for n, p in model.named_parameters() if p.grad is not None},
        "changed": lambda: watch.changed("values", "modes", "requires_grad"),
    }
    return {name: reports[name]() for name in call.options["report"]}
