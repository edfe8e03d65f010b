"""Text that came from a submission, made safe for terminals and files."""

from __future__ import annotations

import unicodedata


def plain(text: str, limit: int = 2000) -> str:
    """The text without control and format characters (tabs and line ends stay), cut to the limit."""
    cleaned = "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else "�"
        for c in text[: limit + 1].replace("\r\n", "\n")
    )
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def one_line(text: str, limit: int = 300) -> str:
    return " ".join(plain(text, limit * 2).split())[:limit]


def shown(value: float) -> str:
    """A number with two digits that count, or all before the point."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def points(value: float) -> str:
    """A number of points without needless decimals: two, and a third for eighths."""
    decimals = 3 if abs(value * 8 - round(value * 8)) < 1e-9 else 2
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")
