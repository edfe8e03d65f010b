"""The instruments of checkpoints: small models, an optimizer with a state, and files that were written elsewhere.

Imported by the probes, beside student code, and by nothing else: it imports torch. Files are in the worker's own
folder and are gone after each case.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import torch.serialization
from torch import nn

KEYS = ("models", "optimizer", "epoch")
_ran: set[str] = set()


class DiskFull(OSError):
    """Raised in the middle of writing a file."""


class NotWritten(RuntimeError):
    """Raised in the middle of writing a file, by what writes it."""


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C in the middle of writing a file."""


FAILURES: dict[str, type[BaseException]] = {"the disk": DiskFull, "torch": NotWritten, "Ctrl-C": Stopped}


class EpochFailed(Exception):
    """Raised by an epoch that was interrupted."""


class Unwritable:
    """Something in a state dict that cannot be written."""

    def __init__(self, why: str) -> None:
        self._why = why

    def __reduce__(self) -> Any:
        raise FAILURES[self._why]("no space left on the device")


class Code:
    """Something in a file that runs code when it is read as a pickle."""

    def __reduce__(self) -> Any:
        return run_code, ("the code of the file",)


def run_code(what: str) -> str:
    _ran.add(what)
    return what


class Part(nn.Module):
    """A module with the given tensors: parameters, and buffers where the name begins with running."""

    def __init__(self, tensors: dict[str, torch.Tensor], frozen: list[str]) -> None:
        super().__init__()
        for name, value in tensors.items():
            held = value.detach().cpu().clone()
            if name.startswith("running"):
                self.register_buffer(name, held)
            else:
                self.register_parameter(name, nn.Parameter(held, requires_grad=name not in frozen))


class Momentum:
    """Stochastic gradient descent with momentum, and with state dicts as those of torch.optim. Loading moves the state
    to the devices of the parameters, as theirs does."""

    def __init__(self, parameters: list[nn.Parameter], lr: float, momentum: float) -> None:
        self.param_groups: list[dict[str, Any]] = [{"params": parameters, "lr": lr, "momentum": momentum}]
        self.state: dict[nn.Parameter, dict[str, torch.Tensor]] = {}
        self.extra: dict[str, Any] = {}

    def zero_grad(self, set_to_none: bool = True) -> None:
        for parameter in self.param_groups[0]["params"]:
            parameter.grad = None

    def step(self) -> None:
        group = self.param_groups[0]
        with torch.no_grad():
            for parameter in group["params"]:
                if parameter.grad is not None:
                    speed = parameter.grad.detach().clone()
                    if parameter in self.state:
                        speed += group["momentum"] * self.state[parameter]["momentum_buffer"]
                    self.state[parameter] = {"momentum_buffer": speed}
                    parameter -= group["lr"] * speed

    def state_dict(self) -> dict[str, Any]:
        parameters = self.param_groups[0]["params"]
        group = {key: value for key, value in self.param_groups[0].items() if key != "params"}
        state = {i: dict(self.state[p]) for i, p in enumerate(parameters) if p in self.state}
        return {"state": state, "param_groups": [{**group, "params": list(range(len(parameters)))}], **self.extra}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        parameters = self.param_groups[0]["params"]
        saved = state_dict["param_groups"][0]
        if len(saved["params"]) != len(parameters):
            raise ValueError("loaded state dict contains a parameter group that doesn't match the size of this one")
        self.param_groups = [{**saved, "params": parameters}]
        self.state = {
            parameters[i]: {key: value.to(parameters[i].device).clone() for key, value in held.items()}
            for i, held in state_dict["state"].items()
        }


def learn(optimizer: Momentum, number: int) -> None:
    """A step whose gradients depend on the weights and on the number."""
    for parameter in optimizer.param_groups[0]["params"]:
        if parameter.requires_grad:
            parameter.grad = (parameter.detach() + number) / 4
    optimizer.step()
    optimizer.zero_grad()


