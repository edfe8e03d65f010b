"""Tables of a TOML file, read strictly: errors name the file, the key and what is allowed."""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read(path: Path) -> Table:
    """The whole file as a table. UsageError when it is not TOML."""
    try:
        return Table(path, "", tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}") from None


class Table:
    """One table of the file; `name` is its dotted key."""

    def __init__(self, path: Path, name: str, values: Mapping[str, Any]) -> None:
        self.path = path
        self.name = name
        self._values = values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def error(self, key: str, sentence: str) -> UsageError:
        full = f"{self.name}.{key}" if self.name else key
        return UsageError(f"{self.path.name}: {full} {sentence}")

    def only(self, allowed: Collection[str], what: str = "key") -> None:
        """UsageError for a key that is not one of these."""
        for key in self._values:
            if key not in allowed:
                raise self.error(key, f"is no {what} here; {suggestion(key, allowed)}")

    def table(self, key: str) -> Table:
        """The table under a key, empty if there is none."""
        value = self._values.get(key, {})
        if not isinstance(value, Mapping):
            raise self.error(key, f"must be a table, it is {_kind(value)}")
        return Table(self.path, f"{self.name}.{key}" if self.name else key, value)

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"must be one of {', '.join(allowed)}, it is {_kind(value)}")
        if value not in allowed:
            raise self.error(key, f"cannot be {value!r}; {suggestion(value, allowed)}")
        return value

    def number(self, key: str, default: float, least: float = 0.0, most: float = math.inf) -> float:
        value = self._values.get(key, default)
        bounds = f"a number from {least:g}" + (f" to {most:g}" if most < math.inf else " upwards")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error(key, f"must be {bounds}, it is {_kind(value)}")
        if not least <= value <= most:
            raise self.error(key, f"must be {bounds}, it is {value:g}")
        return float(value)

    def count(self, key: str, default: int) -> int:
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(key, f"must be a whole number from 0, it is {_kind(value)}")
        return value

    def flag(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, it is {_kind(value)}")
        return value

    def moment(self, key: str) -> datetime | None:
        """A date and time with an offset, for without one it is another moment on another machine."""
        value = self._values.get(key)
        if value is None:
            return None
        wanted = "must be a date and time with an offset, such as 2026-10-05T23:59:00+02:00"
        if not isinstance(value, datetime):
            raise self.error(key, f"{wanted}; it is {_kind(value)}")
        if value.utcoffset() is None:
            raise self.error(key, f"{wanted}; it has no offset")
        return value

    def moment_or(self, key: str, words: Collection[str]) -> datetime | str | None:
        """A moment, or one of these words."""
        return self.choice(key, words, "") if isinstance(self._values.get(key), str) else self.moment(key)

    def names(self, key: str, allowed: Collection[str], what: str) -> tuple[str, ...] | None:
        """A list of different names out of these."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value) or not value:
            raise self.error(key, f"must be a list of {what}s: {', '.join(allowed)}")
        for name in value:
            if name not in allowed:
                raise self.error(key, f"names {name!r}, which is no {what} here; {suggestion(name, allowed)}")
        if len(set(value)) < len(value):
            raise self.error(key, f"names the same {what} twice")
        return tuple(value)


def suggestion(name: str, allowed: Collection[str]) -> str:
    """What was probably meant, and what is allowed."""
    close = difflib.get_close_matches(name, list(allowed), 1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}Allowed: {', '.join(allowed) or 'nothing'}"


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, int | float):
        return f"the number {value:g}"
    if isinstance(value, datetime):
        return "a date and time"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else f"a {type(value).__name__}"
