"""From what a kernel has run to the code that is graded: which cells are taken, in which order, and why not others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.jupyter.names import BUILT_IN, STAR, Names, names
from autograder.notebook_code import without_magics


@dataclass(frozen=True)
class Run:
    """One run of a cell. `cell` identifies the cell where the front end tells ("" otherwise), `error` is the type of
    the exception that ended the run."""

    number: int
    source: str
    cell: str = ""
    error: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell as it was last run, without what only IPython understands; `place` orders the cells."""

    run: Run
    code: str
    names: Names
    place: int

    @property
    def label(self) -> str:
        return f"In [{self.run.number}]"


@dataclass(frozen=True)
class Lost:
    """A name that lives on in the kernel while no cell that would be graded defines it."""

    name: str
    why: str


@dataclass(frozen=True)
class Selection:
    """The cells that are graded, in order; those that failed and were left out; names that a new kernel would miss; the
    targets that more than one cell defines, with these cells."""

    cells: tuple[Cell, ...]
    failed: tuple[Run, ...] = ()
    lost: tuple[Lost, ...] = ()
    twice: tuple[tuple[str, tuple[Cell, ...]], ...] = ()

    def script(self) -> str:
        text = "\n\n".join(cell.code for cell in self.cells) + "\n"
        return text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no text that a file can hold

    def locate(self, line: int) -> tuple[Cell, int] | None:
        """The cell that a line of the script comes from, and the line there, both counted from 1."""
        for cell in self.cells:
            length = cell.code.count("\n") + 1
            if line <= length:
                return (cell, line) if line > 0 else None
            line -= length + 1
        return None


def select(
    runs: Sequence[Run], targets: Iterable[str], alive: Iterable[str] = (), deleted: Iterable[str] = ()
) -> Selection:
    """The cells that define the targets and whatever those need.

    Each cell counts as it was last run. `alive` are the names that the kernel holds; `deleted` identifies cells that
    the front end has told are gone.
    """
    gone = frozenset(deleted)
    shown, old = _latest(runs)
    cells = [cell for cell in shown if cell.run.cell not in gone]
    old += [cell for cell in shown if cell.run.cell in gone]
    wanted = frozenset(targets)
    taken = _closure(cells, wanted)
    failed = tuple(run for run in _last_failures(runs) if run not in {cell.run for cell in taken})
    lost = tuple(_lost(taken, wanted, old, gone, frozenset(alive)))
    ordered = _ordered(_as_bound_last(taken))
    binders = [(name, tuple(cell for cell in ordered if name in cell.names.binds)) for name in sorted(wanted)]
    return Selection(tuple(ordered), failed, lost, tuple((name, them) for name, them in binders if len(them) > 1))


def _latest(runs: Sequence[Run]) -> tuple[list[Cell], list[Cell]]:
    """The cells as they were last run, in the order in which they first ran well; and earlier versions of them."""
    live: dict[object, Cell] = {}
    old: list[Cell] = []
    for run in runs:
        cell = _cell(run)
        if cell is None:
            continue
        before = _same(cell, live)
        place = run.number
        for key in before:
            earlier = live.pop(key)
            if not earlier.run.error:
                place = min(place, earlier.place)
            if earlier.names.binds - cell.names.binds:
                old.append(earlier)
        live[run.cell or run.number] = replace(cell, place=place)
    return sorted(live.values(), key=lambda cell: cell.place), old


def _cell(run: Run) -> Cell | None:
    """None for a cell in which there is nothing for Python, or that is the grader's own."""
    code = without_magics(run.source)
    try:
        found = names(code)
    except (SyntaxError, ValueError, RecursionError):
        # It is taken only if it was to define what is graded, and then the worker says what is wrong with it.
        found = Names(frozenset(_seem_defined(code)), frozenset(), frozenset(), frozenset())
    if not (found.binds or found.needs or found.changes) or "autograder" in found.imports:
        return None
    return Cell(run, code, found, run.number)


def _seem_defined(code: str) -> Iterable[str]:
    for line in code.splitlines():
        words = line.split("(")[0].split(":")[0].split()
        if len(words) == 2 and words[0] in ("def", "class") and words[1].isidentifier():
            yield words[1]


