"""A notebook's cells are run one after another: one that fails costs nothing but what it would have defined."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.grader import Grader
from autograder.notebook_code import script
from autograder.submission import Submission
from autograder.verdict import Outcome
from tests.conftest import ROOT, exercise

Submit = Callable[[str, "str | bytes"], Submission]
RIGHT = (ROOT / "solutions/hw5/nmt.py").read_text("utf-8")
OLD = "def truncate_pad(line, num_steps, padding_token):\n    return []\n"


@pytest.mark.parametrize(
    "cells",
    [
        ["1 / 0", RIGHT],
        [RIGHT, "raise SystemExit"],
        ["def sequence_mask(X, valid_len:\n    pass", RIGHT, "truncate_pad(1, 2"],
        [RIGHT, "def truncate_pad(line, num_steps:\n    return line"],
        [OLD, RIGHT],
        ["x = 1", f"from __future__ import annotations\n{RIGHT}"],
        ["from __future__ import annotations", f"def helper(x: never_defined): ...\n{RIGHT}"],
    ],
)
def test_other_cells_do_not_stand_in_the_way(grader: Grader, submit: Submit, cells: list[str]) -> None:
    assert grader.grade(exercise("truncate_pad"), submit("nmt.py", script(cells))).full


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["def truncate_pad(line, num_steps:\n    return line"], ("SyntaxError", "'(' was never closed", 2)),
        (["x = 1", "import nowhere\n" + RIGHT], ("ModuleNotFoundError", "No module named 'nowhere'", 5)),
    ],
)
def test_a_missing_name_is_explained_by_the_cell_that_failed(
    grader: Grader, submit: Submit, cells: list[str], told: tuple[str, str, int]
) -> None:
    verdict = grader.grade(exercise("truncate_pad"), submit("nmt.py", script(cells)))
    assert verdict.score == 0 and verdict.fault is not None
    assert (verdict.fault.type, verdict.fault.message, verdict.fault.frames[-1].line) == told


def test_a_name_that_no_cell_defines_is_missing(grader: Grader, submit: Submit) -> None:
    verdict = grader.grade(exercise("truncate_pad"), submit("nmt.py", script(["1 / 0", "x = 1"])))
    assert (verdict.score, verdict.outcome) == (0, Outcome.MISSING)


def test_a_script_that_fails_still_fails_as_a_whole(grader: Grader, submit: Submit) -> None:
    verdict = grader.grade(exercise("truncate_pad"), submit("nmt.py", f"{RIGHT}\n1 / 0\n"))
    assert verdict.score == 0 and verdict.fault is not None and verdict.fault.type == "ZeroDivisionError"
