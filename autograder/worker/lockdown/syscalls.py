"""The Linux system calls that a lockdown needs and Python has no function for. Nothing here allocates or imports
anything unusual, so that it can run in the child of a fork."""

from __future__ import annotations

import ctypes
import os
import platform

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2

PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38

# Numbers that both machines share are those added since Linux 5.0.
_EVERYWHERE = {"mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_add_rule": 445,
               "landlock_restrict_self": 446}  # fmt: skip
_NUMBERS = {
    "x86_64": {"pivot_root": 155, "capset": 126},
    "aarch64": {"pivot_root": 41, "capset": 91},
}

_libc = ctypes.CDLL(None, use_errno=True)


def machine() -> str:
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())


def syscall(name: str, *arguments: object) -> int:
    """Calls by name; OSError with the call's name where the kernel refuses."""
    number = _EVERYWHERE.get(name) or _NUMBERS.get(machine(), {}).get(name)
    if number is None:
        raise OSError(38, f"{name}: not known on {machine()}")
    return _checked(name, _libc.syscall(ctypes.c_long(number), *arguments))


def unshare(flags: int) -> None:
    _checked("unshare", _libc.unshare(ctypes.c_int(flags)))


def setns(descriptor: int, kind: int) -> None:
    _checked("setns", _libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)))


def prctl(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    _checked("prctl", _libc.prctl(ctypes.c_int(option), *padded))


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    result = _libc.mount(
        source.encode(), target.encode(), kind.encode() if kind else None, ctypes.c_ulong(flags), data.encode() or None
    )
    _checked(f"mount {target}", result)


def umount(target: str) -> None:
    _checked(f"umount {target}", _libc.umount2(target.encode(), MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    syscall("pivot_root", new.encode(), old.encode())


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns", ctypes.c_uint64),
    )


def make_readonly(target: str) -> None:
    """Makes a mount and all mounts below it read-only, without devices and set-user-id programs."""
    AT_FDCWD, AT_RECURSIVE = -100, 0x8000
    wanted = _Attributes(MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    syscall(
        "mount_setattr",
        ctypes.c_int(AT_FDCWD),
        target.encode(),
        ctypes.c_uint(AT_RECURSIVE),
        ctypes.byref(wanted),
        ctypes.c_size_t(ctypes.sizeof(wanted)),
    )


def drop_capabilities() -> None:
    """Gives up every capability, for this process and all that it could start."""

    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break
    header, nothing = Header(0x20080522, 0), (ctypes.c_uint32 * 6)()
    syscall("capset", ctypes.byref(header), ctypes.byref(nothing))


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
