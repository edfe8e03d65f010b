"""transfer.py: a new head for a pretrained model, and what of a checkpoint fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Finding, Tensor
from autograder.exercises.hw9._parts import FLAT, NESTED, NO_BIAS, NORMED, ON_DEVICE, PLAIN, SMALL, TIED

# ---- replace_head


def _replace(student: Any, call: Any) -> Any:
    from autograder.exercises.hw9 import _transferring

    return _transferring.replace(student, call)


def _replace_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, parts: dict[str, Any], layer: str, classes: int, *report: str, **options: Any
    ) -> Case:
        args = (draw.floats((3, 3)),) if "scores" in report else ()
        runs = ON_DEVICE if options.pop("device", False) else PLAIN
        return Case(
            name,
            aspect,
            args,
            {"name": layer, "num_classes": classes},
            runs=runs,
            options={"parts": parts, "report": list(report), "start": draw.integer(0, 9), **options},
        )

    model = "flag “the model itself is returned”"
    yield case("four classes become two", "basic", SMALL, "fc", 2, "scores", "layer", model, device=True)
    wide = {"body": ["linear", 3, 3], "fc": ["linear", 3, 2]}
    yield case("two become five", "basic", wide, "fc", 5, "scores", "layer", model)
    yield case("as many classes as before", "new", SMALL, "fc", 4, "layer", "flag “the layer is a new one”")
    yield case("a part of a part", "nested", NESTED, "classifier.1", 2, "scores", "layer", training=False)
    yield case("in a sequence", "nested", FLAT, "2", 3, "scores", "layer", device=True)
    yield case("two parts deep", "nested", {"a": {"b": SMALL}}, "a.b.fc", 3, "scores", "layer")
    yield case("in the middle", "nested", {"fc": ["linear", 3, 4], "norm": ["relu"]}, "fc", 2, "scores", "layer")
    yield case("without a bias", "bias", NO_BIAS, "fc", 3, "scores", "layer")
    yield case("with a bias", "bias", SMALL, "fc", 3, "layer")
    frozen = ["body.weight", "body.bias", "fc.weight", "fc.bias"]
    yield case("everything was frozen", "trainable", SMALL, "fc", 3, "trainable", frozen=frozen)
    yield case("the body is not frozen", "trainable", SMALL, "fc", 3, "trainable", frozen=["body.bias"])
    yield case("float64", "dtype", SMALL, "fc", 3, "layer", dtype="float64")
    yield case("float64, without a bias", "dtype", NO_BIAS, "fc", 3, "layer", dtype="float64")
    yield case("bfloat16", "dtype", FLAT, "2", 3, "layer", dtype="bfloat16")
    yield case("float64, unlike its model", "dtype", SMALL, "fc", 3, "layer", dtypes={"fc": "float64"})
    yield case("in evaluation mode", "mode", SMALL, "fc", 3, "modes", training=False)
    yield case("in training mode", "mode", SMALL, "fc", 3, "modes")
    yield case("unlike its model", "mode", SMALL, "fc", 3, "modes", modes={"fc": False})
    yield case("the other parts", "rest", NESTED, "classifier.1", 2, "other parts", "other values")
    yield case("the other parts of a sequence", "rest", FLAT, "0", 2, "other parts", "other values")
    yield case("the old layer", "rest", SMALL, "fc", 3, "flag “the old layer has changed”", "other values")
    for name, parts, layer in (("two seeds", SMALL, "fc"), ("as large as before", {"a": SMALL}, "a.fc")):
        drawn = case(name, "initialisation", parts, layer, 4)
        drawn.options.update(laws=True, seeds=True)
        yield drawn
    yield case("on a device", "device", NESTED, "classifier.1", 2, "layer", device=True)
    for name, parts, layer in (
        ("no such part", SMALL, "head"),
        ("not a linear layer", NESTED, "features.1"),
        ("a part that has parts", NESTED, "classifier"),
        ("no such part of a part", NESTED, "classifier.7"),
    ):
        yield case(name, "refused", parts, layer, 2, "refused", refused=True)
        wrong = case(name, "errors", parts, layer, 2, "layer")
        wrong.options["names"] = layer
        yield wrong


def _fresh_head(case: Case, value: Any) -> Iterable[Finding]:
    """The new layer is random, and none of its rows is one of the old layer's."""
    import numpy as np

    from autograder.exercises.initial import initialisation

    old = np.asarray(value["old"].data)
    for _, kind, array in value["draws"]:
        if kind == "weight" and any(np.array_equal(row, known) for row in np.asarray(array.data) for known in old):
            yield Finding("copied", "rows of the new weight are those of the old one")
            return
    yield from initialisation(case, value["draws"])


