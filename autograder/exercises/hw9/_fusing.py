"""How the modules of fusion.py are tried, and the cases and checks that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Layout, Tensor
from autograder.exercises.fitting import fit, loaded

Layers = Callable[..., dict[str, tuple[int, int]]]
"""Makes of a case's sizes the linear layers of the module, by name, as (in, out)."""

NAMES = ("text_dim", "image_dim", "hidden_dim", "output_dim")
VECTORISED = 0.1
GROWS_NEITHER = "operations grows neither with the batch nor with hidden_dim"


def fuse(name: str, student: Any, call: Any) -> Any:
    """Builds the module and calls it. Options: `construct` stops before the call, `start` reports parameters of a new
    module, `state` what is registered, `weights` the attribute `attention_weights` of the last of two calls; with
    `double` the module is a float64 one."""
    from autograder.worker import probes

    make = student.find(name)
    if call.options.get("construct"):
        make(**call.init)
        return None
    if call.options.get("start"):
        parameters = dict(make(**call.init).named_parameters())
        return {name: parameters[name].detach().clone() for name in call.options["start"] if name in parameters}
    module = make(**call.init)
    if call.options.get("state"):
        fit(call, module)
        return probes.call_module(name, student, call)
    module = loaded(call, module.double() if call.options.get("double") else module)
    if call.options.get("weights"):
        module(*(-argument for argument in call.args))
        output = module(*call.args)
        weights = getattr(module, "attention_weights", None)
        return {"output": output, "weights": None if weights is None else weights.detach()}
    return probes.called(module, call)


class Cases:
    """Makes cases of one module from sizes: those of the inputs, then those of the layers."""

    def __init__(self, draw: Draw, layers: Layers, names: tuple[str, ...]) -> None:
        """`names` are the arguments of the constructor, in the order of the sizes."""
        self._draw, self._layers, self._names = draw, layers, names

    def __call__(
        self,
        name: str,
        aspect: str,
        batch: int,
        sizes: tuple[int, ...],
        *,
        biased: bool = False,
        positive: bool = False,
        layouts: tuple[Layout, ...] = (),
        frozen: tuple[str, ...] = (),
        absent: tuple[int, ...] = (),
        inputs: int = 2,
        init: dict[str, Any] | None = None,
        extra: dict[str, Tensor] | None = None,
        dtype: str = "float32",
        scales: dict[str, float] | None = None,
        **rest: Any,
    ) -> Case:
        """With `positive` all numbers are, so that ReLU changes nothing; `scales` says of which size the weights of
        a layer are. `absent` inputs are None."""
        init = dict(zip(self._names, sizes, strict=False)) | (init or {})
        weights = {}
        for layer, (size, out) in self._layers(**init).items():
            scale = (scales or {}).get(layer, 1.0)
            learned = layer not in frozen
            weights[f"{layer}.weight"] = self._floats((out, size), scale, dtype, positive, learned)
            bias = self._floats((out,), 1.0, dtype, positive, learned) if biased else tensor([0.0] * out, dtype)
            weights[f"{layer}.bias"] = bias
        args: list[Tensor | None] = []
        for index, size in enumerate(sizes[:inputs]):
            layout = layouts[index] if layouts else "contiguous"
            argument = self._draw.floats((batch, size), 1.0, dtype=dtype, layout=layout, requires_grad=True)
            args.append(None if index in absent else self._upright(argument) if positive else argument)
        return Case(name, aspect, tuple(args), init=init, weights=weights | (extra or {}), **rest)

    def _floats(self, shape: tuple[int, ...], scale: float, dtype: str, positive: bool, learned: bool) -> Tensor:
        drawn = self._draw.floats(shape, scale, dtype=dtype, requires_grad=learned)
        return self._upright(drawn) if positive else drawn

    def _upright(self, drawn: Tensor) -> Tensor:
        return replace(drawn, data=abs(drawn.data))

    def usual(self, *sizes: tuple[int, ...], **rest: Any) -> Iterable[Case]:
        """The cases that every module has: biases, an empty batch, layouts, float64, state, growth with the batch."""
        inputs = rest.get("inputs", 2)
        one, other = sizes
        yield self("biases", "biases", 2, one, biased=True, positive=True, **rest)
        yield self("biases, negative numbers", "biases", 4, other, biased=True, **rest)
        yield self("empty batch", "empty", 0, one, **rest)
        yield self("empty batch, biases", "empty", 0, other, biased=True, **rest)
        ways: tuple[tuple[str, tuple[Layout, ...]], ...] = (
            ("transposed, strided", ("transposed", "strided", "transposed")),
            ("expanded, transposed", ("expanded", "transposed", "strided")),
        )
        for name, layouts in ways:
            yield self(name, "layout", 3, one, layouts=layouts[:inputs], positive=True, **rest)
        yield self(
            "float64",
            "float64",
            2,
            one,
            dtype="float64",
            positive=True,
            **rest | {"options": {"double": True, **rest.get("options", {})}},
        )
        yield self("in training mode", "modes", 3, one, training=True, **rest)
        yield self("registered parameters", "state", 2, other, positive=True, options={"state": True}, **rest)
        for size in (4, 64):
            yield self(
                f"{size} samples",
                "many samples",
                size,
                one,
                positive=True,
                runs=("counted",),
                grows="batch",
                size=size,
                **rest,
            )


