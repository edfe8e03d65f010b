"""How the exercises of parallel.py are tried: replicas that tell what they were given, ranks that talk through a hub.

Imported by the probes, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F

from autograder.exercises.hw8._training import SGD, Dense, InputsNotMoved, LabelsNotMoved
from autograder.worker import ranks


class Interrupted(Exception):
    """Raised by the loss function, to see what becomes of the process group."""


# ---- one process


def split(student: Any, call: Any) -> Any:
    shards = student.split_batch(call.args[0], _devices(call))
    return {"shards": shards, "containers": _containers(shards)} if call.options["containers"] else shards


def _containers(value: Any) -> str:
    """How a value is nested, in words; comparison takes a list for a tuple."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return f"{kind}({', '.join(f'{key}: {_containers(item)}' for key, item in value.items())})"
    if isinstance(value, (list, tuple)):
        return f"{kind}({', '.join(map(_containers, value))})"
    return "tensor" if isinstance(value, torch.Tensor) else kind


def _devices(call: Any) -> list[torch.device]:
    """The devices of a case: `here` is that of the run, `cpu` the CPU."""
    here = torch.device("cuda", 0) if call.device == "cuda" else torch.device("cpu")
    return [here if name == "here" else torch.device("cpu") for name in call.options["devices"]]


class Replica(nn.Module):
    """A classifier that notes how many samples it was called with.

    `spare` is used never, `bonus` by calls with at least two samples only, `lone` by calls with one. The buffers are a
    running mean of the inputs and the number of calls.
    """

    running: torch.Tensor
    calls: torch.Tensor

    def __init__(self, weights: dict[str, torch.Tensor], frozen: list[str]) -> None:
        super().__init__()
        self.output = Dense("output", weights, frozen)
        for name in ("spare", "bonus", "lone"):
            value = nn.Parameter(weights[name].detach().clone()) if name in weights else None
            self.register_parameter(name, value)
        self.register_buffer("running", torch.zeros(weights["output.weight"].shape[1]))
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))
        self.samples: list[int] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.samples.append(len(inputs))
        if inputs.device != self.running.device:
            raise InputsNotMoved("the inputs of a replica are not where its weights are")
        with torch.no_grad():
            self.running.mul_(0.5).add_(inputs.mean(0) * 0.5)
            self.calls.add_(1)
        outputs = self.output(inputs)
        extra = self.lone if len(inputs) == 1 else self.bonus
        return outputs if extra is None else outputs + extra


