"""Archives, folders and notebooks from outside: nothing escapes, nothing fills the disk, everyone can read the copy."""

from __future__ import annotations

import json
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import UsageError
from autograder.locate import from_folder, from_notebook, from_zip, original_name
from autograder.notebook_code import MARK, notebook_source, script, without_magics
from autograder.unpack import Bounds, copy_folder, unpack

CONV = "def conv2d(X, K): return X\n"


def write_zip(path: Path, *members: tuple[str | zipfile.ZipInfo, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def write_notebook(path: Path, *sources: str, **metadata: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [{"cell_type": "code", "metadata": metadata, "source": source} for source in sources]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}), encoding="utf-8")
    return path


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}


def test_everyone_can_read_what_was_unpacked(tmp_path: Path) -> None:
    secret = zipfile.ZipInfo("a/conv.py")
    secret.external_attr = (stat.S_IFREG | 0o4700) << 16
    before = os.umask(0o077)
    try:
        unpack(write_zip(tmp_path / "x.zip", (secret, CONV), ("b/", "")), tmp_path / "out" / "x")
    finally:
        os.umask(before)
    assert modes(tmp_path / "out") == {0o755, 0o644}
    assert (tmp_path / "out/x/a/conv.py").read_text() == CONV


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../conv.py", "leaves its folder"),
        ("/etc/passwd", "leaves its folder"),
        ("a\\..\\..\\conv.py", "leaves its folder"),
        ("C:conv.py", "leaves its folder"),
        ("a/c:/conv.py", "leaves its folder"),
        ("con.py", "reserves for a device"),
        ("AUX", "reserves for a device"),
        ("a\x1bb.py", "control character"),
        ("x" * 300, "too long"),
        ("/".join("a" * 40), "too deep"),
    ],
)
def test_bad_names_are_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        unpack(write_zip(tmp_path / "x.zip", (name, CONV)), tmp_path / "out")
    assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("conv.py", "Conv.py"), "differ only in case"),
        (("A/conv.py", "a/text.py"), "differ only in case"),
        (("caf\u00e9.py", "cafe\u0301.py"), "differ only in case or accents"),
        (("a", "a/conv.py"), "as a file and as a folder"),
        (("a/conv.py", "a"), "as a file and as a folder"),
        (("conv.py", "./conv.py"), "is there twice"),
    ],
)
def test_names_that_cannot_be_told_apart_are_refused(tmp_path: Path, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        unpack(write_zip(tmp_path / "x.zip", *((name, CONV) for name in names)), tmp_path / "out")


@pytest.mark.parametrize(("mode", "message"), [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "neither a file nor a folder")])
def test_what_is_no_file_is_refused(tmp_path: Path, mode: int, message: str) -> None:
    info = zipfile.ZipInfo("conv.py")
    info.external_attr = (mode | 0o777) << 16
    with pytest.raises(UsageError, match=message):
        unpack(write_zip(tmp_path / "x.zip", (info, "/etc/passwd")), tmp_path / "out")


def test_encrypted_and_unusual_archives_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", ("conv.py", CONV), how=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(UsageError, match="encrypted; pack it without a password"):
        unpack(path, tmp_path / "out")
    with pytest.raises(UsageError, match="unusual way"):
        unpack(write_zip(tmp_path / "y.zip", ("conv.py", CONV), how=zipfile.ZIP_LZMA), tmp_path / "out")


