"""No control character, half character or formula of a submission reaches a document, a terminal or a spreadsheet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.batch.tables import table
from autograder.grader import Grader
from autograder.report.results import results
from autograder.report.terminal import LinearView, TableView
from tests.conftest import exercise
from tests.hostile.attack import Attack
from tests.hostile.test_attacks import submit
from tests.hostile.text import RAW, TEXT, raw


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (str(key), *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@pytest.mark.parametrize("attack", TEXT, ids=lambda attack: attack.name)
def test_nothing_raw_is_shown(locked: Grader, tmp_path: Path, attack: Attack) -> None:
    submission = submit(tmp_path / "attacker", "tokenize", attack.code)
    verdict = locked.grade(exercise("tokenize"), submission, name_mistakes=False)
    document = results("hw4", [verdict], 1.0, "phantom")
    for text in strings(document):
        assert not raw(text) and len(text) < 5000
    json.dumps(document, ensure_ascii=False).encode()
    screen = io.StringIO()
    for view in (TableView(Console(file=screen, width=100)), LinearView(Console(file=screen, width=100))):
        view.show(verdict)
    assert not raw(screen.getvalue())


@pytest.mark.parametrize("text", RAW.values(), ids=RAW.keys())
def test_a_table_holds_no_formula_and_no_control_character(text: str) -> None:
    written = table([[text, f"-{text}", f"\u200b={text}", f"\t+{text}"]]).decode()
    assert not {c for c in written if c not in "\n" and ord(c) < 32}
    assert not any(cell.lstrip("\u200b\ufeff ")[:1] in "=+-@" and cell for cell in written.strip('"\n').split('","'))
