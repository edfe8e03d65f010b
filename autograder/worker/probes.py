"""How a case is carried out. Most exercises need one of the two probes here; a declaration may bring its own."""

from __future__ import annotations

import copy
from typing import Any

import torch

from autograder.exercises.slopes import asked_for, slopes
from autograder.worker.call import Call, state_of
from autograder.worker.observe import Earlier
from autograder.worker.student import Student
from autograder.worker.values import tensors


def call_function(name: str, student: Student, call: Call) -> Any:
    """Calls the function once (see `called`)."""
    return called(student.find(name), call)


def called(function: Any, call: Call) -> Any:
    """What the function or module answers. Where the case's options ask for `again`, it has been called before with
    other numbers in the same tensors (and parameters), so that an answer kept from that call is seen, and one that is
    written over. `before` are arguments with which it has been called before; where the answer of such a call is
    `changed`, all its numbers are put to 7 before the next. A module whose answers are random may be asked for their
    slopes instead."""
    if asked_for(call):
        return slopes(function, call, function)
    if "before" in call.options:
        function(*call.options["before"])
    if call.options.get("changed"):
        for tensor in tensors(function(*call.args)):
            tensor.detach().fill_(7)
    if not call.options.get("again"):
        return function(*call.args, **call.kwargs)
    with call.other_numbers(function if isinstance(function, torch.nn.Module) else None):
        first = function(*call.args, **call.kwargs)
    earlier = Earlier()
    earlier.keep(first)
    answer = function(*call.args, **call.kwargs)
    call.rewrites = earlier.rewritten()
    return answer


def call_module(name: str, student: Student, call: Call) -> Any:
    """Constructs the module, loads the case's weights, calls it once. In the plain run of a case whose options
    ask for `state`, also reports how parameters and buffers are registered and whether they survive a round trip
    through the state dict."""
    make = student.find(name)
    module = call.load(make(**copy.deepcopy(call.init)))
    if not call.options.get("state"):
        return called(module, call)
    output = module(*call.args, **call.kwargs)
    return {"output": output, "state": describe_state(module), "round_trip": _round_trip(make, module, call)}


def describe_state(module: torch.nn.Module) -> dict[str, Any]:
    """Names, shapes and dtypes of parameters and buffers, and the mode of the module and its children."""
    parameters = {
        name: [list(p.shape), str(p.dtype).removeprefix("torch."), p.requires_grad]
        for name, p in sorted(module.named_parameters())
    }
    buffers = {name: [list(b.shape), str(b.dtype).removeprefix("torch.")] for name, b in sorted(module.named_buffers())}
    return {
        "parameters": parameters,
        "buffers": buffers,
        "saved": sorted(state_of(module)),
        "training": sorted({child.training for child in module.modules()}),
    }


def _round_trip(make: Any, module: torch.nn.Module, call: Call) -> Any:
    saved = {name: value.clone() for name, value in module.state_dict().items()}
    other = make(**copy.deepcopy(call.init))
    if call.device == "cuda":
        other = other.to(torch.device("cuda"))
    other.load_state_dict(saved)
    other.train(call.training)
    return other(*call.args, **call.kwargs)
