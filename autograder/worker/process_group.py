"""A process group of torch.distributed that talks to the hub of `ranks.py` instead of a network.

It stands in for gloo and for NCCL, below everything that torch gives a program: `init_process_group`, the collectives
and DistributedDataParallel work on it unchanged. It refuses what the one that it stands in for refuses.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import torch
import torch.distributed as dist

from autograder.wire import Packer, Unpacker, exactly, frame, read_frame
from autograder.worker.values import Build, to_leaf

c10d: Any = dist.distributed_c10d
native: Any = torch._C._distributed_c10d
_ProcessGroup: Any = dist.ProcessGroup


class RanksWaitForever(RuntimeError):
    """Ranks wait for each other, or for one that has returned: on a cluster this hangs."""


class RanksDisagree(RuntimeError):
    """Ranks meet in different collective calls: on a cluster this hangs, or mixes up numbers."""


class CpuTensorSent(RuntimeError):
    """NCCL was given a tensor that is not on a GPU."""


class OtherMeeting(RuntimeError):
    """The processes meet at another address than they were given."""


class OtherWorld(RuntimeError):
    """A process joins a group whose rank and size are not its own."""


_ERRORS = {error.__name__: error for error in (RanksWaitForever, RanksDisagree)}


class Line:
    """A rank's end of its line to the hub. `turn` is held by the rank that runs, where ranks are threads."""

    def __init__(self, rank: int, world_size: int, channel: socket.socket, turn: Any = None) -> None:
        self.rank, self.world_size = rank, world_size
        self._channel, self._turn = channel, turn
        self._read = exactly(channel.makefile("rb"))

    def send(self, header: dict[str, Any], blob: bytes) -> None:
        self._channel.sendall(frame(header, blob))

    def ask(self, header: dict[str, Any], tensors: list[torch.Tensor]) -> list[list[torch.Tensor]]:
        """Sends a request with tensors and waits for what it gives, a list of tensors for every member."""
        packer = Packer(lambda value: to_leaf(value, on_host))
        payload = [packer.pack(tensor) for tensor in tensors]
        self.send({**header, "payload": payload}, packer.blob)
        if self._turn is not None:
            self._turn.release()
        try:
            answer, blob = read_frame(self._read)
        finally:
            if self._turn is not None:
                self._turn.acquire()
        if "error" in answer:
            raise _ERRORS[answer["error"]](answer["message"])
        unpack = Unpacker(blob, Build("cpu", lambda tensor: tensor, False)).unpack
        return [[unpack(node) for node in payload] for payload in answer["payloads"]]


