"""What crossed between host and device, what made the host wait or asked for its memory, and whose line it was."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Literal

import torch

Kind = Literal["to_host", "to_device", "sync", "memory"]

_HERE = str(Path(__file__).parent)
_TORCH = str(Path(torch.__file__).parent)
# Files of torch that only spell in Python the method which the caller wrote.
_THIN = frozenset(
    f"{_TORCH}/{name}"
    for name in (
        "_tensor.py",
        "_tensor_str.py",
        "functional.py",
        "_jit_internal.py",
        "overrides.py",
        "utils/_device.py",
        "_linalg_utils.py",
        "_compile.py",
        "_dynamo/eval_frame.py",
        "_ops.py",
        "_library/utils.py",
    )
)


@dataclass(frozen=True)
class Event:
    """One transfer, synchronisation, or look at the statistics of memory, and the line that caused it."""

    kind: Kind
    operator: str
    file: str
    line: int
    from_student: bool


_MODES = ("default", "warn", "error")
_ASKED = ("synchronize", "Event.synchronize")  # of which CUDA does not warn
_debug = 0
_is_student_file: Callable[[str], bool] = lambda name: False
_recordings: list[list[Event]] = []


class _Muted(threading.local):
    depth = 0


_local = _Muted()


def set_student_files(is_student_file: Callable[[str], bool]) -> None:
    """Say which files are the student's."""
    global _is_student_file
    _is_student_file = is_student_file


@contextmanager
def recording() -> Iterator[list[Event]]:
    """Collect the events that happen inside."""
    events: list[Event] = []
    _recordings.append(events)
    try:
        yield events
    finally:
        # by identity: two lists of equal events compare equal
        del _recordings[next(i for i, kept in enumerate(_recordings) if kept is events)]


class muted:
    """Record nothing in this thread while inside."""

    # a class, not a generator: every move of a tensor enters one
    def __enter__(self) -> None:
        _local.depth += 1

    def __exit__(self, *_: object) -> None:
        _local.depth -= 1


def set_debug_mode(mode: int | str) -> None:
    """torch.cuda.set_sync_debug_mode: 0 "default", 1 "warn" or 2 "error" where the host waits for the device."""
    global _debug
    if mode not in (*_MODES, *range(len(_MODES))):
        raise RuntimeError(f"invalid value of debug_mode, expected one of {', '.join(_MODES)}")
    _debug = _MODES.index(mode) if isinstance(mode, str) else mode


def debug_mode() -> int:
    """torch.cuda.get_sync_debug_mode"""
    return _debug


def note(kind: Kind, operator: str) -> None:
    """Record one event, attributed to the line that asked for it."""
    if _debug and kind in ("sync", "to_host") and operator not in _ASKED and not _local.depth:
        if _debug == len(_MODES) - 1:
            raise RuntimeError("called a synchronizing CUDA operation")
        warnings.warn("called a synchronizing CUDA operation", stacklevel=3)
    if not _recordings or _local.depth:
        return
    file, line, from_student = _culprit(sys._getframe(1))
    event = Event(kind, operator, file, line, from_student)
    for events in _recordings:
        events.append(event)


def _culprit(start: FrameType | None) -> tuple[str, int, bool]:
    frame = start
    while frame is not None and _transparent(frame.f_code.co_filename):
        frame = frame.f_back
    own = frame is not None and _is_student_file(frame.f_code.co_filename)
    fallback = ("", 0)
    while frame is not None:
        name = frame.f_code.co_filename
        if _is_student_file(name):
            return name, frame.f_lineno, own
        if fallback == ("", 0) and not name.startswith((_TORCH, _HERE)):
            fallback = (name, frame.f_lineno)
        frame = frame.f_back
    return (*fallback, False)


def _transparent(name: str) -> bool:
    return name.startswith(_HERE) or name in _THIN
