"""The notebook and the README of a homework, generated from the same source as its stubs."""

from __future__ import annotations

import json
import re

from autograder.exercises import homework as exercises_of
from autograder.text import points

_CELL = re.compile(r"^# %%(?P<kind>[^\n]*)$", re.MULTILINE)


def cells(script: str) -> list[tuple[str, str]]:
    """The cells of a jupytext percent script as (cell type, source)."""
    found = []
    marks = list(_CELL.finditer(script))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        body = script[mark.end() : following.start() if following else len(script)].strip("\n")
        if "[markdown]" in mark["kind"]:
            found.append(("markdown", "\n".join(re.sub(r"^# ?", "", line) for line in body.splitlines())))
        elif body.strip():
            found.append(("code", body))
    return found


def notebook(homework: str, scripts: dict[str, str]) -> str:
    """The notebook of a homework as text: the cells of its stubs, with ids that stay the same."""
    built = []
    for name, script in scripts.items():
        for index, (kind, source) in enumerate(cells(script)):
            cell: dict[str, object] = {
                "cell_type": kind,
                "id": f"{homework}-{name.removesuffix('.py').replace('_', '-')}-{index}",
                "metadata": {},
                "source": source.splitlines(keepends=True),
            }
            if kind == "code":
                cell.update(execution_count=None, outputs=[])
            built.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {
        "cells": built,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def readme(homework: str) -> str:
    """What is in the homework and how it is graded."""
    exercises = exercises_of(homework)
    rows = "\n".join(f"| `{e.name}` | `{e.file}` | {points(e.points)} | {len(e.checks)} |" for e in exercises)
    return f"""# {homework}

Fill in the functions and classes that raise `NotImplementedError`; their docstrings say what is asked, and every
check holds you to a sentence in them. Work in the `.py` files or in `{homework}.ipynb`, which has the same cells.

| exercise | file | points | checks |
| --- | --- | --- | --- |
{rows}

    grade {homework}                 # everything
    grade {homework} {exercises[0].name}          # one exercise
    grade {homework} --watch         # again whenever you save
    grade hint {homework} {exercises[0].name}     # a nudge

In the notebook, in JupyterLab, Notebook, VS Code or Colab, run `%load_ext autograder` once, then

    %grade {exercises[0].name}           # the cells as you last ran them; nothing has to be saved
    %hint {exercises[0].name}            # a nudge

or put `%%grade {exercises[0].name}` at the top of a cell, which runs and grades it.
"""
