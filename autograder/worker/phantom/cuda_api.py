"""torch.cuda and torch.accelerator, as they answer on a machine with one GPU."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import torch
import torch.amp.grad_scaler
import torch.cuda.amp.common

from . import errors, ledger, memory, rng
from .state import is_active
from .tensor import CUDA, device_ordinal

_TOTAL = 16 * 2**30
_NAME = "NVIDIA A100-SXM4-40GB"


def _index(device: Any) -> int:
    if device is None:
        return 0
    if isinstance(device, int):
        place = torch.device("cuda", device) if device >= 0 else CUDA
    else:
        place = torch.device(device)
        if place.type != "cuda":
            raise ValueError(f"Expected a cuda device, but got: {place}")
    device_ordinal(place)
    return 0


class Properties:
    """What torch.cuda.get_device_properties tells."""

    name = _NAME
    major, minor = 8, 0
    total_memory = _TOTAL
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

    device = CUDA
    cuda_stream = 0

    def __init__(self, device: Any = None, priority: int = 0, **_: Any) -> None:
        _index(device)
        self.priority = priority
        self._outer: list[Stream] = []

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
        self._timed = enable_timing
        self._at: float | None = None

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
        self.idx = _index(device)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: Any) -> bool:
        return False


_default_stream = Stream()


def _synchronize(device: Any = None) -> None:
    _index(device)
    ledger.note("sync", "synchronize")


def _get_rng_state(device: Any = "cuda") -> torch.Tensor:
    _index(device)
    return rng.default.get_state()


def _set_rng_state(new_state: torch.Tensor, device: Any = "cuda") -> None:
    _index(device)
    rng.default.set_state(new_state)


def _seed() -> None:
    rng.default.seed()


def _memory(read: Callable[[], int]) -> Callable[..., int]:
    def answer(device: Any = None) -> int:
        _index(device)
        return read()

    return answer


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _stats(device: Any = None) -> dict[str, int]:
    _index(device)
    return {
        "allocated_bytes.all.current": memory.allocated(),
        "allocated_bytes.all.peak": memory.peak(),
        "reserved_bytes.all.current": memory.allocated(),
        "reserved_bytes.all.peak": memory.peak(),
    }


def _manual_seed(seed: int) -> None:
    rng.default.manual_seed(int(seed))


_CUDA: dict[str, Callable[..., Any]] = {
    "is_available": lambda: True,
    "is_initialized": lambda: True,
    "init": _nothing,
    "_lazy_init": _nothing,
    "_is_in_bad_fork": lambda: False,
    "is_bf16_supported": lambda including_emulation=True: True,
    "is_tf32_supported": lambda: True,
    "device_count": lambda: 1,
    "current_device": lambda: 0,
    "set_device": lambda device: None if _index(device) == 0 else None,
    "get_device_name": lambda device=None: (_index(device), _NAME)[1],
    "get_device_capability": lambda device=None: (_index(device), (8, 0))[1],
    "get_device_properties": lambda device=None: (_index(device), Properties())[1],
    "get_arch_list": lambda: ["sm_80"],
    "synchronize": _synchronize,
    "stream": StreamContext,
    "set_stream": _nothing,
    "current_stream": lambda device=None: _default_stream,
    "default_stream": lambda device=None: _default_stream,
    "Stream": Stream,
    "Event": Event,
    "device": Device,
    "is_current_stream_capturing": lambda: False,
    "empty_cache": _nothing,
    "ipc_collect": _nothing,
    "memory_allocated": _memory(memory.allocated),
    "max_memory_allocated": _memory(memory.peak),
    "memory_reserved": _memory(memory.allocated),
    "max_memory_reserved": _memory(memory.peak),
    "reset_peak_memory_stats": lambda device=None: memory.reset_peak(),
    "reset_max_memory_allocated": lambda device=None: memory.reset_peak(),
    "reset_accumulated_memory_stats": _nothing,
    "memory_stats": _stats,
    "memory_summary": lambda device=None, abbreviated=False: f"allocated: {memory.allocated()} bytes",
    "mem_get_info": lambda device=None: (_TOTAL - memory.allocated(), _TOTAL),
    "manual_seed": _manual_seed,
    "manual_seed_all": _manual_seed,
    "seed": _seed,
    "seed_all": _seed,
    "initial_seed": lambda: rng.default.initial_seed(),
    "get_rng_state": _get_rng_state,
    "set_rng_state": _set_rng_state,
    "get_rng_state_all": lambda: [_get_rng_state()],
    "set_rng_state_all": lambda states: [_set_rng_state(state) for state in states][:0],
}
_ACCELERATOR: dict[str, Callable[..., Any]] = {
    "is_available": lambda: True,
    "device_count": lambda: 1,
    "current_accelerator": lambda check_available=False: torch.device("cuda"),
    "current_device_index": lambda: 0,
    "current_device_idx": lambda: 0,
    "set_device_index": lambda device: _CUDA["set_device"](device),
    "set_device_idx": lambda device: _CUDA["set_device"](device),
    "current_stream": lambda device=None: _default_stream,
    "set_stream": _nothing,
    "synchronize": _synchronize,
    "empty_cache": _nothing,
    "memory_allocated": _memory(memory.allocated),
    "max_memory_allocated": _memory(memory.peak),
    "memory_reserved": _memory(memory.allocated),
    "max_memory_reserved": _memory(memory.peak),
    "reset_peak_memory_stats": lambda device=None: memory.reset_peak(),
    "reset_accumulated_memory_stats": _nothing,
    "memory_stats": _stats,
}


# torch has an accelerator from now on; outside it must look as if there were none
_WITHOUT: dict[str, Callable[..., Any]] = {
    "is_available": lambda: False,
    "device_count": lambda: 0,
    "current_accelerator": lambda check_available=False: None,
}
# is_acceptable decides whether recurrent layers pack their weights for a kernel that is not there
_CUDNN: dict[str, Callable[..., Any]] = {
    "is_available": lambda: True,
    "is_acceptable": lambda tensor: False,
    "version": lambda: 90100,
}


def install() -> None:
    """Put the functions in place."""
    torch.Generator = rng.Generator  # type: ignore[assignment,misc]
    torch.cuda.default_generators = (rng.default,)  # type: ignore[assignment]
    for name, answer in _CUDA.items():
        setattr(torch.cuda, name, _either(answer, getattr(torch.cuda, name, None)))
    for name, answer in _ACCELERATOR.items():
        original = getattr(torch.accelerator, name, None)
        setattr(torch.accelerator, name, _either(answer, _WITHOUT.get(name, original)))
    for module in (torch.cuda.memory, torch.cuda.random, torch.cuda.streams):
        for name in _CUDA:
            if name in vars(module):
                setattr(module, name, getattr(torch.cuda, name))
    for name, answer in _CUDNN.items():
        setattr(torch.backends.cudnn, name, _either(answer, getattr(torch.backends.cudnn, name)))
    torch.cuda.amp.common.amp_definitely_not_available = lambda: not torch.cuda.is_available()
    if hasattr(torch.amp.grad_scaler, "amp_definitely_not_available"):
        torch.amp.grad_scaler.amp_definitely_not_available = lambda: not torch.cuda.is_available()


def _either(answer: Callable[..., Any], original: Any) -> Any:
    if isinstance(answer, type):
        return answer

    # a seed set outside must still seed the device
    always = answer is _manual_seed

    def choose(*args: Any, **kwargs: Any) -> Any:
        if always or is_active():
            return answer(*args, **kwargs)
        if original is None:
            raise errors.not_compiled()
        return original(*args, **kwargs)

    return functools.wraps(original)(choose) if callable(original) else choose
