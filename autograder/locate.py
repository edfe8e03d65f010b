"""From what a user points at (a folder, a script, a notebook, a zip) to a submission."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

from autograder.course import Course
from autograder.errors import UsageError
from autograder.notebook_code import notebook_source
from autograder.submission import Submission
from autograder.unpack import copy_file, is_junk, unpack

OTHER_ARCHIVES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".rar", ".7z", ".gz", ".bz2", ".xz")
MAX_HELPERS = 100
_COPY = re.compile(
    r"^(copy of |kopie von |copia de |copie de )+|([ _-]*\(\d{1,2}\)|[ _-]+copy ?\d*|-\d{1,2})+$", re.IGNORECASE
)


def locate(course: Course, homework: str, files: list[str], path: Path | None) -> Submission:
    """The submission at the path; without one, the working folder if it holds a file of the homework, else the
    course's own folder for it. UsageError says what is wrong with the path."""
    own = course.root / homework if course.bundle else course.root / "assignments" / homework
    if path is None:
        here = Path.cwd()
        if any((here / file).is_file() for file in files):
            return from_folder(here, files)
        return from_folder(own, files)
    if not path.exists():
        raise UsageError(f"there is no {path}; give --path a folder, a .py, an .ipynb or a .zip")
    path = path.resolve()
    if path.is_dir():
        return from_folder(path, files, homework)
    return from_file(path, files, homework)


def from_file(path: Path, files: list[str], homework: str = "", target: Path | None = None) -> Submission:
    """The submission in one file; with a target, what has to be written is written there."""
    suffix = path.suffix.lower()
    if suffix == ".py":
        return from_script(path, files)
    if suffix == ".ipynb":
        return from_notebook(path, files, target)
    if suffix == ".zip":
        return from_zip(path, files, homework, target)
    if path.name.lower().endswith(OTHER_ARCHIVES):
        raise UsageError(f"{path.name} is an archive that is not opened; pack the files as a .zip")
    raise UsageError(f"{path.name} is neither a folder nor a .py, .ipynb or .zip file")


def from_folder(
    folder: Path, files: list[str], homework: str = "", target: Path | None = None, given: Path | None = None
) -> Submission:
    """The submission in a folder: its files, else its notebook, else the one folder in it that holds them. Copies
    that systems rename ("conv (1).py", "Copy of hw3.ipynb") are taken where only one can be meant. `given` is the
    folder that students received: files that are still as in it do not stand in the way of a notebook."""
    entries = sorted(entry for entry in folder.iterdir() if not is_junk(entry.name) and not entry.is_symlink())
    found = _scripts([entry for entry in entries if entry.is_file()], files)
    notebooks = [entry for entry in entries if entry.suffix.lower() == ".ipynb" and entry.is_file()]
    if found and not (notebooks and given is not None and _untouched(found, given)):
        return Submission(folder.name, folder, found)
    notebook = _notebook(notebooks, homework)
    if notebook is not None:
        return from_notebook(notebook, files, target)
    deeper = [entry for entry in entries if entry.is_dir() and _holds(entry, files)]
    if len(deeper) == 1:
        return from_folder(deeper[0], files, homework, target and deeper[0], given)
    wanted = ", ".join(files)
    if len(deeper) > 1:
        several = " and ".join(entry.name for entry in deeper[:3])
        raise UsageError(f"{folder.name} holds {wanted} more than once, in {several}; keep one of them")
    if not entries:
        raise UsageError(f"{folder} is empty; it should hold {wanted}")
    archives = [e.name for e in entries if e.name.lower().endswith((".zip", *OTHER_ARCHIVES))]
    if archives:
        raise UsageError(
            f"{folder.name} holds none of {wanted}, but {archives[0]}, which is not opened there; unpack it"
        )
    raise UsageError(f"{folder} holds none of {wanted}; give the right folder with --path")


