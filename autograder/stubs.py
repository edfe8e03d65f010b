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
        raise SourceError(
            f"{name} has {source.count(BEGIN)} “{BEGIN}” and {source.count(END)} “{END}”, or they are nested"
        )
    return _REGION.sub(r'\g<indent>raise NotImplementedError("your code here")', source)


def sources(root: Path, homework: str) -> list[Path]:
    """The solution files of a homework, in alphabetical order."""
    return sorted((root / "solutions" / homework).glob("*.py"))


def generated(root: Path, homework: str) -> dict[Path, str]:
    """Path and text of everything in `assignments/HW/`: the stubs, the notebook and the README."""
    from autograder.notebook import notebook, readme

    folder = root / "assignments" / homework
    texts = {source.name: source.read_text(encoding="utf-8") for source in sources(root, homework)}
    files = {folder / name: stub(text, f"solutions/{homework}/{name}") for name, text in texts.items()}
    files[folder / f"{homework}.ipynb"] = notebook(homework, texts)
    files[folder / "README.md"] = readme(homework)
    return files
