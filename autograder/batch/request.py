"""What `grade batch` was asked for: what it means, and how the later commands know of it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.ledger import Ledger
from autograder.batch.run import Terms
from autograder.course import Course, find_course, require_homework
from autograder.errors import UsageError
from autograder.gpu.leases import Gpu, named, require, visible
from autograder.isolation import required
from autograder.settings import FILE, Settings, settings
from autograder.starters import can_fork
from autograder.workers import Limits

DEVICES = ("auto", "phantom", "cuda")
LEAST_SECRET = 16
LEAST_MEMORY = 0.5


@dataclass(frozen=True)
class BatchRequest:
    """What was typed."""

    homework: str
    submissions: Path
    out: Path
    jobs: int = 0
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    device: str = "auto"
    cpu: float = Limits.cpu
    memory: float = Limits.memory
    isolation: str = "default"
    secret: Path | None = None
    roster: Path | None = None
    anonymous: bool = False
    root: Path | None = None
    time: bool = False
    gpus: str = ""
    gpu_memory: float = 0.0

    @property
    def at_once(self) -> int:
        return self.jobs or os.cpu_count() or 1


@dataclass(frozen=True)
class Conditions:
    """Where a request's exercises are, what the course has settled, and under which terms work is graded."""

    course: Course
    settings: Settings
    terms: Terms


def conditions(request: BatchRequest) -> Conditions:
    """What the request means; UsageError where it means nothing."""
    homework = require_homework(request.homework)
    course = find_course(request.root or Path.cwd())
    if course.bundle:
        raise UsageError("a student bundle has no reference to grade with; run grade batch in the course's own folder")
    if request.device not in DEVICES:
        raise UsageError(f"there is no device {request.device}; --device is one of {', '.join(DEVICES)}")
    if request.cpu <= 0:
        raise UsageError("--cpu is a number of seconds above 0")
    if request.memory < LEAST_MEMORY:
        raise UsageError(f"--memory is a number of GiB, at least {LEAST_MEMORY}: torch itself needs as much")
    chosen = settings(course.root)
    gpus = _gpus(request, chosen.device_counts)
    secret = None if request.secret is None else read_secret(request.secret)
    needed = required(request.isolation)
    terms = Terms(
        homework,
        chosen.exercises(homework, time=True),
        secret,
        "cuda" if gpus else "phantom",
        Limits(cpu=request.cpu, memory=request.memory),
        isolated=can_fork(),
        required=needed,
        time=request.time,
        gpus=gpus,
        called=", ".join(sorted(set(require(gpus)))) if gpus else "",
        device_counts=chosen.device_counts,
    )
    return Conditions(course, chosen, terms)


def _gpus(request: BatchRequest, counts: bool) -> tuple[Gpu, ...]:
    """The GPUs that are asked for; UsageError where they are without `--device cuda`, or it without them when what is
    found there counts."""
    if request.device == "cuda":
        if request.gpu_memory < 0:
            raise UsageError("--gpu-memory is a number of GiB, 0 for all that a GPU has")
        return named(request.gpus or visible(), request.gpu_memory)
    if request.gpus or request.gpu_memory:
        raise UsageError("--gpus and --gpu-memory go with --device cuda")
    if counts:
        raise UsageError(
            f"in this course checks on a real GPU count for everybody ({FILE}); add: --device cuda --gpus 0"
        )
    return ()


def read_secret(path: Path) -> int:
    """The seed of the hidden cases, from what a file holds."""
    try:
        content = path.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"the secret cannot be read from {path} ({error.strerror})") from None
    if len(content) < LEAST_SECRET:
        raise UsageError(
            f"{path} holds {len(content)} characters; a secret has at least {LEAST_SECRET}, for example from: "
            "openssl rand -hex 16"
        )
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big")


def remember(ledger: Ledger, request: BatchRequest) -> None:
    """What regrade, override and explain need later."""
    for name, path in (("secret", request.secret), ("roster", request.roster)):
        ledger.note(name, "" if path is None else str(path.resolve()))
    ledger.note("cpu", repr(request.cpu))
    ledger.note("memory", repr(request.memory))
    ledger.note("isolation", request.isolation)
    ledger.note("time", "yes" if request.time else "")
    ledger.note("device", request.device)
    ledger.note("gpus", request.gpus)
    ledger.note("gpu_memory", repr(request.gpu_memory))
    ledger.note("anonymous", "yes" if request.anonymous else "")
    if ledger.meta("salt") is None:
        ledger.note("salt", os.urandom(16).hex())


def remembered(ledger: Ledger, folder: Path, root: Path | None, jobs: int = 0) -> BatchRequest:
    """The request that filled the folder."""
    homework = ledger.meta("homework")
    if homework is None or ledger.meta("cpu") is None:
        raise UsageError(f"{folder} holds no finished grade batch; run that first")
    secret = ledger.meta("secret")
    return BatchRequest(
        homework,
        folder,
        folder,
        jobs,
        device=ledger.meta("device") or "auto",
        cpu=float(ledger.meta("cpu") or 0),
        memory=float(ledger.meta("memory") or Limits.memory),
        isolation=ledger.meta("isolation") or "default",
        secret=Path(secret) if secret else None,
        anonymous=bool(ledger.meta("anonymous")),
        root=root,
        time=bool(ledger.meta("time")),
        gpus=ledger.meta("gpus") or "",
        gpu_memory=float(ledger.meta("gpu_memory") or 0),
    )
