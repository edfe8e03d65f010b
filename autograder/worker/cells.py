"""The cells of a notebook, run one after another as Jupyter does: one that fails does not stop the next."""

from __future__ import annotations
import __future__

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from autograder.notebook_code import MARK
from autograder.worker.faults import describe

_FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


@dataclass(frozen=True)
class Broken:
    """A cell that raised, or that is not Python."""

    source: str
    fault: dict[str, Any]

    def defines(self, name: str) -> bool:
        return re.search(rf"^\s*((async\s+)?def|class)\s+{re.escape(name)}\b", self.source, re.MULTILINE) is not None


def is_notebook(source: str) -> bool:
    """Whether the script was made of a notebook's cells."""
    return source.startswith(f"{MARK}\n")


def run(
    source: str, path: str, root: str, names: dict[str, Any], definitions: MutableMapping[str, Any] | None = None
) -> list[Broken]:
    """Runs the cells in `names`, where `definitions` keeps what they define; those that failed. Lines are counted from
    the top of the script, and an import from __future__ holds for the cells that follow, as in Jupyter."""
    broken: list[Broken] = []
    flags, above = 0, 0
    for cell in re.split(rf"^{re.escape(MARK)}\n", source, flags=re.MULTILINE)[1:]:
        above += 1
        try:
            code = compile("\n" * above + cell, path, "exec", flags=flags, dont_inherit=True)
            flags |= code.co_flags & _FUTURE
            exec(code, names, definitions)
        except (Exception, SystemExit) as error:
            broken.append(Broken(cell, describe(error, root)))
        above += cell.count("\n")
    return broken


def why_missing(name: str, broken: list[Broken]) -> dict[str, Any] | None:
    """The fault of the cell that would have defined the name."""
    return next((cell.fault for cell in reversed(broken) if cell.defines(name)), None)
