"""What a worker may still do once student code runs: compute, read its libraries and the submission, write scratch.

Two steps, both before a student's byte is read: `split` right after the fork, `close` when the paths are known. Each
layer is tried; what holds is told to the judge, who decides whether it is enough. Linux only.
"""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import site
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.worker.limits import die_with_parent
from autograder.worker.lockdown import landlock, namespaces, seccomp, syscalls
from autograder.worker.lockdown.namespaces import born_inside

__all__ = ["LAYERS", "Bounds", "born_inside", "close", "libraries", "split"]

LAYERS = ("mount", "net", "ipc", "pid", "user", "landlock", "seccomp", "limits")
MEGABYTE = 1024**2


@dataclass(frozen=True)
class Bounds:
    """How much a locked worker may have: bytes of scratch (in memory), files there, open descriptors, processes and
    threads."""

    scratch: int = 64 * MEGABYTE
    inodes: int = 4096
    descriptors: int = 256
    processes: int = 64


def split(report: int | None) -> set[str]:
    """Enters new namespaces and returns in their first process. Without a descriptor to `report` its outside number
    to, this process is the first one (see `born_inside`)."""
    granted = namespaces.enter(first=report is None)
    if report is not None:
        namespaces.reborn(report)
    return granted


def close(granted: set[str], readable: Sequence[str], scratch: str, bounds: Bounds = Bounds()) -> list[str]:
    """Shuts everything that is not needed, for good: the layers that hold, and what these keep out of reach
    (`filesystem`, `network`, `process`)."""
    holds = set(granted)
    paths = [*libraries(), *readable]
    nodes = gpu_nodes() if os.environ.get("GRADE_DEVICE") == "cuda" else []
    writable = [scratch, *nodes]
    if "mount" in granted:
        try:
            namespaces.build_root(paths, scratch, bounds.scratch, bounds.inodes, nodes)
            writable += namespaces.WRITABLE
        except OSError:
            holds.discard("mount")
    if "ipc" in granted:
        namespaces.name_host()
    with contextlib.suppress(OSError):
        if os.geteuid() == 0:
            namespaces.become_nobody()
        syscalls.drop_capabilities()
        holds.add("user")
    die_with_parent()
    _bound(bounds)
    holds.add("limits")
    with contextlib.suppress(OSError):  # without it neither of the next two is granted
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    with contextlib.suppress(OSError):
        landlock.restrict([*paths, *namespaces.SYSTEM, "/dev", "/proc"], [*writable, "/dev/null"], "net" in granted)
        holds.add("landlock")
    with contextlib.suppress(OSError):
        seccomp.restrict("net" in granted)
        holds.add("seccomp")
    return [layer for layer in LAYERS if layer in holds] + sorted(_protects(holds))


def _protects(holds: set[str]) -> set[str]:
    """What the layers keep out of reach: other files, other machines, other processes. There is more than one way."""
    found = set()
    if holds & {"mount", "landlock"}:
        found.add("filesystem")
    if holds & {"net", "seccomp"}:
        found.add("network")
    if "pid" in holds or ({"landlock", "seccomp"} <= holds and landlock.version() >= landlock.SCOPES_SINCE):
        found.add("process")
    return found


def _bound(bounds: Bounds) -> None:
    for limit, value in (
        (resource.RLIMIT_NOFILE, bounds.descriptors),
        (resource.RLIMIT_NPROC, bounds.processes),
        (resource.RLIMIT_FSIZE, bounds.scratch),
        (resource.RLIMIT_MEMLOCK, MEGABYTE),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def gpu_nodes() -> list[str]:
    """The device files of NVIDIA's driver, which a worker for a real GPU needs."""
    return sorted(str(path) for path in Path("/dev").glob("nvidia*"))


@functools.cache
def libraries() -> list[str]:
    """Where this interpreter's modules and shared objects lie, and this package."""
    package = Path(__file__).resolve().parents[2]
    found = [package, *map(Path, site.getsitepackages()), *map(Path, filter(None, sysconfig.get_paths().values()))]
    found += [Path(path) for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    found += [Path(sys.base_prefix) / "lib", Path(sys.prefix) / "lib"]
    found += [path.resolve() for path in found]
    there = {path for path in found if path.exists()}
    return sorted(str(path) for path in there if there.isdisjoint(path.parents))