def mean_loss(outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if outputs.device != labels.device:
        raise LabelsNotMoved("the labels of a shard are not where the outputs are")
    return F.cross_entropy(outputs, labels)


class Optimizer(SGD):
    """Gradient descent that keeps the gradients which it found at its last step."""

    def step(self, closure: Any = None) -> None:
        self.found = [p.grad if p.grad is None else p.grad.detach().clone() for p in self.param_groups[0]["params"]]
        super().step(closure)


def step(student: Any, call: Any) -> dict[str, Any]:
    """A few data-parallel steps on one batch; what the case asks to be reported of them."""
    X, y = call.args
    options, devices = call.options, _devices(call)
    weights = {name: tensor.detach().cpu() for name, tensor in call.weights.items()}
    replicas = [Replica(weights, options["frozen"]).to(device) for device in devices]
    if options["stale"]:
        for replica in replicas:
            for parameter in replica.parameters():
                parameter.grad = torch.ones_like(parameter)
    optimizer = Optimizer(list(replicas[0].parameters()), options["lr"], options["momentum"])
    given = list(replicas)
    for _ in range(options["steps"]):
        loss = student.data_parallel_step(given, list(devices), X, y, mean_loss, optimizer)
    reports = {
        "loss": lambda: loss,
        "weights": lambda: _values(replicas[0]),
        "weights of all": lambda: {f"replica {i}": _values(replica) for i, replica in enumerate(replicas)},
        "buffers of all": lambda: {
            f"replica {i}": {name: buffer.clone() for name, buffer in replica.named_buffers()}
            for i, replica in enumerate(replicas)
        },
        "samples": lambda: {f"replica {i}": replica.samples for i, replica in enumerate(replicas)},
        "steps": lambda: optimizer.steps,
        "gradients at the step": lambda: dict(zip(_values(replicas[0]), optimizer.found, strict=True)),
        "flag “the loss requires a gradient”": lambda: isinstance(loss, torch.Tensor) and loss.requires_grad,
        "flag “replicas share memory”": lambda: _shared(replicas),
    }
    return {name: reports[name]() for name in options["report"]}


def _values(module: nn.Module) -> dict[str, torch.Tensor]:
    return {name: parameter.detach().clone() for name, parameter in module.named_parameters()}


def _shared(replicas: list[Replica]) -> bool:
    places = [tensor.data_ptr() for replica in replicas for tensor in (*replica.parameters(), *replica.buffers())]
    return len(places) > len(set(places))


# ---- several ranks


def average(student: Any, call: Any) -> dict[str, Any]:
    """`all_reduce_mean` on several ranks, each with the gradients that the case gives it."""
    gradients, options = call.args[0], call.options
    world_size, members = len(gradients), options["group"]
    device = torch.device("cuda", 0) if call.device == "cuda" else torch.device("cpu")

    def work(rank: int) -> Any:
        backend = "nccl" if device.type == "cuda" else "gloo"
        dist.init_process_group(backend, store=dist.HashStore(), rank=rank, world_size=world_size)
        group = dist.new_group(members) if members else None
        parameters = [
            nn.Parameter(torch.zeros(shape, dtype=getattr(torch, dtype), device=device), requires_grad=not frozen)
            for shape, dtype, frozen in options["parameters"]
        ]
        for parameter, gradient in zip(parameters, gradients[rank], strict=True):
            parameter.grad = gradient if gradient is None else gradient.clone()
        before = [parameter.grad for parameter in parameters]
        if members and rank not in members:
            return "not in the group"
        given = _each(parameters) if options["iterator"] else parameters
        answer = student.all_reduce_mean(given, *([group] if members else []))
        now = [parameter.grad for parameter in parameters]
        reports = {
            "answer": lambda: [a if a is None else a.clone() for a in answer],
            "gradients": lambda: [g if g is None else g.clone() for g in now],
            "devices": lambda: [g if g is None else g.device.type == device.type for g in now],
            "flag “a gradient is another tensor”": lambda: any(
                b is not None and b is not n for b, n in zip(before, now, strict=True)
            ),
            "flag “a gradient requires a gradient”": lambda: any(n is not None and n.requires_grad for n in now),
        }
        return {name: reports[name]() for name in options["report"]}

    return {f"rank {rank}": answer for rank, answer in enumerate(ranks.run(student, world_size, work))}


def _each(parameters: list[nn.Parameter]) -> Iterator[nn.Parameter]:
    yield from parameters


class Pairs:
    """A data set of (input, label)."""

    def __init__(self, inputs: torch.Tensor, labels: torch.Tensor) -> None:
        self._inputs, self._labels = inputs, labels

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self._inputs[index], self._labels[index]


class Classifier(nn.Module):
    """One layer; notes how many samples it was called with."""

    def __init__(self, weights: dict[str, torch.Tensor], frozen: list[str]) -> None:
        super().__init__()
        self.output = Dense("output", weights, frozen)
        self.samples: list[int] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.samples.append(len(inputs))
        if inputs.device != self.output.weight.device:
            raise InputsNotMoved("the inputs of a batch are not where the weights are")
        outputs: torch.Tensor = self.output(inputs)
        return outputs


def train(student: Any, call: Any) -> dict[str, Any]:
    """`ddp_train` on all ranks of a world; what the case asks to be reported of each."""
    import torch._dynamo  # DistributedDataParallel imports it: once here, not once on every rank

    options = call.options
    inputs, labels = (tensor.detach().cpu() for tensor in call.args)
    weights = {name: tensor.detach().cpu() for name, tensor in call.weights.items()}
    device = torch.device("cuda", 0) if call.device == "cuda" else torch.device("cpu")
    address = f"file://{tempfile.gettempdir()}/meeting-{os.urandom(8).hex()}"

    def work(rank: int) -> Any:
        told: list[Any] = []
        backends: list[str] = []
        losses_asked = 0

        def loss_fn(outputs: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
            nonlocal losses_asked
            losses_asked += 1
            if dist.is_initialized():
                backends.append(_backend(device))
            if outputs.device != wanted.device:
                raise LabelsNotMoved("the labels of a batch are not where the outputs are")
            if losses_asked == options["raises"]:
                raise Interrupted("the loss could not be computed")
            return F.cross_entropy(outputs, wanted)

        factor = 1.0 if options["same_start"] else (-0.5) ** rank
        model = Classifier({name: tensor * factor for name, tensor in weights.items()}, options["frozen"])
        extra = {"seed": options["seed"]} if options["seed"] is not None else {}
        wanted = options["rank"] if options["rank"] is not None else rank
        passed_on = False
        try:
            losses = student.ddp_train(
                wanted, options["world_size"], address, model, Pairs(inputs, labels), loss_fn,
                lambda parameters: SGD(list(parameters), options["lr"], options["momentum"]), options["num_epochs"],
                options["batch_size"], device, report=lambda epoch, loss: told.append((epoch, loss)), **extra,
            )  # fmt: skip
        except Interrupted:
            passed_on = True
        reports = {
            "losses": lambda: losses,
            "weights": lambda: _values(model),
            "told": lambda: told,
            "samples": lambda: model.samples,
            "the exception is passed on": lambda: passed_on,
            "flag “still in the process group”": dist.is_initialized,
            "backend": lambda: sorted(set(backends)),
            "device of the weights": lambda: {p.device.type for p in model.parameters()} == {device.type},
        }
        return {name: reports[name]() for name in options["report"]}

    processes = 1 if options["rank"] is not None else options["world_size"]
    found = ranks.run(student, processes, work, meeting=address)
    return {f"rank {rank}": answer for rank, answer in enumerate(found)}


def _backend(device: torch.device) -> str:
    """The backend of the default group for this kind of device."""
    name = str(dist.get_backend())
    if ":" in name:  # one for each kind of device
        return "nccl" if device.type == "cuda" else "gloo"
    return name
