"""The objects torch.cuda hands out: device, its properties, streams and events."""

from __future__ import annotations

import time
from typing import Any

import torch

from . import ledger, state
from .tensor import cuda, device_ordinal

TOTAL_MEMORY = 16 * 2**30
NAME = "NVIDIA A100-SXM4-40GB"


def device_index(device: Any) -> int:
    if device is None:
        return state.current_device()
    if isinstance(device, int):
        return device_ordinal(cuda(device)) if device >= 0 else state.current_device()
    place = torch.device(device)
    if place.type != "cuda":
        raise ValueError(f"Expected a cuda device, but got: {place}")
    return device_ordinal(place)


class Properties:
    """What torch.cuda.get_device_properties tells."""

    name = NAME
    major, minor = 8, 0
    total_memory = TOTAL_MEMORY
    multi_processor_count = 108
    is_integrated = is_multi_gpu_board = 0
    warp_size = 32
    max_threads_per_multi_processor = 2048
    regs_per_multiprocessor = 65536
    shared_memory_per_block = 49152
    L2_cache_size = 41943040

    def __repr__(self) -> str:
        return (
            f"_CudaDeviceProperties(name='{self.name}', major={self.major}, minor={self.minor}, "
            f"total_memory={self.total_memory // 2**20}MB, multi_processor_count={self.multi_processor_count})"
        )


class Stream:
    """A stream; work on it is always done."""

    cuda_stream = 0

    def __init__(self, device: Any = None, priority: int = 0, **_: Any) -> None:
        if not state.is_active():
            raise RuntimeError("torch.cuda.Stream requires CUDA support")
        self.device = cuda(device_index(device))
        self.priority = priority
        self._outer: list[Stream] = []

    def __repr__(self) -> str:
        return f"<torch.cuda.Stream device={self.device} cuda_stream=0x0>"

    def synchronize(self) -> None:
        ledger.note("sync", "Stream.synchronize")

    def query(self) -> bool:
        return True

    def is_capturing(self) -> bool:
        return False

    def wait_stream(self, stream: Any) -> None:
        """Nothing to wait for."""

    def wait_event(self, event: Any) -> None:
        """Nothing to wait for."""

    def record_event(self, event: Any = None) -> Any:
        event = Event() if event is None else event
        event.record(self)
        return event

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: Any) -> None:
        return None


class Event:
    """An event; its time is the host's."""

    def __init__(self, enable_timing: bool = False, blocking: bool = False, **_: Any) -> None:
        if not state.is_active():
            raise RuntimeError("Tried to instantiate dummy base class Event")
        self._timed = enable_timing
        self._at: float | None = None

    def __repr__(self) -> str:
        return f"<torch.cuda.Event {'uninitialized' if self._at is None else 'recorded'}>"

    def record(self, stream: Any = None) -> None:
        self._at = time.perf_counter()

    def query(self) -> bool:
        return True

    def wait(self, stream: Any = None) -> None:
        """Nothing to wait for."""

    def synchronize(self) -> None:
        ledger.note("sync", "Event.synchronize")

    def elapsed_time(self, end: Event) -> float:
        if not (self._timed and end._timed):
            raise ValueError("Both events must be created with argument 'enable_timing=True'.")
        if self._at is None or end._at is None:
            raise ValueError("Both events must be recorded before calculating elapsed time.")
        return (end._at - self._at) * 1000


class StreamContext:
    """with torch.cuda.stream(...)"""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> Any:
        return None

    def __exit__(self, *_: Any) -> None:
        return None


class Device:
    """with torch.cuda.device(...)"""

    def __init__(self, device: Any) -> None:
        self.idx = device_index(device)
        self.prev_idx = -1

    def __enter__(self) -> None:
        if not state.is_active():
            raise RuntimeError("PyTorch was compiled without CUDA support")
        self.prev_idx = state.current_device()
        state.set_current_device(self.idx)

    def __exit__(self, *_: Any) -> None:
        state.set_current_device(self.prev_idx)


class DeviceOf(Device):
    """with torch.cuda.device_of(tensor)"""

    def __init__(self, tensor: torch.Tensor) -> None:
        super().__init__(tensor.get_device() if tensor.is_cuda else -1)


# type(x) and the error messages of Python name the class
for _public in (Properties, Stream, Event, StreamContext, Device, DeviceOf):
    _public.__module__ = "torch.cuda"
Device.__name__ = Device.__qualname__ = "device"
