"""Ways to work where no operator is counted: outside torch, in another thread or process, past what counts."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import torch

_OF_TENSORS = ("numpy", "tolist", "__array__", "__dlpack__", "data_ptr")
_OF_STORAGES = ("data_ptr", "tolist", "__iter__")
_PROFILER = (
    "_disable_profiler",
    "_disable_profiler_legacy",
    "_enable_profiler",
    "_enable_profiler_legacy",
    "_pop_record_function_callback",
)
_EVENTS = {
    "os.exec": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.posix_spawn": "process",
    "os.spawn": "process",
    "os.system": "process",
    "subprocess.Popen": "process",
    "_thread.start_new_thread": "thread",
    "ctypes.call_function": "ctypes",
    "ctypes.cdata": "ctypes",
    "ctypes.cdata/buffer": "ctypes",
    "ctypes.dlopen": "ctypes",
    "ctypes.dlsym": "ctypes",
    "ctypes.string_at": "ctypes",
}
_OURS = str(Path(__file__).parent.parent)
_TORCH = str(Path(torch.__file__).parent)
_left: Counter[str] = Counter()
_replaced: list[str] = []
_watched = _watching = False


def watch() -> None:
    """From now on notes every call that takes values out of torch, every thread and process that is started, every stop
    of the profiler and every kernel of torch's that is replaced. Called before student code is read, so that it has no
    reference to an unwatched method. Idempotent."""
    global _watched
    if _watched:
        return
    _watched = True
    threading.Thread.start = _noting("thread", threading.Thread.start)  # type: ignore[method-assign]
    for name in ("start_new_thread", "start_new"):
        setattr(_thread, name, _noting("thread", getattr(_thread, name)))
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_noting("process", lambda: None))
    for name in _OF_TENSORS:
        setattr(torch.Tensor, name, _noting(name, getattr(torch.Tensor, name)))
    for name in _OF_STORAGES:
        setattr(torch.UntypedStorage, name, _noting(name, getattr(torch.UntypedStorage, name)))
    for module in (torch, torch._C, torch.utils.dlpack):
        for name in ("to_dlpack", "_to_dlpack"):
            if hasattr(module, name):
                setattr(module, name, _noting("__dlpack__", getattr(module, name)))
    profiler = torch.autograd.profiler_legacy
    for module in (torch._C._autograd, torch.autograd, torch.autograd.profiler, profiler):
        for name in _PROFILER:
            if hasattr(module, name):
                setattr(module, name, _noting("profiler", getattr(module, name)))
    torch._C._dispatch_library = _replacing(torch._C._dispatch_library)
    sys.addaudithook(_heard)


def _noting(name: str, method: Any) -> Any:
    def noted(*args: Any, **kwargs: Any) -> Any:
        if _watching:
            _left[name] += 1
        return method(*args, **kwargs)

    noted.__name__ = name
    return noted


def _replacing(method: Any) -> Any:
    def noted(kind: str, namespace: str, *rest: Any) -> Any:
        if kind != "DEF" and namespace in ("aten", "_") and not _of_the_house(sys._getframe(1)):
            _replaced.append(namespace)
        return method(kind, namespace, *rest)

    return noted


def _of_the_house(frame: FrameType | None) -> bool:
    """Whether torch, or the kit, asks for it on its own behalf: on import, or in its own code."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_OURS) or (file.startswith(_TORCH) and frame.f_code.co_name == "<module>"):
            return True
        if not file.startswith((_TORCH, "<frozen")):
            return False
        frame = frame.f_back
    return False


def _heard(event: str, _: Any) -> None:
    if _watching and event in _EVENTS:
        _left[_EVENTS[event]] += 1


@contextmanager
def noted(facts: dict[str, Any]) -> Iterator[None]:
    """Notes among the facts what leaves torch, or sight, inside."""
    global _watching
    _left.clear()
    if len(sys._current_frames()) > 1:
        _left["thread"] += 1  # one that an earlier call has left waiting for work
    if _replaced:
        _left["library"] += len(_replaced)
    _watching = True
    try:
        yield
    finally:
        _watching = False
        facts["left"] = dict(_left)
