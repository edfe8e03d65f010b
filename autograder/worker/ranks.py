"""Several ranks of a distributed program at once, and the hub through which they talk.

Each rank is a process that is forked from the worker, as each is a process of its own in earnest; where processes
cannot be had, a thread. The hub serves one request at a time and knows who waits for whom. What the ranks get does not
depend on which is faster, and ranks that wait for each other are told so at once instead of never.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any, BinaryIO

from autograder.wire import Packer, Unpacker, WireError, exactly, frame, read_frame
from autograder.worker.faults import Told
from autograder.worker.limits import die_with_parent
from autograder.worker.process_group import (
    Line,
    RanksDisagree,
    RanksWaitForever,
    hub_in_place_of_network,
    on_host,
    speak,
)
from autograder.worker.runs import Printed, captured
from autograder.worker.student import Student
from autograder.worker.values import Build, to_leaf

_FOLLOWS = (RanksWaitForever.__name__, RanksDisagree.__name__)  # faults that may be another rank's fault


class RankFault(Told):
    """What a rank raised; the fault's message says which."""


def run(student: Student, world_size: int, work: Callable[[int], Any], *, meeting: str = "") -> list[Any]:
    """What `work(rank)`, which calls the student's code, gives on each of the ranks. Inside, torch.distributed talks
    through the hub, and `init_process_group` accepts the address `meeting` only. RankFault with the fault of the lowest
    rank that is to blame, where one failed."""
    forks = hasattr(os, "fork") and os.environ.get("GRADE_DEVICE") != "cuda"  # CUDA does not survive a fork
    forks = forks and not student.transformed  # nor does the memory of a trivial answer
    ranks = _Processes(work, student.fault) if forks else _Threads(work, student.fault)
    lines = []
    with hub_in_place_of_network(threads=not forks, meeting=meeting):
        try:
            for rank in range(world_size):
                ours, theirs = socket.socketpair()
                lines.append(ours)
                ranks.start(rank, world_size, theirs, lines)
            finished = Hub(lines).serve()
        finally:
            for line in lines:
                line.close()
            ranks.join()
    for header, _ in finished:
        sys.stdout.write(str(header.get("printed", "")))
    faults = [(rank, header["fault"]) for rank, (header, _) in enumerate(finished) if "fault" in header]
    for rank, fault in sorted(faults, key=lambda entry: entry[1]["type"] in _FOLLOWS):
        where = f"rank {rank} of {world_size}: " if world_size > 1 else ""
        raise RankFault({**fault, "message": where + fault["message"]})
    return [Unpacker(blob, Build("cpu", lambda tensor: tensor, False)).unpack(h["value"]) for h, blob in finished]


class _Ranks:
    """Ranks that live somewhere; each does its work and sends the hub its last words."""

    def __init__(self, work: Callable[[int], Any], described: Callable[[BaseException], dict[str, Any]]) -> None:
        self._work, self._described = work, described

    def start(self, rank: int, world_size: int, channel: socket.socket, ours: list[socket.socket]) -> None:
        raise NotImplementedError

    def join(self) -> None:
        raise NotImplementedError

    def _live(self, line: Line) -> None:
        speak(line)
        packer = Packer(_leaf)
        try:
            header: dict[str, Any] = {"op": "done", "value": packer.pack(self._work(line.rank))}
        except BaseException as error:
            packer = Packer(_leaf)
            header = {"op": "done", "fault": self._described(error)}
        if isinstance(sys.stdout, Printed):
            header["printed"] = sys.stdout.text()
        with suppress(OSError):
            line.send(header, packer.blob)


def _leaf(value: Any) -> Any:
    return to_leaf(value, on_host)


class _Processes(_Ranks):
    """Ranks as forks of this process, as they are processes in earnest."""

    _pids: tuple[int, ...] = ()

    def start(self, rank: int, world_size: int, channel: socket.socket, ours: list[socket.socket]) -> None:
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            try:
                die_with_parent()
                for line in ours:
                    line.close()
                if isinstance(sys.stdout, Printed):
                    with captured():
                        self._live(Line(rank, world_size, channel))
                else:
                    self._live(Line(rank, world_size, channel))
            finally:
                sys.stdout.flush()
                os._exit(0)
        channel.close()
        self._pids += (pid,)

    def join(self) -> None:
        for pid in self._pids:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


class _Threads(_Ranks):
    """Ranks as threads, of which one runs at a time: the others wait for their turn, or for the hub."""

    def __init__(self, work: Callable[[int], Any], described: Callable[[BaseException], dict[str, Any]]) -> None:
        super().__init__(work, described)
        self._turn = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self, rank: int, world_size: int, channel: socket.socket, ours: list[socket.socket]) -> None:
        line = Line(rank, world_size, channel, self._turn)

        def live() -> None:
            with self._turn:
                self._live(line)
            channel.close()

        self._threads.append(threading.Thread(target=live, daemon=True))
        self._threads[-1].start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()


