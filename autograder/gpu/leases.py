"""Which GPUs there are, and who uses which: one worker a GPU at a time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from autograder.errors import UsageError

NO_DEVICE = "no CUDA device"
"""How a worker begins to say that it has no GPU that computes."""
MEMORY = "GRADE_GPU_MEMORY"
"""The variable that tells a worker how many GiB of device memory it may take."""
_NAME = re.compile(r"\d+|(GPU|MIG)-[0-9A-Za-z/-]+")
_NONE = "torch finds no GPU on this machine; leave --device out, or type: grade doctor"


@dataclass(frozen=True)
class Gpu:
    """One GPU by its name in CUDA_VISIBLE_DEVICES, and the GiB of its memory that a worker may take (0: all)."""

    name: str
    memory: float = 0.0

    def environment(self) -> dict[str, str]:
        """What a worker must be told before it touches CUDA."""
        return {"CUDA_VISIBLE_DEVICES": self.name, MEMORY: f"{self.memory:g}"}


class NoneLeft(Exception):
    """Every GPU has been lost."""


class Leases:
    """Lends each GPU to one user at a time. One that is lost is not lent again; whoever waits gets another, or NoneLeft
    when there is none."""

    def __init__(self, gpus: Sequence[Gpu]) -> None:
        self._free = deque(gpus)
        self._held: set[Gpu] = set()
        self._lost: list[Gpu] = []
        self._changed = threading.Condition()

    @contextmanager
    def lease(self) -> Iterator[Gpu]:
        """A GPU for the time inside, once one is free."""
        with self._changed:
            while not self._free:
                if not self._held:
                    raise NoneLeft
                self._changed.wait()
            gpu = self._free.popleft()
            self._held.add(gpu)
        try:
            yield gpu
        finally:
            with self._changed:
                self._held.discard(gpu)
                if gpu not in self._lost:
                    self._free.append(gpu)
                self._changed.notify_all()

    def lose(self, gpu: Gpu) -> None:
        """The GPU does not compute any more."""
        with self._changed:
            if gpu not in self._lost:
                self._lost.append(gpu)

    @property
    def lost(self) -> tuple[str, ...]:
        """The names of the GPUs that were lost."""
        return tuple(gpu.name for gpu in self._lost)


def visible() -> str:
    """The GPU that is used where none is named: the first that this process may see."""
    return os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()


def named(text: str, memory: float = 0.0) -> tuple[Gpu, ...]:
    """The GPUs that `--gpus 0,1` names. UsageError for what is no name, or twice the same."""
    names = [part.strip() for part in text.split(",")]
    for name in names:
        if not _NAME.fullmatch(name):
            raise UsageError(f"--gpus is a list like 0,1 (the numbers that nvidia-smi shows); {name!r} is no GPU")
        if names.count(name) > 1:
            raise UsageError(f"--gpus names {name} twice; two workers on one GPU would change each other's memory")
    return tuple(Gpu(name, memory) for name in names)


def require(gpus: Sequence[Gpu]) -> list[str]:
    """What the GPUs are called, asked of torch in a process of its own. UsageError where one is not there."""
    found = [_asked(gpu) for gpu in gpus]
    missing = [gpu.name for gpu, name in zip(gpus, found, strict=True) if name is None]
    if len(missing) == len(gpus):
        raise UsageError(_NONE)
    if missing:
        raise UsageError(f"torch finds no GPU {', '.join(missing)} on this machine; --gpus names those that it has")
    return [name for name in found if name is not None]


def _asked(gpu: Gpu) -> str | None:
    code = "import torch; torch.ones(1, device='cuda').sum().item(); print(torch.cuda.get_device_name())"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **gpu.environment()},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
