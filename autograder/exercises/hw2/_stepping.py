"""Has an optimizer take the steps of a case and tells what became of the parameters.

Imported by the probe, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.exercises.ready_made import watched

TORCHS_OWN = "flag “torch.optim did it”"
RIVAL = 3.0


class Trained:
    """Parameters of a case, with a state of their own."""

    def __init__(self, call: Any, factor: float = 1.0) -> None:
        starts, gradients = call.args
        self.params = [torch.nn.Parameter(start.detach().clone() * factor) for start in starts]
        for index in call.options["frozen"]:
            self.params[index].requires_grad_(False)
        self.gradients = [
            [None if gradient is None else gradient.detach().clone() * factor for gradient in step]
            for step in gradients
        ]
        self.state: dict[Any, Any] = {}
        self._views = [param.detach() for param in self.params]

    def backward(self, step: int) -> None:
        """What a backward pass leaves behind: it adds to the gradients that are there."""
        for param, gradient in zip(self.params, self.gradients[step], strict=True):
            if gradient is not None:
                param.grad = gradient.clone() if param.grad is None else param.grad + gradient

    def forget_gradients(self) -> None:
        for param in self.params:
            param.grad = None

    def values(self) -> list[torch.Tensor]:
        return [param.detach().clone() for param in self.params]

    def moved(self) -> bool:
        """Whether a parameter lies in other memory than at first."""
        return any(param.data_ptr() != view.data_ptr() for param, view in zip(self.params, self._views, strict=True))

    def gradients_left(self) -> bool:
        return any(param.grad is not None and bool(param.grad.any()) for param in self.params)

    def learns(self) -> list[bool]:
        return [param.requires_grad and param.is_leaf for param in self.params]


def steps(take: Callable[[Any, dict[Any, Any], dict[str, Any]], Any], call: Any) -> dict[str, Any]:
    """Takes the steps of a case; `take` is given the parameters, the state and the settings of one step."""
    options = call.options
    trainings = [Trained(call)] + ([Trained(call, RIVAL)] if options["rival"] else [])
    paths: list[list[list[torch.Tensor]]] = [[] for _ in trainings]
    used_up, answers = True, []
    grads_recorded = torch.is_grad_enabled()
    with watched("torch.optim") as calls:
        for step, settings in enumerate(options["settings"]):
            for training, path in zip(trainings, paths, strict=True):
                if step and step == options["restart"]:
                    training.state = {}
                if not options["accumulates"]:
                    training.forget_gradients()
                training.backward(step)
                params = iter(training.params) if options["iterator"] else list(training.params)
                answers.append(take(params, training.state, settings))
                path.append(training.values())
                used_up &= call.device != "cpu" or not training.gradients_left()
    recorded = torch.is_grad_enabled() is grads_recorded
    torch.set_grad_enabled(True)
    facts: dict[str, Any] = {
        "parameters": paths[0] if len(paths) == 1 else paths,
        TORCHS_OWN: bool(calls),
        "flag “a gradient is left”": not used_up,
        "flag “a parameter lies in other memory”": call.device == "cpu" and any(t.moved() for t in trainings),
        "requires a gradient": [training.learns() for training in trainings],
        "flag “gradients are recorded as before”": recorded,
        "answer": answers,
    }
    return {name: facts[name] for name in options["report"]}
