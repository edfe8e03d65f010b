"""Files from outside (zip archives, folders) copied to where they may lie: nothing escapes, nothing fills the disk.

What is written is readable by everyone and writable by its owner alone, whatever the archive or the folder says:
workers read it as another user.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError

CHUNK = 1 << 16
MIB = 1 << 20
JUNK = frozenset(
    {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".svn", ".hg", ".idea", ".vscode", "__pycache__"}
    | {".ipynb_checkpoints", ".venv", "venv", "node_modules", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
)
"""Names that systems and editors leave behind; never part of a submission, and no reason to refuse one."""
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)

_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Bounds:
    """How much is taken: files, bytes as written, bytes of one file, bytes of an archive's table of contents."""

    files: int = 2000
    total: int = 50 * MIB
    each: int = 50 * MIB
    contents: int = 4 * MIB


SUBMISSION = Bounds()
EXPORT = Bounds(files=200_000, total=8192 * MIB, each=200 * MIB, contents=256 * MIB)

Refused = Callable[[str, str], None]
"""What is done with a member that is left out: its name and a sentence."""


def is_junk(name: str) -> bool:
    return name in JUNK or name.startswith("._")


def make_folder(folder: Path) -> Path:
    """The folder and those above it, each readable by everyone where it had to be made."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    return folder


def unpack(archive: Path, target: Path, bounds: Bounds = SUBMISSION, refused: Refused | None = None) -> None:
    """Unpacks the zip into the folder. UsageError for what could write elsewhere, fill the disk or not be told apart;
    with `refused` a bad member is handed over and left out instead. Archives inside it are not opened."""
    try:
        if _contents_bytes(archive) > bounds.contents:
            raise UsageError(f"{archive.name} has more than {bounds.files} files")
        with zipfile.ZipFile(archive) as opened:
            _Unpacking(archive.name, make_folder(target), bounds, refused).all(opened)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise UsageError(f"{archive.name} is not a zip file that can be read ({error})") from None


class _Unpacking:
    """One archive on its way into a folder."""

    def __init__(self, name: str, target: Path, bounds: Bounds, refused: Refused | None) -> None:
        self.name = name
        self.target = target
        self.bounds = bounds
        self.refused = refused
        self.written = 0
        self.seen: dict[str, tuple[str, bool]] = {}
        """Names as a system that ignores case sees them: how each was spelt, and whether it is a folder."""
        self.files: set[str] = set()

    def all(self, opened: zipfile.ZipFile) -> None:
        members = [(m, _name(m).replace("\\", "/")) for m in opened.infolist()]
        members = [(m, name) for m, name in members if not any(is_junk(part) for part in name.split("/"))]
        if len(members) > self.bounds.files:
            raise UsageError(f"{self.name} has {len(members)} files, at most {self.bounds.files} are allowed")
        for member, name in members:
            try:
                path = self._path(member, name)
                if not name.endswith("/"):
                    self._write(opened, member, path)
                elif path.parts:
                    make_folder(self.target / path)
            except (_Member, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
                sentence = str(error) if isinstance(error, _Member) else f"cannot be read ({error})"
                if self.refused is None:
                    raise UsageError(f"{self.name}: {member.filename!r} {sentence}") from None
                self.refused(name, f"{PurePosixPath(name).name!r} {sentence}")

    def _path(self, member: zipfile.ZipInfo, name: str) -> Path:
        """Where the member goes, relative to the target."""
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise _Member("is a link; pack the file itself")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _Member("is neither a file nor a folder")
        if member.flag_bits & 0x41:
            raise _Member("is encrypted; pack it without a password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Member("is compressed in an unusual way; pack it again as an ordinary zip")
        if name.startswith("/") or any(p == ".." or _DRIVE.match(p) for p in name.split("/")):
            raise _Member("leaves its folder; pack it again without")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if len(parts) > 30:
            raise _Member("lies too deep in folders")
        for part in parts:
            wrong = wrong_name(part)
            if wrong:
                raise _Member(wrong)
        self._claim(parts, name.endswith("/"))
        return Path(*parts)

    def _claim(self, parts: list[str], folder: bool) -> None:
        spelt = ""
        for end in range(1, len(parts) + 1):
            spelt = "/".join(parts[:end])
            is_folder = folder or end < len(parts)
            before = self.seen.setdefault(unicodedata.normalize("NFC", spelt).casefold(), (spelt, is_folder))
            if before[0] != spelt:
                raise _Member(f"and {before[0]!r} differ only in case or accents; rename one of them")
            if before[1] != is_folder:
                raise _Member("is there as a file and as a folder")
        if not folder:
            if spelt in self.files:
                raise _Member("is there twice")
            self.files.add(spelt)

    def _write(self, opened: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
        if not path.parts:
            raise _Member("has no name")
        target = self.target / path
        make_folder(target.parent)
        size = 0
        try:
            with opened.open(member) as source, target.open("xb") as sink:
                # The sizes in the headers are claims: what is counted is what comes out.
                while chunk := source.read(CHUNK):
                    size += len(chunk)
                    self.written += len(chunk)
                    if self.written > self.bounds.total:
                        raise UsageError(f"{self.name} unpacks to more than {self.bounds.total // MIB} MiB")
                    if size > self.bounds.each:
                        raise _Member(f"is larger than {self.bounds.each // MIB} MiB")
                    sink.write(chunk)
            target.chmod(0o644)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name. Programs of macOS write UTF-8 without saying so, which `zipfile` reads as code page 437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


class _Member(Exception):
    """Why one member cannot be taken, as the end of a sentence that begins with its name."""


def wrong_name(part: str) -> str:
    """Why a file or folder may not be called that, as the end of a sentence; empty if it may."""
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in part):
        return "has a control character in its name"
    if _RESERVED.fullmatch(part):
        return "has a name that Windows reserves for a device; rename it"
    if len(os.fsencode(part)) > 240:
        return "has a name that is too long"
    return ""


def _contents_bytes(archive: Path) -> int:
    """How long the archive says that its table of contents is: `zipfile` reads all of it before one can count."""
    with archive.open("rb") as file:
        file.seek(max(0, archive.stat().st_size - (1 << 16) - 22 - 20 - 56))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile("it does not end like one")
    length: int = struct.unpack_from("<L", tail, at + 12)[0]
    if at >= 76 and tail[at - 20 : at - 16] == b"PK\6\7" and tail[at - 76 : at - 72] == b"PK\6\6":
        large: int = struct.unpack_from("<Q", tail, at - 76 + 40)[0]
        return large if length == 0xFFFFFFFF else max(large, length)
    return length


def copy_folder(source: Path, target: Path, bounds: Bounds = SUBMISSION) -> list[str]:
    """Copies the regular files of a folder and of those in it; the names of the links that were left out."""
    left_out: list[str] = []
    budget = _Budget(source.name, bounds)

    def walk(folder: Path, to: Path, depth: int) -> None:
        make_folder(to)
        with os.scandir(folder) as found:
            entries = sorted((e for e in found if not is_junk(e.name)), key=lambda e: e.name)
        for entry in entries:
            if entry.is_symlink():
                left_out.append(str(Path(entry.path).relative_to(source)))
            elif entry.is_dir():
                if depth == 30:
                    raise UsageError(f"{source.name} has folders in folders more than 30 deep")
                walk(Path(entry.path), to / entry.name, depth + 1)
            elif entry.is_file():
                budget.copy(Path(entry.path), to / entry.name)

    try:
        walk(source, target, 0)
    except OSError as error:
        raise UsageError(f"{source.name} cannot be read ({error.strerror})") from None
    return left_out


def copy_file(source: Path, target: Path, bounds: Bounds = SUBMISSION) -> None:
    """Copies one regular file. UsageError if it is something else or too large."""
    make_folder(target.parent)
    try:
        _Budget(source.name, bounds).copy(source, target)
    except OSError as error:
        raise UsageError(f"{source.name} cannot be read ({error.strerror})") from None


class _Budget:
    """How much of a folder has been copied."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.name = name
        self.bounds = bounds
        self.files = 0
        self.written = 0

    def copy(self, source: Path, target: Path) -> None:
        self.files += 1
        if self.files > self.bounds.files:
            raise UsageError(f"{self.name} has more than {self.bounds.files} files")
        # Without O_NONBLOCK opening a pipe waits for ever; with O_NOFOLLOW a link put there meanwhile is not followed.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(source, flags), "rb") as reader:
            if not stat.S_ISREG(os.fstat(reader.fileno()).st_mode):
                raise UsageError(f"{source.name} is no file")
            with target.open("xb") as sink:
                while chunk := reader.read(CHUNK):
                    self.written += len(chunk)
                    if self.written > self.bounds.total:
                        raise UsageError(f"{self.name} is larger than {self.bounds.total // MIB} MiB")
                    sink.write(chunk)
        target.chmod(0o644)


def fresh(folder: Path) -> Path:
    """The folder, made anew and empty."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.is_dir():
        shutil.rmtree(folder)
    return make_folder(folder)
