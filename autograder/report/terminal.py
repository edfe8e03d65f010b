"""What a student sees in the terminal: a table for people, or plain lines for logs and screen readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.explain import Explanation, explain
from autograder.report import times
from autograder.rules import LEVELS, Reveal
from autograder.text import one_line, plain, points
from autograder.verdict import CheckVerdict, Named, Outcome, Verdict, title

_MARKS = {Outcome.PASSED: ("✓", "green"), Outcome.SKIPPED: ("–", "dim"), Outcome.UNDECIDED: ("–", "yellow")}
_FAILED = ("✗", "red")
_WORDS = {
    Outcome.NOT_IMPLEMENTED: "still the stub",
    Outcome.MISSING: "missing",
    Outcome.TIMEOUT: "did not finish",
    Outcome.MEMORY: "too much memory",
    Outcome.CRASHED: "ended the process",
    Outcome.TAMPERED: "could not be graded, please ask",
    Outcome.GRADER_ERROR: "the grader failed, no points lost",
}


class View(Protocol):
    """Shows verdicts one by one, then a total."""

    def show(self, verdict: Verdict) -> None: ...

    def wait(self, why: str) -> None: ...

    def total(self, verdicts: list[Verdict], seconds: float) -> None: ...

    def note(self, text: str) -> None: ...


class Revealed:
    """What a course reveals of failed checks; see `autograder.settings`. Code that does not even load is no check: why
    it does not is always shown."""

    def __init__(self, reveal: Reveal) -> None:
        self._level = LEVELS.index(reveal)

    def checks(self, verdict: Verdict) -> tuple[CheckVerdict, ...]:
        return verdict.checks if self._level >= LEVELS.index("family") else ()

    def mistakes(self, verdict: Verdict) -> tuple[Named, ...]:
        return verdict.mistakes if self._level >= LEVELS.index("mistake") else ()

    def failures(self, verdict: Verdict) -> list[CheckVerdict]:
        """The failed checks that are told; when the first fails, which blocks the others, only that one."""
        failed = [check for check in verdict.checks if check.failure is not None]
        if self._level < LEVELS.index("case"):
            return []
        return failed[:1] if failed and failed[0] is verdict.checks[0] else failed


class TableView:
    """One block an exercise: its checks with points, and for each failed one what happened."""

    def __init__(self, console: Console, reveal: Reveal = "case") -> None:
        self._console = console
        self._revealed = Revealed(reveal)
        self._width = min(console.width, 100)

    def show(self, verdict: Verdict) -> None:
        self._console.print()
        name = Text(verdict.exercise.name, "bold")
        name.append(f"  {verdict.seconds:.1f} s", "dim")
        earned = Text(
            f"{points(verdict.score)} / {points(verdict.exercise.points)}", "bold green" if verdict.full else "bold"
        )
        self._line(name, earned)
        if verdict.fault is not None:
            self._whole(verdict)
            return
        for check in self._revealed.checks(verdict):
            mark, style = _MARKS.get(check.outcome, _FAILED)
            label = Text.assemble((f"  {mark} ", style), title(check.check))
            self._line(
                label, Text(f"{points(check.score)} / {points(check.check.points)}", "" if check.score else "dim")
            )
        if verdict.times is not None:
            self._times(times.document(verdict.times))
        shown: set[str] = set()
        for check in self._revealed.failures(verdict):
            found = explain(verdict, check)
            if found is not None and found.message not in shown:
                shown.add(found.message)
                self._console.print(Padding(self._explained(check, found), (1, 0, 0, 2)), width=self._width)
        for mistake in self._revealed.mistakes(verdict):
            block = Group(
                Text.assemble(("Mistake: ", "bold yellow"), (plain(mistake.title), "bold")), Text(plain(mistake.help))
            )
            self._console.print(Padding(block, (1, 0, 0, 2)), width=self._width)
        if not verdict.full and verdict.printed:
            self._console.print(
                Padding(Text(f"Your code printed: {one_line(verdict.printed, 200)}", "dim"), (1, 0, 0, 2))
            )

    def _times(self, found: Mapping[str, Any]) -> None:
        rows = Table.grid(padding=(0, 1))
        rows.add_column(no_wrap=True)
        rows.add_column(overflow="fold")
        for name, text in times.lines(found):
            rows.add_row(Text(f"    {name}"), Text(text, "" if name else "dim"))
        self._console.print(Padding(Text(times.head(found), "bold"), (1, 0, 0, 2)))
        self._console.print(rows, width=self._width)

    def wait(self, why: str) -> None:
        self._console.print(Text(f"\n{why}", "dim"))

    def note(self, text: str) -> None:
        self._console.print(Text(text, "dim"), width=self._width)

    def _line(self, left: Text, right: Text) -> None:
        grid = Table.grid(expand=True, padding=0)
        grid.add_column(ratio=1)
        grid.add_column(justify="right", no_wrap=True)
        grid.add_row(left, right)
        self._console.print(grid, width=self._width)

    def _whole(self, verdict: Verdict) -> None:
        found = explain(verdict, verdict.checks[0])
        if found is not None:
            word = _WORDS.get(verdict.outcome, "")
            self._console.print(Padding(_whole_text(found, word), (0, 0, 0, 2)), width=self._width)

    def _explained(self, check: CheckVerdict, found: Explanation) -> RenderableType:
        head = Text.assemble(("✗ ", "red"), (title(check.check), "bold"), ": ", found.message)
        rows = Table.grid(padding=(0, 1))
        rows.add_column(style="dim", no_wrap=True)
        rows.add_column(overflow="fold")
        for name, text in _details(found):
            rows.add_row(Text(f"  {name}"), Text(text))
        return Group(head, rows)

    def total(self, verdicts: list[Verdict], seconds: float) -> None:
        score, possible = _sums(verdicts)
        self._console.print()
        self._console.rule(style="dim") if self._console.is_terminal else None
        text = Text.assemble(
            ("Total  ", "bold"),
            (f"{points(score)} / {points(possible)}", "bold green" if score == possible else "bold"),
        )
        self._line(text, Text(f"{len(verdicts)} exercise{'s' if len(verdicts) != 1 else ''} in {seconds:.1f} s", "dim"))


class LinearView:
    """One fact a line, no tables, no symbols that must be seen."""

    def __init__(self, console: Console, reveal: Reveal = "case") -> None:
        self._console = console
        self._revealed = Revealed(reveal)

    def _say(self, text: str) -> None:
        self._console.print(Text(plain(text, 4000)), soft_wrap=True)

    def show(self, verdict: Verdict) -> None:
        name = verdict.exercise.name
        self._say(
            f"{name}: {points(verdict.score)} of {points(verdict.exercise.points)} points in {verdict.seconds:.1f} s."
        )
        if verdict.fault is not None:
            found = explain(verdict, verdict.checks[0])
            if found is not None:
                self._say(f"{name}: {_whole_text(found, _WORDS.get(verdict.outcome, '')).plain}")
            return
        told = {id(check) for check in self._revealed.failures(verdict)}
        for check in self._revealed.checks(verdict):
            label = f"{name}, {title(check.check)}"
            self._say(f"{label}: {check.outcome.value}, {points(check.score)} of {points(check.check.points)}.")
            found = explain(verdict, check) if id(check) in told else None
            if found is not None:
                self._say(f"{label}: {found.message}.")
                for detail, text in _details(found):
                    self._say(f"{label}: {detail}: {text}")
        if verdict.times is not None:
            told_times = times.document(verdict.times)
            self._say(f"{name}, {times.head(told_times)}: {times.spoken(told_times)}.")
        for mistake in self._revealed.mistakes(verdict):
            self._say(f"{name}, mistake: {mistake.title} {mistake.help}")

    def wait(self, why: str) -> None:
        self._say(why)

    def note(self, text: str) -> None:
        self._say(text)

    def total(self, verdicts: list[Verdict], seconds: float) -> None:
        score, possible = _sums(verdicts)
        self._say(f"Total: {points(score)} of {points(possible)} points, {len(verdicts)} exercises in {seconds:.1f} s.")


def failure_text(verdict: Verdict, check: CheckVerdict) -> str:
    """What is shown of one failed check, in lines; where nothing could be judged, why. Mistakes stand with the first
    failed check."""
    failed = [one for one in verdict.checks if one.failure is not None]
    shown = check if check.failure is not None else verdict.checks[0]
    found = explain(verdict, shown)
    if found is None:
        return check.outcome.value.replace("_", " ")
    if verdict.fault is not None:
        return _whole_text(found, _WORDS.get(verdict.outcome, "")).plain
    lines = [found.message, *(f"  {name:9}{text}" for name, text in _details(found))]
    if check is failed[0]:
        lines += [line for m in verdict.mistakes for line in ("", f"Mistake: {plain(m.title)}", plain(m.help))]
    return "\n".join(lines)


def _sums(verdicts: list[Verdict]) -> tuple[float, float]:
    return round(sum(v.score for v in verdicts), 4), sum(v.exercise.points for v in verdicts)


def _whole_text(found: Explanation, word: str) -> Text:
    text = Text()
    if word:
        text.append(word, "yellow")
        if word not in found.message:
            text.append(f": {found.message}")
    else:
        text.append(found.message)
    if found.where and word != "still the stub":
        text.append(f"\n{found.where}: {found.code}", "dim")
    return text


def _details(found: Explanation) -> list[tuple[str, str]]:
    rows = []
    if found.given:
        rows.append(("given", f"{found.given}   ({found.case})"))
    if not (found.got in found.message and found.expected in found.message):
        rows += [("came out", found.got), ("expected", found.expected)]
    if found.where:
        rows.append(("at", f"{found.where}: {found.code}"))
    if found.rule:
        rows.append((found.says, f"“{found.rule}”"))
    if found.more:
        rows.append(("also", f"{found.more} more case{'s' if found.more != 1 else ''}"))
    return [(name, text) for name, text in rows if text]
