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
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder.line import of_pipes
from autograder.workers import GraderFault, Worker

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.gpu.leases import Gpu

PACKAGE = str(Path(__file__).resolve().parent.parent)


class Starter(Protocol):
    """Makes workers; `close` ends what that needs.
    Isolated workers lock themselves down before they read student code and tell which layers hold; one that lacks a
    `required` layer is not used."""

    required: frozenset[str]

    def start(self) -> Worker: ...

    def preload(self, modules: set[str]) -> None: ...

    def close(self) -> None: ...


class _Zygote:
    """The judge's end of a process that forks workers."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lock = threading.Lock()
        self._ready = False

    def send(self, command: dict[str, object]) -> None:
        with self._lock:
            self._control.send(_line(command))

    def ask(self, command: dict[str, object], descriptor: int | None = None) -> dict[str, int]:
        """Sends a command, with a descriptor if it needs one, and waits for the answer."""
        with self._lock:
            if not self._ready:
                self._receive()
                self._ready = True
            try:
                socket.send_fds(self._control, [_line(command)], [] if descriptor is None else [descriptor])
            except OSError:
                raise _gone() from None
            return dict(json.loads(self._receive()))

    def _receive(self) -> bytes:
        message = self._control.recv(65536)
        if not message:
            raise _gone()
        return message

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # whoever waits for an answer stops waiting
        self._control.close()


def _line(command: dict[str, object]) -> bytes:
    return json.dumps(command).encode() + b"\n"


def _gone() -> GraderFault:
    return GraderFault("the process that starts workers has ended; is torch installed? try: grade doctor")


class ForkStarter:
    """Forks workers off a zygote that has torch imported and the phantom device installed."""

    def __init__(
        self,
        device: str = "phantom",
        isolated: bool = False,
        required: frozenset[str] = frozenset(),
        quiet: bool = False,
        gpu: Gpu | None = None,
    ) -> None:
        self.isolated = isolated
        self.required = required
        ours, theirs = socket.socketpair()
        self._zygote = _Zygote(ours)
        command = [sys.executable, "-X", "utf8", "-m", "autograder.worker.zygote", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command,
            pass_fds=(theirs.fileno(),),
            env=environment(device, gpu),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt is for the judge, which then closes the line
            stderr=subprocess.DEVNULL if quiet else None,
        )
        theirs.close()
        atexit.register(self._process.kill)

    def start(self) -> Worker:
        zygote = self._zygote
        ours, theirs = socket.socketpair()
        try:
            born = zygote.ask({"op": "fork", "isolated": self.isolated}, theirs.fileno())
        finally:
            theirs.close()
        pid, inner = born["pid"], born["inner"]

        def end(wait: bool) -> int:
            # An isolated worker's parent ends as the worker does; ended first, it could not tell how.
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(inner, signal.SIGKILL)
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            ours.close()
            if wait:
                return zygote.ask({"op": "reap", "pid": pid})["status"]
            with contextlib.suppress(OSError):
                zygote.send({"op": "forget", "pid": pid})
            return 0

        return Worker(ours, inner, end)

    def preload(self, modules: set[str]) -> None:
        """Imports modules before the next worker is started, once for all of them."""
        self._zygote.send({"op": "preload", "modules": sorted(modules)})

    def close(self) -> None:
        self._zygote.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        atexit.unregister(self._process.kill)


class FreshStarter:
    """Starts a new interpreter for each worker, for systems without fork."""

    required: frozenset[str] = frozenset()

    def __init__(self, device: str = "phantom", gpu: Gpu | None = None) -> None:
        self._device = device
        self._gpu = gpu
        self._running: set[subprocess.Popen[bytes]] = set()

    def preload(self, modules: set[str]) -> None:
        return

    def start(self) -> Worker:
        process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "autograder.worker.fresh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(self._device, self._gpu),
            start_new_session=os.name == "posix",
        )
        assert isinstance(process.stdout, BufferedReader) and process.stdin is not None
        self._running.add(process)
        channel = of_pipes(process.stdout, process.stdin)
        died_by_itself = process.poll

        def end(wait: bool) -> int:
            with contextlib.suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            channel.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2 if wait else 0)
            status = died_by_itself()
            if status is None:
                if os.name == "posix":
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
                process.kill()
                status = process.wait()
            self._running.discard(process)
            return status

        return Worker(channel, process.pid, end)

    def close(self) -> None:
        for process in list(self._running):
            process.kill()


def starter(device: str = "phantom", quiet: bool = False, gpu: Gpu | None = None) -> Starter:
    """The best way this system has to start workers; only with the device `cuda` do they see a GPU. A `quiet` one
    lets nothing through to stderr, which in a notebook belongs to a cell. `gpu` is the one that they see."""
    return ForkStarter(device, quiet=quiet, gpu=gpu) if can_fork() else FreshStarter(device, gpu)


def modules_of(exercises: Iterable[Exercise]) -> set[str]:
    """What workers for these exercises import."""
    found = {name for exercise in exercises for name in exercise.preload}
    return found | {f"autograder.exercises.{exercise.homework}" for exercise in exercises}


def can_fork() -> bool:
    if not (hasattr(os, "fork") and hasattr(socket, "send_fds")):
        return False
    try:
        import resource  # noqa: F401
    except ImportError:
        return False
    return True


def environment(device: str, gpu: Gpu | None = None) -> dict[str, str]:
    """What a worker may know: no secrets, one thread, fixed hashing, no compiler; and which GPU is its own, before
    anything can touch another."""
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
    if gpu is not None:
        kept.update(gpu.environment())
    return kept
