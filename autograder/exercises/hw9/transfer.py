"""transfer.py: which parameters of a pretrained model are trained, and how fast."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise
from autograder.exercises.hw9._parts import ALIKE, DEEP_HEAD, NESTED, NET, NORMED, SMALL, TALL, TIED, rate

# ---- param_groups


def _groups(student: Any, call: Any) -> Any:
    from autograder.exercises.hw9 import _transferring

    return _transferring.groups(student, call)


def _groups_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, parts: dict[str, Any], head: str, says: str = "", **options: Any) -> Case:
        kwargs: dict[str, Any] = {"head": head, "lr": rate(draw)}
        if options.pop("factor", True):
            kwargs["factor"] = draw.choice([0.25, 0.125, 0.0625])
        return Case(name, aspect, kwargs=kwargs, says=says, options={"parts": parts, **options})

    yield case("two layers", "basic", SMALL, "fc", "body and fc")
    yield case("four layers", "basic", NET, "fc", "input, hidden, output and fc")
    yield case("the head comes first", "basic", {"fc": ["linear", 3, 2], "body": ["linear", 2, 3]}, "fc")
    yield case("the usual factor", "factor", SMALL, "fc", factor=False)
    yield case("a part of a part", "nested", NESTED, "classifier.1", "features.0, features.1 and classifier.1")
    yield case("a head of several layers", "nested", DEEP_HEAD, "head", "body, head.0 and head.2")
    yield case("the last part of a part", "nested", {"a": SMALL, "fc": ["linear", 4, 2]}, "a.fc", "a.body, a.fc and fc")
    yield case("another name begins alike", "alike", ALIKE, "fc", "fc, fc2 and last_fc")
    yield case("numbers that begin alike", "alike", TALL, "1", "1, 11 and 2")
    yield case(
        "a name inside of another",
        "alike",
        {"a": {"fc": ["linear", 3, 2]}, "fc": ["linear", 2, 2]},
        "fc",
        "a.fc and fc",
    )
    yield case(
        "a parameter of the model itself", "own", SMALL, "fc", "body, fc and a parameter scale", own={"scale": 4}
    )
    yield case("whose name begins alike", "own", SMALL, "fc", "body, fc and a parameter fc_scale", own={"fc_scale": 4})
    yield case("a frozen body", "frozen", SMALL, "fc", frozen=["body.weight", "body.bias"])
    yield case("a frozen bias in the head", "frozen", NET, "fc", frozen=["fc.bias", "input.weight"])
    yield case("a head without parameters", "frozen", {"body": ["linear", 3, 2], "fc": ["relu"]}, "fc")
    tied = [["table.weight", "fc.weight"]]
    yield case("a tied embedding", "shared", TIED, "fc", "fc.weight is table.weight", tied=tied)
    yield case(
        "tied, and the head comes first",
        "shared",
        {"fc": TIED["fc"], "table": TIED["table"]},
        "fc",
        "table.weight is fc.weight",
        tied=[["fc.weight", "table.weight"]],
    )
    yield case("tied inside of the body", "shared", TIED, "last", "fc.weight is table.weight", tied=tied)
    twice = {"table": ["table", 3, 3], "fc": {"0": ["table", 3, 3], "1": ["table", 3, 3]}}
    yield case(
        "tied inside of the head",
        "shared",
        twice,
        "fc",
        "fc.1.weight is fc.0.weight",
        tied=[["fc.0.weight", "fc.1.weight"]],
    )
    yield case(
        "what is left of the model", "untouched", NESTED, "classifier.1", untouched=True, frozen=["classifier.1.bias"]
    )
    for head in ("fc3", "body.fc", "fc.weight"):
        wrong = case(f"no submodule {head}", "errors", SMALL, head)
        wrong.options["names"] = head
        yield wrong


param_groups = Exercise(
    homework="hw9",
    name="param_groups",
    difficulty=1,
    file="transfer.py",
    points=9,
    kind="probe",
    probe=_groups,
    cases=_groups_cases,
    checks=(
        Check("value", 3.5, "the group of the body comes first, that of the head second", aspect="basic"),
        Check("value", 0.5, "the learning rate of the body is `lr * factor`", aspect="factor"),
        Check("value", 1, "at whatever depth, and no others", aspect="nested"),
        Check(
            "value",
            1.25,
            "a submodule whose name only begins alike",
            aspect="alike",
            title="values: names that begin alike",
        ),
        Check(
            "value",
            0.5,
            "also those that belong to no submodule but to the model itself",
            aspect="own",
            title="values: the model's own parameters",
        ),
        Check("value", 0.75, "Parameters that do not require a gradient are in no group", aspect="frozen"),
        Check("value", 0.75, "No parameter occurs twice", aspect="shared", title="values: shared parameters"),
        Check("value", 0.25, "The model is not changed", aspect="untouched"),
        Check("errors", 0.5, "the model has no submodule called `head`"),
    ),
    hints=(
        "`model.named_parameters()` gives every parameter with its path. What do the paths of the head's"
        " parameters have"
        " in common, and no other path?",
        "The path begins with the name of the head and a dot. Without the dot, `fc` also finds `fc2`. And which of the"
        " two groups is to be trained with care?",
        "Go through the paths once and sort each trainable parameter by its beginning. For those that are shared: ask"
        " `named_parameters` for duplicates too, and take out of the head's group what the body has.",
    ),
)

# ---- freeze_except


def _freeze(student: Any, call: Any) -> Any:
    from autograder.exercises.hw9 import _transferring

    return _transferring.freeze(student, call)


def _freeze_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, parts: dict[str, Any], names: list[str], *report: str, says: str = "", **options: Any
    ) -> Case:
        batches = options.pop("batches", ())
        start = draw.integer(0, 9)
        return Case(
            name,
            aspect,
            batches,
            {"names": names},
            says=says,
            options={"parts": parts, "report": list(report), "start": start, **options},
        )

    gradients, flags = "trainable", "modes"
    yield case("two layers", "basic", SMALL, ["fc"], gradients, "returned")
    yield case("four layers", "basic", NET, ["fc"], gradients, "returned")
    yield case("two parts of four", "basic", NET, ["output", "fc"], gradients, "returned")
    yield case(
        "everything was frozen", "thaw", SMALL, ["fc"], gradients, frozen=["body.weight", "body.bias", "fc.weight"]
    )
    yield case("another part than before", "thaw", NET, ["output"], gradients, before=[["fc"]])
    yield case("more parts than before", "thaw", NET, ["hidden", "output", "fc"], gradients, flags, before=[["fc"]])
    yield case("a part of a part", "nested", NESTED, ["classifier.1"], gradients, flags)
    yield case("a part and its parts", "nested", DEEP_HEAD, ["head"], gradients, flags)
    yield case("another name begins alike", "alike", ALIKE, ["fc"], gradients, flags, says="fc, fc2 and last_fc")
    yield case("numbers that begin alike", "alike", TALL, ["1"], gradients, flags, says="1, 11 and 2")
    yield case("modes", "modes", NORMED, ["fc"], flags)
    yield case("was in evaluation mode", "modes", DEEP_HEAD, ["head"], flags, training=False)
    yield case("a part without parameters", "modes", NORMED, ["drop", "fc"], flags)
    yield case("modes, a normalized head", "modes", NESTED, ["features"], flags)
    yield case("what a part lies in", "containers", NESTED, ["classifier.1"], flags)
    yield case("two parts of one", "containers", DEEP_HEAD, ["head.0", "head.2"], flags)
    for name, parts in (("a frozen batch norm", NORMED), ("inside of a frozen part", NESTED)):
        names = ["fc"] if parts is NORMED else ["classifier.1"]
        yield case(name, "statistics", parts, names, "statistics", batches=tuple(draw.floats((4, 3)) for _ in range(2)))
    yield case(
        "a batch norm that is trained", "statistics", DEEP_HEAD, ["head"], "statistics", batches=(draw.floats((4, 3)),)
    )
    yield case("what is returned", "returned", NET, ["output", "fc"], "returned")
    yield case("the order is the model's", "returned", NET, ["fc", "input"], "returned")
    yield case("a part, and a part of it", "returned", DEEP_HEAD, ["head", "head.2"], "returned", gradients)
    yield case("nothing is named", "nothing", NORMED, [], gradients, flags, "returned")
    tied = [["table.weight", "fc.weight"]]
    yield case("shared with a frozen part", "shared", TIED, ["fc"], gradients, "returned", tied=tied)
    yield case("shared, named by the other", "shared", TIED, ["table", "last"], gradients, "returned", tied=tied)
    yield case("gradients from before", "gradients", NET, ["fc"], "gradients")
    yield case("gradients, a part of a part", "gradients", NESTED, ["classifier.1"], "gradients")
    yield case("values and parts", "untouched", NORMED, ["fc"], "changed", frozen=["fc.bias"])
    yield case("a parameter of the model itself", "own", SMALL, ["fc"], gradients, "returned", own={"scale": 4})
    for name, names in (("no such part", ["fc3"]), ("the second is none", ["fc", "body.1"])):
        yield case(name, "refused", SMALL, names, "refused", refused=True, frozen=["fc.bias"])
        wrong = case(name, "errors", SMALL, names, gradients)
        wrong.options["names"] = names[-1]
        yield wrong


freeze_except = Exercise(
    homework="hw9",
    name="freeze_except",
    file="transfer.py",
    points=10,
    kind="probe",
    probe=_freeze,
    cases=_freeze_cases,
    checks=(
        Check("value", 2.5, "require a gradient, and no other parameter of the model does", aspect="basic"),
        Check(
            "value",
            0.75,
            "whatever its parameters' `requires_grad` and its parts' modes have been before",
            aspect="thaw",
            title="values: thawing",
        ),
        Check("value", 0.5, "They may lie inside of others", aspect="nested"),
        Check(
            "value", 0.75, "one whose name only begins alike", aspect="alike", title="values: names that begin alike"
        ),
        Check(
            "value",
            1.5,
            "A named submodule and all parts of it are in training mode. Everything else is in evaluation mode",
            aspect="modes",
        ),
        Check("value", 0.5, "also the model itself and what a named submodule lies in", aspect="containers"),
        Check("value", 1, "running statistics of the frozen parts do not move", aspect="statistics"),
        Check(
            "value",
            0.5,
            "A list of the parameters that are trained, each once, in the order of `model.parameters()`",
            aspect="returned",
        ),
        Check("value", 0.25, "An empty list freezes everything", aspect="nothing"),
        Check("value", 0.25, "A parameter that a named submodule shares with the rest is trained", aspect="shared"),
        Check(
            "value",
            0.25,
            "no other parameter of the model does",
            aspect="own",
            title="values: the model's own parameters",
        ),
        Check("value", 0.5, "The `grad` of a frozen parameter is None", aspect="gradients"),
        Check("value", 0.25, "and so do all values", aspect="untouched"),
        Check("value", 0.25, "and the model is as it was", aspect="refused"),
        Check("errors", 0.25, "the model has no submodule of one of the names. The message names it"),
    ),
    hints=(
        "Two things make a part frozen: no gradient is computed for its parameters, and calling it changes nothing in"
        " it. Which layers change in a forward pass?",
        "It is easier to freeze everything first and to thaw what is named than to decide for each part."
        " nn.Module has a"
        " method for each of the four moves.",
        "`requires_grad_` and `train` of a module reach everything inside of it. Look all names up before you change"
        " anything, so that a wrong one leaves the model alone.",
    ),
)
