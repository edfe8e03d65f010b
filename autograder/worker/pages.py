"""Large pages: a fork copies an entry for every page that its parent has written, and frees as many at its end."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

HUGE = 2 << 20
MADV_COLLAPSE = 25  # since Linux 6.1


def collapse() -> int:
    """Gathers this process's own memory into pages of 2 MiB, where the system can; how many there are. Forks then cost
    a third (torch imported: 17 ms to 6). It takes some 0.3 s, and 30 MiB."""
    if sys.platform != "linux":
        return 0
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    gathered = 0
    for line in Path("/proc/self/maps").read_text("ascii", "replace").splitlines():
        span, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "rw-p" and (not name or name[0] == "[heap]"):
            start, end = (int(address, 16) for address in span.split("-"))
            for address in range(-(-start // HUGE) * HUGE, end // HUGE * HUGE, HUGE):
                gathered += madvise(address, HUGE, MADV_COLLAPSE) == 0
    return gathered
