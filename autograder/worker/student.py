"""The submission inside the worker: files that are executed once, and names that are looked up in them."""

from __future__ import annotations

import inspect
import re
import sys
import types
from pathlib import Path
from typing import Any

from autograder.worker import cells
from autograder.worker.faults import ImportFault, MissingName, describe
from autograder.worker.given import Givens, kept


class Student:
    """Gives a probe what the student wrote: `student.conv2d` is the student's conv2d.

    `files` maps an exercise's file to the path that holds it, `aliases` a name to the name it has there. What is
    `given`, as file, name and source, stands in the place of what the student wrote.
    """

    def __init__(
        self,
        root: str,
        files: dict[str, str],
        aliases: dict[str, str],
        transform: str | None = None,
        given: list[list[str]] | None = None,
    ) -> None:
        self._root = root
        self._files = files
        self._aliases = aliases
        self._transform = transform
        self._given = Givens(given or [])
        self._modules: dict[str, types.ModuleType | dict[str, Any]] = {}
        self._sources: dict[str, str] = {}
        self._broken: dict[str, list[cells.Broken]] = {}
        self._changed: dict[str, Any] = {}
        self._file = ""
        for folder in dict.fromkeys([root, *(str(Path(path).parent) for path in files.values())]):
            if folder not in sys.path:
                sys.path.insert(0, folder)

    def using(self, file: str) -> Student:
        """Looks names up in this file from now on."""
        self._file = file
        return self

    @property
    def transformed(self) -> bool:
        """Whether this is a trivial answer made from a solution."""
        return self._transform is not None

    def fault(self, error: BaseException) -> dict[str, Any]:
        """The exception as a fault whose frames are the student's own."""
        return describe(error, self._root)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.find(name)

    def find(self, name: str) -> Any:
        module = self.module(self._file)
        actual = self._aliases.get(name, name)
        found = vars(module).get(actual)
        if found is None:
            why = cells.why_missing(actual, self._broken.get(self._files[self._file], []))
            if why is not None:
                raise ImportFault(_while_loading(why))
            raise MissingName(f"{Path(self._files.get(self._file, self._file)).name} has no {name}")
        return found if self._transform is None else self._transformed(name, found)

    def _transformed(self, name: str, found: Any) -> Any:
        from autograder.worker.transforms import apply

        assert self._transform is not None
        return self._changed.setdefault(name, apply(self._transform, found))

    def module(self, file: str) -> types.ModuleType:
        path = self._files.get(file)
        if path is None:
            raise MissingName(f"there is no {file}")
        known = self._modules.get(path)
        if isinstance(known, dict):
            raise ImportFault(known)
        if known is None:
            try:
                here = [other for other, at in self._files.items() if at == path]  # a notebook is all files in one
                self._given.prepare(here, lambda other: self.module(other))
                known = self._execute(path, self._given.of(here))
            except BaseException as error:
                fault = _while_loading(describe(error, self._root))
                self._modules[path] = fault
                raise ImportFault(fault) from None
            self._modules[path] = known
        return known

    def _execute(self, path: str, given: dict[str, Any]) -> types.ModuleType:
        name = Path(path).stem
        if not name.isidentifier() or (name in sys.modules and not _inside(sys.modules[name], self._root)):
            name = "submission_" + "".join(c if c.isalnum() else "_" for c in name)
        try:
            source = Path(path).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problem = SyntaxError("the file is not UTF-8 text; save it as UTF-8 in your editor")
            problem.filename, problem.lineno = path, Path(path).read_bytes()[: error.start].count(b"\n") + 1
            raise problem from None
        if "\0" in source:
            problem = SyntaxError("the file contains null bytes; it is not Python source")
            problem.filename, problem.lineno = path, source.split("\0", 1)[0].count("\n") + 1
            raise problem
        self._sources[path] = source
        module = types.ModuleType(name)
        module.__file__ = path
        sys.modules[name] = module
        if cells.is_notebook(source):
            self._broken[path] = cells.run(source, path, self._root, vars(module), kept(vars(module), given))
        else:
            exec(compile(source, path, "exec", dont_inherit=True), vars(module), kept(vars(module), given))
        return module

    def signature(self, name: str) -> list[list[Any]] | None:
        """Parameter names of the function, or of the class's constructor, and whether each has a default."""
        found = self.find(name)
        try:
            parameters = inspect.signature(found).parameters.values()
        except (TypeError, ValueError):
            return None
        return [[p.name, p.default is not p.empty, str(p.kind.name)] for p in parameters]

    def line(self, name: str) -> int:
        """Where the function or class is defined; 0 if that cannot be told."""
        found = self.find(name)
        if isinstance(found, types.FunctionType):
            return found.__code__.co_firstlineno
        begins = re.compile(rf"\s*class\s+{re.escape(self._aliases.get(name, name))}\b")
        lines = self._sources[self._files[self._file]].splitlines()
        return max((number for number, line in enumerate(lines, start=1) if begins.match(line)), default=0)


def _while_loading(fault: dict[str, Any]) -> dict[str, Any]:
    return {**fault, "kind": "import"} if fault["kind"] in ("error", "not_implemented") else fault


def _inside(module: types.ModuleType, root: str) -> bool:
    return str(getattr(module, "__file__", "")).startswith(root)
