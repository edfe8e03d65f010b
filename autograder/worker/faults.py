"""What went wrong inside student code, as data: kind, type, message and the student's own frames."""

from __future__ import annotations

import linecache
import traceback
from typing import Any

MAX_MESSAGE = 2000
MAX_FRAMES = 12


class MissingName(Exception):
    """The student's file has no such function or class."""


class Told(Exception):
    """Something that was described before, where it happened; `fault` is the description."""

    def __init__(self, fault: dict[str, Any]) -> None:
        super().__init__(fault["message"])
        self.fault = fault


class ImportFault(Told):
    """The student's file could not be executed; `fault` says why."""


class StateMismatch(Exception):
    """A module's parameters do not have the names and shapes that the stub fixes."""


def describe(error: BaseException, root: str) -> dict[str, Any]:
    """The fault as plain data; only frames of files below root are kept."""
    if isinstance(error, Told):
        return error.fault
    try:
        return _described(error, root)
    except Exception:  # an exception of the student's own class may raise wherever it is looked at
        return {"kind": "error", "type": "Exception", "message": "(the exception could not be read)", "frames": []}


def _described(error: BaseException, root: str) -> dict[str, Any]:
    frames: list[dict[str, Any]] = []
    for entry in traceback.extract_tb(error.__traceback__):
        if entry.filename.startswith(root):
            frames.append(_frame(entry.filename, entry.lineno or 0, entry.name, entry.line or ""))
    if isinstance(error, SyntaxError):
        file, text = str(error.filename or ""), str(error.text or "")
        frames.append(_frame(file, error.lineno if type(error.lineno) is int else 0, "", text.rstrip()))
    return {
        "kind": _kind(error, frames),
        "type": type(error).__name__[:100],
        "message": _message(error),
        "frames": frames[-MAX_FRAMES:],
    }


def _frame(file: str, line: int, function: str, text: str) -> dict[str, Any]:
    return {
        "file": file,
        "line": line,
        "function": function[:100],
        "text": (text or linecache.getline(file, line)).strip()[:200],
    }


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)[:MAX_MESSAGE]
        return "".join(str(error)[:MAX_MESSAGE])
    except Exception:
        return "(the message could not be read)"


def _kind(error: BaseException, frames: list[dict[str, Any]]) -> str:
    if isinstance(error, NotImplementedError) and frames:
        return "not_implemented"
    if isinstance(error, MissingName):
        return "missing"
    if isinstance(error, StateMismatch):
        return "state"
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return "exit"
    if (
        isinstance(error, MemoryError)
        or "can't allocate memory" in str(error)[:4000]
        or "out of memory" in str(error)[:4000]
    ):
        return "memory"
    if isinstance(error, SyntaxError):
        return "syntax"
    return "error"
