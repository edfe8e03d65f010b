"""Cells that grade, in a real kernel."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from autograder.nb import check
from autograder.nb.cell import share
from tests.nb.students import NEVER_LONGER, SAME_LIST, solutions

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

RIGHT = solutions()["truncate_pad"]
STUB = "def truncate_pad(line, num_steps, padding_token):\n    raise NotImplementedError\n"
HELPED = """from helper import padded

def truncate_pad(line, num_steps, padding_token):
    return padded(line, num_steps, padding_token)
"""
HELPER = "def padded(line, n, token):\n    return line[:n] + [token] * (n - len(line))\n"
CHECK = 'from autograder.nb import check\n\ncheck("hw5", "truncate_pad", points=6)'
STEPS = {
    "the stub": (STUB, CHECK),
    "a try that is no Python": ("def truncate_pad(line, num_steps:\n    return", CHECK),
    "a mistake": (SAME_LIST, CHECK),
    "a demonstration that raises": ("%time 1 / 0", ""),
    "right": (RIGHT, CHECK),
    "worth less": ("", CHECK.replace("points=6", "points=1.5")),
    "a mistake again": (NEVER_LONGER.replace("> num_steps", ">= num_steps").replace("[:num_steps]", ""), CHECK),
    "a helper beside the notebook": (HELPED, CHECK),
    "no such exercise": ("", CHECK.replace("truncate_pad", "truncat_pad")),
    "no such homework": ("", CHECK.replace("hw5", "hw55")),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The last cell of each step, as it is after all have run in one kernel."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "helper.py").write_text(HELPER, "utf-8")
    notebook, last = nbformat.v4.new_notebook(), {}
    for name, sources in STEPS.items():
        for source in filter(None, sources):
            last[name] = nbformat.v4.new_code_cell(source)
            notebook.cells.append(last[name])
    options = {"timeout": 300, "allow_errors": True, "resources": {"metadata": {"path": str(folder)}}}
    nbclient.NotebookClient(notebook, **options).execute()
    return last


def value(cell: Any) -> float:
    return float(next(o for o in cell.outputs if o.output_type == "execute_result").data["text/plain"])


def shown(cell: Any, kind: str = "text/plain") -> str:
    return str(next(o for o in cell.outputs if o.output_type == "display_data").data[kind])


def test_a_cell_is_worth_what_the_cells_above_earn(ran: dict[str, Any]) -> None:
    assert {name: value(ran[name]) for name in ("the stub", "right", "a helper beside the notebook", "worth less")} == {
        "the stub": 0.0, "right": 6.0, "a helper beside the notebook": 6.0, "worth less": 1.5
    }  # fmt: skip
    assert 0 < value(ran["a mistake"]) < 6 and 0 <= value(ran["a mistake again"]) < 6


def test_what_ran_before_and_failed_stands_in_nobodys_way(ran: dict[str, Any]) -> None:
    assert any(o.output_type == "error" for o in ran["a demonstration that raises"].outputs)
    assert value(ran["a try that is no Python"]) == 0 and value(ran["right"]) == 6


def test_the_verdict_is_shown_in_html_and_in_words(ran: dict[str, Any]) -> None:
    for kind in ("text/plain", "text/html"):
        assert "A line that already has the right length is returned itself." in shown(ran["a mistake"], kind)
    assert "6 of 6 points" in shown(ran["right"])


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("no such exercise", "hw5 has no exercise truncat_pad; did you mean truncate_pad?"),
        ("no such homework", "there is no homework hw55; did you mean hw5?"),
    ],
)
def test_what_cannot_be_graded_says_so_and_earns_nothing(ran: dict[str, Any], step: str, sentence: str) -> None:
    assert sentence in shown(ran[step]) and value(ran[step]) == 0


def test_nothing_is_written_to_stderr_and_no_graded_cell_fails(ran: dict[str, Any]) -> None:
    for name, cell in ran.items():
        if name != "a demonstration that raises":
            assert [o.output_type for o in cell.outputs] == ["display_data", "execute_result"], name


def test_outside_of_a_notebook_a_cell_earns_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("hw5", "truncate_pad") == 0
    assert capsys.readouterr() == ("", "")


def test_a_share_is_finite_and_never_more_than_the_points() -> None:
    for points in (0.0, 0.1, 1 / 3, 7.0):
        for part in range(101):
            found = share(part * 0.16, 16, points)
            assert math.isfinite(found) and 0 <= found <= points and (found == 0) == (part == 0 or points == 0)
        assert share(16, 16, points) == points


def test_what_the_kernel_ran_is_sent_without_the_cells_that_grade(tmp_path: Path) -> None:
    from types import SimpleNamespace

    from autograder.nb.live import live_script
    from autograder.notebook_code import script

    history = SimpleNamespace(input_hist_raw=["", "a = 1", CHECK, "b = 2", "a = 1", "  "])
    assert live_script(SimpleNamespace(history_manager=history)) == script(["b = 2", "a = 1"])
