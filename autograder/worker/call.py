"""One run of one case: fresh arguments, and the tools a probe needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

from autograder.exercise import THERE
from autograder.wire import Unpacker
from autograder.worker.faults import StateMismatch
from autograder.worker.values import Build, tensors

PRECISIONS = {"half": torch.float16, "bfloat16": torch.bfloat16, "double": torch.float64}
"""The runs whose floating-point numbers are of another dtype than the case's."""


class Call:
    """What a probe is given beside the student: the case's arguments, built for this run.

    Attributes: `args`, `kwargs`, `init`, `weights`, `options` as the case declares them, `device` ("cpu" or
    "cuda"), `run`, `training`. `leaves` are the tensors whose gradients the gradient run compares; arguments
    that require grad are among them from the start, a module's parameters once `load` has filled them. `rewrites`
    tells that the answer to an earlier call of this run was written over. Inside `paused()` the clock of a timed run
    stands still.
    """

    def __init__(
        self,
        case: dict[str, Any],
        blob: bytes,
        arguments: list[str],
        run: str,
        place: Callable[[torch.Tensor], torch.Tensor],
    ) -> None:
        self.run = run
        self.device = "cuda" if run in THERE else "cpu"
        self.training = bool(case["training"])
        self._place = place
        unpack = Unpacker(blob, Build(self.device, place, run == "gradient")).unpack
        self.args: tuple[Any, ...] = tuple(unpack(case["args"]))
        self.kwargs: dict[str, Any] = unpack(case["kwargs"])
        self.init: dict[str, Any] = unpack(case["init"])
        self.weights: dict[str, torch.Tensor] = unpack(case["weights"])
        self.options: dict[str, Any] = unpack(case["options"])
        self.rewrites = False
        self.paused: Callable[[], AbstractContextManager[None]] = nullcontext
        self.named: dict[str, Any] = {}
        for position, value in enumerate(self.args):
            name = arguments[position] if position < len(arguments) else f"argument {position + 1}"
            self.named[name] = value
        self.named.update(self.kwargs)
        self.leaves: dict[str, torch.Tensor] = {
            name: value
            for name, value in self.named.items()
            if isinstance(value, torch.Tensor) and value.requires_grad and value.is_leaf
        }

    def load(self, module: torch.nn.Module) -> torch.nn.Module:
        """Fills the module's parameters and buffers with the case's weights by name, moves it to the run's device
        and sets its mode. StateMismatch lists both sides where names or shapes differ."""
        if not isinstance(module, torch.nn.Module):
            raise StateMismatch(f"the class makes a {type(module).__name__}, which is not an nn.Module")
        found = state_of(module)
        wanted = {name: tuple(value.shape) for name, value in self.weights.items()}
        here = {
            name: tuple(value.shape) for name, value in found.items() if name in wanted or name not in _buffers(module)
        }
        if here != wanted:
            raise StateMismatch(_difference(wanted, here))
        if self.run in PRECISIONS:
            module = module.to(PRECISIONS[self.run])
            found = state_of(module)
        for name, value in self.weights.items():
            found[name].data.copy_(value.detach().cpu() if self.device == "cuda" else value.detach())
        if self.device == "cuda":
            module = module.to(torch.device("cuda"))
        module.train(self.training)
        if self.run == "gradient":
            for name, parameter in module.named_parameters():
                wants = self.weights[name].requires_grad if name in self.weights else True
                if parameter.requires_grad and not wants:
                    parameter.requires_grad_(False)
                if wants:
                    self.leaves[name] = parameter
        return module

    @contextmanager
    def other_numbers(self, module: torch.nn.Module | None = None) -> Iterator[None]:
        """Inside, the same tensors hold other numbers: the floating-point arguments, and the module's parameters and
        buffers, times -1/2: an exact factor, which no product of two of them hides."""
        held = [value for value in tensors(self.named) if value.is_floating_point()]
        held += [value.data for value in state_of(module).values()] if module is not None else []
        before = [value.detach().clone() for value in held]
        with torch.no_grad():
            for value in held:
                value.mul_(-0.5)
        try:
            yield
        finally:
            with torch.no_grad():
                for value, kept in zip(held, before, strict=True):
                    value.copy_(kept)

    def watch(self, name: str, tensor: torch.Tensor) -> None:
        """Compares the gradient of this leaf too."""
        self.leaves[name] = tensor


def state_of(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and persistent buffers by name."""
    return dict(torch.nn.Module.state_dict(module, keep_vars=True))


def _buffers(module: torch.nn.Module) -> set[str]:
    return {name for name, _ in module.named_buffers()}


def _difference(wanted: dict[str, tuple[int, ...]], here: dict[str, tuple[int, ...]]) -> str:
    parts = []
    for name in wanted.keys() | here.keys():
        if name not in here:
            parts.append(f"missing: {name} {wanted[name]}")
        elif name not in wanted:
            parts.append(f"unexpected: {name} {here[name]}")
        elif wanted[name] != here[name]:
            parts.append(f"{name} has shape {here[name]}, expected {wanted[name]}")
    return "; ".join(sorted(parts))
