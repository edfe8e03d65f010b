"""Student bundles, and work to put into them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.decodings import texts
from tests.conftest import ROOT, exercise

Grade = Callable[..., "subprocess.CompletedProcess[str]"]


def released(grade: Grade, out: Path, *more: str, root: Path = ROOT) -> Path:
    """The folder of the bundle of hw5."""
    done = grade("release", "hw5", "--out", str(out), "--root", str(root), *more)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "hw5"


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def everything(folder: Path) -> str:
    """All text in the folder, also what is compressed."""
    return "\n".join(text for content in files(folder).values() for text in texts(content))


def put(bundle: Path, work: dict[str, str], into: Path) -> Path:
    """A copy of the bundle with this work in it."""
    shutil.copytree(bundle, into)
    for name, text in work.items():
        (into / "hw5" / name).write_text(text, "utf-8")
    return into


WRONG = ("truncate_pad", "sequence_mask")


def work(kind: str) -> dict[str, str]:
    """What is handed in: untouched, solved, or with a known mistake in two exercises."""
    solved = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "solutions/hw5").glob("*.py"))}
    wrong = {}
    for name in WRONG:
        entry = catalogue.mistakes(ROOT, exercise(name))[0]
        (path,) = entry.submission.files.values()
        wrong[exercise(name).file] = f"{path.read_text('utf-8')}\n{name} = {entry.name}\n"
        # what the catalogue's files import
        beside = [p for p in path.parent.glob("*.py") if not p.name.startswith(("mistakes", "variants", "oracle"))]
        wrong |= {p.name: p.read_text("utf-8") for p in beside}
    return {"stub": {}, "solution": solved, "mistake": wrong}[kind]


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    exercises = [{**e, "seconds": 0} for e in document["exercises"]]
    return {**document, "execution_time": 0, "exercises": exercises}
