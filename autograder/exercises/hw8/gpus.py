"""Of device.py: try_gpu and try_all_gpus, which are tried on machines that are not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise


def _try_gpu(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _machine

    return _machine.ask(student.try_gpu, call)


def _try_all_gpus(student: Any, call: Any) -> Any:
    from autograder.exercises.hw8 import _machine

    return _machine.ask(student.try_all_gpus, call)


def _machine(gpus: int = 0, mps: bool = False, built: str = "") -> dict[str, Any]:
    own = "CUDA" if gpus else "MPS" if mps else "CPU"
    return {"CUDA GPUs": gpus, "MPS": mps, "torch is built for": built or own}


def _case(name: str, aspect: str, machine: dict[str, Any], *arguments: int, **options: Any) -> Case:
    return Case(name, aspect, (machine, *arguments), options=options)


def _one_cases(draw: Draw) -> Iterable[Case]:
    many = draw.integer(4, 8)
    yield _case("no argument, one GPU", "basic", _machine(1))
    yield _case("no argument, no GPU", "basic", _machine())
    yield _case("the first of one", "basic", _machine(1), 0)
    yield _case("the second of three", "number", _machine(3), 1)
    yield _case("the last of three", "number", _machine(3), 2)
    yield _case("the last of many", "number", _machine(many), many - 1)
    yield Case("the number by name", "number", (_machine(many),), {"i": many - 2})
    yield _case("the second of one", "missing", _machine(1), 1)
    yield _case("the fourth of three", "missing", _machine(3), 3)
    yield _case("far too large a number", "missing", _machine(2), 100 + many)
    yield _case("the second of none", "missing", _machine(), 1)
    yield _case("a negative number", "negative", _machine(3), -1)
    yield _case("a negative number, no GPU", "negative", _machine(), -2)
    yield _case("a Mac", "mps", _machine(mps=True))
    yield _case("the second GPU of a Mac", "mps", _machine(mps=True), 1)
    yield _case("a negative number on a Mac", "mps", _machine(mps=True), -1)
    yield _case("a Mac whose system is too old", "available", _machine(built="MPS"))
    yield _case("built for CUDA, and no GPU", "available", _machine(built="CUDA"))
    yield _case("both CUDA and MPS", "order", _machine(2, mps=True, built="CUDA"), 1)
    yield _case("both, and a number too large", "order", _machine(2, mps=True, built="CUDA"), 2)
    yield _case("one GPU", "settings", _machine(1), 0, settings=True)
    yield _case("the second of two", "settings", _machine(2), 1, settings=True)
    yield _case("a GPU is there no more", "basic", _machine(), 0)


try_gpu = Exercise(
    homework="hw8",
    name="try_gpu",
    difficulty=1,
    file="device.py",
    points=2,
    kind="probe",
    probe=_try_gpu,
    arguments=("the machine", "i"),
    cases=_one_cases,
    checks=(
        Check("value", 0.5, "The first of these that torch finds on this machine", aspect="basic"),
        Check("value", 0.25, "the CUDA GPU number i, with its number", aspect="number", title="values: other GPUs"),
        Check("value", 0.25, "No other GPU takes the place of one that does not exist, and nothing is raised",
              aspect="missing", title="values: no such GPU"),
        Check("value", 0.25, "There is none with a negative number", aspect="negative", title="values: negative"),
        Check("value", 0.25, '`torch.device("mps")`, whatever i is, where MPS is available', aspect="mps"),
        Check("value", 0.25, "to be built for it is not enough", aspect="available", title="built, not available"),
        Check("value", 0.125, "whatever else there is", aspect="order", title="CUDA before MPS"),
        Check("value", 0.125, "neither the current GPU nor torch's default device is changed", aspect="settings"),
    ),
    hints=(
        "How do you find out how many GPUs there are? And with that number known, for which i is there a GPU i?",
        "Write the three kinds of device down in the order of the stub, and beside each the question to torch that"
        " tells whether it is there. Mind the difference between built and available.",
        "Two comparisons bound i: one for negative numbers, one for the count. Where either fails the answer is that"
        " for a machine without CUDA.",
    ),
)  # fmt: skip


def _all_cases(draw: Draw) -> Iterable[Case]:
    many = draw.integer(4, 8)
    yield _case("one GPU", "basic", _machine(1))
    yield _case("three GPUs", "basic", _machine(3))
    yield _case("many GPUs", "basic", _machine(many))
    yield _case("no GPU", "none", _machine())
    yield _case("a Mac", "mps", _machine(mps=True))
    yield _case("a Mac whose system is too old", "available", _machine(built="MPS"))
    yield _case("built for CUDA, and no GPU", "available", _machine(built="CUDA"))
    yield _case("both CUDA and MPS", "order", _machine(2, mps=True, built="CUDA"))
    yield _case("two GPUs, after the first list was changed", "new list", _machine(2), again=True)
    yield _case("no GPU, after the first list was changed", "new list", _machine(), again=True)
    yield _case("a Mac, after the first list was changed", "new list", _machine(mps=True), again=True)
    yield _case("two GPUs", "settings", _machine(2), settings=True)
    yield _case("other GPUs than before", "basic", _machine(2))


try_all_gpus = Exercise(
    homework="hw8",
    name="try_all_gpus",
    difficulty=1,
    file="device.py",
    points=2,
    kind="probe",
    probe=_try_all_gpus,
    arguments=("the machine",),
    cases=_all_cases,
    checks=(
        Check("value", 0.75, "all CUDA GPUs in the order of their numbers, each with its number", aspect="basic"),
        Check("value", 0.375, '`torch.device("cpu")` alone', aspect="none", title="values: no GPU"),
        Check("value", 0.25, '`torch.device("mps")` alone, where MPS is available', aspect="mps"),
        Check("value", 0.25, "where MPS is available", aspect="available", title="built, not available"),
        Check("value", 0.125, "It is the first of these that is not empty", aspect="order", title="CUDA or MPS"),
        Check("value", 0.125, "a new one in every call", aspect="new list", title="values: a list of its own"),
        Check("value", 0.125, "torch is asked anew in every call and nothing is changed", aspect="settings"),
    ),
    hints=(
        "How many GPUs are there, and what is the number of the first one?",
        "Make the list of the CUDA GPUs first, whatever their number, 0 too. What tells you that something else is to"
        " be returned?",
        "A list with one element for each number below the count; where that list is empty, a list with one element,"
        " which depends on whether MPS is available.",
    ),
)  # fmt: skip

EXERCISES = (try_gpu, try_all_gpus)
