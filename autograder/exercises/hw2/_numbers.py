"""Instruments of the short exercises: seeds, a line that is fitted, gradients that are shortened.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from autograder.exercises.ready_made import watched

_DRAWN: dict[str, Callable[[], Any]] = {
    "torch": lambda: [torch.rand(2), torch.randperm(9)],
    "random": lambda: [random.random(), random.randrange(1000)],
    "random, normal": lambda: random.gauss(0, 1),
    "numpy.random, normal": lambda: float(np.random.randn()),
    "numpy.random": lambda: [np.random.random_sample(2).tolist(), int(np.random.randint(1000))],
}


@contextmanager
def _seeds_of_gpus() -> Iterator[list[Any]]:
    """What the generators of all GPUs are seeded with inside, whether there are any or not."""
    given: list[Any] = []
    usual = torch.cuda.manual_seed_all
    torch.cuda.manual_seed_all = lambda seed: given.append(seed)
    try:
        yield given
    finally:
        torch.cuda.manual_seed_all = usual


def seeded(function: Callable[[int], Any], call: Any) -> Any:
    """What the generators give after each of the seeds of a case."""
    answer = None
    drawn = []
    for seed in call.args[0]:
        with _seeds_of_gpus() as given:
            answer = function(seed)
        names = call.options["report"]
        drawn.append({name: _DRAWN[name]() if name in _DRAWN else {name: given[-1:]} for name in names})
    return drawn if answer is None else [answer, drawn]


def fitted(function: Callable[..., Any], call: Any) -> Any:
    """The line of a case, or what the case asks to be reported of it."""
    w, b, losses = function(*call.args, **call.kwargs)
    told = {
        "w": lambda: w,
        "b": lambda: b,
        "losses": lambda: losses,
        "form of the losses": lambda: [type(losses).__name__, *[type(loss).__name__ for loss in losses]],
        "cut off": lambda: [not w.requires_grad, not b.requires_grad],
        "next numbers of the generator": lambda: torch.rand(3, generator=call.kwargs["generator"]),
    }
    return {name: told[name]() for name in call.options["report"]}


def shortened(function: Callable[..., Any], call: Any) -> dict[str, Any]:
    """What becomes of the gradients of a case."""
    options = call.options
    params = []
    for gradient in call.args[0]:
        param = torch.nn.Parameter(torch.ones(2, device=call.device) if gradient is None else torch.ones_like(gradient))
        if gradient is not None:
            param.grad = gradient.detach().clone()
        params.append(param)
    before = [param.grad for param in params]
    places = [None if gradient is None else gradient.data_ptr() for gradient in before]
    grads_recorded = torch.is_grad_enabled()
    with watched("torch.nn.utils"):
        norm = function(iter(params) if options["iterator"] else list(params), call.args[1])
    recorded = torch.is_grad_enabled() is grads_recorded
    torch.set_grad_enabled(True)
    there = [None if param.grad is None else param.grad.data_ptr() for param in params]
    told: dict[str, Callable[[], Any]] = {
        "norm": lambda: norm,
        "gradients": lambda: [None if param.grad is None else param.grad.detach().clone() for param in params],
        "flag “a gradient is another tensor”": lambda: (
            any(param.grad is not gradient for param, gradient in zip(params, before, strict=True)) or there != places
        ),
        "flag “gradients are recorded as before”": lambda: recorded,
        "flag “the norm is not zero”": lambda: not torch.equal(torch.as_tensor(norm), torch.zeros_like(norm)),
        "parameters": lambda: [param.detach().clone() for param in params],
    }
    return {name: told[name]() for name in options["report"]}
