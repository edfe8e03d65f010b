"""Of device.py: to_device."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Device, Exercise, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")


def _move(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _moving

    return _moving.move(student.to_device, call)


def _named(*parts: Any) -> dict[str, Any]:
    return {"named tuple": list(parts)}


def _cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str,
        aspect: str,
        batch: Any,
        to: Any = "meta",
        report: str = "answer",
        device: bool = False,
        **options: Any,
    ) -> Case:
        options = {"report": report, **options}
        return Case(name, aspect, (batch, to), options=options, runs=ON_DEVICE if device else PLAIN)

    def some(*shape: int) -> Tensor:
        return draw.floats(shape)

    def labels(count: int) -> Tensor:
        return draw.integers((count,), 0, 9)

    here, there = "cpu", Device()
    yield case("a tensor", "basic", some(2))
    yield case("a pair in a list", "basic", [some(2, 3), labels(2)])
    yield case("a pair in a tuple", "basic", (some(2, 3), labels(2)))
    yield case("a pair, to where it is", "basic", (some(2, 3), labels(2)), here, "values")
    yield case("a dict", "basic", {"inputs": some(2, 3), "labels": labels(2)})
    yield case("to the device by its name", "basic", [some(2)], named=True)
    yield case("back from another device", "every call", [some(2), some(1)], here, again=True)
    yield case("to another device again", "every call", {"a": some(2)}, "meta", again=True)
    yield case("lists in a list", "nested", [[some(2)], [some(1), some(3)]])
    yield case("a tuple in a dict", "nested", {"inputs": (some(2), labels(1)), 7: some(1, 1)})
    yield case("dicts in a list", "nested", [{"x": some(1)}, {"x": some(2), "y": labels(2)}])
    yield case("a pair of pairs", "nested", ((some(2), labels(2)), (some(1), labels(1))))
    yield case("five deep", "nested", [({"a": [({"b": some(2)}, some(1))]},), some(3)])
    yield case("a named tuple", "named tuples", _named(some(2, 2), labels(2)))
    yield case("a named tuple of three", "named tuples", _named(labels(3), labels(3), some(3)))
    yield case("named tuples in a list", "named tuples", [_named(some(1), labels(1)), _named(some(2), labels(2))])
    yield case("a list in a named tuple", "named tuples", _named([some(1), some(2)], {"a": labels(1)}))
    yield case("a number", "other things", [some(2), 3, 0.5, True])
    yield case("strings and None", "other things", {"names": ["cat.png", ""], "x": some(1), "mask": None})
    yield case("a tuple of numbers", "other things", (some(1), (480, 640)))
    yield case("only a string", "other things", "text")
    yield case("a numpy array", "other things", [some(1), {"numpy array": [1.0, 2.5]}])
    yield case("a set", "other things", {"tags": {"set": ["a", "b"]}, "x": some(1)})
    yield case("an object with a method to", "objects", [some(1), {"object with a method to": 0}])
    yield case("a parameter", "parameters", [{"parameter": some(2)}, some(1)])
    strange = [{"numpy array": [1.0]}, {"set": ["a"]}, {"object with a method to": 0}, some(1)]
    yield case("they are the same objects", "same objects", strange, report="leaves")
    yield case("they are the same objects, on the CPU", "same objects", [*strange], here, "leaves")
    yield case("an empty list", "empty", [])
    yield case("an empty tuple", "empty", ())
    yield case("an empty dict", "empty", {})
    yield case("empty ones inside", "empty", [some(1), [], (), {}, {"a": []}])
    yield case("a tensor without elements", "empty", (some(0, 3), labels(0)))
    yield case("a tensor", "there already", some(2), here, "tensors")
    yield case("tensors inside", "there already", {"a": [some(2), (labels(1),)]}, here, "tensors")
    same, other = {"the tensor": "x"}, {"the tensor": "y"}
    yield case("as inputs and labels", "several places", (same, same), "meta", "once", shared={"x": some(2)})
    yield case(
        "two tensors, at two places each", "several places", [same, other, {"a": same, "b": [other]}], "meta", "once",
        shared={"x": some(2), "y": labels(2)},
    )  # fmt: skip
    alike = draw.integers((2,), 3, 3)
    yield case("equal tensors", "several places", [same, {"a": other}], here, "once", shared={"x": alike, "y": alike})
    yield case("a list", "new containers", [some(2)], here, "containers")
    yield case("a dict in a tuple", "new containers", ({"a": some(1)}, some(1)), here, "containers")
    yield case("a list of numbers", "new containers", [some(1), [1, 2]], "meta", "containers")
    yield case("empty ones", "new containers", [[], {}], here, "containers")
    yield case("a list", "not changed", [some(2), labels(2)], "meta", "batch")
    yield case("a dict", "not changed", {"x": some(2), "y": [labels(2)]}, "meta", "batch")
    yield case(
        "a tensor that requires gradients", "gradients", [{"requires grad": some(2)}, some(1)], report="gradients"
    )
    wanting = {"x": {"requires grad": some(2, 2)}, "y": ({"parameter": some(3)}, some(1))}
    yield case("two tensors that require gradients", "gradients", wanting, there, "gradients", device=True)
    batch = [some(2, 3), {"y": labels(2), "z": (some(1), 5)}, _named(some(2), some(1))]
    yield case("from the CPU", "devices", batch, there, "values", device=True)
    kinds = (draw.floats((2,), dtype="float64"), draw.integers((3,), 0, 1, "bool"))
    yield case("a float64 tensor and booleans", "devices", kinds, there, "values", device=True)
    yield case("back to the CPU", "devices", batch, here, "values", device=True, stays=True)
    already = [some(2), (labels(1),)]
    yield case("on the accelerator", "there already", already, there, "tensors", device=True, stays=True)
    yield case("to the CPU beside an accelerator", "devices", [some(2)], here, "values", device=True)


to_device = Exercise(
    homework="hw8",
    name="to_device",
    file="device.py",
    points=4,
    kind="probe",
    probe=_move,
    arguments=("batch", "device"),
    cases=_cases,
    checks=(
        Check("value", 0.75, "a list for a list, a tuple for a tuple", aspect="basic"),
        Check("value", 0.375, "nested as deep as you like", aspect="nested", title="values: nested batches"),
        Check("value", 0.5, "a named tuple of the same class for a named tuple", aspect="named tuples"),
        Check("value", 0.375, "such as numbers, strings, None, numpy arrays, sets", aspect="other things"),
        Check("value", 0.125, "objects of any other class, also of one that has a method `to`", aspect="objects"),
        Check("value", 0.125, "Every tensor, also a parameter, is moved", aspect="parameters"),
        Check("value", 0.0625, "neither copied nor changed", aspect="same objects", title="nothing else is copied"),
        Check("value", 0.125, "They may be empty", aspect="empty"),
        Check("value", 0.25, "A tensor that is on the device already is not copied", aspect="there already"),
        Check("value", 0.25, "A tensor that stands at several places of the batch is moved once",
              aspect="several places"),
        Check("value", 0.25, "The answer has new lists and dicts in it throughout", aspect="new containers"),
        Check("value", 0.25, "The batch is not changed", aspect="not changed", title="batch untouched"),
        Check("value", 0.125, "It alone decides where the tensors go", aspect="every call", title="values: two calls"),
        Check("value", 0.125, "gradients flow back to it", aspect="gradients"),
        Check("value", 0.125, "with its values, shape and dtype", aspect="devices", title="values: tensors"),
        Check("purity", 0.0625, "nor is any setting of torch", title="settings untouched"),
        Check("device", 0.125, "It alone decides where the tensors go"),
    ),
    hints=(
        "What is to be done with a tensor is one line. What is to be done with a list, when you already have a function"
        " that does it for everything that can be in one?",
        "Take the kinds one after the other: tensor, named tuple, list and tuple, dict, everything else. Why does the"
        " order of the second and the third matter, and how can you tell a named tuple?",
        "To move a tensor once only, remember for the whole of one call which tensors have been moved, and what became"
        " of each. Two tensors with the same numbers in them are still two.",
    ),
)  # fmt: skip

EXERCISES = (to_device,)
