"""torch.cuda and torch.accelerator, as they answer on a machine with GPUs, mostly one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
import torch.amp.grad_scaler
import torch.cuda.amp.common

from . import errors, ledger, memory, rng
from .state import current_device, device_count, is_active, set_current_device
from .streams import NAME, TOTAL_MEMORY, Device, DeviceOf, Event, Properties, Stream, StreamContext, device_index
from .tensor import DeviceTensor, named


@functools.cache
def _default_stream(device: Any = None) -> Stream:
    return Stream()


def _synchronize(device: Any = None) -> None:
    device_index(device)
    ledger.note("sync", "synchronize")


def _get_rng_state(device: Any = "cuda") -> torch.Tensor:
    device_index(device)
    return rng.default.get_state()


def _set_rng_state(new_state: torch.Tensor, device: Any = "cuda") -> None:
    device_index(device)
    rng.default.set_state(new_state)


def _set_rng_state_all(new_states: Any) -> None:
    for state in new_states:
        _set_rng_state(state)


def _set_device(device: Any) -> None:
    set_current_device(device_index(device))


def _seed() -> None:
    rng.default.seed()


def _memory(name: str, read: Callable[[], Any]) -> Callable[..., Any]:
    def answer(device: Any = None) -> Any:
        device_index(device)
        ledger.note("memory", name)
        return read()

    return answer


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _empty_cache() -> None:
    memory.give_back()


def _stats() -> dict[str, int]:
    return {
        "allocated_bytes.all.current": memory.allocated(),
        "allocated_bytes.all.peak": memory.peak(),
        "reserved_bytes.all.current": memory.reserved(),
        "reserved_bytes.all.peak": memory.reserved_peak(),
    }


_MEMORY: dict[str, Callable[..., Any]] = {
    name: _memory(name, read)
    for name, read in (
        ("memory_allocated", memory.allocated),
        ("max_memory_allocated", memory.peak),
        ("memory_reserved", memory.reserved),
        ("max_memory_reserved", memory.reserved_peak),
        ("reset_peak_memory_stats", memory.reset_peak),
        ("memory_stats", _stats),
    )
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
    "device_count": device_count,
    "current_device": current_device,
    "set_device": _set_device,
    "get_device_name": lambda device=None: (device_index(device), NAME)[1],
    "get_device_capability": lambda device=None: (device_index(device), (8, 0))[1],
    "get_device_properties": lambda device=None: (device_index(device), Properties())[1],
    "get_arch_list": lambda: ["sm_80"],
    "synchronize": _synchronize,
    "stream": StreamContext,
    "set_stream": _nothing,
    "current_stream": _default_stream,
    "default_stream": _default_stream,
    "Stream": Stream,
    "Event": Event,
    "device": Device,
    "device_of": DeviceOf,
    "can_device_access_peer": lambda device, peer_device: device_index(device) != device_index(peer_device),
    "is_current_stream_capturing": lambda: False,
    "set_sync_debug_mode": ledger.set_debug_mode,
    "get_sync_debug_mode": ledger.debug_mode,
    "set_per_process_memory_fraction": _nothing,
    "empty_cache": _empty_cache,
    "ipc_collect": _nothing,
    **_MEMORY,
    "reset_max_memory_allocated": _MEMORY["reset_peak_memory_stats"],
    "reset_accumulated_memory_stats": _nothing,
    "memory_summary": lambda device=None, abbreviated=False: f"allocated: {memory.allocated()} bytes",
    "mem_get_info": lambda device=None: (TOTAL_MEMORY - memory.reserved(), TOTAL_MEMORY),
    "manual_seed": _manual_seed,
    "manual_seed_all": _manual_seed,
    "seed": _seed,
    "seed_all": _seed,
    "initial_seed": lambda: rng.default.initial_seed(),
    "get_rng_state": _get_rng_state,
    "set_rng_state": _set_rng_state,
    "get_rng_state_all": lambda: [_get_rng_state()],
    "set_rng_state_all": _set_rng_state_all,
}
_ACCELERATOR: dict[str, Callable[..., Any]] = {
    "is_available": lambda: True,
    "device_count": device_count,
    "current_accelerator": lambda check_available=False: torch.device("cuda"),
    "current_device_index": current_device,
    "current_device_idx": current_device,
    "set_device_index": _set_device,
    "set_device_idx": _set_device,
    "current_stream": _default_stream,
    "set_stream": _nothing,
    "synchronize": _synchronize,
    "empty_cache": _empty_cache,
    **_MEMORY,
    "reset_accumulated_memory_stats": _nothing,
}


# is_acceptable decides whether recurrent layers pack their weights for a kernel that is not there
_CUDNN: dict[str, Callable[..., Any]] = {
    "is_available": lambda: True,
    "is_acceptable": lambda tensor: False,
    "version": lambda: 90100,
}


_LEGACY = {
    "FloatTensor": torch.float32,
    "DoubleTensor": torch.float64,
    "HalfTensor": torch.float16,
    "BFloat16Tensor": torch.bfloat16,
    "LongTensor": torch.int64,
    "IntTensor": torch.int32,
    "ShortTensor": torch.int16,
    "CharTensor": torch.int8,
    "ByteTensor": torch.uint8,
    "BoolTensor": torch.bool,
}


def _legacy(name: str, dtype: torch.dtype) -> type:
    """torch.cuda.FloatTensor and its kin: constructors that also answer isinstance."""

    def is_instance(cls: type, value: Any) -> bool:
        return type(value) is DeviceTensor and value.dtype == dtype

    def construct(cls: type, *args: Any) -> torch.Tensor:
        if args and not isinstance(args[0], int):
            return torch.tensor(args[0], dtype=dtype, device="cuda")
        return torch.empty(args, dtype=dtype, device="cuda")

    return type("tensortype", (type,), {"__instancecheck__": is_instance})(
        name, (), {"__new__": construct, "__module__": "torch.cuda"}
    )


def _default_type(original: Callable[..., None]) -> Callable[..., None]:
    def setter(kind: Any) -> None:
        if ".cuda" not in (kind if isinstance(kind, str) else getattr(kind, "__module__", "")) or not is_active():
            original(kind)
            return
        _, dtype = named(kind)
        torch.set_default_dtype(dtype)
        torch.set_default_device("cuda")

    return functools.wraps(original)(setter)


def install() -> None:
    """Put the functions in place."""
    setattr(torch, "Generator", rng.Generator)  # noqa: B010
    torch.cuda.default_generators = (rng.default,)
    for name, answer in _CUDA.items():
        setattr(torch.cuda, name, _either(answer, getattr(torch.cuda, name, None)))
    for name, answer in _ACCELERATOR.items():
        original = getattr(torch.accelerator, name, None)
        setattr(torch.accelerator, name, _either(answer, original))
    # torch has an accelerator from now on; outside, whoever asks must be told that there is none
    torch._C._accelerator_getAccelerator = _either(lambda: torch.device("cuda"), lambda: None)
    for module in (torch.cuda.memory, torch.cuda.random, torch.cuda.streams):
        for name in _CUDA:
            if name in vars(module):
                setattr(module, name, getattr(torch.cuda, name))
    for name in ("mark", "range_push", "range_pop", "range_start", "range_end"):
        setattr(torch.cuda.nvtx, name, _either(_nothing, getattr(torch.cuda.nvtx, name)))
    torch.backends.cuda.is_built = _either(lambda: True, torch.backends.cuda.is_built)
    torch.set_default_tensor_type = _default_type(torch.set_default_tensor_type)
    for name, dtype in _LEGACY.items():
        setattr(torch.cuda, name, _legacy(name, dtype))
    if not hasattr(torch._C, "_scatter"):
        # what nn.DataParallel does with one device
        torch._C._scatter = lambda tensor, *_: [tensor.to("cuda")]
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
