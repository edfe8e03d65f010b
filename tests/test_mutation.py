"""The mutation run: which mutants are made, and what becomes of them."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from autograder.commands.mutate import run_mutate
from autograder.exercises.hw3.conv import conv2d
from autograder.mutants import Mutant, mutants, sample
from autograder.mutation import Fate, Result, Row, enough

ROOT = Path(__file__).resolve().parent.parent
SOURCE = '''
"""Module text."""
import torch


def _given(x):
    return x + 1


def other(x):
    """Not asked for."""
    ### BEGIN SOLUTION
    return x - 1
    ### END SOLUTION


### BEGIN SOLUTION
def _halved(x):
    return x / 2
### END SOLUTION


def scale(x, pad_w=0, pad_h=0, mode="mean", eps=0.5):
    """Scales `x`, 3 times."""
    left = 7
    ### BEGIN SOLUTION
    """A text of its own."""
    if mode not in ("mean", "sum") or pad_w < 0:
        raise ValueError(f"mode is {mode}, expected {1 + 1}")
    total = 0.0
    for i in range(len(x)):
        if i == 3 and not pad_h:
            continue
        total = total + x[i : i + 1].abs().sum(dim=0, keepdim=True) @ x[0]
        total *= -1
    total = _halved(torch.maximum(total, x))
    if mode is None:
        return pad_w
    with torch.no_grad():
        x.add_(eps)
    return [pad_w if v > 0 else -v for v in total if v]
    ### END SOLUTION
'''
EDITS = """
operator: @ x[0] → * x[0]
operator: total *= -1 → total /= -1
operator dropped: not pad_h → pad_h
comparison: pad_w < 0 → pad_w <= 0
comparison: mode not in → mode in
comparison: mode is None → mode is not None
and/or: i == 3 and → i == 3 or
term dropped: i == 3 and not pad_h → i == 3
term dropped: return x / 2 → return x
term dropped: total *= -1 → total = -1
argument dropped: dim=0, keepdim=True → dim=0
call dropped: .abs().sum → .sum
constant: dim=0 → dim=1
constant: keepdim=True → keepdim=False
constant: ("mean", "sum") → ("meanx", "sum")
constant: total *= -1 → total *= -2
constant: total = 0.0 → total = 0.1
order: maximum(total, x) → maximum(x, total)
order: ("mean", "sum") → ("sum", "mean")
function: maximum(total, x) → minimum(total, x)
name: pad_w < 0 → pad_h < 0
range: range(len(x)) → range(len(x) - 1)
bound dropped: x[i : i + 1] → x[: i + 1]
index dropped: @ x[0] → @ x
condition: for v in total if v] → for v in total]
condition: if mode is None: → if True:
in place: total = total + x → total += x
one round: total *= -1 → total *= -1; break
break: continue → break
statement dropped: x.add_(eps) → pass
statement dropped: total *= -1 →
early return: maximum(total, x)) → maximum(total, x)); return total
"""


def test_every_kind_of_edit_is_made() -> None:
    found = {(mutant.kind, mutant.source) for mutant in mutants(SOURCE, "scale")}
    kinds = set()
    for line in EDITS.strip().splitlines():
        kind, _, edit = line.partition(": ")
        old, _, new = edit.partition(" →")
        assert SOURCE.count(old) == 1, old
        changed = ast.unparse(ast.parse(SOURCE.replace(old, new.strip()))) + "\n"
        assert (kind, changed) in found, line
        kinds.add(kind)
    assert kinds == {kind for kind, _ in found}


def test_only_the_exercise_and_its_helpers_change() -> None:
    original = ast.unparse(ast.parse(SOURCE))
    for mutant in mutants(SOURCE, "scale"):
        ast.parse(mutant.source)
        assert mutant.source.strip() != original
        for kept in (
            '"""Module text."""', "import torch", "return x + 1", "return x - 1", '"""Scales `x`, 3 times."""',
            "'A text of its own.'", "left = 7", "pad_w=0, pad_h=0, mode='mean', eps=0.5",
        ):  # fmt: skip
            assert kept in mutant.source, mutant
        assert "raise" not in mutant.source or "raise ValueError(f'mode is {mode}, expected {1 + 1}')" in mutant.source


def test_mutants_are_distinct_and_always_the_same() -> None:
    found = mutants(SOURCE, "scale")
    assert found == mutants(SOURCE, "scale")
    assert len({mutant.source for mutant in found}) == len(found)
    assert [mutant.line for mutant in found] == sorted(mutant.line for mutant in found)
    lines = SOURCE.splitlines()
    assert all("pad_w < 0" in lines[m.line - 1] for m in found if "or pad_w" in m.change)
    few = sample(found, 5)
    assert len(few) == 5 and few[0] is found[0] and sample(found, 5) == few and sample(found, None) is found


def test_names_outside_the_scope_are_not_used() -> None:
    assert not any("= total" in mutant.change for mutant in mutants(SOURCE, "scale") if "for i in" in mutant.change)
    assert not mutants(SOURCE, "absent") and not mutants(SOURCE, "_given")


@pytest.mark.parametrize(
    ("alive", "killed", "good"), [(0, 50, True), (1, 99, True), (2, 50, False), (6, 94, False), (0, 0, False)]
)
def test_how_many_may_be_alive(alive: int, killed: int, good: bool) -> None:
    mutant = Mutant(1, "operator", "", "")
    fates = [Fate.ALIVE] * alive + [Fate.KILLED] * killed + [Fate.EQUIVALENT] * 3
    row = Row(conv2d, [Result(mutant, fate) for fate in fates])
    assert row.differ == alive + killed
    assert enough([row]) is good
    assert not enough([row, Row(conv2d, problem="no solution")])


def test_a_few_mutants_of_conv2d(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fates.json"
    assert run_mutate(["conv2d"], ROOT, 2, 6, path) == 0
    data = json.loads(path.read_text(encoding="utf-8"))
    (row,) = data["exercises"]
    assert row["exercise"] == "conv2d" and not row["problem"] and len(row["mutants"]) == 6
    assert row["killed"] >= 4 and row["killed"] + row["equivalent"] == 6
    assert all(entry["message"] and entry["seed"] == 20 for entry in row["mutants"] if entry["fate"] == "killed")
    assert "0.0% alive" in capsys.readouterr().out
