"""The judge's side of one worker process: asking it, measuring it, and ending it from outside."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
import time
from dataclasses import dataclass
from typing import Any, BinaryIO

from autograder.wire import WireError, exactly, frame, read_frame

MAX_ANSWER = 32 * 1024 * 1024
GIGABYTE = 1024**3
MAX_MEMORY = 4 * GIGABYTE  # of a worker and what it starts, together
POLL = 0.2  # seconds


@dataclass(frozen=True)
class Limits:
    """Seconds of processor time one command may take, and how much longer the wall clock may run (a backstop)."""

    cpu: float = 4.0
    wall_factor: float = 10.0
    load_cpu: float = 10.0


class WorkerDied(Exception):
    """The worker gave no usable answer. `kind` is an outcome: timeout, wall, crashed or memory."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class GraderFault(Exception):
    """Something of the kit's own failed; never the student's fault."""


class Worker:
    """One running worker. Not thread-safe: one command at a time.

    `pid` is the process that runs student code, `end` ends the worker and gives its exit status.
    """

    def __init__(self, source: BinaryIO, sink: BinaryIO, pid: int, end: Any) -> None:
        self._sink = sink
        self._asked = 0
        self.pid = pid
        self._end = end
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], bytes] | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(source,), daemon=True).start()

    def _read(self, source: BinaryIO) -> None:
        read_exactly = exactly(source)
        try:
            while self._answers.qsize() < 2:  # more than one unread is a flood; the rest stays in the pipe
                self._answers.put(read_frame(read_exactly, MAX_ANSWER))
        except (EOFError, OSError, ValueError, WireError) as error:
            self._answers.put(error)

    def ask(self, command: dict[str, Any], cpu: float, wall: float) -> tuple[dict[str, Any], bytes]:
        """Sends a command and waits for its answer; WorkerDied when the limits pass or the process ends."""
        if not self._answers.empty():
            early = self._answers.get()
            raise self._dead() if _is_end(early) else self._tampered("an answer came before it was asked for")
        self._asked += 1
        try:
            self._sink.write(frame({**command, "number": self._asked}))
            self._sink.flush()
        except (OSError, ValueError):
            raise self._dead() from None
        answer = self._wait(cpu, wall)
        if isinstance(answer, WireError):
            raise self._tampered(f"the answer does not follow the format: {answer}")
        if isinstance(answer, Exception):
            raise self._dead()
        if "grader_error" in answer[0]:
            self.kill()
            raise GraderFault(f"a worker failed:\n{answer[0]['grader_error']}")
        if answer[0].get("number") != self._asked:
            raise self._tampered("the answer is to another question")
        return answer

    def _wait(self, cpu: float, wall: float) -> tuple[dict[str, Any], bytes] | Exception:
        started = time.monotonic()
        cpu_start: float | None = None
        while True:
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=POLL)
            used, held = _usage(self.pid)
            if cpu_start is None:
                cpu_start = max(0.0, used - (time.monotonic() - started)) if used else 0.0
            if used - cpu_start > cpu:
                self.kill()
                raise WorkerDied("timeout", f"it was stopped after {cpu:g} seconds of processor time")
            if held > MAX_MEMORY:
                self.kill()
                raise WorkerDied("memory", f"it was stopped when it held {held / GIGABYTE:.1f} GiB")
            if time.monotonic() - started > wall:
                self.kill()
                raise WorkerDied("wall", f"it was stopped after {wall:g} seconds")

    def _tampered(self, detail: str) -> WorkerDied:
        self.kill()
        return WorkerDied("tampered", detail)

    def _dead(self) -> WorkerDied:
        status = self.kill(wait=True)
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

    def kill(self, wait: bool = False) -> int:
        """Ends the worker and its process group; its exit status, negative for a signal, where that is waited for."""
        with contextlib.suppress(OSError, ValueError):
            self._sink.close()
        end, self._end = self._end, lambda wait: 0
        return int(end(wait))


def _is_end(answer: object) -> bool:
    return isinstance(answer, Exception) and not isinstance(answer, WireError)


def _usage(pid: int) -> tuple[float, int]:
    """Seconds of processor time and bytes of memory that the process and those it has started use."""
    import psutil

    seconds, held = 0.0, 0
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0, 0
    for one in family:
        with contextlib.suppress(psutil.Error):
            times = one.cpu_times()
            seconds += times.user + times.system
            if one is process:
                seconds += times.children_user + times.children_system
            held += one.memory_info().rss
    return float(seconds), int(held)