class World:
    """What a case starts from: a folder, models with the case's weights (or other ones), an optimizer of all of their
    parameters, both on the device on which they begin."""

    def __init__(self, call: Any, folder: str) -> None:
        self.call, self.options = call, call.options
        self.folder = Path(folder)
        file = self.folder / self.options.get("file", "last.pt")
        self.path: Any = str(file) if self.options.get("str") else file
        self.file = file

    def models(self, weights: dict[str, dict[str, torch.Tensor]], device: str = "cpu") -> dict[str, Part]:
        frozen = self.options.get("frozen", [])
        models = {name: Part(tensors, frozen) for name, tensors in weights.items()}
        for model in models.values():
            model.to(device)
            model.train(not self.options.get("evaluation"))
        return models

    def optimizer(self, models: dict[str, Part], lr: float = 0.5) -> Momentum:
        return Momentum([p for model in models.values() for p in model.parameters()], lr, 0.5)

    def write(self, weights: dict[str, dict[str, torch.Tensor]], epoch: int) -> tuple[dict[str, Part], Momentum]:
        """A checkpoint by the kit itself, of models that have learnt for a step."""
        models = self.models(weights, "cuda" if self.on_gpu and self.call.device == "cuda" else "cpu")
        optimizer = self.optimizer(models, 0.25)
        learn(optimizer, 1)
        state = {"models": {n: m.state_dict() for n, m in models.items()}, "optimizer": optimizer.state_dict()}
        self.save({**state, "epoch": epoch})
        return models, optimizer

    def save(self, content: Any) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with written_on_a_gpu(self.on_gpu and self.call.device != "cuda"):
            torch.save(content, self.file)

    @property
    def on_gpu(self) -> bool:
        return bool(self.options.get("written on a gpu"))

    def content(self) -> Any:
        """What is in the file, as whoever does not trust it reads it."""
        if not self.file.is_file():
            return "there is no file"
        try:
            return plain(torch.load(self.file, map_location="cpu", weights_only=True))
        except Exception as error:
            return f"torch.load with weights_only=True raises {type(error).__name__}"

    def files(self) -> list[str]:
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file())


@contextmanager
def written_on_a_gpu(wanted: bool) -> Iterator[None]:
    """Files that torch.save writes inside say that their tensors were on a GPU, where there is none."""
    tag = torch.serialization.location_tag
    if wanted:
        torch.serialization.location_tag = lambda storage: "cuda:0"
    try:
        yield
    finally:
        torch.serialization.location_tag = tag


def plain(value: Any) -> Any:
    """A copy on the CPU that later changes do not reach; subclasses of dict become dicts."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def weights_of(models: dict[str, Part]) -> dict[str, Any]:
    return {name: plain(dict(model.state_dict())) for name, model in models.items()}


def places(models: dict[str, Part], optimizer: Momentum | None = None) -> str:
    held = [value for model in models.values() for value in model.state_dict().values()]
    if optimizer is not None:
        held += [value for state in optimizer.state.values() for value in state.values()]
    return " and ".join(sorted({"the CPU" if value.device.type == "cpu" else "cuda" for value in held}))


def attempt(action: Any, *expected: type[BaseException]) -> tuple[Any, str]:
    """What the action answers, and what it raised; what is not expected is the student's own to see."""
    try:
        return action(), "nothing"
    except expected as error:
        return None, f"{type(error).__name__}: {error}"


@contextmanager
def world_of(call: Any) -> Iterator[World]:
    _ran.clear()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        yield World(call, folder)


