"""The judge's side of worker processes: starting them, asking them, and ending them from outside."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from autograder.wire import WireError, exactly, frame, read_frame

PACKAGE = str(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Limits:
    """Seconds of processor time one command may take, and how much longer the wall clock may run (a backstop)."""

    cpu: float = 4.0
    wall_factor: float = 10.0
    load_cpu: float = 20.0


class WorkerDied(Exception):
    """The worker gave no usable answer. `kind` is an outcome: timeout, wall, crashed or memory."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Starter(Protocol):
    """Makes workers (`phantom` says that the worker will carry the phantom device); `close` ends what that needs."""

    def start(self, phantom: bool = False) -> Worker: ...

    def preload(self, modules: set[str]) -> None: ...

    def close(self) -> None: ...


class Worker:
    """One running worker. Not thread-safe: one command at a time."""

    def __init__(self, source: BinaryIO, sink: BinaryIO, pid: int, end: Any) -> None:
        self._sink = sink
        self.pid = pid
        self._end = end
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], bytes] | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(source,), daemon=True).start()

    def _read(self, source: BinaryIO) -> None:
        read_exactly = exactly(source)
        try:
            while True:
                self._answers.put(read_frame(read_exactly))
        except (EOFError, OSError, ValueError, WireError) as error:
            self._answers.put(error)

    def ask(self, command: dict[str, Any], cpu: float, wall: float) -> tuple[dict[str, Any], bytes]:
        """Sends a command and waits for its answer; WorkerDied when the limits pass or the process ends."""
        try:
            self._sink.write(frame(command))
            self._sink.flush()
        except (OSError, ValueError):
            raise self._dead() from None
        started = time.monotonic()
        cpu_start: float | None = None
        pause = 0.2
        while True:
            try:
                answer = self._answers.get(timeout=pause)
            except queue.Empty:
                used = _cpu_seconds(self.pid)
                if cpu_start is None:
                    cpu_start = max(0.0, used - (time.monotonic() - started)) if used else 0.0
                if used - cpu_start > cpu:
                    self.kill()
                    raise WorkerDied("timeout", f"it was stopped after {cpu:g} seconds of processor time") from None
                if time.monotonic() - started > wall:
                    self.kill()
                    raise WorkerDied("wall", f"it was stopped after {wall:g} seconds") from None
                continue
            if isinstance(answer, WireError):
                self.kill()
                raise WorkerDied("tampered", f"the answer does not follow the format: {answer}")
            if isinstance(answer, Exception):
                raise self._dead()
            if "grader_error" in answer[0]:
                self.kill()
                raise GraderFault(f"a worker failed:\n{answer[0]['grader_error']}")
            return answer

    def _dead(self) -> WorkerDied:
        status = self.kill()
        if status < 0:
            try:
                name = signal.Signals(-status).name
            except ValueError:
                name = f"signal {-status}"
            meaning = {"SIGSEGV": "it reached into memory that is not its own", "SIGKILL": "the system ended it"}
            return WorkerDied(
                "crashed", f"the process died of {name}" + (f" ({meaning[name]})" if name in meaning else "")
            )
        return WorkerDied("crashed", f"the process ended itself with exit status {status} before it had answered")

    def kill(self) -> int:
        """Ends the worker and its process group; its exit status, negative for a signal."""
        with contextlib.suppress(OSError, ValueError):
            self._sink.close()
        end, self._end = self._end, lambda: 0
        return int(end())


def _cpu_seconds(pid: int) -> float:
    import psutil

    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


class ForkStarter:
    """Forks workers off a zygote that has torch imported."""

    def __init__(self, device: str = "phantom") -> None:
        ours, theirs = socket.socketpair()
        self._control = ours
        self._lock = threading.Lock()
        self._ready = False
        command = [sys.executable, "-X", "utf8", "-m", "autograder.worker.zygote", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=(theirs.fileno(),), env=_environment(device), stdin=subprocess.DEVNULL
        )
        theirs.close()
        atexit.register(self._process.kill)

    def start(self, phantom: bool = False) -> Worker:
        ours, theirs = socket.socketpair()
        with self._lock:
            self._wait_ready()
            command = json.dumps({"op": "fork", "phantom": phantom}).encode()
            socket.send_fds(self._control, [command], [theirs.fileno()])
            theirs.close()
            pid = json.loads(self._receive())["pid"]
        channel = ours.makefile("rb"), ours.makefile("wb")

        def end() -> int:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            ours.close()
            with self._lock:
                self._control.send(json.dumps({"op": "reap", "pid": pid}).encode())
                return int(json.loads(self._receive())["status"])

        return Worker(*channel, pid, end)

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
            env=_environment(self._device),
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


class GraderFault(Exception):
    """Something of the kit's own failed; never the student's fault."""


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


def _environment(device: str) -> dict[str, str]:
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
