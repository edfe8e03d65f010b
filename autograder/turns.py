"""Recorders side by side, and one of them alone where the others must not slow it down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Shared by the recorders of a batch. Whoever is `beside` lets others pass with `give_way` before each thing it
    does; whoever is `alone` waits until all others have stopped there."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._running = 0
        self._alone = False

    @contextmanager
    def beside(self) -> Iterator[None]:
        with self._change:
            self._change.wait_for(lambda: not self._alone)
            self._running += 1
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                self._change.notify_all()

    def give_way(self) -> None:
        """Stops here for as long as somebody is alone. Called by whoever is `beside`."""
        if self._alone:
            with self._change:
                self._running -= 1
                self._change.notify_all()
                self._change.wait_for(lambda: not self._alone)
                self._running += 1

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Called by whoever is `beside`: inside, nobody else runs."""
        with self._change:
            self._running -= 1
            self._change.notify_all()
            self._change.wait_for(lambda: not self._alone)
            self._alone = True
            self._change.wait_for(lambda: self._running == 0)
            self._running += 1
        try:
            yield
        finally:
            with self._change:
                self._alone = False
                self._change.notify_all()
