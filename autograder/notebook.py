"""The notebook and the README of a homework, generated from the same source as its stubs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, Literal

from autograder.exercise import Exercise
from autograder.exercises import homework as exercises_of
from autograder.exercises.about import About, about
from autograder.finales import finale_of
from autograder.nb import metadata
from autograder.nb.call import call, plain_number
from autograder.stubs import BEGIN, stub
from autograder.text import points

_CELL = re.compile(r"^# %%(?P<kind>[^\n]*)$", re.MULTILINE)
_LONGEST_ID = 64


@dataclass(frozen=True)
class Cell:
    """A cell of a homework's notebook. `id` stays the same when cells are added elsewhere or the text changes;
    `marks` are nbgrader's, for cells that have some."""

    id: str
    kind: Literal["markdown", "code"]
    source: str
    marks: dict[str, Any] | None = None


def cells(script: str) -> list[tuple[Literal["markdown", "code"], str]]:
    """The cells of a jupytext percent script as (cell type, source)."""
    found: list[tuple[Literal["markdown", "code"], str]] = []
    marks = list(_CELL.finditer(script))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        body = script[mark.end() : following.start() if following else len(script)].strip("\n")
        if "[markdown]" in mark["kind"]:
            found.append(("markdown", "\n".join(re.sub(r"^# ?", "", line) for line in body.splitlines())))
        elif body.strip():
            found.append(("code", body))
    return found


def solved(homework: str, scripts: dict[str, str], exercises: Sequence[Exercise]) -> list[Cell]:
    """The cells of the homework with its solutions, and behind the cell that solves an exercise the one that grades
    it. Ids come from what a cell defines or from its heading."""
    built: list[Cell] = []
    ids = _Ids(homework)
    for file, script in scripts.items():
        mine = {exercise.name: exercise for exercise in exercises if exercise.file == file}
        for kind, source in cells(script):
            if kind == "code":
                source = _alone(source, scripts)
                if not source:
                    continue
            if kind == "markdown":
                built.append(Cell(ids.text(file, source), "markdown", source))
                continue
            names = _defined(source)
            graded = [mine[name] for name in names if name in mine]
            name = next((e.name for e in graded), names[0] if names else "")
            id = ids.code(file, name)
            marks = metadata.solution(id.removeprefix(f"{homework}-")) if BEGIN in source else None
            built.append(Cell(id, "code", source, marks))
            for exercise in graded:
                marks = metadata.autograded(f"{exercise.name}-check", plain_number(exercise.points))
                built.append(Cell(f"{homework}-{exercise.name}-check", "code", call(exercise), marks))
    return built


def unsolved(solved: Sequence[Cell]) -> list[Cell]:
    """The cells without solutions."""
    return [Cell(c.id, c.kind, stub(c.source, c.id) if c.kind == "code" else c.source, c.marks) for c in solved]


def notebook(homework: str, scripts: dict[str, str]) -> str:
    """The notebook that students receive, as text."""
    built = unsolved(solved(homework, scripts, exercises_of(homework)))
    return as_text([as_json(cell, released=True) for cell in built])


def as_json(cell: Cell, *, released: bool) -> dict[str, Any]:
    """The cell in the notebook format; `released` as students receive it, else as nbgrader's instructors keep it."""
    found: dict[str, Any] = {}
    if cell.marks is not None:
        found = metadata.released(cell.kind, cell.source, cell.marks) if released else {"nbgrader": dict(cell.marks)}
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.id,
        "metadata": found,
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.kind == "code":
        made.update(execution_count=None, outputs=[])
    return made


def as_text(cells: Sequence[dict[str, Any]]) -> str:
    """A notebook of these cells as the text of its file."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _alone(source: str, scripts: Container[str]) -> str:
    """The cell without imports from the homework's own files: what they define is in the notebook."""
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.py" in scripts:
            del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines).strip("\n")


def _defined(source: str) -> list[str]:
    """Names of the functions and classes at the top of the cell."""
    return [node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


class _Ids:
    """Gives each cell an id of its own."""

    def __init__(self, homework: str) -> None:
        self._homework = homework
        self._taken: set[str] = set()

    def text(self, file: str, source: str) -> str:
        heading = re.match(r"#+ *(.+)", source)
        return self._free(f"text-{_slug(heading[1]) if heading else _slug(file)}")

    def code(self, file: str, name: str) -> str:
        return self._free(name or f"code-{_slug(file)}")

    def _free(self, wanted: str) -> str:
        id, count = f"{self._homework}-{wanted}"[: _LONGEST_ID - 4], 1
        while (found := id if count == 1 else f"{id}-{count}") in self._taken:
            count += 1
        self._taken.add(found)
        return found


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", text.removesuffix(".py")).strip("-").lower()


def readme(homework: str) -> str:
    """What is in the homework, what it takes, and how it is graded."""
    exercises, told = exercises_of(homework), about(homework)
    first = exercises[0].name
    rows = "\n".join(
        f"| `{e.name}` | `{e.file}` | {'★' * e.difficulty} | {points(e.points)} | {len(e.checks)} |" for e in exercises
    )
    return f"""# {homework}: {told.title}

{_described(told)}Fill in the functions and classes that raise `NotImplementedError`;
their docstrings say what is asked, and every check holds you to a sentence in them. Work in the `.py` files or in
`{homework}.ipynb`, which has the same cells, and behind each exercise one that grades the cells above it.

| exercise | file | difficulty | points | checks |
| --- | --- | --- | --- | --- |
{rows}

They are in an order in which each can use those before it.

    grade {homework}                 # everything
    grade {homework} {first}          # one exercise
    grade {homework} --watch         # again whenever you save
    grade hint {homework} {first}     # a nudge

In the notebook, in JupyterLab, Notebook, VS Code or Colab, run `%load_ext autograder` once, then

    %grade {first}           # the cells as you last ran them; nothing has to be saved
    %hint {first}            # a nudge

or put `%%grade {first}` at the top of a cell, which runs and grades it.
{_finale(homework)}"""


def _described(told: About) -> str:
    if not told.builds:
        return ""
    few, many = told.hours
    facts = f"**You should know:** {told.needs}\n**It takes** {few} to {many} hours."
    return f"{fill(told.builds, 118)}\n\n{facts}\n\n"


def _finale(homework: str) -> str:
    finale = finale_of(homework)
    if finale is None:
        return ""
    names = ", ".join(f"`{name}`" for name in finale.uses)
    return f"""
## {finale.title}

    grade {homework} --finale

{fill(f"{finale.says} It uses your {names}, takes less than two minutes and earns no points.", 118)}

![What the finale draws](finale.svg)
"""
