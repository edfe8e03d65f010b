"""Limits that a worker sets on itself before it reads student code. The judge enforces time from outside."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys


def bound_memory(headroom: int) -> None:
    """Caps the address space at what is mapped now plus the headroom (bytes); nothing where that is impossible."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_mapped() + headroom, resource.RLIM_INFINITY))


def _mapped() -> int:
    import psutil

    return int(psutil.Process().memory_info().vms)


def die_with_parent() -> None:
    """Ends this process when its parent ends, where the system can do that. A change of user undoes it."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
