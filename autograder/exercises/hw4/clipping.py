"""rnn.py: grad_clipping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")


def _clip(student: Any, call: Any) -> dict[str, Any]:
    """What becomes of the gradients of a case, and what else it asks for."""
    import torch

    from autograder.exercises.ready_made import watched

    gradients, theta = call.args
    params = []
    for gradient in gradients:
        param = torch.nn.Parameter(torch.ones(2, device=call.device) if gradient is None else torch.ones_like(gradient))
        if gradient is not None:
            param.grad = gradient.detach().clone()
        params.append(param)
    before = [param.grad for param in params]
    places = [None if gradient is None else gradient.data_ptr() for gradient in before]
    recorded = torch.is_grad_enabled()
    with watched("torch.nn.utils"):
        student.grad_clipping(_network(params, call.options["net"]), theta)
    left = torch.is_grad_enabled() is not recorded
    torch.set_grad_enabled(True)
    there = [None if param.grad is None else param.grad.data_ptr() for param in params]
    told: dict[str, Callable[[], Any]] = {
        "gradients": lambda: [None if param.grad is None else param.grad.detach().clone() for param in params],
        "flag “a gradient is another tensor”": lambda: (
            any(param.grad is not gradient for param, gradient in zip(params, before, strict=True)) or there != places
        ),
        "flag “recording of gradients was switched”": lambda: left,
        "parameters": lambda: [param.detach().clone() for param in params],
    }
    return {name: told[name]() for name in call.options["report"]}


def _network(params: list[Any], kind: str) -> Any:
    """The parameters in a list or a tuple, or in a module: the first in itself, the second in its part, and so on;
    with `tied` the last part has the first, too."""
    import torch

    if kind in ("list", "tuple"):
        return list(params) if kind == "list" else tuple(params)
    net = part = torch.nn.Module()
    part.param = params[0]
    for param in params[1:]:
        part.inner = torch.nn.Module()
        part = part.inner
        part.param = param
    if kind == "tied":
        part.again = params[0]
    return net


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        gradients: list[Tensor | None],
        theta: float,
        *,
        net: str = "list",
        report: tuple[str, ...] = ("gradients",),
        device: bool = False,
    ) -> Case:
        options = {"report": list(report), "net": net}
        return Case(name, aspect, (gradients, theta), options=options, runs=ON_DEVICE if device else PLAIN)

    def long(*shapes: tuple[int, ...], dtype: str = "float32") -> list[Tensor | None]:
        found: list[Tensor | None] = []
        for shape in shapes:
            drawn = draw.floats(shape, 8.0, dtype=dtype)
            drawn.data.reshape(-1)[:1] += 4  # so that no gradient is short
            found.append(drawn)
        return found

    yield case("one gradient", "basic", [tensor([3.0, 4.0])], 1.0, device=True)
    yield case("two gradients", "basic", [tensor([2.0, 4.0]), tensor([4.0])], 3.0, device=True)
    yield case("three gradients of other shapes", "basic", long((3,), (2, 3), (4, 1)), 2.0)
    yield case("one is much longer", "basic", [tensor([32.0, 0.5]), tensor([0.25, 0.125, -0.5])], 1.0)
    yield case("a whole number for theta", "basic", long((3, 2), (5,)), 2)
    yield case("a tuple", "tuple", long((3,), (2, 2)), 2.0, net="tuple")
    yield case("a module with a part", "module", long((2,), (3,)), 1.0, net="module", device=True)
    yield case("parts of parts", "module", long((2, 3), (3,), (4,), (2, 2)), 1.5, net="module")
    yield case("a module, not too long", "module", [tensor([0.5]), tensor([0.25, 0.5])], 2.0, net="module")
    yield case("a parameter that two parts share", "tied", long((2, 3), (3,)), 2.0, net="tied")
    yield case("short", "short", [tensor([0.5, -0.25]), tensor([0.125])], 2.0, device=True)
    yield case("not much shorter", "short", long((2, 2), (3,)), 64.0)
    yield case("just as long", "short", [tensor([3.0, 4.0])], 5.0)
    yield case("a little longer", "basic", [tensor([1.0, -2.0]), tensor([2.0])], 2.96875)
    yield case("twelve parameters", "basic", long(*[(2,)] * 12), 2.0)
    yield case("zeros", "short", [tensor([0.0, 0.0]), tensor([0.0])], 1.0)
    yield case("one is None", "none", [None, *long((2,), (3,))], 1.0)
    yield case("one between is None", "none", [*long((2,)), None, *long((2, 2))], 2.0)
    yield case("one is None, in a module", "none", [*long((2,)), None, *long((2, 2))], 2.0, net="module")
    yield case("all are None", "no gradient", [None, None], 1.0)
    yield case("no parameter", "no gradient", [], 1.0)
    yield case("a single number", "shapes", long((), (2,)), 2.0)
    yield case("four axes", "shapes", long((2, 1, 3, 2), (3,)), 2.0)
    yield case("float64, short", "shapes", long((2,), (3, 2), dtype="float64"), 64.0)
    same = ("flag “a gradient is another tensor”",)
    yield case("long", "in place", long((2,), (3,)), 1.0, report=same)
    yield case("short", "in place", [tensor([0.5, -0.25]), None], 2.0, report=same)
    rest = ("parameters", "flag “recording of gradients was switched”")
    yield case("the parameters", "rest", long((2,), (3,)), 1.0, report=rest)


grad_clipping = Exercise(
    homework="hw4",
    name="grad_clipping",
    difficulty=1,
    file="rnn.py",
    points=3,
    kind="probe",
    probe=_clip,
    arguments=("gradients", "theta"),
    cases=_cases,
    checks=(
        Check("value", 0.875, "The gradients of all parameters together are taken as one vector", aspect="basic"),
        Check("value", 0.5, "Where it is not, the gradients are left as they are", aspect="short"),
        Check("value", 0.375, "those of its parts and their parts included", aspect="module"),
        Check("value", 0.125, "an nn.Module, whose parameters are meant", aspect="tied", title="shared parameters"),
        Check("value", 0.125, "themselves in a list or tuple", aspect="tuple"),
        Check("value", 0.25, "A parameter whose `grad` is None is left as it is", aspect="none"),
        Check("value", 0.125, "parameter has a gradient nothing is done", aspect="no gradient"),
        Check("value", 0.125, "They may have any shape", aspect="shapes"),
        Check("value", 0.25, "each is the same tensor as before", aspect="in place"),
        Check("value", 0.125, "Nothing else changes", aspect="rest", title="all else as before"),
        Check("device", 0.125, "lie on any device"),
    ),
    hints=(
        "Take two parameters with the gradients (2, 4) and (4). How long is the vector (2, 4, 4), and what are the "
        "gradients when it is cut to the length 3?",
        "The gradients are needed twice: first for the norm, then to be multiplied. One list of them, without those "
        "that are None, serves for both.",
        "Squares are added up over all entries of all gradients, and the root is taken once. Multiplying a tensor in "
        "place has an operator of its own; `x = x * c` makes a new one.",
    ),
)

EXERCISES = (grad_clipping,)