replace_head = Exercise(
    homework="hw9",
    name="replace_head",
    file="transfer.py",
    points=8,
    kind="probe",
    probe=_replace,
    arguments=("X",),
    laws=(_fresh_head,),
    cases=_replace_cases,
    checks=(
        Check("value", 2.5, "the model computes with a new nn.Linear in this place", aspect="basic"),
        Check("value", 0.5, "Puts a new linear layer in the place", aspect="new"),
        Check("value", 1, "It may lie inside of others", aspect="nested"),
        Check("value", 0.5, "a bias if the old layer had one", aspect="bias"),
        Check("value", 0.5, "They require a gradient, even where the old ones were frozen", aspect="trainable"),
        Check("value", 0.5, "have the dtype of the old weight", aspect="dtype"),
        Check("value", 0.25, "the new layer is in the mode (training or evaluation) of the old one", aspect="mode"),
        Check(
            "value",
            0.5,
            "the other layers are the same objects, with the same values",
            aspect="rest",
            title="values: everything else",
        ),
        Check(
            "randomness",
            0.75,
            "with random numbers from torch's global generator; none is copied from the old layer",
            aspect="initialisation",
            title="initialisation",
        ),
        Check("device", 0.5, "They are on the device"),
        Check("value", 0.25, "the model has no submodule called `name`", aspect="refused"),
        Check("errors", 0.25, "or that is not an nn.Linear. The message names it"),
    ),
    hints=(
        "A layer is an attribute of the module around it. What is the attribute's name, and what the module, for"
        " `classifier.1`?",
        "Split the path at its last dot. `get_submodule` finds the module around the layer; an attribute whose name you"
        " have as a string is set with `setattr`, also where the name is a number.",
        "Everything about the new layer but its number of outputs is known from the old one: inputs, bias or none,"
        " device, dtype, mode. nn.Linear takes most of it in its constructor.",
    ),
)

# ---- load_pretrained


def _load(student: Any, call: Any) -> Any:
    from autograder.exercises.hw9 import _transferring

    return _transferring.load(student, call)


