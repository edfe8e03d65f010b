"""Landlock: which files a process may touch, whatever its user may (Linux 5.13 and later, without privileges)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from autograder.worker.lockdown.syscalls import syscall

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_DEVICE_FILES = 1 << 6 | 1 << 11  # make character and block devices
_IOCTL = 1 << 15
_ALL_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP = 1 | 2
_SCOPES = 1 | 2  # abstract sockets, signals
SCOPES_SINCE = 6
_PATH_BENEATH = 1


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version of Landlock here; 0 without it."""
    try:
        return syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], network: bool) -> None:
    """From now on this process reads and writes beneath these paths only, executes no program, and signals nobody
    outside; unless `network`, it opens no TCP connection. Missing paths are skipped; OSError where it cannot be."""
    abi = version()
    if not abi:
        raise OSError(95, "landlock: not in this kernel")
    files = max(mask for since, mask in _ALL_BY_VERSION.items() if since <= abi)
    rules = _Ruleset(files, 0 if network or abi < 4 else _TCP, _SCOPES if abi >= SCOPES_SINCE else 0)
    size = 24 if abi >= SCOPES_SINCE else 16 if abi >= 4 else 8
    ruleset = syscall("landlock_create_ruleset", ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in readable:
            _allow(ruleset, path, _READ_FILE | _READ_DIR)
        for path in writable:
            _allow(ruleset, path, files & ~_EXECUTE & ~_DEVICE_FILES)
        syscall("landlock_restrict_self", ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not Path(path).is_dir():
            access &= _READ_FILE | _WRITE_FILE | (_IOCTL if path.startswith("/dev/nvidia") else 0)
        rule = _PathBeneath(access, parent)
        syscall(
            "landlock_add_rule",
            ctypes.c_int(ruleset),
            ctypes.c_int(_PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(parent)