def original_name(name: str) -> str:
    """The name without what browsers and systems add to a copy: "Copy of hw3.ipynb", "hw3 (1).ipynb", "hw3-2.ipynb"."""
    path = Path(name)
    return _COPY.sub("", path.stem.strip()).strip() + path.suffix


def _scripts(entries: list[Path], files: list[str]) -> dict[str, Path]:
    """The files of the homework among these."""
    found: dict[str, Path] = {}
    for file in files:
        named = [entry for entry in entries if entry.name == file]
        copies = named or [entry for entry in entries if original_name(entry.name).lower() == file.lower()]
        if len(copies) > 1:
            several = " and ".join(entry.name for entry in copies[:3])
            raise UsageError(f"{several} could each be {file}; keep one and call it {file}")
        if copies:
            found[file] = copies[0]
    return found


def _untouched(found: dict[str, Path], given: Path) -> bool:
    """Whether all of these are as students received them."""
    return all(
        (given / file).is_file() and path.read_bytes().split() == (given / file).read_bytes().split()
        for file, path in found.items()
    )


def _notebook(notebooks: list[Path], homework: str) -> Path | None:
    """The notebook that is meant: the only one, else the only one that is called like the homework."""
    if len(notebooks) <= 1:
        return notebooks[0] if notebooks else None
    named = [n for n in notebooks if original_name(n.name).lower() == f"{homework}.ipynb".lower()]
    if len(named) == 1:
        return named[0]
    several = " and ".join(notebook.name for notebook in (named or notebooks)[:3])
    raise UsageError(f"{several} could each be the submission; keep one")


def _holds(folder: Path, files: list[str]) -> bool:
    try:
        return any(
            entry.is_file() and (entry.name in files or entry.suffix.lower() == ".ipynb") for entry in folder.iterdir()
        ) or any((folder / sub / file).is_file() for file in files for sub in _folders(folder))
    except OSError:
        return False


def _folders(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not is_junk(entry.name))


def from_script(path: Path, files: list[str]) -> Submission:
    if path.name in files:
        return Submission(path.stem, path.parent, {path.name: path})
    return Submission(path.stem, path.parent, dict.fromkeys(files, path))


def from_notebook(path: Path, files: list[str], target: Path | None = None) -> Submission:
    """All code cells, joined; magics and shell lines are left out but keep their line. The script lies in the target
    or in a temporary folder, with the modules beside the notebook."""
    source = notebook_source(path)
    folder = target
    if folder is None:
        folder = temporary_folder("grade-notebook-")
        copy_helpers(path.parent, folder)
    return from_code(source, path.stem, files, folder)


def from_code(source: str, label: str, files: list[str], folder: Path) -> Submission:
    """A script that stands for all the files, written into the folder."""
    stem = label if label.isidentifier() else "notebook"
    while (script := folder / f"{stem}.py").exists():
        stem += "_"
    script.write_text(source, encoding="utf-8")
    script.chmod(0o644)
    return Submission(label, folder, dict.fromkeys(files, script))


def copy_helpers(beside: Path, folder: Path) -> None:
    """The modules that code in a notebook can import because they lie beside it."""
    for helper in sorted(beside.glob("*.py"))[:MAX_HELPERS]:
        if helper.is_file() and not helper.is_symlink():
            copy_file(helper, folder / helper.name)


def from_zip(
    path: Path, files: list[str], homework: str = "", target: Path | None = None, given: Path | None = None
) -> Submission:
    """Unpacks it. Refuses what could write elsewhere or fill the disk, and names it."""
    folder = target or temporary_folder("grade-zip-")
    unpack(path, folder)
    entries = [entry for entry in folder.iterdir() if not is_junk(entry.name)]
    inner = entries[0] if len(entries) == 1 and entries[0].is_dir() else folder
    return from_folder(inner, files, homework, inner, given)


def temporary_folder(prefix: str) -> Path:
    """A folder that is removed when the program ends. Workers of root run as another user, who must be able to read
    it; nobody else's work is shown to others."""
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        folder.chmod(0o755)
    return folder
