"""A submission: where the files of a homework are. A student's work, the solution, every mistake is one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Given:
    """A function or class that stands in a submission's file in the place of the one of that name; `source` defines
    it."""

    file: str
    name: str
    source: str


@dataclass(frozen=True)
class Submission:
    """`files` maps an exercise's file name to the path that holds it; `aliases` an exercise's name to the name it
    has there; `transform` asks the worker for a trivial answer made from it (the audit only). What is `given` stands
    in the place of what was handed in."""

    label: str
    root: Path
    files: dict[str, Path]
    aliases: dict[str, str] = field(default_factory=dict)
    transform: str | None = None
    given: tuple[Given, ...] = ()
