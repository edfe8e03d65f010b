"""The judge's side of one worker process: asking it, measuring it, and ending it from outside."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from autograder.wire import Parts, WireError, exactly, frame, parse_header, read_parts

MAX_ANSWER = 32 * 1024 * 1024
GIGABYTE = 1024**3
MAX_MEMORY = 4 * GIGABYTE  # of a worker and what it starts, together
POLL = 0.2  # seconds
AHEAD = 8  # commands that may be on their way beside the one that is waited for

Ahead = Callable[[], "list[dict[str, Any]]"]
"""What is likely to be asked next, in this order."""


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
        self._told = 0
        self._foreseen: deque[tuple[dict[str, Any], int]] = deque()
        self._abandoned: set[int] = set()
        self.pid = pid
        self._end = end
        self._ended = False
        self._came, self._taken = 0, 0  # bytes of answers
        self._answers: queue.SimpleQueue[Parts | Exception] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(source,), daemon=True).start()

    def _read(self, source: BinaryIO) -> None:
        read_exactly = exactly(source)
        try:
            while self._answers.qsize() <= 2 * AHEAD:  # more is a flood; the rest stays in the pipe
                parts = read_parts(read_exactly, MAX_ANSWER)
                self._came += sum(map(len, parts))
                self._answers.put(parts)
                while self._came - self._taken > MAX_ANSWER and not self._ended:
                    time.sleep(0.001)
        except (EOFError, OSError, ValueError, WireError) as error:
            self._answers.put(error)

    def ask(
        self, command: dict[str, Any], cpu: float, wall: float, ahead: Ahead = list
    ) -> tuple[dict[str, Any], bytes]:
        """Sends a command and waits for its answer; WorkerDied when the limits pass or the process ends. The commands
        `ahead` are likely to be asked next: they are on their way meanwhile, and their answers dropped if they are
        not."""
        while self._foreseen and self._foreseen[0][0] != command:
            self._abandoned.add(self._foreseen.popleft()[1])
        if not self._foreseen:
            if not self._abandoned and not self._answers.empty():
                early = self._answers.get()
                raise self._dead() if _is_end(early) else self._tampered("an answer came before it was asked for")
            self._send([command, *ahead()])
        elif len(self._foreseen) <= AHEAD // 2:
            self._send(ahead()[len(self._foreseen) - 1 :])
        number = self._foreseen.popleft()[1]
        while True:
            answer = self._wait(cpu, wall)
            if answer[0].get("number") == number:
                return answer
            if answer[0].get("number") not in self._abandoned:
                raise self._tampered("the answer is to another question")
            self._abandoned.discard(answer[0]["number"])

    def _send(self, commands: Sequence[dict[str, Any]]) -> None:
        first = self._told + 1
        self._told += len(commands)
        numbered = [(command, number) for number, command in enumerate(commands, first)]
        self._foreseen.extend(numbered)
        with contextlib.suppress(OSError, ValueError):  # answers may be there from before it died
            self._sink.write(b"".join(frame({**command, "number": number}) for command, number in numbered))
            self._sink.flush()

    def _wait(self, cpu: float, wall: float) -> tuple[dict[str, Any], bytes]:
        """The next answer, whichever it is."""
        parts = self._next(cpu, wall)
        if isinstance(parts, WireError):
            raise self._tampered(f"the answer does not follow the format: {parts}")
        if isinstance(parts, Exception):
            raise self._dead()
        self._taken += sum(map(len, parts))
        try:
            header = parse_header(parts[0])
        except WireError as error:
            raise self._tampered(f"the answer does not follow the format: {error}") from None
        if "grader_error" in header:
            self.kill()
            raise GraderFault(f"a worker failed:\n{header['grader_error']}")
        return header, parts[1]

    def _next(self, cpu: float, wall: float) -> Parts | Exception:
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
        self._ended = True
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
