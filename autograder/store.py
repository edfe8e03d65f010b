"""Reference recordings and signatures of mistakes on disk, so that they are made once.

A file is keyed by everything that its content depends on; a file that does not read is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from autograder import arrays
from autograder.catalogue import COMMON
from autograder.diagnosis import Signature
from autograder.recorder import CaseFile
from autograder.recording import Fault, Record, Recording
from autograder.verdict import Named
from autograder.wire import MAX_FRAME, Packer, Unpacker, WireError, exactly, frame, read_frame

MAKES_RECORDINGS = ("worker", "battery", "exercises")
MAKES_SIGNATURES = (
    "arrays",
    "cases",
    "diagnosis",
    "draw",
    "exercise",
    "recorder",
    "recording",
    "store",
    "verdict",
    "wire",
)

Signatures = list[tuple[Named, Signature]]


def cache_folder() -> Path:
    """Where this user's caches lie."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "torch-course-kit"


def key(cases: CaseFile, folder: Path) -> str:
    """Identifies what a recording of the folder's files on these cases depends on."""
    from importlib.metadata import PackageNotFoundError, version

    parts = hashlib.sha256(cases.content + _makers())
    try:
        parts.update(version("torch").encode())
    except PackageNotFoundError:
        parts.update(b"no torch")
    _add(parts, [*folder.rglob("*.py"), *(folder.parent / COMMON).rglob("*.py")])
    return parts.hexdigest()[:32]


@cache  # the same for all exercises
def _makers() -> bytes:
    """A digest of the code that makes recordings and signatures."""
    package = Path(__file__).parent
    code = [path for part in MAKES_RECORDINGS for path in (package / part).rglob("*.py")]
    parts = hashlib.sha256()
    _add(parts, [*code, *(package / f"{module}.py" for module in MAKES_SIGNATURES)])
    return parts.digest()


def _add(parts: hashlib._Hash, files: Iterable[Path]) -> None:
    for path in sorted(files):
        parts.update(path.name.encode())
        parts.update(path.read_bytes())


class Store:
    """Saves and loads one exercise's recordings and signatures; a folder that cannot be written is no error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def holds(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def load_recording(self, name: str) -> Recording | None:
        found = self._load(name)
        return None if found is None else _recording(found)

    def save_recording(self, name: str, recording: Recording) -> None:
        self._save(name, packed_recording(recording))

    def load_signatures(self, name: str) -> Signatures | None:
        found = self._load(name)
        return None if found is None else [(Named(*n), Signature(a, g, frozenset(c))) for n, a, g, c in found]

    def save_signatures(self, name: str, signatures: Signatures) -> None:
        self._save(name, packed_signatures(signatures))

    def _load(self, name: str) -> Any:
        try:
            header, blob = unpacked((self._folder / name).read_bytes())
            return Unpacker(blob, arrays.from_leaf).unpack(header["value"])
        except (OSError, EOFError, WireError, KeyError, ValueError):
            return None

    def _save(self, name: str, content: bytes) -> None:
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).replace(self._folder / name)


def packed_recording(recording: Recording) -> bytes:
    """A file that `Store.load_recording` reads."""
    return _packed(_plain_recording(recording))


def packed_signatures(signatures: Signatures) -> bytes:
    """A file that `Store.load_signatures` reads."""
    return _packed(
        [((n.name, n.title, n.help), dict(s.answers), dict(s.gradients), sorted(s.codes)) for n, s in signatures]
    )


def _packed(value: Any) -> bytes:
    packer = Packer(arrays.to_leaf)
    return compressed({"value": packer.pack(value)}, packer.blob)


def compressed(header: dict[str, Any], blob: bytes) -> bytes:
    """A frame for a file."""
    return zlib.compress(frame(header, blob), 9)


def unpacked(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What `compressed` was given. WireError or EOFError where the content is none of its own."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, MAX_FRAME)
    except zlib.error as error:
        raise WireError("the file is not compressed as it should be") from error
    return read_frame(exactly(io.BytesIO(plain)))


def _plain_recording(recording: Recording) -> dict[str, Any]:
    return {
        "signature": recording.signature,
        "records": [[list(key), _plain_record(record)] for key, record in recording.records.items()],
    }


def _plain_record(record: Record) -> dict[str, Any]:
    fault = record.fault
    return {
        "value": record.value,
        "facts": record.facts,
        "gradients": record.gradients,
        "detached": record.detached,
        "fault": None if fault is None else [fault.kind, fault.type, fault.message],
    }


def _recording(data: Mapping[str, Any]) -> Recording:
    records = {
        (int(index), str(run)): Record(
            value=r["value"],
            facts=r["facts"],
            gradients=r["gradients"],
            detached=r["detached"],
            fault=None if r["fault"] is None else Fault(*r["fault"]),
        )
        for (index, run), r in data["records"]
    }
    return Recording(records=records, signature=data["signature"])
