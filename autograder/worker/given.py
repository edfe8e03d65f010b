"""Definitions of the course's own that stand in the place of a student's."""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

from autograder.worker.faults import ImportFault, MissingName


class Givens:
    """What is given, made when it is first asked for. Each is defined in a module of its own, which nobody imports."""

    def __init__(self, given: list[list[str]]) -> None:
        self._sources = given
        self._made: dict[str, dict[str, Any]] = {}

    def of(self, files: Iterable[str]) -> dict[str, Any]:
        """What is given in these files, by name."""
        found: dict[str, Any] = {}
        for file in files:
            if file not in self._made:
                self._made[file] = {name: _defined(name, source) for at, name, source in self._sources if at == file}
            found |= self._made[file]
        return found

    def prepare(self, files: Collection[str], load: Callable[[str], object]) -> None:
        """Loads the other files in which something is given, so that these import it from there; of one that does
        not load, what is given is all that there is."""
        import sys

        for other in dict.fromkeys(at for at, _, _ in self._sources if at not in files):
            try:
                load(other)
            except (ImportFault, MissingName):
                name = Path(other).stem
                module = sys.modules[name] = types.ModuleType(name)
                vars(module).update(self.of([other]))


def _defined(name: str, source: str) -> Any:
    module = types.ModuleType(f"given_{name}")
    exec(compile(source, f"<{name}>", "exec", dont_inherit=True), vars(module))
    return vars(module)[name]


def kept(names: dict[str, Any], given: dict[str, Any]) -> MutableMapping[str, Any] | None:
    """Where a file's definitions go so that what is given is never defined anew; None where nothing is."""
    if not given:
        return None
    names.update(given)
    return _Kept(names, given)


class _Kept(MutableMapping[str, Any]):
    def __init__(self, names: dict[str, Any], given: dict[str, Any]) -> None:
        self._names, self._given = names, given

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._given:
            self._names[name] = value

    def __delitem__(self, name: str) -> None:
        if name not in self._given:
            del self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
