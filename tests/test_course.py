"""One source: what is committed under assignments/ follows from solutions/, and every example in it runs."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import pytest

from autograder import syllabus
from autograder.docstrings import docstring
from autograder.exercise import FAMILIES, Exercise
from autograder.exercises import homework, homeworks
from autograder.leaks import leaks, secrets
from autograder.notebook import cells, solved
from autograder.stubs import SourceError, generated, sources, stub
from tests.conftest import ROOT

ALL = [pytest.param(exercise, id=exercise.name) for name in homeworks() for exercise in homework(name)]


@pytest.mark.parametrize("name", homeworks())
def test_what_students_receive_is_up_to_date(name: str) -> None:
    stale = [p.name for p, text in generated(ROOT, name).items() if not p.is_file() or p.read_text("utf-8") != text]
    assert not stale, "type: grade stubs"


def test_the_table_of_exercises_is_up_to_date_and_names_every_source() -> None:
    assert (ROOT / syllabus.PAGE).read_text("utf-8") == syllabus.page(ROOT), "type: grade stubs"
    nameless = [e.name for name in homeworks() for e in homework(name) if not syllabus.source(ROOT, e)]
    assert not nameless, "their docstrings have no “Source:”"


@pytest.mark.parametrize("name", homeworks())
def test_no_solution_is_in_the_assignments(name: str) -> None:
    files = {path.name: path.read_bytes() for path in (ROOT / "assignments" / name).iterdir()}
    assert leaks(secrets(ROOT, [name]), files) == []


@pytest.mark.parametrize("path", [p for name in homeworks() for p in sources(ROOT, name)], ids=lambda p: p.name)
def test_the_examples_in_the_docstrings_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(path.parent))
    module = type(sys)(path.stem)
    exec(compile(path.read_text("utf-8"), str(path), "exec"), vars(module))
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
    assert result.attempted > 0, "no example at all"


@pytest.mark.parametrize("exercise", ALL)
def test_a_declaration_uses_known_families_and_has_an_example(exercise: Exercise) -> None:
    assert {check.family for check in exercise.checks} <= set(FAMILIES)
    ids = [check.id for check in exercise.checks]
    assert len(ids) == len(set(ids))
    source = ROOT / "solutions" / exercise.homework / exercise.file
    assert ">>>" in docstring(source, exercise.name), "a worked example is missing"


def test_a_stub_keeps_everything_but_the_solution() -> None:
    source = (
        "def f(x):\n    '''Doc.'''\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION\n\n\nz = 1\n"
    )
    assert stub(source) == "def f(x):\n    '''Doc.'''\n    raise NotImplementedError(\"your code here\")\n\n\nz = 1\n"


@pytest.mark.parametrize(
    "source", ["### BEGIN SOLUTION\n", "### END SOLUTION\n", "x = 1  ### BEGIN SOLUTION\n### END SOLUTION\n"]
)
def test_marks_that_do_not_match_are_refused(source: str) -> None:
    with pytest.raises(SourceError):
        stub(source)


def test_a_percent_script_becomes_cells() -> None:
    assert cells("# %% [markdown]\n# # Title\n#\n# text\n\n# %%\nx = 1\n") == [
        ("markdown", "# Title\n\ntext"),
        ("code", "x = 1"),
    ]


def test_a_notebook_imports_nothing_from_the_files_it_is_made_of() -> None:
    scripts = {
        "a.py": "# %%\ndef f(): ...\n",
        "b.py": "# %%\nfrom a import (\n    f,\n)\n\n# %%\nimport math\n\nfrom a import f\n",
    }
    assert [cell.source for cell in solved("hw", scripts, ())] == ["def f(): ...", "import math"]
