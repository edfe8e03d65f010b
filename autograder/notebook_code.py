"""The code of a notebook as a script: what Python understands of the cells that are the student's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.errors import UsageError

MAX_BYTES = 50 * 1024 * 1024
MAX_CELLS = 5000
MAX_CODE = 2 * 1024 * 1024
MARK = "#: cell"
_BODY_IS_PYTHON = re.compile(r"%%(time|capture|prun|grade)\b")
_MAGIC = re.compile(r"\s*(%{1,2}[A-Za-z_]|!|\?)|[^#'\"]*\w\?{1,2}\s*$")
_ASSIGNED = re.compile(r"(\s*[\w.,\s]+=)\s*(%[A-Za-z_]|!)")
_MAY_BE_MAGIC = re.compile(r"\s*[%!?]|.*(=\s*[%!]|\?\s*$)").match
_MARK = re.compile(r"\\.|'''|\"\"\"|['\"#(\[{)\]}]", re.DOTALL)


def notebook_source(path: Path) -> str:
    """The code of a notebook as one script (see `script`). UsageError if it is no notebook or far larger than one."""
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(
            f"{path.name} is larger than {MAX_BYTES // 2**20} MiB; clear its outputs (Edit, Clear All Outputs), save "
            "and hand it in again"
        )
    try:
        cells = json.loads(path.read_bytes().decode("utf-8-sig"))["cells"]
        if len(cells) > MAX_CELLS:
            raise UsageError(f"{path.name} has {len(cells)} cells, at most {MAX_CELLS} are read")
        sources = [
            cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "code" and not _is_test(cell)
        ]
        if sum(map(len, sources)) > MAX_CODE:
            raise UsageError(f"{path.name} holds more than {MAX_CODE // 2**20} MiB of code")
        # A lone surrogate is valid JSON, but no text that a file can hold.
        return script(sources).encode("utf-8", "replace").decode("utf-8")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path.name} is not a Jupyter notebook (version 4); save it again from Jupyter") from None


def script(cells: Iterable[str]) -> str:
    """Code cells as one script, a mark before each: workers run them one after another, as Jupyter does."""
    return "\n".join(f"{MARK}\n{without_magics(cell)}\n" for cell in cells) or "\n"


def _is_test(cell: dict[str, object]) -> bool:
    """Whether nbgrader locked the cell: the instructor's, not the student's."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(marks, dict) and bool(marks.get("grade")) and not marks.get("solution")


def without_magics(source: str) -> str:
    """The cell with everything left out that only IPython understands; each line keeps its place."""
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].lstrip().startswith("%%"):
        if not _BODY_IS_PYTHON.match(lines[first].lstrip()):
            return "\n".join("#" for _ in lines)
        lines[first] = "#"
    if any(_MAY_BE_MAGIC(line) for line in lines):
        lines = list(_plain_lines(lines))
    return "\n".join(lines)


def _plain_lines(lines: list[str]) -> Iterator[str]:
    """A line that begins inside a string or a bracket is never a magic: `% 2` may go on what stood before."""
    quote, depth, joined, left_out = "", 0, False, False
    for line in lines:
        if left_out:
            left_out = line.endswith("\\")
            yield "#" + line
            continue
        if not quote and not depth and not joined:
            assigned = _ASSIGNED.match(line)
            left_out = line.endswith("\\") and bool(assigned or _MAGIC.match(line))
            if assigned:
                yield f"{assigned[1]} None  #{line[assigned.end(1) :]}"
                continue
            if _MAGIC.match(line):
                indent = line[: len(line) - len(line.lstrip())]
                yield f"{indent}pass  #{line.lstrip()}"
                continue
        quote, depth = _after(line, quote, depth)
        joined = line.endswith("\\") and not quote
        yield line


def _after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """The string and the number of brackets that are open at the end of the line."""
    for mark in _MARK.findall(line):
        if quote:
            quote = "" if mark == quote else quote
        elif mark == "#":
            break
        elif mark[0] in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
    return (quote if len(quote) == 3 or (quote and line.endswith("\\")) else ""), depth
