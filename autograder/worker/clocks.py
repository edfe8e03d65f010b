"""What a timed run tells: processor seconds, and lines of the student's that ran. Two witnesses of one growth."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

clock = time.thread_time  # taken before student code could put others in their place
_settrace, _gettrace = sys.settrace, sys.gettrace
MOST_LINES = 1_000_000  # so many tell enough


class Stopwatch:
    """Counts the processor seconds of this thread between `start` and `stop`, but for those in `paused`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._since = 0.0

    def start(self) -> None:
        self._since = clock()

    def stop(self) -> None:
        self.seconds += clock() - self._since

    @contextmanager
    def paused(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()


class Lines:
    """Counts the lines of files below a folder that run between `start` and `stop`, but for those in `paused`."""

    def __init__(self, root: str) -> None:
        self.count = 0
        self._root = root

    def start(self) -> None:
        _settrace(self._enter)

    def stop(self) -> None:
        _settrace(None)

    @contextmanager
    def paused(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    def _enter(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        return self._line if frame.f_code.co_filename.startswith(self._root) else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if event == "line":
            self.count += 1
            if self.count > MOST_LINES:
                _settrace(None)
        return self._line
