"""`submission_metadata.yml` of a Gradescope export: who handed in which folder, and when.

A reader of its own for three reasons. The file is made by Ruby, and parsers that keep to the standard refuse what
Ruby writes: quoted text that ends in column 0, several documents in one file. It repeats the output of every test of
every student, hundreds of megabytes that need not become objects. And no tag in it may ever be executed: here there
are only lines. Block style alone is understood, which is what Ruby writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

_LINE = re.compile(
    r"(?P<indent> *)(?P<dashes>(?:- +)*)(?:(?P<key>'[^']*'|\"[^\"]*\"|[^\s#'\"&*!|>\[{][^\n]*?):(?= |$))?(?P<value>.*)"
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))? ?(Z|UTC|[+-]\d\d:?\d\d)?$")


@dataclass
class Entry:
    """One submission: its folder, its people (name, email, sid), its times as written."""

    folder: str
    submitters: list[dict[str, str]] = field(default_factory=list)
    created: str = ""
    history: list[dict[str, str]] = field(default_factory=list)


def entries(lines: Iterable[str]) -> list[Entry]:
    """The submissions of the file, in its order."""
    found: dict[str, Entry] = {}
    for path, value in scalars(lines):
        top = path[0] if path else 0
        if not isinstance(top, str):
            continue
        entry = found.setdefault(top, Entry(top))
        match [part.lstrip(":") if isinstance(part, str) else part for part in path[1:]]:
            case ["created_at"]:
                entry.created = value
            case ["submitters", int(index), ("name" | "email" | "sid") as key]:
                _at(entry.submitters, index)[key] = value
            case ["history", int(index), ("id" | "created_at") as key]:
                _at(entry.history, index)[key] = value
    return [entry for entry in found.values() if entry.folder.startswith("submission_") or entry.submitters]


def _at(items: list[dict[str, str]], index: int) -> dict[str, str]:
    while len(items) <= index:
        items.append({})
    return items[index]


def moment(text: str) -> str | None:
    """A time as Ruby writes it ("2026-04-26 17:34:00.861687000 Z") in ISO 8601; None if it says no offset."""
    found = _TIME.match(text.strip())
    if found is None or found[4] is None:
        return None
    fraction = (found[3] or "")[:6].ljust(6, "0")
    zone = timezone.utc
    if found[4] not in ("Z", "UTC"):
        offset = timedelta(hours=int(found[4][1:3]), minutes=int(found[4][-2:]))
        zone = timezone(-offset if found[4][0] == "-" else offset)
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}.{fraction}").replace(tzinfo=zone).isoformat()
    except ValueError:
        return None


def scalars(lines: Iterable[str]) -> Iterator[tuple[list[str | int], str]]:
    """Every scalar with its path of keys and positions. Text over several lines is skipped, but never read as
    structure: what a student's program printed must not pass for who handed in."""
    stack: list[tuple[int, str | int]] = []
    rest = iter(lines)
    held = next(rest, None)
    while held is not None:
        line = held.rstrip("\r\n")
        held = next(rest, None)
        if not line.strip() or line.startswith(("---", "...", "%")) or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            continue
        indent = len(match["indent"])
        for dash in re.finditer("- +", match["dashes"]):
            at = indent + dash.start()
            # A list stands as deep as the key that holds it, or deeper.
            while stack and (stack[-1][0] > at or (stack[-1][0] == at and isinstance(stack[-1][1], int))):
                last = stack.pop()
                if last[0] == at and isinstance(last[1], int):
                    stack.append((at, last[1] + 1))
                    break
            else:
                stack.append((at, 0))
        indent += len(match["dashes"])
        value = match["value"].strip()
        if match["key"] is not None:
            while stack and stack[-1][0] >= indent:
                stack.pop()
            stack.append((indent, match["key"].strip("'\"")))
        anchored = re.match(r"[&!]\S+ *", value)
        value = value[anchored.end() :] if anchored else value
        if value[:1] in ("'", '"'):
            whole, held = _quoted(value, held, rest)
            if whole is not None:
                yield [part for _, part in stack], whole
            continue
        floor = indent if match["key"] is not None else len(match["indent"])
        block = value[:1] in ("|", ">")
        folded = bool(value)
        while folded and held is not None and (_deeper(held, floor) or (block and not held.strip())):
            held = next(rest, None)
            value = "" if not block else value
        if value and not block and not value.startswith("*"):
            yield [part for _, part in stack], "" if value in ("null", "~", "[]", "{}") else value


def _deeper(line: str, floor: int) -> bool:
    return bool(line.strip()) and len(line) - len(line.lstrip(" ")) > floor


def _quoted(value: str, held: str | None, rest: Iterator[str]) -> tuple[str | None, str | None]:
    """The quoted text that begins here (None if it goes over several lines), and the line after it."""
    quote = value[0]
    ending = re.compile(r"(?:[^']|'')*'" if quote == "'" else r'(?:[^"\\]|\\.)*"')
    found = ending.match(value, 1)
    if found:
        text = value[1 : found.end() - 1]
        return (text.replace("''", "'") if quote == "'" else _unescaped(text)), held
    while held is not None:
        found = ending.match(held)
        held = next(rest, None)
        if found:
            break
    return None, held


def _unescaped(text: str) -> str:
    codes = {"x": 2, "u": 4, "U": 8}

    def one(found: re.Match[str]) -> str:
        code = found[1]
        try:
            return chr(int(code[1:], 16)) if code[0] in codes and len(code) > 1 else code
        except (ValueError, OverflowError):
            return "\ufffd"

    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", one, text)