def test_a_bomb_is_measured_as_it_unpacks_and_not_by_its_header(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", *((f"{i}.bin", bytes(1 << 20)) for i in range(8)))
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        struct.pack_into("<L", data, at + 24, 1 << 18)  # what is claimed to come out
    path.write_bytes(bytes(data))
    with pytest.raises(UsageError, match=r"x\.zip"):
        unpack(path, tmp_path / "out", Bounds(total=1 << 20))
    assert sum(p.stat().st_size for p in (tmp_path / "out").rglob("*")) <= 1 << 20
    honest = write_zip(tmp_path / "y.zip", *((f"{i}.bin", bytes(1 << 20)) for i in range(8)))
    with pytest.raises(UsageError, match=r"y\.zip unpacks to more than 4 MiB"):
        unpack(honest, tmp_path / "out2", Bounds(total=4 << 20))


def test_too_many_files_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", *((f"{i}.py", "") for i in range(30)))
    with pytest.raises(UsageError, match="30 files, at most 20"):
        unpack(path, tmp_path / "out", Bounds(files=20))
    with pytest.raises(UsageError, match="more than 20 files"):
        unpack(path, tmp_path / "out", Bounds(files=20, contents=100))


def test_what_systems_leave_behind_is_neither_counted_nor_unpacked(tmp_path: Path) -> None:
    junk = [(f"hw3/.venv/lib/{i}.py", "") for i in range(50)]
    path = write_zip(tmp_path / "x.zip", ("hw3/conv.py", CONV), ("__MACOSX/hw3/._conv.py", "x"), *junk)
    unpack(path, tmp_path / "out", Bounds(files=20))
    assert [p.name for p in (tmp_path / "out").rglob("*") if p.is_file()] == ["conv.py"]


def test_bad_members_can_be_handed_over_instead(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    path = write_zip(tmp_path / "x.zip", ("a/aux.py", CONV), ("a/big.bin", bytes(3000)), ("b/conv.py", CONV))
    unpack(path, tmp_path / "out", Bounds(each=2000), lambda name, why: told.append((name, why)))
    assert [name for name, _ in told] == ["a/aux.py", "a/big.bin"]
    assert [p.name for p in (tmp_path / "out").rglob("*") if p.is_file()] == ["conv.py"]


def test_names_are_read_as_macos_writes_them(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", ("Bo Xst/conv.py", CONV), ("plain.py", CONV))
    path.write_bytes(path.read_bytes().replace(b"Bo Xst", "Bo Øs".encode()))
    unpack(path, tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["Bo Øs", "plain.py"]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_zip_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "x.zip").write_bytes(data)
    with pytest.raises(UsageError, match=r"x\.zip is not a zip file"):
        unpack(folder / "x.zip", folder / "out")


def test_a_folder_is_copied_without_links_and_pipes(tmp_path: Path) -> None:
    source = tmp_path / "alice"
    (source / "lib").mkdir(parents=True)
    (source / "conv.py").write_text(CONV)
    (source / "lib" / "helper.py").write_text("x = 1")
    (source / "secret.py").symlink_to("/etc/passwd")
    (source / "all").symlink_to("/etc")
    os.mkfifo(source / "pipe")
    (source / "conv.py").chmod(0o600)
    assert copy_folder(source, tmp_path / "copy") == ["all", "secret.py"]
    assert sorted(p.name for p in (tmp_path / "copy").rglob("*")) == ["conv.py", "helper.py", "lib"]
    assert modes(tmp_path / "copy") == {0o755, 0o644}
    with pytest.raises(UsageError, match="more than 1 files"):
        copy_folder(source, tmp_path / "copy2", Bounds(files=1))
    with pytest.raises(UsageError, match="larger than 0 MiB"):
        copy_folder(source, tmp_path / "copy3", Bounds(total=10))


def test_temporary_folders_go_with_the_program(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = write_zip(tmp_path / "x.zip", ("conv.py", CONV))
    write_notebook(tmp_path / "hw3.ipynb", "import helper")
    (tmp_path / "helper.py").write_text("x = 1")
    code = (
        "from autograder.locate import *; from pathlib import Path; import sys\n"
        "print(from_zip(Path(sys.argv[1]), ['conv.py']).root)\n"
        "s = from_notebook(Path(sys.argv[2]), ['conv.py']); print(s.root); assert (s.root / 'helper.py').is_file()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, tmp_path / "hw3.ipynb"], capture_output=True, text=True, check=True
    )
    folders = done.stdout.split()
    assert len(folders) == 2
    assert not any(Path(folder).exists() for folder in folders)


def test_what_is_taken_from_a_folder(tmp_path: Path) -> None:
    files = ["conv.py"]
    write_notebook(tmp_path / "a" / "Copy of hw3.ipynb", CONV)
    assert from_folder(tmp_path / "a", files).files["conv.py"].read_text().startswith(f"{MARK}\ndef conv2d")
    write_notebook(tmp_path / "a" / "scratch.ipynb", "x = 1")
    assert "conv2d" in from_folder(tmp_path / "a", files, "hw3").files["conv.py"].read_text()
    write_notebook(tmp_path / "a" / "hw3 (1).ipynb", CONV)
    with pytest.raises(UsageError, match=r"Copy of hw3.ipynb and hw3 \(1\).ipynb could each be the submission"):
        from_folder(tmp_path / "a", files, "hw3")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "conv (1).py").write_text(CONV)
    assert from_folder(tmp_path / "b", files).files["conv.py"].name == "conv (1).py"
    (tmp_path / "b" / "conv (2).py").write_text(CONV)
    with pytest.raises(UsageError, match=r"could each be conv.py"):
        from_folder(tmp_path / "b", files)
    (tmp_path / "b" / "conv.py").write_text(CONV)
    assert from_folder(tmp_path / "b", files).files["conv.py"].name == "conv.py"
    for name in ("one", "two"):
        (tmp_path / "c" / name).mkdir(parents=True)
        (tmp_path / "c" / name / "conv.py").write_text(CONV)
    with pytest.raises(UsageError, match="more than once, in one and two"):
        from_folder(tmp_path / "c", files)


def test_untouched_stubs_do_not_hide_a_notebook(tmp_path: Path) -> None:
    for folder in ("given", "alice"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "conv.py").write_text("def conv2d(): raise NotImplementedError\n")
    write_notebook(tmp_path / "alice" / "hw3.ipynb", CONV)
    taken = from_folder(tmp_path / "alice", ["conv.py"], "hw3", tmp_path / "alice", tmp_path / "given")
    assert taken.files["conv.py"].read_text() == script([CONV])
    (tmp_path / "alice" / "conv.py").write_text(CONV)
    taken = from_folder(tmp_path / "alice", ["conv.py"], "hw3", tmp_path / "alice", tmp_path / "given")
    assert taken.files["conv.py"].name == "conv.py"


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("Copy of hw3.ipynb", "hw3.ipynb"),
        ("hw3 (1).ipynb", "hw3.ipynb"),
        ("hw3-2.zip", "hw3.zip"),
        ("hw3-Copy1.ipynb", "hw3.ipynb"),
        ("Copy of Copy of hw3 (2).ipynb", "hw3.ipynb"),
        ("seq2seq.py", "seq2seq.py"),
        ("hw3.py", "hw3.py"),
    ],
)
def test_names_of_copies(name: str, original: str) -> None:
    assert original_name(name) == original


@pytest.mark.parametrize(
    ("cell", "script"),
    [
        ("%matplotlib inline\nx = 1", "pass  #%matplotlib inline\nx = 1"),
        ("!pip install \\\n  torch\nx = 1", "pass  #!pip install \\\n#  torch\nx = 1"),
        ("if x:\n    !ls", "if x:\n    pass  #!ls"),
        ("%%time\nx = 1", "#\nx = 1"),
        ("%%bash\nls\n", "#\n#\n#"),
        ("files = !ls", "files = None  # !ls"),
        ("t = %timeit -o f()", "t = None  # %timeit -o f()"),
        ("torch.nn?", "pass  #torch.nn?"),
        ("x = (a\n% b)", "x = (a\n% b)"),
        ("x = a \\\n% b", "x = a \\\n% b"),
        ("s = '''\n!ls\n%x\n'''\n!ls", "s = '''\n!ls\n%x\n'''\npass  #!ls"),
        ("s = \"don't (\"  # '''\n!ls", "s = \"don't (\"  # '''\npass  #!ls"),
        ("ok = 'what?'", "ok = 'what?'"),
        ("a = 1  # really?", "a = 1  # really?"),
    ],
)
def test_magics_are_left_out_and_nothing_else(cell: str, script: str) -> None:
    assert without_magics(cell) == script


@given(st.lists(st.sampled_from(["x = 1", "'''", '"""', "(", ")", "% b", "!ls", "a\\", "'", "# '''", ""])))
def test_no_line_is_lost_or_won(lines: list[str]) -> None:
    assert len(without_magics("\n".join(lines)).split("\n")) == max(1, len(lines))


@given(st.text(alphabet="%!?=ab .,#'\" \t\\", max_size=12), st.sampled_from(["%who", "ok?", "x = !ls"]))
def test_a_line_is_read_the_same_whether_or_not_there_is_magic_elsewhere(line: str, magic: str) -> None:
    assert without_magics(f"{magic}\n{line}").split("\n", 1)[1] == without_magics(line) or line.lstrip()[:2] == "%%"


def test_a_notebook_that_is_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has 100000 cells, at most 5000"):
        notebook_source(write_notebook(tmp_path / "a.ipynb", *["x"] * 100_000))
    with (tmp_path / "b.ipynb").open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(UsageError, match="larger than 50 MiB; clear its outputs"):
        notebook_source(tmp_path / "b.ipynb")
    for text in ("[]", "{", '{"cells": [1]}', '{"cells": {}}', '{"worksheets": []}', "[" * 100_000, "\0"):
        (tmp_path / "c.ipynb").write_text(text)
        if text != '{"cells": {}}':
            with pytest.raises(UsageError, match="not a Jupyter notebook"):
                notebook_source(tmp_path / "c.ipynb")
    locked = {"nbgrader": {"grade": True, "solution": False}}
    assert notebook_source(write_notebook(tmp_path / "d.ipynb", "assert False", **locked)) == "\n"


def test_a_script_beside_the_notebook_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "hw3.py").write_text("x = 1")
    made = from_notebook(write_notebook(tmp_path / "hw3.ipynb", CONV), ["conv.py"], tmp_path)
    assert made.files["conv.py"].name == "hw3_.py"
    assert (tmp_path / "hw3.py").read_text() == "x = 1"
    assert from_zip(write_zip(tmp_path / "x.zip", ("a/conv.py", CONV)), ["conv.py"]).files["conv.py"].is_file()
