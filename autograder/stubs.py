"""What students receive, generated from `solutions/`: the same files with every solution region cut out."""

from __future__ import annotations

import re
from pathlib import Path

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_REGION = re.compile(rf"^(?P<indent>[ \t]*){BEGIN}.*?^[ \t]*{END}[^\n]*$", re.MULTILINE | re.DOTALL)


class SourceError(Exception):
    """A solution file whose marks do not match; the message names the file."""


def stub(source: str, name: str = "the file") -> str:
    """The source with every marked region replaced by `raise NotImplementedError`."""
    if source.count(BEGIN) != source.count(END) or source.count(BEGIN) != len(_REGION.findall(source)):
        raise SourceError(f"{name} has {source.count(BEGIN)} “{BEGIN}” and {source.count(END)} “{END}”, or they are nested")
    return _REGION.sub(r'\g<indent>raise NotImplementedError("your code here")', source)


def sources(root: Path, homework: str) -> list[Path]:
    """The solution files of a homework, in alphabetical order."""
    return sorted((root / "solutions" / homework).glob("*.py"))


def generate(root: Path, homework: str) -> dict[Path, str]:
    """Path and text of every stub of a homework."""
    return {
        root / "assignments" / homework / source.name: stub(source.read_text(encoding="utf-8"), str(source))
        for source in sources(root, homework)
    }


def write(root: Path, homework: str) -> list[Path]:
    """Writes the stubs that are out of date; their paths."""
    written = []
    for path, text in generate(root, homework).items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
