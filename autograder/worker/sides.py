"""The submission where there is no device, and where there is one: each has read the student's files by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

from autograder.worker.runs import Runner
from autograder.worker.student import Student

_modules = sys.modules  # student code could put another dictionary in its place


class Sides:
    """Runners for both sides. What the student's modules keep on one side, a cache say, is not there on the other, as
    if each were a process of its own."""

    def __init__(self, root: str, student: Callable[[], Student]) -> None:
        self._root = root
        self._student = student
        self._before = frozenset(_modules)
        self._runners: dict[bool, Runner] = {}
        self._away: dict[str, ModuleType] = {}
        self._device = False

    def runner(self, device: bool) -> Runner:
        """The runner of one side, whose modules are those that student code imports from now on."""
        if device != self._device:
            self._device = device
            away, self._away = self._away, self._taken_out()
            _modules.update(away)
        if device not in self._runners:
            self._runners[device] = Runner(self._student(), self._root)
        return self._runners[device]

    def _taken_out(self) -> dict[str, ModuleType]:
        """The modules of the submission, which are not imported any more."""
        found = {
            name: module
            for name, module in list(_modules.items())
            if type(name) is str and name not in self._before and _is_below(module, self._root)
        }
        for name in found:
            del _modules[name]
        return found


def _is_below(module: object, root: str) -> bool:
    if not isinstance(module, ModuleType):
        return False
    place = ModuleType.__getattribute__(module, "__dict__").get("__file__")
    return type(place) is str and place.startswith(root)
