"""What `%grade` shows: how far it is, then the verdicts; HTML in a notebook, text everywhere."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from autograder.exercise import Exercise
from autograder.jupyter.cells import Selection
from autograder.rules import Reveal
from autograder.text import one_line, points
from autograder.verdict import Verdict

EVERY = 1.0  # seconds between two updates while nothing happens


@dataclass(frozen=True)
class Report:
    """What is known so far; `waiting` says what goes on, "" once everything is graded. `share` is how many exercises of
    how many are done; (0, 0) where nothing goes on any more."""

    selection: Selection
    verdicts: tuple[Verdict, ...] = ()
    waiting: str = ""
    share: tuple[int, int] = (0, 0)
    reveal: Reveal = "case"

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def text(self) -> str:
        """As `grade` prints it."""
        from rich.console import Console

        from autograder.report.terminal import TableView

        paper = io.StringIO()
        console = Console(
            file=paper, width=80, highlight=False, markup=False, emoji=False, color_system=None, force_jupyter=False
        )
        view = TableView(console, self.reveal)
        console.print(_cells(self.selection))
        for verdict in self.verdicts:
            view.show(verdict)
        for notice in notices(self.selection):
            console.print(f"\n{notice}")
        if self.waiting:
            console.print(f"\n{self.waiting}")
        elif len(self.verdicts) > 1:
            console.print(f"\n{_total(self.verdicts)}")
        return paper.getvalue().rstrip()

    def html(self) -> str:
        from autograder.report.html import notice_html, verdict_html

        parts = [Markup(verdict_html(verdict, self.reveal)) for verdict in self.verdicts]
        parts += [Markup(notice_html(notice)) for notice in notices(self.selection)]
        if self.waiting and not self.share[1]:
            parts.append(Markup("<p>{}</p>").format(self.waiting))
        elif self.waiting:
            done, every = self.share
            bar = Markup('<progress max="{}" value="{}" aria-label="{}"></progress>').format(every, done, "Grading")
            parts.append(Markup('<div role="status" style="padding:.25em 0;">{} {}</div>').format(bar, self.waiting))
        elif len(self.verdicts) > 1:
            parts.append(Markup('<p style="margin:.5em 0;font-weight:600;">{}</p>').format(_total(self.verdicts)))
        parts.append(Markup('<p style="margin:.25em 0;opacity:.8;">{}</p>').format(_cells(self.selection)))
        return str(Markup("\n").join(parts))


def _cells(selection: Selection) -> str:
    if not selection.cells:
        return "No cell was graded."
    return f"Graded as last run: {', '.join(cell.label for cell in selection.cells)}."


def _total(verdicts: Sequence[Verdict]) -> str:
    score = round(sum(v.score for v in verdicts), 4)
    return f"Total {points(score)} of {points(sum(v.exercise.points for v in verdicts))} points"


def notices(selection: Selection) -> list[str]:
    """What a new kernel, or whoever gets the notebook, would stumble over."""
    told = []
    for lost in selection.lost:
        told.append(f"The kernel still knows {lost.name}, but {lost.why}: run a cell that defines it.")
    for name, cells in selection.twice:
        labels = " and ".join(cell.label for cell in cells)
        told.append(
            f"{name} is defined in {labels}. The one that was run last counts here; in a notebook that is handed in, "
            "the lowest. Keep one."
        )
    if selection.failed:
        failures = ", ".join(f"In [{run.number}] ({one_line(run.error, 60)})" for run in selection.failed)
        told.append(
            f"Left out, because it failed when it was run: {failures}. A notebook that is handed in runs from top to "
            "bottom: mend or delete such cells."
        )
    return told


@dataclass
class Progress:
    """Shows reports in one place of a notebook, each in place of the one before."""

    selection: Selection
    exercises: Sequence[Exercise]
    show_at: Any
    reveal: Reveal = "case"
    _verdicts: list[Verdict] = field(default_factory=list)
    _why: str = ""
    _begun: float = field(default_factory=time.monotonic)
    _shown: float = 0.0

    def start(self) -> None:
        self._update()

    def show(self, verdict: Verdict) -> None:
        self._verdicts.append(verdict)
        self._why = ""
        self._update()

    def wait(self, why: str) -> None:
        self._why = why
        self._update()

    def stop(self, why: str) -> None:
        """Leaves what was graded, and says why nothing more comes."""
        self.show_at.update(Report(self.selection, tuple(self._verdicts), why, reveal=self.reveal))

    def tick(self) -> None:
        if time.monotonic() - self._shown > EVERY:
            self._update()

    def _update(self) -> None:
        self._shown = time.monotonic()
        done, every = len(self._verdicts), len(self.exercises)
        waiting = ""
        if done < every:
            seconds = int(self._shown - self._begun)
            waiting = self._why or f"Grading {self.exercises[done].name}"
            waiting += f" ({done + 1} of {every}, {seconds} s)" if every > 1 else f" ({seconds} s)"
        self.show_at.update(Report(self.selection, tuple(self._verdicts), waiting, (done, every), self.reveal))
