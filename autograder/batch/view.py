"""What a batch shows in the terminal: how far it is, and what came out."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from autograder.text import one_line, points

EVERY = 5.0
TO_LOOK_AT = ("grader_error", "set_apart", "tampered", "unreadable")
MOST, SHOWN = 8, 30
_BAR_WIDTH = 30


class Progress:
    """A bar with rate, time left and counts of outcomes; a plain line every few seconds where nobody watches a
    terminal. `done` may be called from any thread."""

    def __init__(self, total: int, console: Console | None = None, every: float = EVERY) -> None:
        self._console = console or Console(highlight=False)
        self._total, self._every = total, every
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._started = self._said = time.monotonic()
        self._bar = _CountingBar(self._console, self._state, self._counted) if self._console.is_terminal else None
        self._task = self._bar.add_task("Grading", total=total) if self._bar is not None else None

    def __enter__(self) -> Progress:
        self._started = self._said = time.monotonic()
        if self._bar is not None and self._total:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None and self._total:
            self._bar.stop()
        elif self._bar is None and self._total:
            self._say()

    def done(self, student: str, outcome: str) -> None:
        """One submission has its result. What a teacher should look at is named at once."""
        with self._lock:
            # A new one each time: the bar's own thread may be reading the old one.
            self._counts = self._counts + Counter([one_line(outcome, 40)])
            if outcome in TO_LOOK_AT:
                text = f"{one_line(student, 80)}: {_spaced(outcome)}"
                self._console.print(Text(text), soft_wrap=self._bar is None)
            if self._bar is not None and self._task is not None:
                self._bar.advance(self._task)
            elif time.monotonic() - self._said >= self._every and self._finished < self._total:
                self._say()

    @property
    def _finished(self) -> int:
        return sum(self._counts.values())

    def _say(self) -> None:
        self._said = time.monotonic()
        told = ", ".join(filter(None, (f"{self._finished} of {self._total} graded", self._state(), self._counted())))
        self._console.print(Text(told), soft_wrap=True)

    def _state(self) -> str:
        seconds = time.monotonic() - self._started
        finished = self._finished
        if not finished or seconds <= 0:
            return ""
        rate = finished / seconds
        speed = f"{rate:.1f} a second" if rate >= 0.95 else f"{rate * 60:.1f} a minute"
        if finished >= self._total:
            return f"{speed}, {_duration(seconds)}"
        return f"{speed}, {_duration((self._total - finished) / rate)} left"

    def _counted(self) -> str:
        return ", ".join(f"{count} {_spaced(name)}" for name, count in sorted(self._counts.items()))


class _CountingBar(Bar):
    def __init__(self, console: Console, state: Any, counted: Any) -> None:
        self._state, self._counted = state, counted
        super().__init__(TextColumn("{task.description}"), BarColumn(_BAR_WIDTH), MofNCompleteColumn(), console=console)

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        yield Text(self._state(), "dim")
        yield Text(self._counted())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _spaced(name: str) -> str:
    return one_line(name, 40).replace("_", " ")


def show_summary(console: Console, summary: Mapping[str, Any]) -> None:
    """The content of `summary.json` for people; the figures that matter first."""
    outcomes = ", ".join(f"{count} {_spaced(name)}" for name, count in summary["outcomes"].items())
    students = _count(summary["students"], "student")
    _line(console, Text.assemble((one_line(summary["homework"]), "bold"), f": {students} ({outcomes or 'none'})"))
    _distribution(console, summary["distribution"], summary["possible"])
    hidden = any(e.get("hidden checks") for e in summary["exercises"])
    _figures(
        console,
        "Exercises",
        ("", "mean", "of", "full points", "untouched", *(["hidden checks"] if hidden else [])),
        [
            (
                *(e["name"], points(e["mean"]), points(e["possible"]), str(e["full"]), str(e["untouched"])),
                *([e["hidden checks"]] if hidden else []),
            )
            for e in summary["exercises"]
        ],
    )
    _figures(
        console,
        "Checks most often failed",
        ("", "students", "share"),
        [
            (c["name"], str(c["failed"]), f"{c['failed'] / c['students']:.0%}" if c["students"] else "")
            for c in summary["checks"][:MOST]
        ],
        len(summary["checks"]) - MOST,
    )
    _figures(
        console,
        "Mistakes most often made",
        ("", "students"),
        [(f"{m['exercise']}: {m['title']}", str(m["students"])) for m in summary["mistakes"][:MOST]],
        len(summary["mistakes"]) - MOST,
    )
    if summary["problems"]:
        _head(console, "Problems")
        for p in summary["problems"][:SHOWN]:
            who = one_line(p.get("student") or p.get("path") or "", 120)
            _line(console, Padding(Text.assemble((f"{who}: ", "yellow"), one_line(p["problem"], 600)), (0, 0, 0, 2)))
        if len(summary["problems"]) > SHOWN:
            _line(console, Text(f"  and {len(summary['problems']) - SHOWN} more in summary.json", "dim"))
    for note in summary.get("notes", ()):
        _line(console, Text(one_line(note, 600), "dim"))


def _distribution(console: Console, found: Mapping[str, Any], possible: float) -> None:
    if not found["count"]:
        return
    _head(console, f"Points of {points(possible)}")
    told = (
        f"mean {points(found['mean'])}, median {points(found['median'])}, middle half "
        f"{points(found['lower_quartile'])} to {points(found['upper_quartile'])}, "
        f"lowest {points(found['lowest'])}, highest {points(found['highest'])}"
    )
    _line(console, Padding(Text(told), (0, 0, 0, 2)))
    most = max((b["students"] for b in found["histogram"]), default=0)
    block = "█" if console.encoding.lower().startswith("utf") else "#"
    width = max((len(points(b["to"])) for b in found["histogram"]), default=0)
    for b in found["histogram"]:
        length = -(-b["students"] * _BAR_WIDTH // most) if most else 0
        label = f"  {points(b['from']):>{width}} to {points(b['to']):>{width}}  "
        line = Text.assemble(label, (block * length, "cyan"), f" {b['students']}" if length else "0")
        _line(console, line)


def _figures(
    console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], more: int = 0
) -> None:
    if not rows:
        return
    _head(console, title)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(Text(column), justify="right" if place else "left", overflow="fold", no_wrap=bool(place))
    for row in rows:
        table.add_row(*(Text(("  " if not place else "") + one_line(text)) for place, text in enumerate(row)))
    console.print(table, width=min(console.width, 100))
    if more > 0:
        _line(console, Text(f"  and {more} more in summary.json", "dim"))


def _head(console: Console, title: str) -> None:
    console.print()
    _line(console, Text(title, "bold"))


def _line(console: Console, text: RenderableType) -> None:
    console.print(text, width=min(console.width, 100))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