def on_host(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor's values on the CPU; on the phantom device without a trace of it."""
    if tensor.device.type == "cpu":
        return tensor.detach()
    if os.environ.get("GRADE_DEVICE") == "cuda":
        return tensor.detach().cpu()
    from autograder.worker import phantom

    return phantom.to_host(tensor)


_here = threading.local()


class _HubGroup(_ProcessGroup):
    """The collectives, all made of one: every member learns what all members brought."""

    def __init__(self, store: Any, rank: int, size: int, *_: Any, **__: Any) -> None:
        if not 0 <= rank < size:
            raise RuntimeError(f"there is no rank {rank} in a world of {size}: the others would be waited for in vain")
        super().__init__(rank, size)
        self._line: Line = _here.line
        self._members = list(range(size)) if size == self._line.world_size else []
        self._rank, self._size = rank, size
        self.options = SimpleNamespace()

    def rank(self) -> int:
        return self._rank

    def size(self) -> int:
        return self._size

    def getBackendName(self) -> str:
        return "hub"

    def shutdown(self) -> None:
        return None

    def _set_sequence_number_for_group(self) -> None:
        return None

    def _get_sequence_number_for_group(self) -> int:
        return 0

    def _all(self, name: str, tensors: list[torch.Tensor], *details: Any) -> list[list[torch.Tensor]]:
        """What every member brought to this call. All must have called the same, with tensors of the same form."""
        for tensor in tensors:
            self._accept(tensor)
        members = getattr(self.options, "global_ranks_in_group", None) or self._members
        if not members or self._line.rank != members[self._rank]:
            raise OtherWorld(
                f"the process with rank {self._line.rank} of {self._line.world_size} has joined a group as rank"
                f" {self._rank} of {self._size}"
            )
        shown = [f"{str(t.dtype).removeprefix('torch.')}{list(t.shape)}" for t in tensors]
        return self._line.ask({"op": "collect", "group": members, "what": [name, *details, *shown]}, tensors)

    def _accept(self, tensor: torch.Tensor) -> None:
        return None

    def _reduced(self, op: Any, parts: list[torch.Tensor]) -> torch.Tensor:
        for name, reduce in _REDUCTIONS.items():
            if op == getattr(dist.ReduceOp, name):
                reduced = reduce(torch.stack(parts))
                if reduced.is_floating_point() and not parts[0].is_floating_point():
                    raise RuntimeError(f"a mean cannot be of type {parts[0].dtype}")
                return reduced.to(parts[0].dtype)
        raise RuntimeError(f"this group has no reduction {op}")

    # ---- the collectives that torch calls

    def allreduce(self, tensors: list[torch.Tensor], opts: Any = None) -> Any:
        op = opts.reduceOp if opts is not None else dist.ReduceOp.SUM
        brought = self._all("all_reduce", tensors, _name(op))
        return _written(tensors, [self._reduced(op, list(parts)) for parts in zip(*brought, strict=True)])

    def allreduce_coalesced(self, tensors: list[torch.Tensor], opts: Any = None) -> Any:
        return self.allreduce(tensors, opts)

    def broadcast(self, tensors: list[torch.Tensor], opts: Any = None) -> Any:
        root = opts.rootRank if opts is not None else 0
        return _written(tensors, self._all("broadcast", tensors, f"from {root}")[root])

    def reduce(self, tensors: list[torch.Tensor], opts: Any = None) -> Any:
        brought = self._all("reduce", tensors, f"to {opts.rootRank}", _name(opts.reduceOp))
        if self._rank != opts.rootRank:
            return _written([], [])
        return _written(tensors, [self._reduced(opts.reduceOp, list(parts)) for parts in zip(*brought, strict=True)])

    def allgather(self, outputs: list[list[torch.Tensor]], inputs: list[torch.Tensor], opts: Any = None) -> Any:
        brought = self._all("all_gather", inputs)
        return _written(outputs[0], [tensors[0] for tensors in brought])

    def _allgather_base(self, output: torch.Tensor, input: torch.Tensor, opts: Any = None) -> Any:
        brought = self._all("all_gather", [input])
        return _written([output], [torch.cat([t[0].reshape(-1) for t in brought]).reshape(output.shape)])

    all_gather_single = _allgather_base

    def gather(self, outputs: list[list[torch.Tensor]], inputs: list[torch.Tensor], opts: Any = None) -> Any:
        brought = self._all("gather", inputs, f"to {opts.rootRank}")
        mine = self._rank == opts.rootRank
        return _written(outputs[0] if mine else [], [tensors[0] for tensors in brought] if mine else [])

    def scatter(self, outputs: list[torch.Tensor], inputs: list[list[torch.Tensor]], opts: Any = None) -> Any:
        given = inputs[0] if self._rank == opts.rootRank else [torch.zeros_like(outputs[0])] * self._size
        return _written(outputs, [self._all("scatter", given, f"from {opts.rootRank}")[opts.rootRank][self._rank]])

    def reduce_scatter(self, outputs: list[torch.Tensor], inputs: list[list[torch.Tensor]], opts: Any = None) -> Any:
        brought = self._all("reduce_scatter", inputs[0], _name(opts.reduceOp))
        return _written(outputs, [self._reduced(opts.reduceOp, [tensors[self._rank] for tensors in brought])])

    def _reduce_scatter_base(self, output: torch.Tensor, input: torch.Tensor, opts: Any = None) -> Any:
        return self.reduce_scatter([output], [list(input.chunk(self._size))], opts)

    reduce_scatter_single = _reduce_scatter_base

    def barrier(self, opts: Any = None) -> Any:
        self._all("barrier", [])
        return _written([], [])

    def monitored_barrier(self, *_: Any, **__: Any) -> None:
        self.barrier()

    def send(self, tensors: list[torch.Tensor], to: int, tag: int = 0) -> Any:
        self._line.ask({"op": "send", "to": to, "tag": tag}, tensors)
        return _written([], [])

    def recv(self, tensors: list[torch.Tensor], source: int, tag: int = 0) -> Any:
        return _Receipt(lambda: _written(tensors, self._line.ask({"op": "receive", "from": source, "tag": tag}, [])[0]))


class HubGloo(_HubGroup):
    """Stands in for gloo."""

    _device_types = (torch.device("cpu"), torch.device("cuda"))


class HubNccl(_HubGroup):
    """Stands in for NCCL, which sends from GPU to GPU."""

    Options = SimpleNamespace
    _device_types = (torch.device("cuda"),)

    def _accept(self, tensor: torch.Tensor) -> None:
        if tensor.device.type != "cuda":
            raise CpuTensorSent("NCCL sends from GPU to GPU, and a tensor that is not on one was to be sent")


class _Receipt(dist.Work):
    """A tensor that is fetched when it is waited for."""

    def __init__(self, fetch: Callable[[], Any]) -> None:
        super().__init__()
        self._fetch: Callable[[], Any] | None = fetch

    def wait(self, *_: Any) -> bool:
        fetch, self._fetch = self._fetch, None
        if fetch is not None:
            fetch()
        return True


_REDUCTIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "SUM": lambda parts: parts.sum(0),
    "AVG": lambda parts: parts.sum(0) / len(parts),
    "MAX": lambda parts: parts.amax(0),
    "MIN": lambda parts: parts.amin(0),
    "PRODUCT": lambda parts: parts.prod(0),
    "BOR": lambda parts: functools.reduce(torch.bitwise_or, parts),
    "BAND": lambda parts: functools.reduce(torch.bitwise_and, parts),
}