def _same(cell: Cell, live: dict[object, Cell]) -> list[object]:
    """What is known to be the same cell run earlier. Where the front end does not tell, an earlier run that did nothing
    but define what this one defines again."""
    if cell.run.cell:
        return [cell.run.cell] if cell.run.cell in live else []
    return [
        key
        for key, other in live.items()
        if not other.run.cell
        and other.names.binds
        and other.names.binds <= cell.names.binds
        and (other.names.defines_only or other.run.error)
    ]


def _closure(cells: Sequence[Cell], targets: frozenset[str]) -> list[Cell]:
    """The cells that bind or change what is needed, directly or through others. One that failed is taken only where
    nothing else has the name."""
    known, open_names = set[str](), set(targets)
    taken: list[Cell] = []
    while open_names:
        known |= open_names
        missing = open_names - {name for cell in cells if not cell.run.error for name in cell.names.binds}
        fresh = [
            cell
            for cell in cells
            if cell not in taken
            and (
                not cell.names.binds.isdisjoint(missing if cell.run.error else open_names)
                or (not cell.run.error and not cell.names.changes.isdisjoint(open_names & _student(cells)))
                or (not cell.run.error and STAR in cell.names.binds)
            )
        ]
        taken += fresh
        open_names = {name for cell in fresh for name in cell.names.needs} - known
        if any(cell.names.reaches_any for cell in fresh):
            open_names |= {name for cell in cells if not cell.run.error for name in cell.names.binds} - known
    return taken


def _student(cells: Sequence[Cell]) -> frozenset[str]:
    """Names bound by some cell, so that a cell which changes them matters."""
    return frozenset(name for cell in cells for name in cell.names.binds)


def _as_bound_last(cells: Sequence[Cell]) -> list[Cell]:
    """Where several cells bind a name, the one that was run last comes last, as in the kernel."""
    return [
        replace(cell, place=cell.run.number)
        if any(
            other.place > cell.place and other.run.number < cell.run.number and other.names.binds & cell.names.binds
            for other in cells
        )
        else cell
        for cell in cells
    ]


def _ordered(cells: Sequence[Cell]) -> list[Cell]:
    """By place; before a cell comes what it needs as it runs, and what the functions it may call need."""
    waiting = sorted(cells, key=lambda cell: cell.place)
    done: list[Cell] = []
    bound: set[str] = set()

    def emit(cell: Cell, above: tuple[Cell, ...]) -> None:
        for name in sorted(_as_it_runs(cell, cells)):
            if name not in bound:
                for other in waiting:
                    if name in other.names.binds and other not in done and other not in (*above, cell):
                        emit(other, (*above, cell))
                        break
        if cell not in done:
            done.append(cell)
            bound.update(cell.names.binds)

    for cell in waiting:
        emit(cell, ())
    return done


def _as_it_runs(cell: Cell, cells: Sequence[Cell]) -> set[str]:
    needed: set[str] = set()
    fresh = set(cell.names.now)
    while fresh:
        needed |= fresh
        fresh = {n for other in cells if not other.names.binds.isdisjoint(fresh) for n in other.names.later} - needed
    return needed


def _last_failures(runs: Sequence[Run]) -> list[Run]:
    """Cells whose last run failed."""
    last: dict[object, Run] = {}
    for run in runs:
        last[run.cell or run.number] = run
    return [run for run in last.values() if run.error]


def _lost(
    taken: Sequence[Cell],
    targets: frozenset[str],
    old: Sequence[Cell],
    gone: frozenset[str],
    alive: frozenset[str],
) -> Iterable[Lost]:
    needed = targets.union(*(cell.names.needs for cell in taken)) & alive
    bound = frozenset[str]().union(*(cell.names.binds for cell in taken))
    if STAR in bound:
        return
    for name in sorted(needed - bound - BUILT_IN):
        why = "no cell that has been run defines it"
        for cell in old:
            if name in cell.names.binds:
                state = "that has been deleted" if cell.run.cell in gone else "that has been changed since"
                why = f"it was defined in a cell {state} ({cell.label} then)"
        yield Lost(name, why)
