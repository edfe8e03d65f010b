"""Times in words and bars: the reference, the submission, and the naive loop where there is one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from autograder.text import plain, shown
from autograder.timing.times import AtSize, Times

WIDTH = 24  # characters of the longest bar
LONGER = 4  # how many times as long as the others a bar may be before it is cut
_WORDS = {"slower": "too slow", "undecided": "busy machine, measured again later", "wrong": "not measured"}


@dataclass(frozen=True)
class Bar:
    """One bar: whose it is, its share of the longest one, whether it was cut, and what stands behind it."""

    name: str
    share: float
    cut: bool
    text: str


def document(times: Times) -> dict[str, Any]:
    """The times for a results document: seconds, and multiples of the reference's time."""
    return {
        "outcome": times.outcome,
        "limit": times.limit,
        "grows": times.grows,
        "falls_behind": times.falls_behind,
        "wrong": plain(times.wrong, 600),
        "sizes": [_size(one) for one in times.sizes],
    }


def _size(one: AtSize) -> dict[str, Any]:
    seconds = {"reference": one.reference, "submission": one.mine, "transport": one.transport}
    if one.naive is not None:
        seconds["naive"] = one.naive
    found: dict[str, Any] = {
        "size": one.size,
        "rounds": one.rounds,
        "ratio": round(one.ratio.middle, 4),
        "low": round(one.ratio.low, 4),
        "high": None if math.isinf(one.ratio.high) else round(one.ratio.high, 4),
        "seconds": {name: round(value, 7) for name, value in seconds.items()},
    }
    if one.memory is not None:
        found["memory"] = {"reference": one.memory[0], "submission": one.memory[1]}
    return found


def bars(size: Mapping[str, Any]) -> list[Bar]:
    """The bars for one size of a document. A very long one is cut, so that the others can be told apart."""
    seconds = size["seconds"]
    longest = max(seconds["reference"], seconds["submission"])
    if "naive" in seconds:
        longest = max(longest, min(seconds["naive"], LONGER * longest))

    def bar(name: str, value: float, more: str = "") -> Bar:
        share = value / longest if longest > 0 else 0.0
        return Bar(name, min(1.0, share), share > 1.0, f"{duration(value)}{more}")

    found = [
        bar("reference", seconds["reference"]),
        bar("you", seconds["submission"], f", {ratio(size)}"),
    ]
    if "naive" in seconds:
        factor = seconds["naive"] / seconds["reference"] if seconds["reference"] > 0 else 0.0
        found.append(bar("naive loop", seconds["naive"], f", {shown(factor)} ×" if factor else ""))
    return found


def ratio(size: Mapping[str, Any]) -> str:
    """The median of the ratios, and between what it lies."""
    if size["high"] is None:
        return f"{shown(size['ratio'])} ×"
    return f"{shown(size['ratio'])} × ({shown(size['low'])} to {shown(size['high'])})"


def notes(found: Mapping[str, Any]) -> list[str]:
    """What is to be said beside the bars."""
    said = []
    word = _WORDS.get(found["outcome"], "")
    if found["wrong"]:
        said.append(f"{word}: {found['wrong']}")
    elif found["limit"] is not None:
        limit = f"at most {shown(found['limit'])} × the reference counts as quick enough"
        said.append(f"{word}: {limit}" if word else limit)
    if found["falls_behind"]:
        first, last = found["sizes"][0], found["sizes"][-1]
        said.append(
            f"falls behind as the {found['grows']} grows: {shown(first['ratio'])} × at {first['size']}, "
            f"{shown(last['ratio'])} × at {last['size']}, as loops do"
        )
    elif len(found["sizes"]) > 1:
        first = found["sizes"][0]
        said.append(f"at {found['grows']} {first['size']}: {ratio(first)}")
    return said


def memory(size: Mapping[str, Any]) -> str:
    """The peak of the bytes beside inputs and answer."""
    held = size.get("memory")
    return f"{amount(held['submission'])}, reference {amount(held['reference'])}" if held else ""


def lines(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and texts with bars of characters, for a terminal."""
    rows: list[tuple[str, str]] = []
    if found["sizes"]:
        last = found["sizes"][-1]
        for bar in bars(last):
            drawn = "█" * max(1, round(bar.share * (WIDTH - 1))) + ("▸" if bar.cut else "")
            rows.append((bar.name, f"{drawn:{WIDTH}} {bar.text}"))
        if memory(last):
            rows.append(("memory", f"{memory(last)}, beside inputs and answer"))
    return [*rows, *(("", note) for note in notes(found))]


def spoken(found: Mapping[str, Any]) -> str:
    """The times in sentences."""
    said: list[str] = []
    if found["sizes"]:
        last = found["sizes"][-1]
        said += [f"{bar.name} {bar.text}" for bar in bars(last)]
        if memory(last):
            said.append(f"memory beside inputs and answer {memory(last)}")
    return "; ".join([*said, *notes(found)])


def head(found: Mapping[str, Any]) -> str:
    """What was measured."""
    if not found["sizes"]:
        return "time"
    last = found["sizes"][-1]
    return f"time at {found['grows']} {last['size']}, {last['rounds']} rounds"


_INK = {"reference": "#808790", "you": "#467abe", "naive loop": "#b97309"}
_ROW, _LEFT, _BARS, _TEXT = 20, 84, 220, 230


def drawing(found: Mapping[str, Any]) -> Markup:
    """The bars as a picture, told in words for who does not see it."""
    rows: Sequence[Bar] = bars(found["sizes"][-1]) if found["sizes"] else ()
    parts = []
    for place, bar in enumerate(rows):
        top = place * _ROW
        wide = max(2.0, bar.share * _BARS)
        parts.append(
            Markup('<text x="0" y="{}">{}</text><rect x="{}" y="{}" width="{:.1f}" height="12" fill="{}"/>').format(
                top + 14, bar.name, _LEFT, top + 4, wide, _INK[bar.name]
            )
        )
        if bar.cut:
            x = _LEFT + _BARS + 1
            parts.append(Markup('<path d="M{} {}l7 6l-7 6z" fill="{}"/>').format(x, top + 4, _INK[bar.name]))
        parts.append(Markup('<text x="{}" y="{}">{}</text>').format(_LEFT + _BARS + 14, top + 14, bar.text))
    if not parts:
        return Markup("")
    width, height = _LEFT + _BARS + _TEXT, len(rows) * _ROW + 2
    return Markup(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}" '
        'style="max-width:100%;font:12px system-ui,sans-serif;fill:currentColor">{}</svg>'
    ).format(width, height, width, height, spoken(found), Markup("").join(parts))


def duration(seconds: float) -> str:
    for unit, factor in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= 0.9995 * factor:
            return f"{shown(seconds / factor)} {unit}"
    return f"{shown(seconds / 1e-6)} µs"


def amount(count: int) -> str:
    """Bytes as people read them."""
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= factor:
            return f"{shown(count / factor)} {unit}"
    return f"{count} bytes" if count else "nothing"
