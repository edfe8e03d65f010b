"""CSV that a spreadsheet reads as data, never as a formula."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

Cell = str | float | None

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# U+2212 is what NFKC makes of a superscript minus; it is read as a minus by some spreadsheets.
_FORMULA = frozenset("=+-@\u2212")
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp", "Cs", "Co", "Cn")


def table(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 without a byte order mark, every cell quoted, lines ended by LF: what line tools and diffs take, and every
    importer too."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def cell(value: Cell) -> str:
    """A number as it is; text without control characters, with an apostrophe before what would start a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return number(value)
    clean = "".join(_kept(c) for c in value)
    start = next((c for c in clean if unicodedata.category(c) not in _UNSEEN), "")
    risky = unicodedata.normalize("NFKC", start)[:1] in _FORMULA if start else False
    return f"'{clean}" if risky and not _NUMBER.fullmatch(clean) else clean


def number(value: float) -> str:
    """With at most four decimals, so that sums of shares do not show their last bit."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number of points")
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "�" if category == "Cs" else character
