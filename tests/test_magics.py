"""`%grade` and its kin in a real kernel: live cells, the verdict of `grade`, a sentence for bad input."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

pytest.importorskip("ipykernel")
pytest.importorskip("jupyter_client")

from autograder.grader import Grader
from autograder.locate import from_notebook
from autograder.notebook_code import without_magics
from tests.conftest import ROOT, exercise
from tests.kernels import Notebook, Shown

IMPORTS = "import torch"
FLIPPED = """def corr2d(X, K):
    h, w = K.shape
    Y = X.new_zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K.flip(0, 1)).sum()
    return Y"""
SPLIT = "def tokenize(lines, token='word'):\n    return split(lines)"
HELPER = "def split(lines):\n    return [line.split() for line in lines]"
ENDLESS = "def tokenize(lines, token='word'):\n    while True:\n        pass"


@pytest.fixture(scope="module")
def kernel() -> Iterator[Notebook]:
    notebook = Notebook()
    yield notebook
    notebook.close()


@pytest.fixture
def notebook(kernel: Notebook) -> Notebook:
    kernel.forget()
    return kernel


def checks(text: str) -> list[str]:
    """The lines of a verdict that say what each check earned."""
    return [" ".join(line.split()) for line in text.splitlines() if re.match(r"  [✓✗–] .*\d / ", line)]


def score(shown: Shown) -> str:
    found = re.search(r">([\d.]+ of [\d.]+) points", shown.html)
    assert found is not None, shown
    return found[1]


def test_live_cells_get_the_verdict_that_grade_gives_the_saved_notebook(
    notebook: Notebook, grader: Grader, tmp_path: Path
) -> None:
    sources = [IMPORTS, "%%grade corr2d\n" + FLIPPED, "print('scratch')"]
    notebook.run(sources[0], "a")
    shown = notebook.run(sources[1], "b")
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    path = tmp_path / "hw3.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    verdict = grader.grade(exercise("corr2d"), from_notebook(path, ["conv.py"]))
    from autograder.jupyter.cells import Selection
    from autograder.jupyter.display import Report

    expected = Report(Selection(()), (verdict,)).text()
    assert checks(shown.text) == checks(expected) and checks(expected)
    assert verdict.mistakes and all(f"Mistake: {m.title}" in shown.html for m in verdict.mistakes)
    assert f"{verdict.score:g} of {verdict.exercise.points:g} points" in shown.html
    assert re.search(r"Graded as last run: In \[\d+\]\.", shown.html)
    assert shown.html.count('<svg role="img"') == 4 and "<script" not in shown.html


def test_what_was_typed_last_counts_and_nothing_is_read_from_files(notebook: Notebook) -> None:
    notebook.run(HELPER, "a")
    notebook.run(SPLIT.replace("split(lines)", "None"), "b")
    assert score(notebook.run("%grade tokenize", "c")).startswith("0 of")
    notebook.run(SPLIT, "b")
    assert not score(notebook.run("%grade tokenize", "c")).startswith("0 of")


def test_a_helper_whose_cell_was_deleted_is_missed_as_it_would_be_when_handed_in(notebook: Notebook) -> None:
    notebook.run(HELPER, "a")
    notebook.run(SPLIT, "b")
    shown = notebook.run("%grade tokenize", "c", deleted=("a",))
    assert score(shown).startswith("0 of")
    assert "still knows split, but it was defined in a cell that has been deleted" in shown.html
    assert "NameError" in shown.html and re.search(r"In \[\d+\], line 2: return split\(lines\)", shown.html)


def test_front_ends_that_tell_no_cells_are_served_by_what_was_run(notebook: Notebook) -> None:
    notebook.run(HELPER.replace("split()", "split('x')"))
    notebook.run(SPLIT)
    notebook.run(HELPER)
    assert not score(notebook.run("%grade tokenize")).startswith("0 of")


def test_cells_from_before_the_extension_was_loaded_count(kernel: Notebook) -> None:
    kernel.run("%unload_ext autograder\n%reset -f")
    kernel.run(HELPER)
    kernel.run("1 / 0")
    kernel.run(SPLIT + "\n%load_ext autograder")
    shown = kernel.run("%grade")
    assert "Total" in shown.html and "no cell that has been run defines Vocab" in shown.html
    assert "tokenize" in shown.html and not score(shown).startswith("0 of")


def test_a_cell_that_fails_is_shown_and_not_graded(notebook: Notebook) -> None:
    shown = notebook.run("%%grade tokenize\n" + HELPER + "\nundefined", "a")
    assert "NameError" in shown.error and "nothing was graded" in shown.printed and not shown.html


def test_an_exception_is_told_with_its_cell_and_line(notebook: Notebook) -> None:
    notebook.run("\n\ndef tokenize(lines, token='word'):\n    raise KeyError('<b>lost</b>')", "a")
    shown = notebook.run("%grade tokenize", "b")
    assert re.search(r"In \[\d+\], line 4: raise KeyError", shown.html)
    assert "&lt;b&gt;lost" in shown.html and "<b>lost" not in shown.html


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("%grade conv2dd", "there is no exercise conv2dd; did you mean conv2d?"),
        ("%grade hw33", "there is no homework hw33; did you mean hw3?"),
        ("%grade hw3 tokenize", "hw3 has no exercise tokenize"),
        ("%grade", "no cell that has been run defines an exercise"),
        ("%grade 'conv2d", "No closing quotation"),
        ("%hint", "name one exercise: %hint conv2d"),
        ("%hint conv2d 9", "has hints 1 to 3"),
    ],
)
def test_wrong_usage_gets_one_sentence(notebook: Notebook, line: str, sentence: str) -> None:
    shown = notebook.run(line, "a")
    assert sentence in shown.error and len(shown.error.splitlines()) == 1 and not shown.html


def test_hints_come_in_the_notebook_too(notebook: Notebook) -> None:
    shown = notebook.run("%hint conv2d 1", "a")
    assert shown.printed.startswith("Hint 1 of 3 for conv2d") and "%hint conv2d" in shown.printed


def test_an_interrupt_ends_everything_with_a_sentence(notebook: Notebook) -> None:
    notebook.run(ENDLESS, "a")
    started = notebook.process.children(recursive=True)
    shown = notebook.run("%grade tokenize", "b", interrupt_when=lambda text: "(1 s)" in text)
    assert shown.error == "Stopped: the processes that ran your code have ended."
    assert "Stopped" in shown.html and "<progress" not in shown.html
    assert notebook.process.children(recursive=True) == []
    assert all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in started)
    notebook.run(HELPER + "\n" + SPLIT, "a")
    assert not score(notebook.run("%grade tokenize", "b")).startswith("0 of")


def test_the_cell_for_colab_fetches_the_bundle_again_and_keeps_torch(notebook: Notebook, tmp_path: Path) -> None:
    from autograder.colab import colab_cell

    pytest.importorskip("fcntl", reason="IPython runs shell lines through it here")
    bundle = tmp_path / "site/hw4"
    (bundle / "recordings").mkdir(parents=True)
    (bundle / "requirements.txt").write_text("")
    shutil.make_archive(str(tmp_path / "site/a $b {c}"), "zip", tmp_path / "site", "hw4")
    machine = tmp_path / "machine"
    machine.mkdir()
    address = (tmp_path / "site/a $b {c}.zip").as_uri()
    cell = colab_cell("hw4", address.replace("%24", "$"), str(machine))
    for _ in range(2):
        shown = notebook.run(cell, "a")
        assert not shown.error and not re.search("error|curl", shown.printed, re.IGNORECASE), shown
        assert notebook.run("%pwd", "b").text == repr(str(machine / "hw4"))
        assert (machine / "torch.txt").read_text().strip() == f"torch=={version('torch')}"
        shutil.rmtree(machine)  # the machine is gone
        machine.mkdir()
        notebook.run(f"%cd -q {ROOT}", "c")
    exec(without_magics(cell), {})  # handed in, it does nothing


def test_the_cell_for_colab_names_no_place_but_the_courses(tmp_path: Path) -> None:
    from autograder.colab import colab_cell
    from autograder.errors import UsageError

    assert re.findall(r"https?://[^/\s']+", colab_cell("hw3", "https://course.example/hw3.zip")) == [
        "https://course.example"
    ]
    for address in ("hw3.zip", "https://x/a b.zip", ""):
        with pytest.raises(UsageError):
            colab_cell("hw3", address)
