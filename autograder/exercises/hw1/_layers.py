"""How the layers of hw1 are tried beside their answers: two calls, double precision, first weights, training steps."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from autograder.exercise import Case, Finding
from autograder.exercises.fitting import fit, loaded
from autograder.exercises.initial import initialisation, new_layers


def probe_norm(student: Any, call: Any) -> Any:
    """Options: `before` is a tensor that the layer is given first, `beside` the eps of a second layer, made later."""
    from autograder.worker import probes

    if not call.options.keys() & {"before", "beside"}:
        return probes.call_module("Norm", student, call)
    layer = call.load(student.Norm(**call.init))
    if "before" in call.options:
        layer(call.options["before"])
    if "beside" in call.options:
        student.Norm(eps=call.options["beside"])
    return layer(*call.args)


def probe_two_layer(student: Any, call: Any) -> Any:
    """Makes the network, fills it with the case's weights and calls it. Options: `initial` reports new networks,
    `state` what is registered, `double` turns it into float64 first."""
    from autograder.worker import probes

    if call.options.get("initial"):
        return new_layers(student.TwoLayerNet, call.init)
    net = student.TwoLayerNet(**call.init)
    if call.options.get("state"):
        fit(call, net)
        return probes.call_module("TwoLayerNet", student, call)
    net = loaded(call, net)
    if call.options.get("double"):
        net = net.double()
    return probes.called(net, call)


def initial_parameters(case: Case, value: Any) -> Iterable[Finding]:
    """Both weights of a new TwoLayerNet are random, each unit's for itself; what is wrong with the first, if any is."""
    import numpy as np

    if not case.options.get("initial"):
        return
    for number in "12":
        layer = [
            [seed, name[:-1], SimpleNamespace(data=np.ascontiguousarray(np.asarray(array.data).T))]
            for seed, name, array in value
            if name.endswith(number)
        ]
        found = [*initialisation(case, layer), *_inputs_alike(layer)]
        if found:
            yield found[0]
            return


def _inputs_alike(layer: list[list[Any]]) -> Iterable[Finding]:
    first = next(array.data for _, name, array in layer if name == "weight")
    if len({column.tobytes() for column in first.T}) < first.shape[1]:
        yield Finding("partial", "two rows of a weight of a new network are equal: each number is drawn on its own")


def probe_dynamic(student: Any, call: Any) -> Any:
    """As any module is called. After two calls, also tells what the generator draws next."""
    from autograder.worker import probes

    answer = probes.call_module("DynamicNet", student, call)
    return {"output": answer, "rng.random() afterwards": call.args[1].random()} if call.options.get("again") else answer


def probe_tied(student: Any, call: Any) -> Any:
    """Options: `new` looks at two networks before any call; `steps` makes so many steps of gradient descent, on a deep
    copy where `copied`, then reports what the two hidden layers hold and what the network answers."""
    from autograder.worker import probes

    if call.options.get("new"):
        one, other = (list(student.TiedMLP(**call.init).parameters()) for _ in range(2))
        shared = not {*map(id, one)}.isdisjoint(map(id, other))
        return {"number of parameters": len(one), "sharing with another network": shared}
    call.weights["hidden2.weight"] = call.weights["hidden1.weight"]  # where one is shifted, the other is
    if "steps" not in call.options:
        return probes.call_module("TiedMLP", student, call)
    import copy

    import torch

    net = call.load(student.TiedMLP(**call.init))
    if call.options.get("copied"):
        net(*call.args)  # what a call keeps must not stand in the way of a copy
        net = copy.deepcopy(net)
    for _ in range(call.options["steps"]):
        learned = list(net.parameters())
        slopes = torch.autograd.grad(net(*call.args).square().sum(), learned, allow_unused=True)
        for parameter, slope in zip(learned, slopes, strict=True):
            if slope is not None:
                parameter.data.sub_(slope, alpha=0.0625)
    answer = net(*call.args)
    held = [getattr(net, name).weight.detach() for name in ("hidden1", "hidden2")]
    return {"hidden1.weight": held[0], "hidden2.weight": held[1], "the answer afterwards": answer.detach()}