def _load_cases(draw: Draw) -> Iterable[Case]:
    def numbers(size: tuple[int, ...], dtype: str) -> Tensor:
        """With more bits than half precision has."""
        coarse = draw.floats(size, dtype=dtype)
        return replace(coarse, data=coarse.data + draw.floats(size, 2**-8, dtype=dtype).data)

    def entries(sizes: dict[str, Any], dtype: str = "float32") -> dict[str, Tensor]:
        return {name: numbers(size, dtype) if isinstance(size, tuple) else tensor(size) for name, size in sizes.items()}

    def case(
        name: str, aspect: str, parts: dict[str, Any], given: dict[str, Tensor], *report: str, **options: Any
    ) -> Case:
        prefix = options.pop("prefix", None)
        runs = ON_DEVICE if options.pop("device", False) else PLAIN
        return Case(
            name,
            aspect,
            (given,),
            {} if prefix is None else {"prefix": prefix},
            runs=runs,
            options={"parts": parts, "report": list(report), "start": draw.integer(0, 9), **options},
        )

    both = ("told", "values")
    layer = {"fc": ["linear", 3, 2]}
    small = {"body.weight": (2, 3), "body.bias": (2,), "fc.weight": (4, 2), "fc.bias": (4,)}
    body = {"body.weight": (2, 3), "body.bias": (2,)}
    other_head = {**body, "fc.weight": (5, 2), "fc.bias": (5,)}
    yield case("one layer", "basic", layer, entries({"fc.weight": (2, 3), "fc.bias": (2,)}), *both, device=True)
    yield case("all of two layers", "basic", SMALL, entries(small), *both)
    yield case("the head is missing", "missing", SMALL, entries(body), *both)
    yield case("the bias is missing", "missing", layer, entries({"fc.weight": (2, 3)}), *both)
    yield case("entries too many", "unexpected", SMALL, entries({"step": 7, **small, "old.weight": (3, 3)}), *both)
    yield case("a head of five classes", "mismatched", SMALL, entries(other_head), *both, device=True)
    yield case(
        "shapes that could be broadcast",
        "mismatched",
        SMALL,
        entries({**small, "body.weight": (1, 3), "fc.weight": (4, 1), "fc.bias": (1,)}),
        *both,
    )
    yield case(
        "shapes that could be reshaped",
        "mismatched",
        SMALL,
        entries({**small, "body.weight": (3, 2), "fc.weight": (8,)}),
        *both,
    )
    yield case("a number for a vector", "mismatched", SMALL, entries({**small, "fc.bias": ()}), *both)
    yield case("entries in another order", "order", SMALL, entries(dict(reversed(list(small.items())))), *both)
    mixed = {"z": (2,), "fc.bias": (5,), "body.bias": (2,), "fc.weight": (5, 2), "a": (1,)}
    yield case("some of everything", "order", SMALL, entries(mixed), *both)
    encoder = {f"encoder.{name}": size for name, size in small.items()}
    yield case("a prefix", "prefix", SMALL, entries(encoder), *both, prefix="encoder.", device=True)
    yield case(
        "a prefix, and other entries",
        "prefix",
        SMALL,
        entries({**encoder, "head.weight": (2, 2), "encoder.step": 7, "fc.weight": (4, 2)}),
        *both,
        prefix="encoder.",
    )
    own = {"module": {"fc": ["linear", 3, 2]}}
    inner = {"module.module.fc.weight": (2, 3), "module.module.fc.bias": (2,)}
    yield case("the prefix occurs again in the name", "prefix", own, entries(inner), *both, prefix="module.")
    no_dot = {f"net_{name}": size for name, size in small.items()}
    yield case("a prefix without a dot", "prefix", SMALL, entries(no_dot), *both, prefix="net_")
    letters = {"net.ten.weight": (2, 3), "net.ten.bias": (2,)}
    yield case(
        "a name of the same letters", "prefix", {"ten": ["linear", 3, 2]}, entries(letters), *both, prefix="net."
    )
    yield case(
        "the prefix lies inside of names",
        "prefix",
        SMALL,
        entries({"my.encoder.fc.weight": (4, 2), **encoder}),
        *both,
        prefix="encoder.",
    )
    yield case(
        "no prefix, but names that have one",
        "prefix",
        SMALL,
        entries({**body, "module.fc.weight": (4, 2), "module.fc.bias": (4,)}),
        *both,
    )
    norm = {
        "norm.weight": (2,),
        "norm.bias": (2,),
        "norm.running_mean": (2,),
        "norm.running_var": (2,),
        "norm.num_batches_tracked": 12,
    }
    normed = {**body, **norm, "fc.weight": (4, 2), "fc.bias": (4,)}
    yield case("buffers", "buffers", NORMED, entries(normed), *both)
    yield case("a buffer of another shape", "buffers", NORMED, entries({**normed, "norm.running_mean": (3,)}), *both)
    yield case("float64 into float32", "dtype", SMALL, entries(small, "float64"), *both)
    yield case("float32 into float64", "dtype", SMALL, entries(small), *both, dtype="float64")
    yield case(
        "half precision into float32",
        "dtype",
        layer,
        entries({"fc.weight": (2, 3), "fc.bias": (2,)}, "bfloat16"),
        *both,
    )
    yield case(
        "the parameters themselves",
        "objects",
        SMALL,
        entries(other_head),
        "other parameters",
        "flag “parameters have a graph”",
    )
    yield case(
        "all parameters themselves",
        "objects",
        SMALL,
        entries(small),
        "other parameters",
        "flag “parameters have a graph”",
    )
    yield case(
        "a frozen body", "frozen", SMALL, entries(small), "frozen", "values", frozen=["body.weight", "body.bias"]
    )
    yield case("no memory in common", "copies", SMALL, entries(small), "flag “the state dict follows the model”")
    yield case(
        "no memory in common, a prefix",
        "copies",
        SMALL,
        entries(encoder),
        "flag “the state dict follows the model”",
        prefix="encoder.",
    )
    tied = {"table.weight": (3, 3), "fc.weight": (3, 3), "last.weight": (2, 3), "last.bias": (2,)}
    shared = entries(tied)
    shared["fc.weight"] = shared["table.weight"]
    yield case("a tied weight", "tied", TIED, shared, *both, tied=[["table.weight", "fc.weight"]])
    for name, given, prefix in (
        ("no name fits", {"encoder.weight": (2, 3)}, ""),
        ("no shape fits", {"fc.weight": (2, 4), "fc.bias": (5,)}, ""),
        ("the wrong prefix", small, "module."),
        ("an empty state dict", {}, ""),
    ):
        yield case(name, "errors", SMALL, entries(given), "told", prefix=prefix)
        yield case(name, "refused", SMALL, entries(given), "refused", prefix=prefix, refused=True)


