"""What is handed in as a file: archives that explode or reach elsewhere, notebooks without end. Each is refused by a
sentence, quickly, and nothing is written outside the folder that it is unpacked to."""

from __future__ import annotations

import io
import json
import os
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.batch.intake import submission_of, take_in
from autograder.batch.records import Attempt
from autograder.course import Course
from autograder.errors import UsageError
from autograder.locate import locate
from tests.conftest import ROOT
from tests.hostile.attack import HONEST

FILES = ["text.py"]
CODE = HONEST["tokenize"]
QUICKLY = 10.0  # seconds, on a busy machine

Write = Callable[[zipfile.ZipFile], None]


def _member(name: str, mode: int = 0, content: str = CODE) -> Write:
    def write(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content)

    return write


def _with_code(*members: Write) -> Write:
    def write(archive: zipfile.ZipFile) -> None:
        archive.writestr("text.py", CODE)
        for member in members:
            member(archive)

    return write


def _bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("text.py", CODE)
    for name in range(20):
        archive.writestr(f"{name}.bin", bytes(20 * 2**20), zipfile.ZIP_DEFLATED)


def _nested_bomb(archive: zipfile.ZipFile) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as deeper:
        deeper.writestr("text.py", bytes(100 * 2**20))
    archive.writestr("inner.zip", inner.getvalue())


def _many(archive: zipfile.ZipFile) -> None:
    for name in range(20_000):
        archive.writestr(f"{name}.py", "")


ARCHIVES: dict[str, Write] = {
    "a name that leaves the folder": _with_code(_member("../../text.py")),
    "a name that leaves it from within": _with_code(_member("a/../../treasure.txt")),
    "an absolute name": _with_code(_member("/tmp/grade-hostile-absolute")),
    "a drive": _with_code(_member("C:/text.py")),
    "backslashes": _with_code(_member("..\\..\\treasure.txt")),
    "a link to a file outside": _with_code(_member("link", stat.S_IFLNK | 0o777, "/etc/passwd")),
    "the file itself as a link": _member("text.py", stat.S_IFLNK | 0o777, "/etc/passwd"),
    "a link to a folder, and a file in it": _with_code(
        _member("d", stat.S_IFLNK | 0o777, "/tmp"), _member("d/grade-hostile-link")
    ),
    "a device": _with_code(_member("disk", stat.S_IFBLK | 0o600)),
    "a pipe": _member("text.py", stat.S_IFIFO | 0o600),
    "the same file twice": _with_code(_member("text.py", 0, "raise SystemExit")),
    "two files that differ in case": _with_code(_member("TEXT.py", 0, "raise SystemExit")),
    "two files that differ in accents": _with_code(_member("é.py"), _member("e\u0301.py")),
    "a file that is a folder too": _with_code(_member("text.py/inner.py")),
    "escapes in a name": _with_code(_member("\x1b[2J.py")),
    "folders a hundred deep": _with_code(_member("d/" * 100 + "x.py")),
    "a name that is too long": _with_code(_member("n" * 300 + ".py")),
    "an archive that explodes": _bomb,
    "an archive in the archive that explodes": _nested_bomb,
    "more files than anybody wrote": _many,
}


def _archive(path: Path, write: Write) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        write(archive)
    return path


def _everything(folder: Path) -> Iterator[Path]:
    for path, folders, files in os.walk(folder):
        yield from (Path(path) / name for name in [*folders, *files])


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    """An empty folder deep in an empty folder."""
    folder = tmp_path / "outside" / "staging" / "here"
    folder.mkdir(parents=True)
    (tmp_path / "outside" / "treasure.txt").write_text("untouched", "utf-8")
    return folder


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("write", ARCHIVES.values(), ids=ARCHIVES.keys())
def test_an_archive_is_refused_with_a_sentence(tmp_path: Path, staging: Path, write: Write) -> None:
    path = _archive(tmp_path / "student.zip", write)
    started = time.monotonic()
    with pytest.raises(UsageError) as raised:
        submission_of(Attempt("student", path, 1), FILES, staging, "hw4")
    assert time.monotonic() - started < QUICKLY
    assert str(raised.value).isprintable() and len(str(raised.value)) < 600
    assert (tmp_path / "outside" / "treasure.txt").read_text("utf-8") == "untouched"
    assert {p.name for p in (tmp_path / "outside").iterdir()} == {"staging", "treasure.txt"}
    assert not list(Path("/tmp").glob("grade-hostile-*"))
    assert sum(p.lstat().st_size for p in _everything(staging)) < 100 * 2**20
    assert not any(p.is_symlink() for p in _everything(staging))


