"""checkpoint.py: save_checkpoint, load_checkpoint, resume, warm_start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograder.draw import Draw, tensor
from autograder.exercise import Case, Check, Exercise, Run, Tensor

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")
THERE: tuple[Run, ...] = ("phantom",)
SHAPES: dict[str, dict[str, tuple[int, ...]]] = {
    "model": {"weight": (2, 3), "bias": (2,)},
    "Model": {"weight": (1, 3)},
    "encoder": {"weight": (2, 2), "running_mean": (2,)},
    "decoder": {"weight": (3, 2), "bias": (3,)},
    "head": {"weight": (1, 2)},
}


def _run(name: str) -> Callable[[Any, Any], Any]:
    """The probe of this name, among the instruments that import torch."""

    def probe(student: Any, call: Any) -> Any:
        from autograder.exercises.hw2 import _checkpoints

        return getattr(_checkpoints, name)(student, call)

    return probe


def _weights(draw: Draw, *names: str) -> dict[str, dict[str, Tensor]]:
    return {name: {part: draw.floats(shape) for part, shape in SHAPES[name].items()} for name in names}


def _save_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, models: Sequence[str], epoch: int, *report: str, **options: Any) -> Case:
        runs = ON_DEVICE if options.pop("device", False) else PLAIN
        return Case(name, aspect, (_weights(draw, *models), epoch), options={"report": list(report), **options},
                    runs=runs)  # fmt: skip

    models, optimizer, epoch = (f'the file["{key}"]' for key in ("models", "optimizer", "epoch"))
    both = ("encoder", "decoder")
    yield case("one model", "basic", ["model"], 3, models, epoch, str=True, device=True)
    yield case("epoch 0", "basic", ["decoder"], 0, models, epoch)
    yield case("an int", "basic", ["model"], 3, "type of the epoch")
    yield case("no model", "several", [], 2, models, epoch)
    yield case("names that differ in capitals", "several", ["Model", "model"], 2, models)
    yield case("two models", "several", both, 2, models, device=True)
    yield case("three models", "several", ("decoder", "head", "encoder"), 7, models, epoch)
    yield case("momentum", "optimizer", ["model"], 1, optimizer)
    yield case("momentum of two models", "optimizer", both, 1, optimizer, device=True)
    yield case("one model", "keys", ["model"], 4, "keys of the file")
    yield case("a new folder", "folders", ["head"], 4, epoch, file="runs/monday/last.pt")
    yield case("a new folder, given as a str", "folders", ["head"], 4, epoch, file="a/last.pt", str=True)
    yield case("an old file", "replaced", ["head"], 5, epoch, models, old=4)
    kept = "flag “an exception was kept back”"
    yield case("writing fails", "interrupted", ["model"], 5, "the file", kept, old=4, unwritable="the disk")
    yield case("torch fails", "interrupted", ["model"], 5, "the file", kept, old=4, unwritable="torch")
    yield case("Ctrl-C", "interrupted", ["model"], 5, "the file", kept, old=4, unwritable="Ctrl-C")
    yield case("writing succeeds", "beside", ["model"], 5, "files", file="run/best.tar")
    yield case("an old file", "beside", ["model"], 5, "files", old=4, str=True)
    for why in ("the disk", "torch", "Ctrl-C"):
        yield case(f"writing fails: {why}", "beside", ["model"], 5, "number of files", old=4, unwritable=why)
    yield case("the path is a folder", "beside", ["model"], 5, "number of files", folder=True)
    near = ["last.pt.old", "last.pt2", "last.txt", "other.tmp"]
    yield case("writing succeeds, with neighbours", "beside", ["model"], 5, "files", neighbours=near, old=4)
    yield case(
        "a name that ends in .tmp",
        "beside",
        ["model"],
        5,
        "number of files",
        file="last.tmp",
        unwritable="torch",
        old=4,
    )
    changed = "flag “models or optimizer were changed”"
    yield case("in training mode", "untouched", both, 5, changed, "training", "models are on", device=True)
    yield case("in evaluation mode", "untouched", ["model"], 5, changed, "training", evaluation=True)
    yield case("gradients", "untouched", both, 5, "flag “what is trained has changed”", frozen=["weight"])


save_checkpoint = Exercise(
    homework="hw2",
    name="save_checkpoint",
    difficulty=1,
    file="checkpoint.py",
    points=3.5,
    kind="probe",
    probe=_run("run_save"),
    arguments=("weights of the models", "epoch"),
    mixed_precision=True,
    cases=_save_cases,
    checks=(
        Check("value", 1, "The file is written by torch.save and holds a dict with the keys", aspect="basic",
              title="models and epoch"),
        Check("value", 0.5, "a dict with the state dict of each model under its name", aspect="several",
              title="several models"),
        Check("value", 0.5, "the state dict of the optimizer", aspect="optimizer", title="optimizer"),
        Check("value", 0.125, "It holds nothing else", aspect="keys", title="keys of the file"),
        Check("value", 0.25, "Folders of the path that do not exist are made", aspect="folders", title="new folders"),
        Check("value", 0.125, "A file that is already there is replaced", aspect="replaced", title="an old file"),
        Check("value", 0.375, "when writing fails, the exception is passed on and the old file is as it was",
              aspect="interrupted", title="writing fails"),
        Check("value", 0.125, "Afterwards, in either case, no other file lies beside it", aspect="beside",
              title="no other file"),
        Check("value", 0.25, "Models and optimizer are not changed", aspect="untouched", title="models untouched"),
        Check("device", 0.25, "any number of them, on any device"),
    ),
    hints=(
        "What is it of a model and of an optimizer that a file can hold without knowing their classes?",
        "Build the dict with its three keys first. Then think of the moment in which half of the file is written and "
        "the power fails: what is left of the old one?",
        "Make the folders, write to another name in the same folder, and put that file in the place of the old one "
        "when it is complete. Whatever happens, the other name must not stay behind.",
    ),
)  # fmt: skip


def _load_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, saved: Sequence[str], mine: Sequence[str], epoch: int, *report: str, **options: Any
    ) -> Case:
        runs = options.pop("runs", PLAIN)
        args = (_weights(draw, *saved), _weights(draw, *mine), epoch)
        return Case(name, aspect, args, options={"report": list(report), **options}, runs=runs)

    both = ("encoder", "decoder")
    yield case("one model", "basic", ["model"], ["model"], 3, "epoch", "models", str=True)
    yield case("epoch 0", "basic", ["decoder"], ["decoder"], 0, "epoch", "models")
    yield case("two models", "several", both, both, 2, "epoch", "models")
    yield case("two models in another order", "several", both, both[::-1], 2, "models", **{"no optimizer": True})
    yield case("one of three models", "several", ("encoder", "head", "decoder"), ["head"], 4, "epoch", "models",
               **{"no optimizer": True})  # fmt: skip
    yield case("momentum", "optimizer", ["model"], ["model"], 1, "optimizer")
    yield case("momentum of two models", "optimizer", both, both, 1, "optimizer")
    yield case("one more step", "optimizer", both, both, 1, "models after one more step")
    gpu = {"written on a gpu": True}
    yield case("written on a GPU", "anywhere", ["model"], ["model"], 6, "epoch", "models", **gpu)
    yield case("written on a GPU, given a str", "anywhere", both, both, 6, "epoch", "optimizer", **gpu, str=True,
               device="cpu")  # fmt: skip
    where = ("models", "models and optimizer are on")
    yield case("written on the CPU", "moved", ["model"], ["model"], 2, *where, runs=ON_DEVICE)
    yield case("written on a GPU", "moved", both, both, 2, *where, **gpu, runs=ON_DEVICE)
    yield case("to the CPU beside a GPU", "moved", both, both, 2, *where, **gpu, **{"models on a gpu": True},
               device="cpu", runs=ON_DEVICE)  # fmt: skip
    yield case("one more step there", "moved", ["model"], ["model"], 2, "models after one more step", "models are on",
               runs=ON_DEVICE)  # fmt: skip
    yield case("given a str", "moved", ["model"], ["model"], 2, *where, str=True, runs=ON_DEVICE)
    same = "flag “other parameters”"
    yield case("two models", "same parameters", both, both, 2, same)
    yield case("in evaluation mode", "mode", both, both, 2, "training", evaluation=True)
    yield case("in training mode", "mode", ["model"], ["model"], 2, "training", "flag “the file was changed”")
    refused = ("raised", "flag “the message does not name the model”", "flag “something was changed”")
    yield case("a name that is not there", "missing", ["model"], ["head"], 2, *refused, refused="head")
    yield case("the second name is not there", "missing", ["model", "head"], ["head", "decoder"], 2, *refused,
               refused="decoder", **{"no optimizer": True})  # fmt: skip
    unfit = _weights(draw, "head") | {"model": {"weight": draw.floats((2, 3)), "gain": draw.floats((2,))}}
    yield Case("a model with other names", "unfit", (_weights(draw, "model", "head"), unfit, 2), runs=PLAIN,
               options={"report": ["raised"], "refused": "gain"})  # fmt: skip
    yield case("a file with code in it", "code", ["model"], ["model"], 2, "flag “code of the file was run”", code=True)


load_checkpoint = Exercise(
    homework="hw2",
    name="load_checkpoint",
    file="checkpoint.py",
    points=4,
    kind="probe",
    probe=_run("run_load"),
    arguments=("weights in the file", "weights of the models", "epoch"),
    mixed_precision=True,
    cases=_load_cases,
    checks=(
        Check("value", 1, "Each gets the weights that the file has under its name", aspect="basic",
              title="models and epoch"),
        Check("value", 0.5, "The file may hold further models: they are left out", aspect="several",
              title="several models"),
        Check("value", 0.75, "gets the state that the file holds", aspect="optimizer", title="optimizer"),
        Check("value", 0.5, "wherever the file was written", aspect="anywhere", title="a file from a GPU"),
        Check("value", 0.25, "The parameters of the models stay the objects that they were", aspect="same parameters",
              title="same parameters"),
        Check("value", 0.125, "The mode of the models does not change", aspect="mode", title="mode"),
        Check("value", 0.25, "The message has the name, and nothing has been changed", aspect="missing",
              title="a model is missing"),
        Check("value", 0.125, "the state dict of a model does not fit, as load_state_dict raises it", aspect="unfit",
              title="a model does not fit"),
        Check("value", 0.125, "no code that it may hold is run", aspect="code", title="no code"),
        Check("device", 0.375, "All models are moved there"),
    ),
    hints=(
        "What does torch.load need to know so that a file from a machine with a GPU can be read everywhere?",
        "Look whether all names are there before anything is changed. Then model by model: to its device, and the "
        "weights into it.",
        "The optimizer comes last, when the parameters are where they stay: it puts its state beside them. Return the "
        "number of the epoch as it stands in the file.",
    ),
)  # fmt: skip


def _resume_cases(draw: Draw) -> Iterable[Case]:
    def case(
        name: str, aspect: str, names: Sequence[str], done: int | None, epochs: int, *report: str, **options: Any
    ) -> Case:
        runs = options.pop("runs", PLAIN)
        args = (_weights(draw, *names) if done is not None else {}, _weights(draw, *names), done, epochs)
        return Case(name, aspect, args, options={"report": list(report), **options}, runs=runs)

    both = ("encoder", "decoder")
    trained = ("epochs trained", "returned")
    end = ("models in the end",)
    yield case("one epoch, no file", "basic", ["model"], None, 1, *trained, *end)
    yield case("three epochs, no file", "basic", both, None, 3, *trained, *end, str=True)
    yield case("epoch 0 is done, one of two", "missing", ["model"], 0, 2, *trained)
    yield case("epoch 2 is done, three of six", "missing", both, 2, 6, *trained, str=True)
    yield case("epoch 0 is done", "goes on", ["model"], 0, 2, *end)
    yield case("epoch 4 is done", "goes on", both, 4, 7, *end)
    file = ("epoch in the file in the end", "models in the file in the end")
    yield case("one epoch, no file", "saved", ["model"], None, 1, *file)
    yield case("two epochs more", "saved", both, 1, 4, *file)
    yield case("three epochs", "saved", ["model"], None, 3, "epoch in the file when each begins", *file[:1])
    yield case("a new folder", "saved", ["head"], None, 2, *file, file="runs/last.pt")
    came = ("raised", "epochs trained", *file)
    yield case("epoch 1 fails", "interrupted", ["model"], None, 3, *came, **{"fails at": [1], "stop": True})
    yield case("the first epoch fails", "interrupted", ["model"], None, 2, "raised", "epoch in the file in the end",
               **{"fails at": [0], "stop": True})  # fmt: skip
    yield case("epoch 3 fails, two are in the file", "interrupted", both, 1, 5, *came,
               **{"fails at": [3], "stop": True})  # fmt: skip
    yield case("interrupted twice", "twice", both, None, 4, "epochs trained", "returned", *end,
               **{"fails at": [1, 3]})  # fmt: skip
    none = ("epochs trained", "returned", "flag “the file was changed”")
    yield case("all are done", "done", ["model"], 2, 3, *none)
    yield case("more are done than asked for", "done", ["model"], 5, 3, *none)
    yield case("no epochs", "done", ["model"], None, 0, "epochs trained", "returned",
               "epoch in the file in the end")  # fmt: skip
    where = ("models are on", "models in the end")
    yield case("no file", "moved", ["model"], None, 2, *where, runs=THERE)
    yield case("a file of the CPU", "moved", both, 1, 3, *where, runs=THERE)
    yield case("all are done", "moved", ["model"], 1, 2, "models are on", runs=THERE)


resume = Exercise(
    homework="hw2",
    name="resume",
    file="checkpoint.py",
    points=4,
    kind="probe",
    probe=_run("run_resume"),
    arguments=("weights in the file", "weights of the models", "epoch in the file", "num_epochs"),
    mixed_precision=True,
    uses=("save_checkpoint", "load_checkpoint"),
    cases=_resume_cases,
    checks=(
        Check("value", 0.75, "Where there is none, training begins with epoch 0", aspect="basic", title="from nothing"),
        Check("value", 1.25, "training goes on with the epoch after the one in the file", aspect="missing",
              title="no epoch twice"),
        Check("value", 0.375, "models and optimizer are loaded from it", aspect="goes on",
              title="goes on where it was"),
        Check("value", 0.75, "After every epoch, before the next one begins, the checkpoint is saved", aspect="saved",
              title="saved every epoch"),
        Check("value", 0.25, "the file is the checkpoint of the last epoch that was finished", aspect="interrupted",
              title="interrupted"),
        Check("value", 0.125, "It is called once for every epoch that is missing, in order", aspect="twice",
              title="interrupted twice"),
        Check("value", 0.25, "A call that trains no epoch leaves the file as it was", aspect="done",
              title="nothing missing"),
        Check("value", 0.25, "They are moved to `device`, also where there is no file", aspect="moved",
              title="runs on cuda"),
    ),
    hints=(
        "The file says that epoch 2 was finished. Which epoch is the next, and which is the first without a file?",
        "Everything that is needed to load and to save is above: call it. What is left is a loop over the epochs from "
        "the first missing one up to `num_epochs`.",
        "In each turn of the loop two things happen, in this order: the epoch is trained, the checkpoint is saved with "
        "its number. An exception need not be caught: what is not reached is not saved.",
    ),
)  # fmt: skip


def _warm_cases(draw: Draw) -> Iterable[Case]:
    def part(**shapes: tuple[int, ...]) -> dict[str, Tensor]:
        return {name: draw.floats(shape) for name, shape in shapes.items()}

    def case(name: str, aspect: str, saved: Any, mine: Any, *report: str, **options: Any) -> Case:
        runs = options.pop("runs", PLAIN)
        return Case(name, aspect, (saved, mine), options={"report": list(report), **options}, runs=runs)

    small: dict[str, tuple[int, ...]] = {"weight": (2, 3), "bias": (2,)}
    yield case("everything fits", "basic", part(**small), part(**small), "model", str=True)
    yield case("the file has no bias", "basic", part(weight=(2, 3)), part(**small), "model")
    yield case("the model has no bias", "basic", part(**small), part(weight=(2, 3)), "model")
    yield case("a buffer", "basic", part(weight=(2,), running_mean=(2,)), part(weight=(2,), running_mean=(2,)), "model")
    yield case("more rows", "shapes", part(weight=(4, 3), bias=(2,)), part(**small), "model")
    yield case("a bias of one number", "shapes", part(weight=(2, 3), bias=(1,)), part(**small), "model")
    yield case("rows and columns the other way round", "shapes", part(weight=(3, 2), bias=(2,)), part(**small), "model")
    yield case("a number and a row of one", "shapes", part(scale=(), bias=(2,)), part(scale=(1,), bias=(2,)), "model")
    yield case("as many numbers", "shapes", part(weight=(6,), bias=(2,)), part(**small), "model")
    yield case("everything fits", "lists", part(**small), part(**small), "lists")
    yield case("either lacks some", "lists", part(weight=(2, 3), scale=(2,), alpha=(1,)),
               part(weight=(2, 3), shift=(2,), bias=(2,)), "lists")  # fmt: skip
    yield case("another shape", "lists", part(weight=(5, 3), bias=(2,)), part(**small), "lists")
    yield case("a buffer is missing", "lists", part(weight=(2,)), part(weight=(2,), running_var=(2,)), "lists")
    refused = ("raised", "flag “the message is empty”", "flag “the model was changed”")
    prefixed = {f"module_{name}": draw.floats(shape) for name, shape in small.items()}
    yield case("a prefix too many", "nothing fits", prefixed, part(**small), *refused, refused=True)
    yield case("other shapes only", "nothing fits", part(weight=(3, 2), bias=(1,)), part(**small), *refused,
               refused=True)  # fmt: skip
    yield case("an empty file", "nothing fits", {}, part(**small), *refused, refused=True)
    gpu = {"written on a gpu": True}
    yield case("written on a GPU", "anywhere", part(**small), part(**small), "model", **gpu)
    yield case("written on the CPU", "there", part(**small), part(**small), "model", "model is on", runs=ON_DEVICE)
    yield case("written on a GPU", "there", part(weight=(2, 3)), part(**small), "model", "model is on", **gpu,
               runs=ON_DEVICE)  # fmt: skip
    left = ("flag “other parameters”", "frozen", "training")
    yield case("a frozen weight, evaluation mode", "untouched", part(**small), part(**small), *left, "model",
               frozen=["weight"], evaluation=True)  # fmt: skip
    yield case("training mode", "untouched", part(weight=(2, 3)), part(**small), *left)
    yield case("float64", "untouched", {"weight": draw.floats((2, 3), dtype="float64"), "bias": tensor([1.0, 2.0])},
               part(**small), "model")  # fmt: skip
    yield case("a file with code in it", "code", part(**small), part(**small), "flag “code of the file was run”",
               code=True)  # fmt: skip


warm_start = Exercise(
    homework="hw2",
    name="warm_start",
    file="checkpoint.py",
    points=2.5,
    kind="probe",
    probe=_run("run_warm"),
    arguments=("entries of the file", "entries of the model"),
    mixed_precision=True,
    cases=_warm_cases,
    checks=(
        Check("value", 0.625, "An entry fits where the model has one of the same name and the same shape",
              aspect="basic"),
        Check("value", 0.5, "All others are left out, and nothing is broadcast", aspect="shapes",
              title="other shapes"),
        Check("value", 0.375, "A tuple of two lists of names, each in alphabetical order", aspect="lists",
              title="what was left out"),
        Check("value", 0.25, "not a single entry fits. The model is as it was", aspect="nothing fits",
              title="nothing fits"),
        Check("value", 0.25, "The tensors may have been on any device", aspect="anywhere", title="a file from a GPU"),
        Check("value", 0.25, "frozen ones stay frozen, and the mode of the model does not change", aspect="untouched",
              title="model untouched"),
        Check("value", 0.125, "The file is read with `weights_only=True`", aspect="code", title="no code"),
        Check("device", 0.125, "an nn.Module, on any device, where it stays"),
    ),
    hints=(
        "What does `load_state_dict(…, strict=False)` say when no name fits at all, and what when a shape differs?",
        "Compare the entries of the file with those of the model yourself: which names do both have, and which of "
        "these have one shape?",
        "Make a dict of the entries that fit, and raise when it is empty. Load that one; both lists are what remains "
        "of the names of either side.",
    ),
)  # fmt: skip

EXERCISES = (save_checkpoint, load_checkpoint, resume, warm_start)