def usual_checks(scaling: str = "The number of torch operations does not grow with the batch") -> tuple[Check, ...]:
    """What the checks of the usual cases are worth: 3.25 points."""
    return (
        Check("value", 0.375, "Every layer is used with its bias", aspect="biases"),
        Check("value", 0.125, "The answer is the same in training and in evaluation mode", aspect="modes"),
        Check("value", 0.25, "An empty batch gives an empty answer", aspect="empty"),
        Check("value", 0.25, "In a float64 model everything is computed in float64", aspect="float64"),
        Check("layout", 0.125, "the arguments may have any memory layout", aspect="layout"),
        Check("state", 0.5, "are registered under these names, and nothing else is"),
        Check("gradient", 0.75, "Gradients flow to the arguments and to all parameters"),
        Check("purity", 0.125, "No argument is changed"),
        Check("device", 0.25, "Works on whatever device the arguments and parameters are on"),
        Check("copies", 0.125, "nothing is copied to the host"),
        Check("scaling", 0.375, scaling, aspect="batch"),
    )


def projected(
    text_dim: int, image_dim: int, hidden_dim: int, output_dim: int, **more: Any
) -> dict[str, tuple[int, int]]:
    return {
        "text_fc": (text_dim, hidden_dim),
        "image_fc": (image_dim, hidden_dim),
        "classifier": (hidden_dim, output_dim),
    }


def first_cases(make: Cases, **rest: Any) -> Iterable[Case]:
    """One sample and several, with positive numbers."""
    yield make("one sample", "basic", 1, (1, 1, 1, 1), positive=True, **rest)
    yield make("three samples", "basic", 3, (4, 2, 3, 2), positive=True, **rest)
    yield make("as many of everything", "basic", 3, (3, 3, 3, 3), positive=True, **rest)
    yield make(
        "after other numbers in the same tensors",
        "basic",
        2,
        (2, 3, 2, 4),
        positive=True,
        **rest | {"options": {"again": True}},
    )
    yield make("frozen projection of the text", "basic", 2, (3, 2, 4, 2), positive=True, frozen=("text_fc",), **rest)


def negative_cases(make: Cases, **rest: Any) -> Iterable[Case]:
    yield make("negative numbers", "ReLU", 2, (2, 3, 4, 2), **rest)
    yield make("negative numbers, five samples", "ReLU", 5, (4, 2, 6, 3), **rest)