@pytest.mark.parametrize("links", [["text.py"], ["helper.py", "text.py"]], ids=["the file", "the file and another"])
def test_links_in_a_folder_are_not_followed(tmp_path: Path, staging: Path, links: list[str]) -> None:
    folder = tmp_path / "student"
    folder.mkdir()
    for link in links:
        (folder / link).symlink_to("/etc/passwd")
    with pytest.raises(UsageError):
        submission_of(Attempt("student", folder, 1), FILES, staging, "hw4")
    assert not any("root:" in p.read_text("utf-8") for p in _everything(staging) if p.is_file())


def test_a_folder_of_hard_links_and_pipes_is_taken_without_them(tmp_path: Path, staging: Path) -> None:
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "text.py").write_text(CODE, "utf-8")
    os.mkfifo(folder / "pipe")
    found = submission_of(Attempt("student", folder, 1), FILES, staging, "hw4")
    assert found.files["text.py"].read_text("utf-8") == CODE
    assert not stat.S_ISFIFO((found.root / "pipe").lstat().st_mode) if (found.root / "pipe").exists() else True


def _notebook(cells: list[object], **rest: object) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, "metadata": {}, **rest})


def _cell(source: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}


NOTEBOOKS: dict[str, str] = {
    "a hundred thousand cells": _notebook([_cell("x = 1")] * 100_000),
    "one cell of many megabytes": _notebook([_cell("x = 1\n" * 10**6)]),
    "lists in lists": '{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "cells that are none": _notebook([5, None, []]),
    "no cells": '{"cells": {}}',
    "a source that is none": _notebook([_cell(5)]),
    "no notebook": "null",
    "a number without end": '{"cells": ' + "9" * 10**6 + "}",
}


@pytest.mark.parametrize("text", NOTEBOOKS.values(), ids=NOTEBOOKS.keys())
def test_a_notebook_is_refused_or_empty(tmp_path: Path, staging: Path, text: str) -> None:
    path = tmp_path / "hw4.ipynb"
    path.write_text(text, "utf-8")
    started = time.monotonic()
    for take in (
        lambda: submission_of(Attempt("student", path, 1), FILES, staging, "hw4"),
        lambda: locate(Course(ROOT), "hw4", FILES, path),
    ):
        try:
            found = take()
        except UsageError as error:
            assert str(error).isprintable()
        else:
            assert not found.files["text.py"].read_text("utf-8").strip()
    assert time.monotonic() - started < QUICKLY


def test_a_notebook_with_magics_that_read_files_runs_none_of_them(tmp_path: Path, staging: Path) -> None:
    path = tmp_path / "hw4.ipynb"
    cells = [_cell("%run /etc/passwd\n!cat /etc/passwd > stolen\nx = !id"), _cell("%%bash\nid"), _cell(CODE)]
    path.write_text(_notebook(list(cells)), "utf-8")
    found = submission_of(Attempt("student", path, 1), FILES, staging, "hw4")
    code = found.files["text.py"].read_text("utf-8")
    compile(code, "text.py", "exec")
    assert not any(
        line.strip() and not line.lstrip().startswith(("#", "pass  #", "x = None")) and "passwd" in line
        for line in code.splitlines()
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_bad_archives_in_an_export_leave_the_others_alone(tmp_path: Path, staging: Path) -> None:
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number, (name, write) in enumerate(ARCHIVES.items()):
        if name != "an archive that explodes":
            _archive(folder / f"student{number:02}.zip", write)
    (folder / "honest").mkdir()
    (folder / "honest" / "text.py").write_text(CODE, "utf-8")
    (folder / "=1+1").mkdir()
    (folder / "=1+1" / "text.py").write_text(CODE, "utf-8")
    found = take_in(folder, "hw4", staging)
    graded, refused = [], []
    for attempt in found.attempts:
        try:
            graded.append(submission_of(attempt, FILES, staging, "hw4").label)
        except UsageError as error:
            refused.append(str(error))
    assert set(graded) == {"honest", "=1+1"}
    assert len(refused) + len(found.problems) >= len(ARCHIVES) - 1
