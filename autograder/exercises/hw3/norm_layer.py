"""layers.py, the layer that normalises: BatchNorm2d."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise, Layout, Tensor
from autograder.exercises.fitting import loaded
from autograder.exercises.hw3.layers import NO_NORMALISING

AVERAGES = ("moving_mean", "moving_var")


def _normalise(student: Any, call: Any) -> Any:
    """Makes the layer, fills it with the case's weights and calls it. Options: `new` reports what a new layer holds,
    `state` what is registered, `double` turns it into float64 first. It goes through the batches of `before`, each with
    the mode it comes in: train, eval, or either with nothing recorded; then a second layer is trained on the batch
    `beside`. With `averages` the answer is the moving ones afterwards, and whether they carry a graph."""
    import torch

    from autograder.worker import probes

    layer = student.BatchNorm2d(**call.init)
    if call.options.get("new"):
        started = {name: getattr(layer, name, None) for name in ("gamma", "beta", *AVERAGES)}
        return {name: value if value is None else value.detach().clone() for name, value in started.items()}
    if call.options.get("state"):
        return probes.call_module("BatchNorm2d", student, call)
    if call.options.get("double"):
        layer = layer.double()
    _fill_plain_tensors(call, layer)
    layer = loaded(call, layer)
    for mode, x in [*call.options.get("before", []), [call.options.get("mode", ""), *call.args]]:
        layer.train("eval" not in mode if mode else call.training)
        if call.options.get("averages"):
            x = x.detach().requires_grad_()
        with torch.set_grad_enabled("unrecorded" not in mode):
            answer = layer(x)
    if "beside" in call.options:
        student.BatchNorm2d(**call.init).to(call.device)(call.options["beside"])
    if not call.options.get("averages"):
        return answer
    found = [getattr(layer, name) for name in AVERAGES]
    told = {name: value.detach().clone() for name, value in zip(AVERAGES, found, strict=True)}
    return {**told, "they carry a graph": any(value.grad_fn is not None for value in found)}


def _fill_plain_tensors(call: Any, layer: Any) -> None:
    """Moving averages that are not registered are filled too; that they are forgotten costs its own checks."""
    import torch

    from autograder.worker.call import state_of

    for name in AVERAGES:
        plain = vars(layer).get(name)
        if name not in state_of(layer) and isinstance(plain, torch.Tensor):
            setattr(layer, name, call.weights.pop(name).detach().cpu().clone())


def _cases(draw: Draw) -> Iterable[Case]:
    def state(channels: int, dtype: str = "float32", frozen: bool = False) -> dict[str, Tensor]:
        gamma, beta = (draw.floats((channels,), dtype=dtype, requires_grad=not frozen) for _ in range(2))
        mean, var = (draw.floats((channels,), dtype=dtype) for _ in range(2))
        var = replace(var, data=abs(var.data) + var.data.dtype.type(0.5))
        return {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_var": var}

    def case(
        name: str, aspect: str, x: tuple[int, ...], *, frozen: bool = False, dtype: str = "float32",
        layout: Layout = "contiguous", training: bool = True, before: tuple[str, ...] = (), init: Any = (), **rest: Any,
    ) -> Case:  # fmt: skip
        options = dict(rest.pop("options", {}))
        if before:
            options["before"] = [[mode, draw.floats((2 + i, *x[1:]))] for i, mode in enumerate(before)]
        held = draw.floats(x, rest.pop("spread", 2.0), dtype=dtype, layout=layout, requires_grad=x[0] > 0)
        held = replace(held, data=held.data + held.data.dtype.type(rest.pop("shift", 0.0)))
        weights = state(x[1] if len(x) > 1 else 1, dtype, frozen)
        if rest.pop("narrow", False):  # as small a variance as eps is
            weights["moving_var"] = replace(weights["moving_var"], data=weights["moving_var"].data * 2.0**-20)
        made = {"num_features": len(weights["gamma"].data), **dict(init)}
        return Case(name, aspect, (held,), init=made, weights=weights, training=training, options=options, **rest)

    averages: dict[str, Any] = {"options": {"averages": True}, "runs": ("plain", "phantom")}
    plain: dict[str, Any] = {"runs": ("plain",)}
    yield case("one image of one channel", "basic", (1, 1, 2, 2))
    yield case("images", "basic", (3, 4, 2, 5))
    yield case("as many channels as columns", "basic", (2, 3, 3, 3))
    yield case("transposed images", "basic", (2, 2, 4, 3), layout="transposed")
    yield case("frozen gamma and beta", "basic", (2, 2, 3, 2), frozen=True)
    yield case("images, in evaluation", "evaluation", (2, 3, 2, 4), training=False)
    yield case("one pixel, in evaluation", "evaluation", (1, 2, 1, 1), training=False)
    yield case("no images, in evaluation", "evaluation", (0, 2, 3, 2), training=False)
    yield case("the averages after one batch", "averages", (2, 3, 2, 2), **averages)
    yield case("the averages after three batches", "averages", (2, 2, 3, 4), before=("train", "train"), **averages)
    beside = {"averages": True, "beside": draw.floats((2, 3, 2, 2))}
    yield case("the averages beside another layer", "averages", (2, 3, 2, 2), **averages | {"options": beside})
    yield case("the averages after evaluation", "stay", (2, 2, 2, 3), training=False, **averages)
    yield case("the averages after training and evaluation", "stay", (2, 3, 2, 2), training=False,
               before=("train", "eval"), **averages)  # fmt: skip
    yield case("evaluation after training", "modes", (2, 2, 3, 2), training=False, before=("train", "train"))
    yield case("training after evaluation", "modes", (2, 2, 3, 2), before=("eval",))
    unrecorded = {"options": {"mode": "train, unrecorded"}, **plain}
    yield case("training with nothing recorded", "modes", (3, 2, 2, 2), **unrecorded)
    unrecorded = {"options": {"mode": "train, unrecorded", "averages": True}, **plain}
    yield case("the averages after training with nothing recorded", "modes", (2, 2, 3, 2), **unrecorded)
    unrecorded = {"options": {"mode": "eval, unrecorded"}, **plain}
    yield case("evaluation with nothing recorded", "modes", (2, 3, 2, 2), training=False, **unrecorded)
    yield case("eps 1", "options", (2, 3, 2, 3), init={"eps": 1.0})
    yield case("eps 0.25, in evaluation", "options", (2, 2, 3, 3), init={"eps": 0.25}, training=False)
    yield case("momentum 0.75", "options", (2, 2, 2, 3), init={"momentum": 0.75}, before=("train",), **averages)
    yield case("eps 0.5 and momentum 0.25", "options", (2, 2, 2, 3), init={"eps": 0.5, "momentum": 0.25},
               training=False, before=("train", "train"))  # fmt: skip
    yield case("eps 0, in evaluation", "options", (2, 2, 2, 3), init={"eps": 0.0}, training=False, narrow=True)
    yield case("momentum 0", "options", (2, 3, 2, 2), init={"momentum": 0.0}, **averages)
    yield case("far from zero", "numbers", (2, 3, 2, 4), shift=64.0)
    yield case("small numbers", "numbers", (3, 2, 2, 2), spread=2.0**-8)
    yield case("a small moving variance, in evaluation", "numbers", (2, 2, 2, 3), training=False, narrow=True)
    yield case("large numbers, in evaluation", "numbers", (2, 2, 2, 3), spread=256.0, training=False)
    yield Case("a new layer", "new", init={"num_features": 3}, options={"new": True}, **plain)
    yield case("float64", "float64", (2, 3, 2, 2), dtype="float64", options={"double": True})
    double = {"double": True, "averages": True}
    yield case("float64, the averages", "float64", (2, 2, 3, 2), dtype="float64", init={"momentum": 1.0},
               options=double, **plain)  # fmt: skip
    yield case("what is registered", "state", (2, 3, 2, 2), options={"state": True}, **plain)
    yield case("vectors", "errors", (4, 3), **plain)
    yield case("vectors, in evaluation", "errors", (4, 3), training=False, **plain)
    yield case("one image without its batch", "errors", (2, 2, 3), training=False, **plain)
    yield case("volumes", "errors", (2, 2, 1, 1, 2), **plain)
    yield case("one pixel, in training", "errors", (1, 3, 1, 1), **plain)


BatchNorm2d = Exercise(
    homework="hw3",
    name="BatchNorm2d",
    uses=("batch_norm",),
    difficulty=2,
    file="layers.py",
    points=5,
    arguments=("x",),
    kind="module",
    probe=_normalise,
    differentiable=True,
    operations=NO_NORMALISING,
    cases=_cases,
    checks=(
        Check("value", 1, "In training mode the statistics of the minibatch normalise", aspect="basic"),
        Check("value", 0.625, "In evaluation mode `moving_mean` and `moving_var`", aspect="evaluation"),
        Check("value", 0.5, "every call moves them on. They carry no graph", aspect="averages",
              title="moving averages"),
        Check("value", 0.125, "as in `batch_norm`, and the layer keeps", aspect="numbers", title="other numbers"),
        Check("value", 0.25, "and stay as they are", aspect="stay", title="averages stay in evaluation"),
        Check("value", 0.375, "The mode is that of the module", aspect="modes"),
        Check("value", 0.25, "eps, momentum: as in `batch_norm`", aspect="options"),
        Check("value", 0.25, "gamma starts as ones, beta as zeros", aspect="new", title="a new layer"),
        Check("value", 0.125, "After `.double()` the layer computes in float64", aspect="float64"),
        Check("errors", 0.125, "x does not have four axes"),
        Check("state", 0.5, "buffers, registered under these names"),
        Check("gradient", 0.25, "Gradients flow to x, `gamma` and `beta`"),
        Check("purity", 0.125, "x is not changed"),
        Check("device", 0.25, "the layer works on that device, moving averages included"),
        Check("copies", 0.125, "nothing is copied to the host"),
        Check("operations", 0.125, "uses one of torch's own normalisations",
              instead={"operations:left": "nor are values taken out of tensors"}),
    ),
    hints=(
        "Of the four vectors that `batch_norm` is given, which does an optimizer change, and which does the layer "
        "change by itself? All four have to be saved with the model.",
        "Two are of the class nn.Parameter, two are registered with register_buffer; both are then attributes of self. "
        "`batch_norm` returns three things: what becomes of the second and the third?",
        "Assigning a tensor to the attribute of a buffer replaces the buffer. nn.Module keeps in self.training what "
        "train() and eval() have set; hand it on with eps and momentum, in the order of `batch_norm`.",
    ),
)  # fmt: skip

EXERCISES = (BatchNorm2d,)