load_pretrained = Exercise(
    homework="hw9",
    name="load_pretrained",
    file="transfer.py",
    points=10,
    kind="probe",
    probe=_load,
    arguments=("state_dict", "prefix"),
    cases=_load_cases,
    checks=(
        Check("value", 2, "that got the values of an entry of the same name and the same shape", aspect="basic"),
        Check("value", 0.75, "the model's names without an entry", aspect="missing"),
        Check("value", 0.75, "the names of all other entries as `state_dict` has them", aspect="unexpected"),
        Check("value", 1.75, "the model's names whose entry has another shape", aspect="mismatched"),
        Check("value", 0.25, "in the order of `model.state_dict()`", aspect="order"),
        Check("value", 1.5, "its name for such an entry is what follows the prefix", aspect="prefix"),
        Check("value", 0.5, "(parameters and buffers, in the order of `model.state_dict()`)", aspect="buffers"),
        Check("value", 0.25, "Each keeps its dtype", aspect="dtype"),
        Check(
            "value",
            0.5,
            "copied into the parameters and buffers that the model has",
            aspect="objects",
            title="values: the same parameters",
        ),
        Check("value", 0.25, "its `requires_grad`", aspect="frozen"),
        Check(
            "value",
            0.25,
            "Later changes of the model do not reach `state_dict`",
            aspect="copies",
            title="values: no memory in common",
        ),
        Check("value", 0.125, "the model's names (parameters and buffers", aspect="tied"),
        Check("purity", 0.25, "`state_dict`, which is not changed"),
        Check("device", 0.25, "It may lie on another device than the model"),
        Check("value", 0.125, "nothing at all could be loaded", aspect="refused"),
        Check("errors", 0.5, "nothing at all could be loaded. It has a message"),
    ),
    hints=(
        "Before anything is copied, sort the names. Which four things can happen to a name of the model or of the"
        " checkpoint?",
        "Cut the prefix off where the name begins with it, and only there: `lstrip` takes letters, not a prefix, and"
        " `replace` finds it anywhere. `copy_` does not ask for equal shapes, it broadcasts; ask yourself.",
        "`model.state_dict()` gives the names in their order, buffers included, and tensors that share the model's"
        " memory: what is copied into them without recording gradients is in the model.",
    ),
)
