"""Where workers come from: forks of a process that has torch imported, or fresh interpreters."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Protocol

from autograder.workers import GraderFault, Worker

PACKAGE = str(Path(__file__).resolve().parent.parent)


class Starter(Protocol):
    """Makes workers (`phantom` says that the worker will carry the phantom device); `close` ends what that needs.
    Isolated workers lock themselves down before they read student code and tell which layers hold; one that lacks a
    `required` layer is not used."""

    required: frozenset[str]

    def start(self, phantom: bool = False) -> Worker: ...

    def preload(self, modules: set[str]) -> None: ...

    def close(self) -> None: ...


class ForkStarter:
    """Forks workers off a zygote that has torch imported."""

    def __init__(self, device: str = "phantom", isolated: bool = False, required: frozenset[str] = frozenset()) -> None:
        self.isolated = isolated
        self.required = required
        ours, theirs = socket.socketpair()
        self._control = ours
        self._lock = threading.Lock()
        self._ready = False
        command = [sys.executable, "-X", "utf8", "-m", "autograder.worker.zygote", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=(theirs.fileno(),), env=environment(device), stdin=subprocess.DEVNULL
        )
        theirs.close()
        atexit.register(self._process.kill)

    def start(self, phantom: bool = False) -> Worker:
        ours, theirs = socket.socketpair()
        with self._lock:
            self._wait_ready()
            command = json.dumps({"op": "fork", "phantom": phantom, "isolated": self.isolated}).encode()
            socket.send_fds(self._control, [command], [theirs.fileno()])
            theirs.close()
            born = json.loads(self._receive())
        pid, inner = int(born["pid"]), int(born["inner"])
        channel = ours.makefile("rb"), ours.makefile("wb")

        def end() -> int:
            # An isolated worker's parent ends as the worker does; ended first, it could not tell how.
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(inner, signal.SIGKILL)
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            ours.close()
            with self._lock:
                self._control.send(json.dumps({"op": "reap", "pid": pid}).encode())
                return int(json.loads(self._receive())["status"])

        return Worker(*channel, inner, end)

    def preload(self, modules: set[str]) -> None:
        """Imports modules before the next worker is started, once for all of them."""
        if modules:
            with self._lock:
                self._control.send(json.dumps({"op": "preload", "modules": sorted(modules)}).encode())

    def _wait_ready(self) -> None:
        if not self._ready:
            self._receive()
            self._ready = True

    def _receive(self) -> bytes:
        message = self._control.recv(65536)
        if not message:
            raise GraderFault("the process that starts workers has ended; is torch installed? try: grade doctor")
        return message

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        atexit.unregister(self._process.kill)


class FreshStarter:
    """Starts a new interpreter for each worker, for systems without fork."""

    required: frozenset[str] = frozenset()

    def __init__(self, device: str = "phantom") -> None:
        self._device = device

    def preload(self, modules: set[str]) -> None:
        return

    def start(self, phantom: bool = False) -> Worker:
        process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "autograder.worker.fresh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(self._device),
            start_new_session=os.name == "posix",
        )
        assert process.stdin is not None and process.stdout is not None
        died_by_itself = process.poll

        def end() -> int:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
            status = died_by_itself()
            if status is None:
                if os.name == "posix":
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
                process.kill()
                status = process.wait()
            return status

        return Worker(process.stdout, process.stdin, process.pid, end)  # type: ignore[arg-type]

    def close(self) -> None:
        return


def starter(device: str = "phantom") -> Starter:
    """The best way this system has to start workers; only with the device `cuda` do they see a GPU."""
    return ForkStarter(device) if can_fork() else FreshStarter(device)


def can_fork() -> bool:
    if not (hasattr(os, "fork") and hasattr(socket, "send_fds")):
        return False
    try:
        import resource  # noqa: F401
    except ImportError:
        return False
    return True


def environment(device: str) -> dict[str, str]:
    """What a worker may know: no secrets, one thread, fixed hashing, no compiler."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name
        in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    }
    paths = [PACKAGE, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    kept.update(
        PYTHONPATH=os.pathsep.join(paths),
        PYTHONHASHSEED="0",
        PYTHONDONTWRITEBYTECODE="1",
        OMP_NUM_THREADS="1",
        MKL_NUM_THREADS="1",
        TORCHDYNAMO_DISABLE="1",
        CUDA_VISIBLE_DEVICES=os.environ.get("CUDA_VISIBLE_DEVICES", "0") if device == "cuda" else "",
        GRADE_DEVICE=device,
    )
    return kept
