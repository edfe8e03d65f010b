"""Small drawings as inline SVG: maps of numbers and curves. Readable on light and dark, told in words for those who do
not see them, without identifiers, so that many can stand on a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

SIDE = 16  # the most rows or columns that a map has
_NUMBERS = 8  # the most columns whose numbers are written
_BLUE, _WHITE, _ORANGE = (70, 122, 190), (248, 248, 245), (224, 142, 52)
_INK, _WRONG = "#111111", "#b3261e"
_TELL = 36  # elements


@dataclass(frozen=True)
class Map:
    """A matrix as coloured squares: blue below zero, orange above. Wrong elements are framed, masked ones crossed
    out. `most` is the magnitude with the fullest colour; maps to be compared share it."""

    title: str
    data: np.ndarray
    most: float
    wrong: np.ndarray | None = None
    masked: np.ndarray | None = None

    def svg(self) -> Markup:
        rows, columns = self.data.shape
        wide, high = (46, 24) if columns <= _NUMBERS else (18, 18)
        top = 18
        parts = [
            _text(0, 12, self.title, anchor="start", ink="currentColor"),
            *(
                self._square(i, j, j * wide + 1, i * high + top, wide, high)
                for i in range(rows)
                for j in range(columns)
            ),
        ]
        return _svg(max(columns * wide + 2, 8 * len(self.title)), rows * high + top + 2, self.says(), parts)

    def _square(self, i: int, j: int, x: int, y: int, wide: int, high: int) -> Markup:
        value = float(self.data[i, j])
        wrong = self.wrong is not None and bool(self.wrong[i, j])
        parts = [
            Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#808790" stroke-width=".5"/>').format(
                x, y, wide, high, _colour(value, self.most)
            )
        ]
        if self.masked is not None and self.masked[i, j]:
            cross = f"M{x} {y}l{wide} {high}M{x} {y + high}l{wide} {-high}"
            parts.append(Markup('<path d="{}" stroke="#555555" stroke-width="1" opacity=".6"/>').format(cross))
        if wide > 20:
            parts.append(_text(x + wide / 2, y + high / 2 + 4, number(value), bold=wrong))
        if wrong:
            frame = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{}" stroke-width="2.5"/>')
            parts.append(frame.format(x + 1.5, y + 1.5, wide - 3, high - 3, _WRONG))
        return Markup("").join(parts)

    def says(self) -> str:
        """The map in words."""
        rows, columns = self.data.shape
        text = f"{self.title}, {rows} by {columns}"
        if self.data.size <= _TELL:
            text += ": " + "; ".join(" ".join(number(float(v)) for v in row) for row in self.data)
        if self.wrong is not None and self.wrong.any():
            places = [f"[{i}, {j}]" for i, j in np.argwhere(self.wrong)[:8]]
            more = int(self.wrong.sum()) - len(places)
            text += f". Wrong at {', '.join(places)}" + (f" and {more} more" if more else "")
        if self.masked is not None and self.masked.any():
            text += f". {int(self.masked.sum())} masked, crossed out"
        return text


@dataclass(frozen=True)
class Curves:
    """Lists of numbers over their index, each a line: the first solid, the second dashed."""

    title: str
    lines: Sequence[tuple[str, Sequence[float]]]

    def svg(self) -> Markup:
        wide, high, left, top = 320, 120, 48, 24
        numbers = [v for _, line in self.lines for v in line if math.isfinite(v)]
        low, top_value = min(numbers, default=0.0), max(numbers, default=1.0)
        span = (top_value - low) or 1.0
        steps = max(max((len(line) for _, line in self.lines), default=1) - 1, 1)
        parts = [
            _text(0, 12, self.title, anchor="start", ink="currentColor"),
            Markup('<path d="M{} {}v{}h{}" fill="none" stroke="#808790"/>').format(left, top, high, wide),
            _text(left - 5, top + 5, number(top_value), anchor="end", ink="currentColor"),
            _text(left - 5, top + high, number(low), anchor="end", ink="currentColor"),
        ]
        for place, (name, line) in enumerate(self.lines):
            points = [
                f"{left + wide * i / steps:.1f},{top + high * (1 - (v - low) / span):.1f}"
                for i, v in enumerate(line)
                if math.isfinite(v)
            ]
            colour, dash = (("#2f7fd1", ""), ("#d9483b", "5 4"))[place % 2]
            parts.append(
                Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>').format(
                    " ".join(points), colour, dash or "none"
                )
            )
            y = top + high + 18 + 16 * place
            parts.append(
                Markup('<path d="M{} {}h24" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>').format(
                    left, y - 4, colour, dash or "none"
                )
            )
            parts.append(_text(left + 30, y, name, anchor="start", ink="currentColor"))
        return _svg(left + wide + 8, top + high + 22 + 16 * len(self.lines), self.says(), parts)

    def says(self) -> str:
        told = [f"{name}: {', '.join(number(v) for v in line[:12])}" for name, line in self.lines]
        return f"{self.title}. " + ". ".join(told)


def number(value: float) -> str:
    """A number in at most six characters, if it is of a usual size."""
    size = abs(value)
    if not math.isfinite(value):
        text = str(value)
    elif size == int(size) and size < 1000:
        text = str(int(value))
    elif 0.005 <= size < 1000:
        text = f"{value:.{2 if size < 10 else 1 if size < 100 else 0}f}"
    else:
        text = f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return text.replace("-", "−")


def _colour(value: float, most: float) -> str:
    if not math.isfinite(value):
        return "#d7b8ea" if math.isnan(value) else "#b9c4cf"
    share = min(abs(value) / most, 1.0) ** 0.8 if most > 0 else 0.0
    full = _ORANGE if value > 0 else _BLUE
    return "#" + "".join(f"{round(w + (f - w) * share):02x}" for w, f in zip(_WHITE, full, strict=True))


def _text(x: float, y: float, text: str, anchor: str = "middle", ink: str = _INK, bold: bool = False) -> Markup:
    return Markup(
        '<text x="{:g}" y="{:g}" text-anchor="{}" fill="{}" font-size="12" font-family="inherit"{}>{}</text>'
    ).format(x, y, anchor, ink, Markup(' font-weight="700"') if bold else "", text)


def _svg(wide: float, high: float, says: str, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg role="img" aria-label="{}" width="{:g}" height="{:g}" viewBox="0 0 {:g} {:g}">{}</svg>').format(
        says, wide, high, wide, high, Markup("").join(parts)
    )
