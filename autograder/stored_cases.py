"""The cases of a released homework, read from the bundle."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.cases import read, stored
from autograder.errors import UsageError
from autograder.exercise import Case, Exercise
from autograder.recorder import CaseBook
from autograder.released import CASES, damaged
from autograder.store import compressed, unpacked
from autograder.wire import WireError


class StoredCases(CaseBook):
    """The cases that a bundle holds, whatever a generator would draw today."""

    def __init__(self, recordings: Path) -> None:
        super().__init__()
        self._recordings = recordings

    def holds(self, exercise: Exercise) -> bool:
        return self._path(exercise).is_file()

    def given(self, exercise: Exercise) -> tuple[Case, ...]:
        path = self._path(exercise)
        try:
            return read(*unpacked(path.read_bytes()))
        except (OSError, EOFError, WireError, KeyError, TypeError, ValueError):
            raise UsageError(damaged(path)) from None

    def _path(self, exercise: Exercise) -> Path:
        return self._recordings / exercise.homework / exercise.name / CASES


def packed_cases(cases: Iterable[Case]) -> bytes:
    """A file that `StoredCases` reads."""
    return compressed(*stored(cases))
