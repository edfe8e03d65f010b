"""How Conv2d is tried beside its answers: what is registered, how it starts, and whose convolution it calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.exercise import Case, Finding
from autograder.exercises.fitting import fit, loaded
from autograder.exercises.initial import initialisation, new_layers


def probe_layer(student: Any, call: Any) -> Any:
    """Makes the layer, fills it with the case's weights and calls it. Options: `construct` stops after the first step,
    `initial` reports new layers, `state` what is registered, `no bias` the attribute `bias`, `watch` whose convolution
    it is; `after one` first gives it a batch of one."""
    from autograder.worker import observe, probes

    if call.options.get("construct"):
        student.Conv2d(**call.init)
        return None
    if call.options.get("initial"):
        return new_layers(student.Conv2d, call.init)
    layer = student.Conv2d(**call.init)
    if call.options.get("state"):
        fit(call, layer)
        return probes.call_module("Conv2d", student, call)
    layer = loaded(call, layer)
    if call.options.get("no bias"):
        return {"output": layer(*call.args), "bias_is_none": getattr(layer, "bias", "missing") is None}
    if call.options.get("watch"):
        with observe.Dispatched() as seen:
            layer(*call.args)
        return {"operators": sorted(name for name in seen.names if "convolution" in name), "layers": _ready_made(layer)}
    if call.options.get("after one"):
        layer(call.args[0][:1])
    return probes.called(layer, call)


def _ready_made(layer: Any) -> list[str]:
    """The layer itself, or parts of it, that are convolutions of torch's own."""
    from torch.nn.modules.conv import _ConvNd

    return [name or "the layer" for name, part in layer.named_modules() if isinstance(part, _ConvNd)]


def own_convolution(case: Case, value: Any) -> Iterable[Finding]:
    """The layer is neither torch's layer, which leaves nothing to do, nor built on torch's convolution."""
    if not case.options.get("watch"):
        return
    if value["layers"]:
        message = "torch's own convolutional layer does all the work here, and nothing counts until you write the layer"
        yield Finding("torch_layer", message, defeats=True)
    elif value["operators"]:
        yield Finding("convolution", f"the operator {value['operators'][0]} is called; build on your own conv2d")


def initial_weights(case: Case, value: Any) -> Iterable[Finding]:
    return initialisation(case, value) if case.options.get("initial") else ()