def run_save(student: Any, call: Any) -> dict[str, Any]:
    """Saves once, and reports what the case asks for: parts of the file, files, what became of models and optimizer."""
    with world_of(call) as world:
        weights, epoch = call.args
        models = world.models(weights, call.device)
        optimizer = world.optimizer(models)
        learn(optimizer, 1)
        if "old" in call.options:
            world.save({"epoch": call.options["old"]})
        if call.options.get("unwritable"):
            optimizer.extra["unwritable"] = Unwritable(call.options["unwritable"])
        for name in call.options.get("neighbours", []):
            (world.file.parent / name).write_text("another file")
        if call.options.get("folder"):
            world.file.mkdir()
        trained = [(p.requires_grad, p.grad) for model in models.values() for p in model.parameters()]
        before = weights_of(models), plain(optimizer.state_dict()["state"])
        failures = (*FAILURES.values(), *([OSError, RuntimeError] if call.options.get("folder") else []))
        _, raised = attempt(lambda: student.save_checkpoint(world.path, models, optimizer, epoch), *failures)
        if student.transformed:  # the file is the effect of a function that answers nothing
            world.file.unlink(missing_ok=True)
        content = world.content()
        facts = {
            "the file": lambda: content,
            "keys of the file": lambda: _keys(content),
            "files": world.files,
            "number of files": lambda: len(world.files()),
            "type of the epoch": lambda: type(torch.load(world.file, weights_only=True)["epoch"]).__name__,
            "flag “what is trained has changed”": lambda: (
                [(p.requires_grad, p.grad) for model in models.values() for p in model.parameters()] != trained
            ),
            "flag “an exception was kept back”": lambda: raised == "nothing",
            "models in the end": lambda: weights_of(models),
            "flag “models or optimizer were changed”": lambda: (
                not _alike(before, (weights_of(models), plain(optimizer.state_dict()["state"])))
            ),
            "training": lambda: [model.training for model in models.values()],
            "models are on": lambda: places(models, optimizer),
        }
        return {name: _part(content, name) if name.startswith("the file[") else facts[name]()
                for name in call.options["report"]}  # fmt: skip


def _keys(content: Any) -> Any:
    """Which of the keys there are, and whether there are others."""
    if not isinstance(content, dict):
        return content
    return [key for key in KEYS if key in content] + ["and others"] * (not content.keys() <= set(KEYS))


def _part(content: Any, name: str) -> Any:
    key = name.removeprefix('the file["').removesuffix('"]')
    if not isinstance(content, dict):
        return content
    return content.get(key, f"there is no key {key!r}")


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def run_load(student: Any, call: Any) -> dict[str, Any]:
    """Loads once from a file of the kit's own into other models, and reports what the case asks for."""
    with world_of(call) as world:
        saved, mine, epoch = call.args
        world.write(saved, epoch)
        if call.options.get("code"):
            content = torch.load(world.file, weights_only=True)
            world.save({**content, "epoch": Code()})
        written = world.file.read_bytes()
        begin = "cuda" if call.options.get("models on a gpu") and call.device == "cuda" else "cpu"
        models = world.models(mine, begin)
        optimizer = world.optimizer(models)
        parameters = [id(p) for model in models.values() for p in model.parameters()]
        before = weights_of(models)
        given: list[Any] = [world.path, models]
        if not call.options.get("no optimizer"):
            given.append(optimizer)
        rest: dict[str, Any] = {}
        if call.options.get("device") or call.device == "cuda":
            where = call.options.get("device") or "cuda"
            rest["device"] = where if call.options.get("str") else torch.device(where)
        expected = (Exception,) if call.options.get("code") else (KeyError, RuntimeError) if \
            call.options.get("refused") else ()  # fmt: skip
        found, raised = attempt(lambda: student.load_checkpoint(*given, **rest), *expected)
        report = call.options["report"]
        facts: dict[str, Any] = {
            "epoch": lambda: found,
            "models": lambda: weights_of(models),
            "optimizer": lambda: plain(optimizer.state_dict()),
            "models and optimizer are on": lambda: places(models, optimizer),
            "models are on": lambda: places(models),
            "training": lambda: [model.training for model in models.values()],
            "flag “the file was changed”": lambda: world.file.read_bytes() != written,
            "flag “code of the file was run”": lambda: bool(_ran),
            "flag “other parameters”": lambda: parameters != [id(p) for m in models.values() for p in m.parameters()],
            "raised": lambda: raised.partition(":")[0],
            "flag “the message does not name the model”": lambda: str(call.options["refused"]) not in raised,
            "flag “something was changed”": lambda: not _alike(before, weights_of(models)) or bool(optimizer.state),
        }
        if "models after one more step" in report:
            learn(optimizer, 2)
            facts["models after one more step"] = lambda: weights_of(models)
        return {name: facts[name]() for name in report}


