"""A process that has imported torch and forks a worker for each submission. It never runs student code."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Any

from autograder.worker import pages
from autograder.worker.limits import die_with_parent

MANY = 8  # forks from which on it pays to have made them cheaper


def main() -> None:
    warm()
    serve_forks(socket.socket(fileno=int(sys.argv[1])))


def serve_forks(control: socket.socket) -> None:
    """Forks workers until the judge hangs up."""
    forgotten: set[int] = set()
    forks = 0
    signal.signal(signal.SIGCHLD, lambda *_: _bury(forgotten))
    control.send(b'{"ready": true}')
    for command, descriptors in _commands(control):
        if command["op"] == "fork":
            gc.freeze()  # else a worker's first collection walks through all of torch, and copies its pages
            forks += 1
            if forks == MANY:
                pages.collapse()
            pid, inner = _fork_worker(control, descriptors[0], command["isolated"])
            os.close(descriptors[0])
            control.send(json.dumps({"pid": pid, "inner": inner}).encode())
        elif command["op"] == "preload":
            for name in command["modules"]:
                importlib.import_module(name)
        elif command["op"] == "reap":
            control.send(json.dumps({"status": _reap(command["pid"])}).encode())
        elif command["op"] == "forget":
            forgotten.add(command["pid"])
            _bury(forgotten)


def _commands(control: socket.socket) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Commands, a line each, until there are no more; a descriptor comes with the last line of what is read at once."""
    rest = b""
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield json.loads(line), descriptors


def _bury(forgotten: set[int]) -> None:
    """Takes the exit status of those whom nobody asks for."""
    for pid in list(forgotten):
        try:
            done, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            done = pid
        if done:
            forgotten.discard(pid)


def warm() -> None:
    """Imports what workers need and touches what torch reads lazily, so that no fork pays for it."""
    import psutil  # noqa: F401
    import torch

    torch.set_num_threads(1)
    torch.zeros(2, 2) @ torch.zeros(2, 2)
    torch.backends.cpu.get_cpu_capability()
    for name in ("autograder.worker.runs", "autograder.worker.session", "autograder.worker.sides"):
        importlib.import_module(name)
    from autograder.worker import exits, phantom

    b"".decode("utf-8-sig")  # as submissions are read
    # Each of the two changes thousands of pages, which forks then share.
    exits.watch()
    if os.environ.get("GRADE_DEVICE") != "cuda":
        phantom.install(lambda file: False)
    if sys.platform == "linux":
        from autograder.worker import lockdown

        lockdown.libraries()


def _fork_worker(control: socket.socket, descriptor: int, isolated: bool) -> tuple[int, int]:
    """The number of the fork, and that of the process that runs student code: the same, unless the fork has to split
    to be isolated."""
    if not isolated:
        pid = os.fork()
        if pid == 0:
            control.close()
            become_worker(descriptor, None)
        return pid, pid
    from autograder.worker import lockdown

    with lockdown.born_inside() as first:
        told = None if first else os.pipe()
        pid = os.fork()
        if pid == 0:
            control.close()
            if told is not None:
                os.close(told[0])
            die_with_parent()
            become_worker(descriptor, lockdown.split(None if told is None else told[1]))
    if told is None:
        return pid, pid
    os.close(told[1])
    with os.fdopen(told[0], "rb") as pipe:
        number = pipe.read(4)
    return pid, struct.unpack("i", number)[0] if len(number) == 4 else pid


def become_worker(descriptor: int, granted: set[str] | None) -> None:
    """Turns this process into a worker that answers on the descriptor; does not return. One that is to be isolated
    was `granted` namespaces."""
    from autograder.worker.session import serve

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    die_with_parent()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    channel = socket.socket(fileno=os.dup(descriptor))
    _close_others(channel.fileno())
    try:
        serve(channel.makefile("rb"), channel.makefile("wb"), granted)
    finally:
        os._exit(0)


def _close_others(keep: int) -> None:
    os.closerange(3, keep)
    os.closerange(keep + 1, 4096)


def _reap(pid: int) -> int:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the judge has gone
        main()
    os._exit(0)  # there is nothing to put away, and taking torch apart takes most of a second
