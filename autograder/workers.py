"""The judge's side of one worker process: asking it, measuring it, and ending it from outside."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autograder.line import Line, Parts
from autograder.wire import Command, WireError, frame, parse_header

if TYPE_CHECKING:
    from autograder.recording import Record

MAX_ANSWER = 32 * 1024 * 1024
GIGABYTE = 1024**3
OWN_MEMORY = 1 * GIGABYTE  # that a worker may hold beside what student code takes
POLL = 0.2  # seconds
SMALL = 4096  # bytes of an answer that is kept for the next who gives it
AHEAD = 8  # commands that may be on their way beside the one that is waited for

Ahead = Callable[[], "list[Command]"]
"""What is likely to be asked next, in this order."""


@dataclass(frozen=True)
class Limits:
    """Seconds of processor time one command may take, how much longer the wall clock may run (a backstop), and the
    GiB of memory that student code may take."""

    cpu: float = 4.0
    wall_factor: float = 10.0
    load_cpu: float = 10.0
    memory: float = 3.0

    @property
    def taken(self) -> int:
        """Bytes that student code may take."""
        return int(self.memory * GIGABYTE)

    @property
    def held(self) -> int:
        """Bytes that a worker may hold together with what it starts."""
        return self.taken + OWN_MEMORY


class WorkerDied(Exception):
    """The worker gave no usable answer. `kind` is an outcome: timeout, wall, crashed or memory."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class GraderFault(Exception):
    """Something of the kit's own failed; never the student's fault."""


@dataclass(eq=False)
class Answer:
    """What a worker answered. The same object stands for the same bytes, whoever sent them: nobody writes into it."""

    header: dict[str, Any]
    blob: bytes
    _record: Record | None = field(default=None, init=False)

    def record(self) -> Record:
        """The answer as that to a run."""
        if self._record is None:
            from autograder.recording import record_of  # with numpy, for which the first line of output need not wait

            self._record = record_of(self.header, self.blob)
        return self._record


def answer_of(parts: Parts) -> Answer:
    """The answer in a frame; WireError where there is none. Submissions that are right answer most runs alike, and
    small answers are read once."""
    small = sum(map(len, parts)) <= SMALL
    return _kept(*parts) if small else Answer(parse_header(parts[0]), parts[1])


@lru_cache(maxsize=4096)
def _kept(header: bytes, blob: bytes) -> Answer:
    return Answer(parse_header(header), blob)


@dataclass(frozen=True)
class Exchange:
    """An answer, and between which moments of the judge's clock it was got: before the first byte of the command went
    out, and after the last byte of the answer had come in."""

    answer: Answer
    released: float
    received: float


class Worker:
    """One running worker. Not thread-safe: one command at a time.

    `pid` is the process that runs student code, `end` ends the worker and gives its exit status, `memory` are the bytes
    that it may hold together with what it starts.
    """

    def __init__(self, channel: socket.socket, pid: int, end: Callable[[bool], int]) -> None:
        self._line = Line(channel, MAX_ANSWER, POLL)
        self._told = 0
        self._foreseen: deque[tuple[Command, int]] = deque()
        self._abandoned: set[int] = set()
        self.pid = pid
        self.memory = Limits().held
        self._end = end

    def ask(self, command: Command, cpu: float, wall: float, ahead: Ahead = list) -> Answer:
        """Sends a command and waits for its answer; WorkerDied when the limits pass or the process ends. The commands
        `ahead` are likely to be asked next: they are on their way meanwhile, and their answers dropped if they are
        not."""
        while self._foreseen and self._foreseen[0][0] != command:
            self._abandoned.add(self._foreseen.popleft()[1])
        if not self._foreseen:
            if not self._abandoned and self._early():
                raise self._tampered("an answer came before it was asked for")
            self._send([command, *ahead()])
        elif len(self._foreseen) <= AHEAD // 2:
            self._send(ahead()[len(self._foreseen) - 1 :])
        number = self._foreseen.popleft()[1]
        while True:
            answer = self._read(self._receive(cpu, wall)[0])
            answered = answer.header.get("number")
            if answered == number:
                return answer
            if answered not in self._abandoned:
                raise self._tampered("the answer is to another question")
            self._abandoned.discard(answered)

    def exchange(self, command: dict[str, Any], blob: bytes, cpu: float, wall: float) -> Exchange:
        """Sends one command with bytes of its own, and waits for its answer: `ask` for who looks at the clock, with
        nothing else on the way."""
        if self._foreseen or self._abandoned or self._early():
            raise self._tampered("an answer came before it was asked for")
        self._told += 1
        data = frame({**command, "number": self._told}, blob)
        released = time.perf_counter()
        self._line.send(data, wall)
        parts, received = self._receive(cpu, wall)
        answer = self._read(parts)
        if answer.header.get("number") != self._told:
            raise self._tampered("the answer is to another question")
        return Exchange(answer, released, received)

    def _send(self, commands: Sequence[Command]) -> None:
        first = self._told + 1
        self._told += len(commands)
        numbered = [(command, number) for number, command in enumerate(commands, first)]
        self._foreseen.extend(numbered)
        self._line.send(b"".join([command.numbered(number) for command, number in numbered]))

    def _early(self) -> bool:
        try:
            return self._line.unread()
        except EOFError:
            raise self._dead() from None

    def _receive(self, cpu: float, wall: float) -> tuple[Parts, float]:
        """The next answer as it came, and the moment at which its last byte did."""
        watch = _Watch(self.pid, cpu, wall, self.memory)
        try:
            while (parts := self._line.frame()) is None:
                self._line.receive()
                if (passed := watch.passed()) is not None:
                    self.kill()
                    raise WorkerDied(*passed)
        except EOFError:
            raise self._dead() from None
        except WireError as error:
            raise self._malformed(error) from None
        return parts, time.perf_counter()

    def _read(self, parts: Parts) -> Answer:
        try:
            answer = answer_of(parts)
        except WireError as error:
            raise self._malformed(error) from None
        if "grader_error" in answer.header:
            self.kill()
            raise GraderFault(f"a worker failed:\n{answer.header['grader_error']}")
        return answer

    def _malformed(self, error: WireError) -> WorkerDied:
        return self._tampered(f"the answer does not follow the format: {error}")

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
        end, self._end = self._end, lambda wait: 0
        return end(wait)


class _Watch:
    """Whether a worker has passed its limits while one answer is waited for, looked at every now and then."""

    def __init__(self, pid: int, cpu: float, wall: float, memory: int) -> None:
        self._pid, self._cpu, self._wall, self._memory = pid, cpu, wall, memory
        self._started = self._looked = time.monotonic()
        self._cpu_start: float | None = None

    def passed(self) -> tuple[str, str] | None:
        """The outcome and what happened, once a limit is passed."""
        now = time.monotonic()
        if now - self._looked < POLL:
            return None
        self._looked = now
        used, held = _usage(self._pid)
        if self._cpu_start is None:
            self._cpu_start = max(0.0, used - (now - self._started)) if used else 0.0
        if used - self._cpu_start > self._cpu:
            return "timeout", f"it was stopped after {self._cpu:g} seconds of processor time"
        if held > self._memory:
            return "memory", f"it was stopped when it held {held / GIGABYTE:.1f} GiB"
        if now - self._started > self._wall:
            return "wall", f"it was stopped after {self._wall:g} seconds"
        return None


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
