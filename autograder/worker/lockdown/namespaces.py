"""Namespaces: a worker sees no process, no network, no shared memory and no file system but its own."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import stat
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.worker.lockdown import syscalls as call

KINDS = {
    "mount": call.CLONE_NEWNS,
    "net": call.CLONE_NEWNET,
    "ipc": call.CLONE_NEWIPC | call.CLONE_NEWUTS,
    "pid": call.CLONE_NEWPID,
}
FIRST_USER, USERS = 61_184, 4_000  # a range that systemd sets aside for users who exist for a moment
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")
WRITABLE = ("/tmp", "/dev/shm")
_DEVICES = ("null", "zero", "full", "random", "urandom")


@contextlib.contextmanager
def born_inside() -> Iterator[bool]:
    """As root: a process that is forked inside is the first one of a new PID namespace. Whether that is so."""
    if os.geteuid() != 0:
        yield False
        return
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        call.unshare(call.CLONE_NEWPID)
    except OSError:
        os.close(own)
        yield False
        return
    try:
        yield True
    finally:
        call.setns(own, call.CLONE_NEWPID)
        os.close(own)


def enter(first: bool) -> set[str]:
    """Moves this process into new namespaces, each that the system grants; the names of those. Unless this process is
    the `first` of a PID namespace already, the new one holds for children only: call `reborn` next."""
    root = os.geteuid() == 0
    user, group = os.geteuid(), os.getegid()
    granted = {"pid"} if first else set()
    if not root:
        try:
            call.unshare(call.CLONE_NEWUSER)
        except OSError:
            return granted
        _map_ids(user, group)
    for name, flag in KINDS.items():
        if name in granted:
            continue
        try:
            call.unshare(flag)
        except OSError:
            continue
        granted.add(name)
    if "net" in granted:
        _loopback_up()
    return granted


def _map_ids(user: int, group: int) -> None:
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _loopback_up() -> None:
    SIOCSIFFLAGS, UP, RUNNING = 0x8914, 1, 64
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP | RUNNING))
        except OSError:
            return


def reborn(report: int) -> None:
    """Returns in a child, which is the first process of the PID namespace; the caller stays outside, tells the
    child's number on the descriptor, waits, and ends as the child does."""
    child = os.fork()
    if child == 0:
        os.close(report)
        return
    os.write(report, struct.pack("i", child))
    os.closerange(0, 4096)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code not in (signal.SIGKILL, signal.SIGSTOP) else None
        os.kill(os.getpid(), -code)
    os._exit(code)


def build_root(readable: Iterable[str], scratch: str, size: int, inodes: int, devices: Iterable[str] = ()) -> None:
    """A new root file system in memory: the system's libraries, the readable paths as they were but read-only, the
    `devices`, and an empty scratch folder of at most `size` bytes and `inodes` files. Everything else is out of
    reach."""
    call.mount("none", "/", None, call.MS_REC | call.MS_PRIVATE)
    base = scratch  # an empty folder of ours; it is hidden until the new root has one of that name
    in_memory = f"size={size},nr_inodes={inodes}"
    call.mount("tmpfs", base, "tmpfs", call.MS_NOSUID | call.MS_NODEV, f"mode=755,{in_memory}")
    for folder in WRITABLE:
        _own(base + folder, in_memory)
    for device in _DEVICES:
        _bind(f"/dev/{device}", base)
    for path in devices:
        _bind(path, base)
    held: list[str] = []
    for path in sorted({*(p for p in SYSTEM if os.path.lexists(p)), *readable}, key=lambda path: path.count("/")):
        if not any(path == other or path.startswith(other + "/") for other in held):
            if _bind(path, base):
                call.make_readonly(base + path)
            held.append(path)
    _own(base + scratch, in_memory)
    _mount_proc(base)
    os.chdir(base)
    call.pivot_root(".", ".")
    call.umount(".")
    os.chdir("/")
    call.mount("none", "/", None, call.MS_REMOUNT | call.MS_BIND | call.MS_RDONLY | call.MS_NOSUID | call.MS_NODEV)


def _own(target: str, in_memory: str) -> None:
    Path(target).mkdir(parents=True, exist_ok=True)
    call.mount("tmpfs", target, "tmpfs", call.MS_NOSUID | call.MS_NODEV, f"mode=1777,{in_memory}")


def _bind(path: str, base: str) -> bool:
    """Shows the path at the same place below the new root; a link stays a link. False where nothing was mounted."""
    source, target = Path(path), Path(base + path)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        kind = source.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(kind):
        if not os.path.lexists(target):
            target.symlink_to(source.readlink())
        return False
    if stat.S_ISDIR(kind):
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    call.mount(path, str(target), None, call.MS_BIND | call.MS_REC)
    return True


def _mount_proc(base: str) -> None:
    """The new namespace's own /proc; containers that hide parts of theirs refuse it, and the worker does without."""
    Path(base + "/proc").mkdir()
    try:
        call.mount("proc", base + "/proc", "proc", call.MS_NOSUID | call.MS_NODEV | call.MS_NOEXEC)
    except OSError:
        return


def become_nobody() -> None:
    """As root: another user, who owns nothing, and no way back."""
    user = FIRST_USER + int.from_bytes(os.urandom(4), "big") % USERS
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def name_host() -> None:
    """Gives the machine a name that says nothing, where there is a namespace for it."""
    ctypes.CDLL(None).sethostname(b"worker", 6)
