"""The notebooks that are generated: nbgrader's marks, ids that stay, the same cells as jupytext reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.exercises import homework, homeworks
from autograder.nb.call import call, read_call
from autograder.notebook import Cell, as_json, as_text, cells, solved, unsolved
from tests.conftest import ROOT, exercise

nbformat = pytest.importorskip("nbformat")


def scripts(name: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "solutions" / name).glob("*.py"))}


def made(name: str, **changed: str) -> list[Cell]:
    return solved(name, scripts(name) | {f"{file}.py": text for file, text in changed.items()}, homework(name))


@pytest.mark.parametrize("name", homeworks())
@pytest.mark.parametrize("released", [True, False])
def test_nbgrader_accepts_every_notebook(name: str, released: bool) -> None:
    validator = pytest.importorskip("nbgrader.nbgraderformat").MetadataValidator()
    utils = pytest.importorskip("nbgrader.utils")
    built = unsolved(made(name)) if released else made(name)
    notebook = nbformat.reads(as_text([as_json(cell, released=released) for cell in built]), 4)
    nbformat.validate(notebook)
    validator.validate_nb(notebook)
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for cell in marked if released else ():
        assert cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)
        assert cell.metadata.nbgrader.cell_type == cell.cell_type
    worth = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in marked if utils.is_grade(c)}
    assert worth == {f"{e.name}-check": e.points for e in homework(name)}


@pytest.mark.parametrize("name", homeworks())
def test_an_exercise_is_solved_in_one_cell_and_graded_in_the_next_that_is_graded(name: str) -> None:
    built = made(name)
    for one in homework(name):
        place = next(i for i, c in enumerate(built) if c.marks and c.marks["grade_id"] == one.name)
        assert built[place].marks == {**(built[place].marks or {}), "solution": True, "grade": False}
        called = read_call(built[place + 1].source)
        assert called is not None and (called.homework, called.exercise) == (name, one.name)


def test_the_released_notebook_is_the_committed_one(tmp_path: Path) -> None:
    committed = json.loads((ROOT / "assignments" / "hw5" / "hw5.ipynb").read_text("utf-8"))
    assert committed["cells"] == [as_json(cell, released=True) for cell in unsolved(made("hw5"))]
    assert "BEGIN SOLUTION" not in json.dumps(committed)


@pytest.mark.parametrize("name", homeworks())
def test_cells_are_those_that_jupytext_reads(name: str) -> None:
    jupytext = pytest.importorskip("jupytext")
    for text in scripts(name).values():
        theirs = [(c.cell_type, c.source.strip()) for c in jupytext.reads(text, fmt="py:percent").cells]
        assert [(kind, source.strip()) for kind, source in cells(text)] == theirs


def test_ids_stay_when_the_source_is_edited() -> None:
    before = scripts("hw5")["seq2seq.py"]
    after = before.replace("# %%\nimport math", "# %% [markdown]\n# ## A word before\n#\n# Text.\n\n# %%\nimport math")
    after = after.replace("Replace what stands behind", "Mask what stands behind").replace(
        "steps >= valid", "steps>=valid"
    )
    ours, theirs = made("hw5"), made("hw5", seq2seq=after)
    new = [cell.id for cell in theirs if cell.id not in {c.id for c in ours}]
    assert new == ["hw5-text-a-word-before"]
    assert [c.id for c in theirs if c.id not in new] == [c.id for c in ours]
    assert [c.marks for c in theirs if c.id not in new] == [c.marks for c in ours]


@pytest.mark.parametrize("name", homeworks())
def test_ids_are_different_and_valid(name: str) -> None:
    ids = [cell.id for cell in made(name)]
    assert len(set(ids)) == len(ids)
    assert all(0 < len(id) <= 64 and id.replace("-", "").replace("_", "").isalnum() for id in ids)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "check('hw5', 'truncate_pad')",
        'x = check("hw5", "truncate_pad", points=6)',
        'check("hw5", "a", points=6)\n1',
    ],
)
def test_other_cells_are_not_taken_for_the_kits(source: str) -> None:
    assert read_call(source) is None


def test_a_call_is_read_as_it_is_written() -> None:
    one = exercise("sequence_mask")
    read: Any = read_call(call(one))
    assert (read.homework, read.exercise, read.points) == ("hw5", "sequence_mask", one.points)
