"""What a submission did when it was given cases. Plain data; the battery compares two of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograder.arrays import from_leaf
from autograder.wire import Unpacker, WireError

if TYPE_CHECKING:
    from autograder.timing.times import Times


@dataclass(frozen=True)
class Frame:
    """A place in the student's code."""

    file: str
    line: int
    function: str
    text: str


@dataclass(frozen=True)
class Fault:
    """Why a run has no answer. `kind` is one of the outcomes' names, or `state`, `import`, `syntax`, `exit`."""

    kind: str
    type: str = ""
    message: str = ""
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Record:
    """One run of one case: an answer, or a fault."""

    value: Any = None
    facts: dict[str, Any] = field(default_factory=dict)
    gradients: dict[str, Any] | None = None
    detached: bool = False
    fault: Fault | None = None
    printed: str = ""

    @property
    def ok(self) -> bool:
        return self.fault is None


@dataclass
class Recording:
    """All records of one exercise by (case index, run), and what loading it gave."""

    records: dict[tuple[int, str], Record] = field(default_factory=dict)
    load_fault: Fault | None = None
    signature: list[list[Any]] | None = None
    line: int = 0
    seconds: float = 0.0
    times: Times | None = None

    def get(self, case: int, run: str) -> Record | None:
        return self.records.get((case, run))


_OF_WORKERS = ("error", "not_implemented", "missing", "state", "exit", "memory", "syntax", "import")
"""Kinds of faults that a worker may tell of; the others are the judge's to find."""


def record_of(header: dict[str, Any], blob: bytes) -> Record:
    """Validates a worker's answer. A malformed one is a record with a `tampered` fault, whatever validating it stumbles
    over: fail closed."""
    try:
        if "fault" in header:
            return Record(fault=fault_of(header["fault"]), printed=_text(header.get("printed", "")))
        unpack = Unpacker(blob, from_leaf).unpack
        facts = header.get("facts", {})
        if type(facts) is not dict:
            raise WireError("facts are not an object")
        gradients = header.get("gradients")
        if gradients is not None:
            gradients = {str(name): unpack(node) for name, node in gradients.items()}
        return Record(
            value=unpack(header["value"]),
            facts=facts,
            gradients=gradients,
            detached=header.get("detached") is True,
            printed=_text(header.get("printed", "")),
        )
    except Exception as error:
        return Record(fault=_malformed(error))


def load_fault_of(data: Any) -> Fault:
    """The fault that a worker tells of on loading; itself `tampered` where it is malformed."""
    try:
        return fault_of(data)
    except Exception as error:
        return _malformed(error)


def _malformed(error: Exception) -> Fault:
    return Fault("tampered", message=f"the worker's answer is malformed: {error}")


def fault_of(data: Any) -> Fault:
    if type(data) is not dict:
        raise WireError("a fault is not an object")
    frames = tuple(
        Frame(_text(f["file"]), int(f["line"]), _text(f["function"]), _text(f["text"])) for f in data["frames"][:20]
    )
    kind = _text(data["kind"])
    if kind not in _OF_WORKERS:
        raise WireError(f"a worker does not tell of the fault {kind[:40]!r}")
    return Fault(kind, _text(data["type"]), _text(data["message"]), frames)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise WireError("not text")
    return value[:10_000]
