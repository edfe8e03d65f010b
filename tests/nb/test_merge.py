"""What `grade nbgrader sync` does to a notebook and a configuration that an instructor has worked on."""

from __future__ import annotations

import copy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from autograder.nb import config
from autograder.nb.merge import merge, stamped
from autograder.notebook import Cell
from tests.nb.students import code

OURS = [Cell("a", "markdown", "# A"), Cell("b", "code", "b = 1"), Cell("c", "code", "c = 1")]
IDS = ["a", "b", "c"]
NEWER = [OURS[0], Cell("new", "markdown", "new"), replace(OURS[1], source="b = 2"), OURS[2]]
OWN = code("own = 1")


def theirs() -> list[dict[str, Any]]:
    return [stamped(cell) for cell in OURS]


def sources(cells: list[dict[str, Any]]) -> list[str]:
    return ["".join(cell["source"]) for cell in cells]


def test_a_notebook_without_edits_becomes_the_kits() -> None:
    assert merge(theirs(), NEWER, IDS, False).cells == [stamped(cell) for cell in NEWER]
    assert merge([], OURS, [], False).cells == theirs()


def test_cells_of_their_own_stay_where_they_are() -> None:
    first, last = code("first = 1"), code("last = 1")
    there = [first, theirs()[0], theirs()[1], OWN, theirs()[2], last]
    merged = merge(there, NEWER, IDS, False)
    assert sources(merged.cells) == ["first = 1", "# A", "new", "b = 2", "own = 1", "c = 1", "last = 1"]
    assert merged.cells[4] is not there[3] and merged.cells[4] == there[3]
    assert not merged.kept


def test_a_cell_that_was_changed_stays_and_is_named() -> None:
    there = theirs()
    there[1]["source"] = "b = 'mine'"
    merged = merge(there, NEWER, IDS, False)
    assert sources(merged.cells) == ["# A", "new", "b = 'mine'", "c = 1"] and merged.kept == ["b"]
    assert sources(merge(there, NEWER, IDS, True).cells) == ["# A", "new", "b = 2", "c = 1"]


def test_changed_points_stay() -> None:
    marks = {"grade": True, "grade_id": "b", "locked": True, "solution": False, "points": 3, "schema_version": 3}
    ours = [replace(OURS[1], marks=marks)]
    there = [stamped(ours[0])]
    there[0]["metadata"]["nbgrader"]["points"] = 5
    assert merge(there, ours, ["b"], False).cells == there


def test_outputs_and_other_metadata_of_an_unchanged_cell_stay() -> None:
    there = theirs()
    there[1]["metadata"]["tags"] = ["mine"]
    assert merge(copy.deepcopy(there), OURS, IDS, False).cells == there


def test_a_cell_that_was_removed_stays_away() -> None:
    there = [theirs()[0], theirs()[2]]
    assert sources(merge(there, NEWER, IDS, False).cells) == ["# A", "new", "c = 1"]
    assert sources(merge(there, NEWER, IDS, True).cells) == ["# A", "new", "b = 2", "c = 1"]


def test_a_cell_that_the_kit_no_longer_has_goes_unless_it_was_changed() -> None:
    there = [theirs()[0], theirs()[1], OWN, theirs()[2]]
    assert sources(merge(there, [OURS[0], OURS[2]], IDS, False).cells) == ["# A", "own = 1", "c = 1"]
    there[1]["source"] = "b = 'mine'"
    assert sources(merge(there, [OURS[0], OURS[2]], IDS, False).cells) == ["# A", "b = 'mine'", "own = 1", "c = 1"]


def test_a_copy_of_a_cell_of_the_kit_is_their_own() -> None:
    there = [theirs()[0], theirs()[1], {**theirs()[1], "source": "b = 3"}, theirs()[2]]
    merged = merge(there, NEWER, IDS, False)
    assert sources(merged.cells) == ["# A", "new", "b = 2", "b = 3", "c = 1"]
    assert merge(merged.cells, NEWER, ["a", "new", "b", "c"], False).cells == merged.cells


def test_the_configuration_keeps_what_stands_around_the_kits_part() -> None:
    first = config.with_block("c = get_config()\nc.A.b = 1\n", config.block(config.Path("/one")))
    later = config.with_block(first + "c.A.d = 2\n", config.block(config.Path("/two")))
    assert later.startswith("c = get_config()\nc.A.b = 1\n") and later.endswith("c.A.d = 2\n")
    assert "/two" in later and "/one" not in later
    assert config.with_block(later, config.block(config.Path("/two"))) == later


def test_the_preprocessors_that_an_instructor_has_chosen_stay() -> None:
    traitlets = SimpleNamespace
    autograde = {"autograde_preprocessors": ["mine.Before", "nbgrader.preprocessors.Execute", "mine.After"]}

    class Section(dict[str, Any]):
        __getattr__ = dict.__getitem__
        __setattr__ = dict.__setitem__

    chosen = traitlets(Autograde=Section(autograde), RecordVerdicts=Section(), Execute=Section(timeout=9))
    for _ in range(2):
        config.configure(chosen, course="/course")
        assert chosen.Autograde.autograde_preprocessors == [
            "mine.Before", "autograder.nb.preprocessors.RunInKernel", "mine.After"
        ]  # fmt: skip
        assert chosen.Autograde.sanitize_preprocessors[0] == "autograder.nb.preprocessors.RepairCells"
        assert len(chosen.Autograde.sanitize_preprocessors) == 6
    assert chosen.Execute.timeout == 9
