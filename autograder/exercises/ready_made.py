"""Whether code is called that does an exercise's work. Imported by probes, beside student code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class ReadyMade(RuntimeError):
    """What the exercise asks for was called instead of written."""


@contextmanager
def watched(package: str) -> Iterator[list[str]]:
    """Inside, a call of a Python function of this package raises ReadyMade. The names of those that were called are
    noted, for whoever catches that."""
    called: list[str] = []
    place = package.replace(".", "/")

    def note(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and place in frame.f_code.co_filename.replace("\\", "/"):
            name = frame.f_code.co_name
            called.append(name)
            raise ReadyMade(f"{package} is ready-made ({name} was called); here you write it yourself")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before)