class Hub:
    """Serves the requests of the ranks until all have answered."""

    def __init__(self, lines: list[socket.socket]) -> None:
        self._sources: list[BinaryIO] = [line.makefile("rb") for line in lines]
        self._lines = lines
        self._finished: dict[int, tuple[dict[str, Any], bytes]] = {}
        self._waiting: dict[int, tuple[dict[str, Any], bytes]] = {}
        self._mail: dict[tuple[int, int, int], deque[tuple[Any, bytes]]] = defaultdict(deque)

    def serve(self) -> list[tuple[dict[str, Any], bytes]]:
        """The last words of each rank."""
        with DefaultSelector() as selector:
            for rank, line in enumerate(self._lines):
                selector.register(line, EVENT_READ, rank)
            while len(self._finished) < len(self._lines):
                while self._proceed():
                    pass
                if len(self._waiting) + len(self._finished) == len(self._lines):
                    self._give_up()
                    continue
                for key, _ in selector.select():
                    self._take(key.data)
                    if key.data in self._finished:
                        selector.unregister(key.fileobj)
        for source in self._sources:
            source.close()
        return [self._finished[rank] for rank in range(len(self._lines))]

    def _take(self, rank: int) -> None:
        """Reads one request."""
        try:
            header, blob = read_frame(exactly(self._sources[rank]))
        except (EOFError, OSError, WireError):
            message = "the process ended itself before it had answered"
            fault = {"kind": "error", "type": "RankEnded", "message": message, "frames": []}
            header, blob = {"op": "done", "fault": fault}, b""
        if header["op"] == "done":
            self._finished[rank] = header, blob
        elif header["op"] == "send":
            self._mail[rank, header["to"], header["tag"]].append((header["payload"], blob))
            self._answer(rank, {"payloads": []}, b"")
        else:
            self._waiting[rank] = header, blob

    def _proceed(self) -> bool:
        """Answers one request that has become possible, or one collective call of a whole group."""
        for rank, (header, _) in list(self._waiting.items()):
            if header["op"] == "receive":
                box = self._mail[header["from"], rank, header["tag"]]
                if box:
                    payload, blob = box.popleft()
                    self._release(rank, {"payloads": [payload]}, blob)
                    return True
                continue
            calls = [self._waiting.get(member) for member in header["group"]]
            if any(call is None or call[0].get("group") != header["group"] for call in calls):
                continue
            self._collect(header["group"], [call for call in calls if call is not None])
            return True
        return False

    def _collect(self, group: list[int], calls: list[tuple[dict[str, Any], bytes]]) -> None:
        """Gives every member what all members brought; or tells them all that they have not called the same."""
        wanted = calls[0][0]["what"]
        for member, (header, _) in zip(group, calls, strict=True):
            if header["what"] != wanted:
                told = f"rank {group[0]} calls {_shown(wanted)} while rank {member} calls {_shown(header['what'])}"
                for one in group:
                    self._release(one, {"error": RanksDisagree.__name__, "message": told}, b"")
                return
        start, payloads, blobs = 0, [], []
        for header, blob in calls:
            payloads.append([_moved(node, start) for node in header["payload"]])
            blobs.append(blob)
            start += len(blob)
        for member in group:
            self._release(member, {"payloads": payloads}, b"".join(blobs))

    def _give_up(self) -> None:
        """No rank can go on any more: tells all that wait what they wait for."""
        waiting = sorted(self._waiting)
        told = {rank: self._why(rank) for rank in waiting}
        for rank in waiting:
            self._release(rank, {"error": RanksWaitForever.__name__, "message": told[rank]}, b"")

    def _why(self, rank: int) -> str:
        header = self._waiting[rank][0]
        if header["op"] == "receive":
            return f"it waits for ever to receive from rank {header['from']}"
        others = [member for member in header["group"] if member != rank]
        parts = [
            f"rank {other} has returned"
            if other in self._finished
            else f"rank {other} waits in {_shown(self._waiting[other][0].get('what', ['recv']))} of another group"
            for other in others
            if other in self._finished or self._waiting[other][0].get("group") != header["group"]
        ]
        return f"it waits for ever in {_shown(header['what'])}: {', '.join(parts)}"

    def _release(self, rank: int, header: dict[str, Any], blob: bytes) -> None:
        del self._waiting[rank]
        self._answer(rank, header, blob)

    def _answer(self, rank: int, header: dict[str, Any], blob: bytes) -> None:
        with suppress(OSError):
            self._lines[rank].sendall(frame(header, blob))


def _moved(node: list[Any], start: int) -> list[Any]:
    """The node of a packed tensor whose bytes begin later in a longer blob."""
    return [*node[:3], node[3] + start, *node[4:]]


def _shown(what: list[Any]) -> str:
    name, *details = what
    return f"{name}({', '.join(map(str, details))})" if details else str(name)