def _name(op: Any) -> str:
    return next((name for name in _REDUCTIONS if op == getattr(dist.ReduceOp, name)), "other")


def _written(tensors: list[torch.Tensor], values: list[torch.Tensor]) -> Any:
    """Work that is done: the tensors hold the values."""
    with torch.no_grad():
        for tensor, value in zip(tensors, values, strict=True):
            tensor.copy_(value.reshape(tensor.shape))
    future: Any = torch.futures.Future()
    future.set_result(tensors)
    return native._create_work_from_future(future)


def _meet(meeting: str, url: str, rank: int = -1, world_size: int = -1, **_: Any) -> Iterator[tuple[Any, int, int]]:
    if url != meeting:
        raise OtherMeeting(f"the processes meet at {url}, not at the address that they were given")
    yield dist.HashStore(), rank, world_size


@contextmanager
def hub_in_place_of_network(threads: bool, meeting: str) -> Iterator[None]:
    """Inside, every group that torch makes talks through the line of the rank that makes it (see `speak`), whatever
    backend it is of, and meets at no other address than `meeting`. With `threads` each thread has groups of its own, as
    each process has."""
    names = ("ProcessGroupGloo", "ProcessGroupNCCL", "_NCCL_AVAILABLE", "_world", "rendezvous")
    kept, hook, version = {name: getattr(c10d, name, None) for name in names}, sys.excepthook, torch.cuda.nccl.version
    c10d.ProcessGroupGloo, c10d.ProcessGroupNCCL, c10d._NCCL_AVAILABLE = HubGloo, HubNccl, True
    c10d.rendezvous = functools.partial(_meet, meeting)
    torch.cuda.nccl.version = lambda: (2,)  # torch asks for it to describe an error, and a CPU build has none
    if threads:
        from torch.testing._internal.distributed.multi_threaded_pg import ThreadLocalWorld

        c10d._world = ThreadLocalWorld()
        native._set_thread_isolation_mode(True)
    try:
        yield
    finally:
        if threads:
            native._set_thread_isolation_mode(False)
        for name, value in kept.items():
            setattr(c10d, name, value)
        torch.cuda.nccl.version = version
        sys.excepthook = hook  # init_process_group puts another in its place


def speak(line: Line) -> None:
    """From now on this process, or this thread, is the rank at the end of the line."""
    _here.line = line
