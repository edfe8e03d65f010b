"""Which cells of a kernel are graded: the latest run of each, what they need, in an order in which they run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.jupyter.cells import Run, Selection, select
from autograder.notebook_code import without_magics

IMPORTS = "import torch\nfrom torch import nn"
LAYER = "class Layer(nn.Module):\n    def forward(self, x):\n        return helper(x)"
HELPER = "def helper(x):\n    return math.pi * x"


def labels(selection: Selection) -> list[int]:
    return [cell.run.number for cell in selection.cells]


def runs(*sources: str | tuple[str, str] | tuple[str, str, str]) -> list[Run]:
    """Runs numbered from 1; a source alone has no cell's identifier."""
    found = []
    for number, source in enumerate(sources, start=1):
        text, *rest = (source,) if isinstance(source, str) else source
        found.append(Run(number, text, *rest))
    return found


def executes(selection: Selection) -> dict[str, object]:
    code = selection.script().replace("import torch\n", "").replace("from torch import nn", "class nn: Module = object")
    space: dict[str, object] = {}
    exec(code, space)
    return space


def test_cells_that_nothing_graded_needs_are_left_out() -> None:
    assert labels(select(runs(IMPORTS, "x = 1 / 1", LAYER, "print(x)", "import math\n" + HELPER), ["Layer"])) == [
        1,
        3,
        5,
    ]


@pytest.mark.parametrize("known", [True, False])
def test_a_cell_of_imports_that_is_run_again_keeps_its_place(known: bool) -> None:
    more = "import torch, math\nfrom torch import nn"
    cells = ["a", "b", "c", "a"] if known else [""] * 4
    ran = [Run(i, text, cell) for i, (text, cell) in enumerate(zip([IMPORTS, LAYER, HELPER, more], cells, strict=True))]
    selection = select(ran, ["Layer"])
    assert labels(selection) == [3, 1, 2]
    assert executes(selection)["Layer"]


def test_of_a_cell_the_latest_run_counts() -> None:
    selection = select(runs(("def f(): return 1", "a"), ("def f(): return 2", "a")), ["f"])
    assert labels(selection) == [2] and not selection.lost and not selection.twice


def test_what_runs_at_once_comes_after_what_it_calls() -> None:
    late = [Run(1, "def scale(): return 2", "a"), Run(2, "def f(x=scale()): return x", "b"), Run(9, "K = 3", "d")]
    again = Run(10, "def scale(): return K", "a")
    assert executes(select([*late, again], ["f"]))["f"]() == 3  # type: ignore[operator]


def test_where_two_cells_define_a_name_the_one_run_last_counts_and_it_is_said() -> None:
    one, two = ("def f(): return 1", "a"), ("def f(): return 2", "b")
    selection = select(runs(one, two, one), ["f"])
    assert executes(selection)["f"]() == 1  # type: ignore[operator]
    assert selection.twice[0][0] == "f" and len(selection.twice[0][1]) == 2


def test_what_is_added_to_a_class_later_belongs_to_it() -> None:
    added = "def size(self):\n    return 3\nVocab.size = size"
    decorated = "@into(Vocab)\ndef other(self):\n    return 4"
    into = "def into(owner):\n    return lambda f: setattr(owner, f.__name__, f)"
    made = executes(select(runs("class Vocab: pass", added, decorated, into, "setattr(Vocab, 'third', 5)"), ["Vocab"]))
    vocab = made["Vocab"]()  # type: ignore[operator]
    assert (vocab.size(), vocab.other(), vocab.third) == (3, 4, 5)


def test_a_helper_of_a_deleted_cell_is_left_out_and_named() -> None:
    ran = runs((HELPER, "a"), (LAYER, "b"), (IMPORTS, "c"))
    selection = select(ran, ["Layer"], alive=["helper", "Layer", "nn"], deleted=["a"])
    assert labels(selection) == [3, 2]
    assert [lost.name for lost in selection.lost] == ["helper"]
    assert "deleted (In [1] then)" in selection.lost[0].why


def test_a_name_that_an_earlier_version_of_a_cell_defined_is_named() -> None:
    ran = runs((HELPER, "a"), ("def g(): return helper(1)", "b"), ("def helper2(x): return x", "a"))
    assert "changed since (In [1] then)" in select(ran, ["g"], alive=["helper", "g"]).lost[0].why


def test_a_name_that_no_cell_defines_is_named_as_far_as_the_kernel_knows() -> None:
    ran = runs("def g(): return helper(1) + unknown")
    assert [lost.name for lost in select(ran, ["g"], alive=["helper", "g"]).lost] == ["helper"]


def test_cells_that_failed_are_left_out_and_told() -> None:
    ran = runs(("def f(): return 1", "a"), ("f(1)", "b", "TypeError"), ("g = f(2)", "c", "TypeError"))
    selection = select(ran, ["f"])
    assert labels(selection) == [1] and [run.number for run in selection.failed] == [2, 3]


def test_a_cell_that_failed_is_graded_where_nothing_else_defines_the_name() -> None:
    broken = runs(("def f(): return 1", "a"), ("def f(:\n    return 1", "a", "SyntaxError"))
    assert labels(select(broken, ["f"])) == [2]
    tried = runs(("def f(): return 1\nf(3)", "a", "TypeError"))
    assert labels(select(tried, ["f"])) == [1]


def test_a_local_name_does_not_draw_in_a_cell_that_has_the_same() -> None:
    ran = runs("def f(x):\n    out = x + 1\n    return [y for y in out]", "out = train(1000)", "y = out")
    assert labels(select(ran, ["f"])) == [1]


def test_code_that_may_look_up_anything_gets_everything() -> None:
    ran = runs(
        "def f(x):\n    return globals()['secret'](x)",
        "def secret(x): return x",
        "z = 1 +",
    )
    assert labels(select([*ran[:2]], ["f"])) == [1, 2]


def test_the_graders_own_cells_and_magics_are_no_part() -> None:
    ran = runs("%load_ext autograder", "import autograder\nf = autograder", "!pip list", "def f(): return 1\n%grade f")
    selection = select(ran, ["f"])
    assert labels(selection) == [4] and executes(selection)["f"]


def test_lines_are_found_in_their_cells() -> None:
    selection = select(runs("import math", "def f():\n    return math.pi"), ["f"])
    lines = selection.script().split("\n")
    place = selection.locate(lines.index("    return math.pi") + 1)
    assert place is not None and (place[0].run.number, place[1]) == (2, 2)
    assert selection.locate(2) is None and selection.locate(0) is None and selection.locate(99) is None


def test_a_notebook_with_graded_cells_is_read_with_their_code() -> None:
    assert without_magics("%%grade conv2d\ndef conv2d(): pass") == "#\ndef conv2d(): pass"


def test_the_package_is_light_and_needs_no_notebook() -> None:
    code = (
        "import sys, autograder, autograder.cli, autograder.jupyter, autograder.pytest_plugin\n"
        "print([m for m in ('torch', 'numpy', 'IPython', 'jinja2', 'rich.console') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
