"""`grade HW --finale`: the student's exercises put together, with progress, a result and a picture. Earns no points."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from autograder.errors import UsageError
from autograder.finales import Finale, finale_of, with_finale
from autograder.report.svg import Curves, Map
from autograder.starters import environment
from autograder.submission import Submission
from autograder.text import one_line, plain

LONGEST = 600.0  # seconds, five times what a finale may take on a slow machine
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
_BARS = "▁▂▃▄▅▆▇█"


def required(homework: str) -> Finale:
    """The finale; UsageError where there is none."""
    finale = finale_of(homework)
    if finale is None:
        raise UsageError(f"{homework} has no finale; there is one in {', '.join(with_finale())}")
    return finale


def run_finale(finale: Finale, submission: Submission, device: str, linear: bool, out: Path | None = None) -> int:
    """0 where what is wanted was reached, 1 where it was not or the code failed. The picture is written beside the
    work, or to `out`."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(Text(f"{finale.title}. {finale.says}"), soft_wrap=True)
    console.print(Text(f"It uses your {', '.join(finale.uses)}, and earns no points."), soft_wrap=True)
    show = _Show(console, linear)
    with tempfile.TemporaryDirectory(prefix="grade-finale-", ignore_cleanup_errors=True) as scratch, show:
        for told in _played(finale, submission, device, scratch):
            show.take(told)
    if show.fault is not None:
        console.print(Text(_stopped(finale, show.fault)), soft_wrap=True)
        return 1
    if show.drawings:
        path = out or submission.root / f"{finale.homework}-finale.svg"
        try:
            path.write_text(stacked(show.drawings), "utf-8")
        except OSError as error:
            raise UsageError(f"the picture cannot be written to {path}: {error.strerror}") from None
        console.print(Text(f"The picture is in {path}"), soft_wrap=True)
    return 0 if show.reached else 1


def _played(finale: Finale, submission: Submission, device: str, scratch: str) -> Iterator[dict[str, Any]]:
    """What the finale tells, as it comes. Ends what does not end."""
    # A CUDA device is used where there is one; what student code may know of this machine is the same as in grading.
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "autograder.worker.finale"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment("cuda" if device == "auto" else device) | dict.fromkeys(THREADS, str(os.cpu_count() or 1)),
        text=True,
        encoding="utf-8",
    )
    late = threading.Timer(LONGEST, process.kill)
    late.daemon = True
    late.start()
    assert process.stdin is not None and process.stdout is not None
    ended = False
    try:
        with process.stdin as sink:
            sink.write(json.dumps(_opening(finale, submission, scratch)))
        for line in process.stdout:
            told = _read(line)
            if told is not None:
                ended = ended or "fault" in told
                yield told
        if process.wait() != 0 and not ended:
            why = "it took longer than ten minutes" if process.returncode < 0 else "it ended the whole process"
            yield {"fault": {"kind": "stopped", "type": "", "message": why, "frames": []}}
    finally:
        late.cancel()
        process.kill()
        process.wait()


def _opening(finale: Finale, submission: Submission, scratch: str) -> dict[str, Any]:
    return {
        "homework": finale.homework,
        "root": str(submission.root),
        "files": {name: str(path) for name, path in submission.files.items()},
        "aliases": submission.aliases,
        "scratch": scratch,
    }


def _read(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if type(told) is dict else None


class _Show:
    """Shows what a finale tells."""

    def __init__(self, console: Console, linear: bool) -> None:
        self._console = console
        self._bar: Progress | None = None
        if not linear and console.is_terminal:
            self._bar = Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True)
        self._task: Any = None
        self.reached = True
        self.fault: Mapping[str, Any] | None = None
        self.drawings: list[Curves | Map] = []

    def __enter__(self) -> _Show:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def take(self, told: Mapping[str, Any]) -> None:
        if "say" in told:
            self._print(str(told["say"]))
        elif "done" in told:
            self._progress(float(told["done"]), float(told["of"]), one_line(str(told["text"])))
        elif "curves" in told:
            lines = [(one_line(str(name)), [float(v) for v in line]) for name, line in told["lines"]]
            self.drawings.append(Curves(one_line(str(told["curves"])), lines))
            for name, line in lines:
                self._print(f"  {name:12} {spark(line)}")
        elif "map" in told:
            self.drawings.append(_map(one_line(str(told["map"])), told["rows"]))
        elif "result" in told:
            self._result(told)
        elif "fault" in told:
            self.fault = told["fault"]

    def _result(self, told: Mapping[str, Any]) -> None:
        value, wanted, unit = float(told["value"]), float(told["wanted"]), one_line(str(told["unit"]))
        good = value <= wanted if told["at_most"] else value >= wanted
        self.reached &= good
        bound = f"{'at most' if told['at_most'] else 'at least'} {wanted:g}{unit} wanted"
        self._print(f"{'✓' if good else '✗'} {one_line(str(told['result']))}: {value:.4g}{unit} ({bound})")

    def _progress(self, done: float, of: float, text: str) -> None:
        if self._bar is None:
            self._print(f"  {done:g} of {of:g}: {text}")
            return
        if self._task is None:
            self._task = self._bar.add_task(text, total=of)
        self._bar.update(self._task, completed=done, description=text)

    def _print(self, text: str) -> None:
        self._console.print(Text(plain(text, 400)), soft_wrap=True)


def _map(title: str, rows: Sequence[Sequence[float]]) -> Map:
    import numpy as np

    data = np.array(rows, dtype=np.float64)
    return Map(title, data, float(np.abs(data).max(initial=0.0)))


def spark(line: Sequence[float], width: int = 40) -> str:
    """A list of numbers in one line of text, with where it begins and ends."""
    numbers = [v for v in line if math.isfinite(v)]
    if not numbers:
        return "no finite number"
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1.0
    step = max(1, math.ceil(len(numbers) / width))
    bars = "".join(_BARS[min(7, int((v - low) / span * 8))] for v in numbers[::step])
    return f"{bars}  {numbers[0]:.3g} → {numbers[-1]:.3g}"


def stacked(drawings: Sequence[Curves | Map]) -> str:
    """One SVG file with the drawings below each other, black on white whatever the page around it."""
    parts, y, wide = [], 8, 0.0
    for drawing in drawings:
        svg = str(drawing.svg())
        width, height = (float(found) for found in re.findall(r'(?:width|height)="([\d.]+)"', svg)[:2])
        parts.append(svg.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" x="8" y="{y:g}" ', 1))
        y, wide = y + int(height) + 12, max(wide, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide + 16:g}" height="{y:g}" color="#111111">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _stopped(finale: Finale, fault: Mapping[str, Any]) -> str:
    kind, message = str(fault.get("kind")), plain(str(fault.get("message", "")), 400)
    frames = fault.get("frames") or []
    where = ""
    if frames:
        last = frames[-1]
        where = f" ({Path(str(last['file'])).name}, line {last['line']}: {one_line(str(last['text']), 100)})"
    if kind == "stopped":
        return f"The finale stopped: {message}."
    if kind == "not_implemented":
        names = {str(frame["function"]) for frame in frames} & set(finale.uses)
        missing = f"{', '.join(sorted(names))} is" if names else "one of the exercises is"
        return f"The finale has to wait: {missing} still the stub{where}."
    name = one_line(str(fault.get("type", "")), 100)
    advice = f"To find out more, type: grade {finale.homework}"
    return f"The finale stopped: your code raised {name}: {message}{where}. {advice}"