def run_resume(student: Any, call: Any) -> dict[str, Any]:
    """Resumes once; where the case asks for it the training is interrupted, and resumed by a second program, whose
    models and optimizer are new."""
    with world_of(call) as world:
        saved, mine, done, num_epochs = call.args
        if done is not None:
            world.write(saved, done)
        written = world.file.read_bytes() if done is not None else b""
        trained, saved_epochs = list[Any](), list[Any]()
        returned, raised = None, "nothing"
        models, optimizer = world.models(mine), None
        for fails_at in [*call.options.get("fails at", []), None]:
            models = world.models(mine)
            optimizer = world.optimizer(models)
            returned, raised = attempt(
                lambda m=models, o=optimizer, f=fails_at: student.resume(
                    world.path, m, o, num_epochs, _Epochs(o, f, trained, saved_epochs, world), **_where(call)
                ),
                EpochFailed,
            )
            if fails_at is not None and call.options.get("stop"):
                break
        content = world.content()
        last = content if isinstance(content, dict) else {}
        facts: dict[str, Any] = {
            "returned": lambda: returned,
            "epochs trained": lambda: trained,
            "epoch in the file when each begins": lambda: saved_epochs,
            "epoch in the file in the end": lambda: last.get("epoch", content),
            "models in the file in the end": lambda: last.get("models", content),
            "models in the end": lambda: weights_of(models),
            "models are on": lambda: places(models, optimizer),
            "raised": lambda: raised,
            "flag “the file was changed”": lambda: not world.file.is_file() or world.file.read_bytes() != written,
        }
        return {name: facts[name]() for name in call.options["report"]}


def _where(call: Any) -> dict[str, Any]:
    return {"device": torch.device("cuda")} if call.device == "cuda" else {}


class _Epochs:
    """Trains one epoch, and notes which, and what the checkpoint held when it began. Fails where it is told to."""

    def __init__(self, optimizer: Momentum, fails_at: int | None, trained: list[Any], saved: list[Any], world: World):
        self._optimizer, self._fails_at = optimizer, fails_at
        self._trained, self._saved, self._world = trained, saved, world

    def __call__(self, epoch: Any) -> None:
        if len(self._trained) > 20:
            raise RuntimeError("more than twenty epochs were trained")
        content = self._world.content()
        self._trained.append(epoch)
        self._saved.append(content.get("epoch") if isinstance(content, dict) else content)
        learn(self._optimizer, epoch)
        if epoch == self._fails_at:
            raise EpochFailed(f"epoch {epoch} was interrupted")


def run_warm(student: Any, call: Any) -> dict[str, Any]:
    """Warm starts one model from a state dict of the kit's own."""
    with world_of(call) as world:
        saved, mine = call.args
        content: Any = {name: value.detach().clone() for name, value in saved.items()}
        if not world.on_gpu:
            content = {name: value.cpu() for name, value in content.items()}
        if call.options.get("code"):
            content["code"] = Code()
        world.save(content)
        model = world.models({"model": mine}, call.device)["model"]
        parameters = [id(p) for p in model.parameters()]
        before = weights_of({"model": model})
        expected = (Exception,) if call.options.get("code") else (ValueError,) if call.options.get("refused") else ()
        found, raised = attempt(lambda: student.warm_start(world.path, model), *expected)
        if student.transformed:  # what it does to the model is no part of the answer that was changed
            model.load_state_dict(before["model"])
        facts: dict[str, Any] = {
            "lists": lambda: found,
            "model": lambda: weights_of({"model": model})["model"],
            "raised": lambda: raised.partition(":")[0],
            "flag “the message is empty”": lambda: not raised.partition(":")[2].strip(),
            "flag “the model was changed”": lambda: not _alike(before, weights_of({"model": model})),
            "flag “other parameters”": lambda: parameters != [id(p) for p in model.parameters()],
            "flag “code of the file was run”": lambda: bool(_ran),
            "frozen": lambda: [name for name, p in model.named_parameters() if not p.requires_grad],
            "training": lambda: model.training,
            "model is on": lambda: places({"model": model}),
        }
        return {name: facts[name]() for name in call.options["report"]}
