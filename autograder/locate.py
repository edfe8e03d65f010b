"""From what a user points at (a folder, a script, a notebook, a zip) to a submission."""

from __future__ import annotations

import json
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from autograder.course import Course
from autograder.errors import UsageError
from autograder.submission import Submission

MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 2000


def locate(course: Course, homework: str, files: list[str], path: Path | None) -> Submission:
    """The submission at the path; without one, the working folder if it holds a file of the homework, else the
    course's own folder for it. UsageError says what is wrong with the path."""
    if path is None:
        here = Path.cwd()
        if any((here / file).is_file() for file in files):
            return from_folder(here, files)
        own = course.root / homework if course.bundle else course.root / "assignments" / homework
        return from_folder(own, files)
    if not path.exists():
        raise UsageError(f"there is no {path}; give --path a folder, a .py, an .ipynb or a .zip")
    if path.is_dir():
        return from_folder(path.resolve(), files)
    suffix = path.suffix.lower()
    if suffix == ".py":
        return from_script(path.resolve(), files)
    if suffix == ".ipynb":
        return from_notebook(path.resolve(), files)
    if suffix == ".zip":
        return from_zip(path.resolve(), files)
    raise UsageError(f"{path.name} is neither a folder nor a .py, .ipynb or .zip file")


def from_folder(folder: Path, files: list[str]) -> Submission:
    found = {file: folder / file for file in files if (folder / file).is_file()}
    if found:
        return Submission(folder.name, folder, found)
    notebooks = sorted(folder.glob("*.ipynb"))
    if len(notebooks) == 1:
        return from_notebook(notebooks[0], files)
    deeper = [sub for sub in sorted(folder.iterdir()) if sub.is_dir() and any((sub / f).is_file() for f in files)]
    if len(deeper) == 1:
        return from_folder(deeper[0], files)
    wanted = ", ".join(files)
    if not any(folder.iterdir()):
        raise UsageError(f"{folder} is empty; it should hold {wanted}")
    raise UsageError(f"{folder} holds none of {wanted}; give the right folder with --path")


def from_script(path: Path, files: list[str]) -> Submission:
    if path.name in files:
        return Submission(path.stem, path.parent, {path.name: path})
    return Submission(path.stem, path.parent, dict.fromkeys(files, path))


def from_notebook(path: Path, files: list[str]) -> Submission:
    """All code cells, joined; magics and shell lines are left out but keep their line."""
    source = notebook_source(path)
    folder = Path(tempfile.mkdtemp(prefix="grade-notebook-")).resolve()
    script = folder / f"{path.stem if path.stem.isidentifier() else 'notebook'}.py"
    script.write_text(source, encoding="utf-8")
    return Submission(path.stem, folder, dict.fromkeys(files, script))


def notebook_source(path: Path) -> str:
    """The code of a notebook as one script. UsageError if it is no notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = [
            cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "code" and not _is_test(cell)
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path.name} is not a Jupyter notebook (version 4); save it again from Jupyter") from None
    return "\n\n".join(_without_magics(source) for source in sources) + "\n"


def _is_test(cell: dict[str, object]) -> bool:
    """Whether nbgrader locked the cell: the instructor's, not the student's."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(marks, dict) and bool(marks.get("grade")) and not marks.get("solution")


def _without_magics(source: str) -> str:
    if source.lstrip().startswith("%%"):
        return "\n".join("#" for _ in source.splitlines())
    return "\n".join("pass  #" + line if line.lstrip().startswith(("%", "!")) and line == line.lstrip() else line
                     for line in source.splitlines())  # fmt: skip


def from_zip(path: Path, files: list[str]) -> Submission:
    """Unpacks into a temporary folder. Refuses what could write elsewhere or fill the disk, and names it."""
    folder = Path(tempfile.mkdtemp(prefix="grade-zip-")).resolve()
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise UsageError(f"{path.name} has {len(members)} files, at most {MAX_MEMBERS} are allowed")
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UsageError(f"{path.name} unpacks to more than {MAX_UNPACKED // 2**20} MiB")
            for member in members:
                _refuse_escape(path.name, member)
                archive.extract(member, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UsageError(f"{path.name} is not a zip file that can be read ({error})") from None
    entries = [entry for entry in folder.iterdir() if entry.name != "__MACOSX"]
    if len(entries) == 1 and entries[0].is_dir():
        return from_folder(entries[0], files)
    return from_folder(folder, files)


def _refuse_escape(archive: str, member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (parts and ":" in parts[0]):
        raise UsageError(
            f"{archive} contains the path {member.filename!r}, which leaves its folder; pack it again without"
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UsageError(f"{archive} contains the link {member.filename!r}; pack the file itself")
