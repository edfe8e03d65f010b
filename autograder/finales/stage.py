"""Where a finale is played: a process of its own, which tells of it line by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from autograder.worker.student import Student


class Stage:
    """What a finale shows, one JSON object a line."""

    def __init__(self, sink: TextIO) -> None:
        self._sink = sink

    def _tell(self, **what: Any) -> None:
        self._sink.write(json.dumps(what) + "\n")
        self._sink.flush()

    def say(self, text: str) -> None:
        """A line of text."""
        self._tell(say=text)

    def progress(self, done: float, of: float, text: str = "") -> None:
        """How far it is."""
        self._tell(done=done, of=of, text=text)

    def curves(self, title: str, **lines: Sequence[float]) -> None:
        """A picture of lists of numbers over their index."""
        self._tell(
            curves=title, lines=[[name.replace("_", " "), list(map(float, line))] for name, line in lines.items()]
        )

    def map(self, title: str, rows: Sequence[Sequence[float]]) -> None:
        """A picture of a matrix."""
        self._tell(map=title, rows=[list(map(float, row)) for row in rows])

    def result(self, name: str, value: float, wanted: float, unit: str = "", at_most: bool = False) -> None:
        """What came of it, and what is wanted: at least so much, or at most."""
        self._tell(result=name, value=float(value), wanted=float(wanted), unit=unit, at_most=at_most)


class Cast:
    """The student's functions and classes by name, from whichever file of the homework they stand in."""

    def __init__(self, student: Student, files: dict[str, str]) -> None:
        self._student = student
        self._files = files

    def __getattr__(self, name: str) -> Any:
        if name not in self._files:
            raise AttributeError(name)
        return self._student.using(self._files[name]).find(name)
