"""A process as the system sees it from outside: how long it has run and waited, and holding it still. What runs inside
has no say in it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LINUX = sys.platform == "linux"
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Account:
    """Seconds that a process has run, with all its threads and children, and that its first thread has waited for a
    processor that others had."""

    ran: float
    waited: float


def account(pid: int) -> Account:
    """The account of a process; of nothing at all where the system does not keep one."""
    if not _LINUX:
        return Account(0.0, 0.0)
    return Account(_ran(pid), _waited(Path(f"/proc/{pid}/schedstat")))


def waited_here() -> float:
    """Seconds that this thread has waited for a processor."""
    return _waited(Path("/proc/thread-self/schedstat")) if _LINUX else 0.0


def _waited(path: Path) -> float:
    try:
        return int(path.read_bytes().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _ran(pid: int) -> float:
    """By the processor clock of the process, which also counts threads that have ended, and those of its children."""
    seconds = 0.0
    with contextlib.suppress(OSError):
        seconds += time.clock_gettime((~pid << 3) | 2)
    with contextlib.suppress(OSError, IndexError, ValueError):
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        seconds += (int(fields[13]) + int(fields[14])) / _TICKS
    return seconds + sum(map(_ran, _children(pid)))


def _children(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (task / "children").read_bytes().split())


def family(pid: int) -> list[int]:
    """The process, and all that it and those have started."""
    return [pid, *(one for child in _children(pid) for one in family(child))]


def hold(pid: int) -> None:
    """Nothing of the process, nor of what it has started, runs from now on."""
    _signal(pid, "SIGSTOP")


def release(pid: int) -> None:
    _signal(pid, "SIGCONT")


def _signal(pid: int, name: str) -> None:
    number = getattr(signal, name, None)
    if number is None:
        return
    for one in family(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, number)
