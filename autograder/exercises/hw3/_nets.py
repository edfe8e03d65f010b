"""How the networks of nets.py are tried: weights by name or in order, evaluation twice, which features are dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Finding, Tensor
from autograder.exercises.chance import surprise
from autograder.exercises.fitting import loaded

Shapes = Mapping[str, tuple[int, ...]]
DRAWS = 3
SHIFT = 16.0
"""The bias of the last layer where dropped features are counted: a score of zero would come from a dropout there."""


def classify(name: str, student: Any, call: Any) -> Any:
    """Makes the network, fills it with the case's weights and calls it. Options: `construct` stops before the call,
    `state` reports what is registered, `double` turns the network into float64 first, `twice` tells whether two calls
    in evaluation mode, after one in training mode, give the same, and `draws` puts the scores of so many together."""
    import torch

    from autograder.worker import probes

    make = student.find(name)
    net = make(**call.init)
    _sized(net)
    if call.options.get("state"):
        return probes.call_module(name, student, call)
    if call.options.get("construct"):
        return None
    net = filled(call, net.double() if call.options.get("double") else net)
    if call.options.get("twice"):
        net.train()(*call.args)
        one, other = (net.eval()(*call.args) for _ in range(2))
        return {"the same scores twice": torch.equal(one, other)}
    if "draws" in call.options:
        return torch.cat([net(*call.args) for _ in range(call.options["draws"])])
    return probes.called(net, call)


def _sized(net: Any) -> None:
    """Refuses parameters that have no shape before the first call."""
    from torch import nn

    from autograder.worker.call import state_of
    from autograder.worker.faults import StateMismatch

    held = state_of(net) if isinstance(net, nn.Module) else {}
    lazy = [name for name, value in held.items() if isinstance(value, nn.UninitializedParameter)]
    if lazy:
        raise StateMismatch(f"{', '.join(lazy)}: no shape is known before the first call")


def filled(call: Any, net: Any) -> Any:
    """The network with the case's weights in it. Where other names were chosen but the parameters come in the same
    order with the same shapes, they are filled too: names cost their own check."""
    import torch

    from autograder.worker.call import state_of

    if not isinstance(net, torch.nn.Module):
        return call.load(net)
    found, wanted = state_of(net), dict(call.weights)
    alike = [value.shape for value in found.values()] == [weight.shape for weight in wanted.values()]
    if not alike or found.keys() == wanted.keys():
        return loaded(call, net)
    call.weights = dict(zip(found, wanted.values(), strict=True))
    net = loaded(call, net)
    if call.run == "gradient":
        for (name, weight), value in zip(wanted.items(), state_of(net).values(), strict=True):
            if weight.requires_grad and value.requires_grad:
                call.watch(name, value)
    return net


def weights(
    draw: Draw, shapes: Shapes, *, biased: bool, dtype: str = "float32", gain: float = 2.5
) -> dict[str, Tensor]:
    """Weights of such a size that no layer makes its input much larger or smaller, and biases, or zeros for them."""
    from math import log2, prod

    found = {}
    for name, shape in shapes.items():
        scale = 2.0 ** round(log2(gain / prod(shape[1:]) ** 0.5))
        found[f"{name}.weight"] = draw.floats(shape, scale, dtype=dtype, requires_grad=True)
        bias = draw.floats(shape[:1], 0.5, dtype=dtype, requires_grad=True)
        found[f"{name}.bias"] = bias if biased else tensor([0.0] * shape[0], dtype)
    return found


def dropping(name: str, x: Tensor, shapes: Shapes, init: dict[str, Any]) -> Case:
    """A case in training mode whose scores tell which hidden features were dropped: those that are flattened are all 1,
    those behind the first ReLU 2, those behind the second one more than what dropout made of the first, and the scores
    are those of the second plus SHIFT. There are as many classes as hidden features."""
    import numpy as np

    held: dict[str, Any] = {}
    *convolutions, first, second, last = shapes
    for layer, shape in shapes.items():
        held[f"{layer}.weight"], held[f"{layer}.bias"] = np.zeros(shape), np.zeros(shape[0])
    held[f"{convolutions[-1]}.bias"] += 1
    for row in range(shapes[first][0]):
        held[f"{first}.weight"][row, row % shapes[first][1]] = 1
    for layer in (second, last):
        held[f"{layer}.weight"] = np.eye(len(held[f"{layer}.bias"]))
    held[f"{first}.bias"] += 1
    held[f"{second}.bias"] += 1
    held[f"{last}.bias"] += SHIFT
    made = {key: tensor(value, "float32") for key, value in held.items()}
    options = {"laws": True, "dropout": init.get("dropout", 0.5), "draws": DRAWS}
    return Case(name, "dropout", (x,), init=init, weights=made, runs=("plain",), training=True, options=options)


def dropped_features(case: Case, value: Any) -> Iterable[Finding]:
    """Both hidden layers drop each feature of each image with the probability that the case asks for."""
    import numpy as np

    p = case.options.get("dropout")
    if p is None:
        return
    scores = np.asarray(value.data, dtype=np.float64) - SHIFT
    kept = 1 / (1 - p)
    expected = {"0": 0.0, "1": kept, "2": (2 * kept + 1) * kept}
    seen = sorted({float(number) for number in np.round(scores, 3).flat})
    if not all(any(abs(number - one) < 2e-3 for one in expected.values()) for number in seen) or len(seen) < 3:
        code = "values:" + ",".join(f"{number:g}" for number in seen[:8])
        yield Finding(code, f"in training mode, {_which(seen, p)}")
    elif min(alike := [len({line.tobytes() for line in table}) / len(table) for table in (scores, scores.T)]) < 0.5:
        if alike[0] == 1 / DRAWS:
            yield Finding("kept", "the same features of the same images are dropped again in the next call")
        elif alike[0] < alike[1]:
            yield Finding("shared", "the same features are dropped of many images: each one is dropped on its own")
        else:
            yield Finding("whole", "features of an image are dropped together: each one is dropped on its own")
    else:
        second = int((scores < kept / 2).sum())
        both = int((scores > (kept + expected["2"]) / 2).sum())
        for count, rate in ((second, p), (both, (1 - p) ** 2)):
            if odd := surprise(count, scores.size, rate):
                yield Finding(f"rate:{odd}", f"features are dropped at another rate than {p:g}")
                return


def _which(seen: list[float], p: float) -> str:
    if len(seen) == 1:
        return "all hidden features of all images stay: nothing is dropped"
    shown = ", ".join(f"{number + SHIFT:g}" for number in seen[:6])
    return (
        f"the scores are {shown}{', …' if len(seen) > 6 else ''}: with dropout {p:g} behind the two hidden ReLUs, and "
        f"nowhere else, they would be {SHIFT:g}, {SHIFT + 1 / (1 - p):g} and {SHIFT + (3 - p) / (1 - p) ** 2:g}"
    )
