"""`grade mutate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.commands.audit import chosen, instructors
from autograder.errors import UsageError
from autograder.mutation import MAX_ALIVE, MAX_ALIVE_EACH, Fate, Mutation, Result, Row, enough, share
from autograder.starters import modules_of, starter


def run_mutate(names: list[str], root: Path | None, jobs: int, limit: int | None, path: Path | None) -> int:
    """The table of exercises and what became of their mutants; 1 if too many are alive."""
    course = instructors(root)
    exercises = chosen(names)
    if not exercises:
        raise UsageError(f"nothing is called {' '.join(names)}; type: grade list")
    console = Console(highlight=False)
    source = starter()
    source.preload(modules_of(exercises))
    bar = Progress(
        TextColumn("mutants"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    try:
        with Mutation.open(course, source, jobs) as mutation, bar:
            task, total = bar.add_task("", total=None), 0

            def planned(count: int) -> None:
                nonlocal total
                total += count
                bar.update(task, total=total)

            rows = mutation.rows(exercises, limit, planned, lambda: bar.advance(task))
    finally:
        source.close()
    for row in rows:
        _details(console, row)
    console.print(_table(rows))
    if path is not None:
        path.write_text(json.dumps(_data(rows), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    good = enough(rows)
    console.print(
        f"{'Enough' if good else 'Not enough'}: {share(rows):.1%} alive, at most {MAX_ALIVE:.0%} allowed, "
        f"and {MAX_ALIVE_EACH:.0%} in one exercise."
    )
    return 0 if good else 1


def _details(console: Console, row: Row) -> None:
    name = f"{row.exercise.homework} {row.exercise.name}"
    if row.problem:
        console.print(f"✗ {name}: {row.problem}", markup=False, soft_wrap=True)
    for result in row.of(Fate.ALIVE):
        console.print(f"✗ {name}: {result.mutant} is alive", markup=False, soft_wrap=True)
        console.print(f"    {result.difference}", markup=False, soft_wrap=True)


def _table(rows: list[Row]) -> Table:
    table = Table("exercise", box=None, header_style="bold", show_footer=True)
    table.columns[0].footer = Text("all")
    columns: dict[str, list[int]] = {
        "differ": [row.differ for row in rows],
        **{fate.value: [len(row.of(fate)) for row in rows] for fate in Fate},
    }
    for name, counts in columns.items():
        table.add_column(name, footer=Text(str(sum(counts))), justify="right")
    table.add_column("% alive", footer=Text(f"{share(rows):.1%}"), justify="right")
    for number, row in enumerate(rows):
        cells = [str(counts[number]) for counts in columns.values()]
        percent = "–" if row.problem else f"{row.share:.1%}"
        style = "red" if row.problem or row.share > MAX_ALIVE_EACH else ""
        table.add_row(f"{row.exercise.homework} {row.exercise.name}", *cells, percent, style=style)
    return table


def _data(rows: list[Row]) -> dict[str, Any]:
    return {
        "differ": sum(row.differ for row in rows),
        **{fate.value: sum(len(row.of(fate)) for row in rows) for fate in Fate},
        "share_alive": share(rows),
        "exercises": [
            {
                "homework": row.exercise.homework,
                "exercise": row.exercise.name,
                "problem": row.problem,
                "differ": row.differ,
                **{fate.value: len(row.of(fate)) for fate in Fate},
                "share_alive": row.share,
                "mutants": [_entry(result) for result in row.results],
            }
            for row in rows
        ],
    }


def _entry(result: Result) -> dict[str, Any]:
    mutant, found = result.mutant, result.difference
    entry: dict[str, Any] = {"line": mutant.line, "kind": mutant.kind, "change": mutant.change}
    entry["fate"] = result.fate.value
    if found is not None:
        entry.update(seed=found.seed, check=found.check, case=found.case, message=found.message)
    return entry
