"""What a batch shows in the terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from autograder.batch.view import Progress, show_summary
from tests.grades import grade, written


@pytest.mark.parametrize("colour", [True, False])
def test_the_summary_in_a_terminal_is_not_parsed_and_fits(colour: bool, tmp_path: Path) -> None:
    nasty = "[bold]eve[/bold] \x1b]0;title\x07\x1b[31m[/nonsense]"
    long = grade("bob", problem="word " * 60, outcome="unreadable")
    summary = json.loads(written(tmp_path, [grade(nasty, problem=nasty), long])["summary.json"])
    text = io.StringIO()
    show_summary(Console(file=text, width=80, force_terminal=colour, no_color=not colour, highlight=False), summary)
    shown = text.getvalue()
    assert "[bold]eve[/bold]" in shown and "[/nonsense]" in shown and "\x07" not in shown and "\x1b]" not in shown
    if not colour:
        assert "\x1b" not in shown and all(len(line) <= 80 for line in shown.splitlines())


def test_progress_says_plain_lines_where_there_is_no_terminal() -> None:
    text = io.StringIO()
    with Progress(3, Console(file=text, width=80), every=0.0) as progress:
        progress.done("ana", "full")
        progress.done("[red]\x1beve", "tampered")
        progress.done("bob", "full")
    lines = text.getvalue().splitlines()
    assert lines[0].startswith("1 of 3 graded, ") and "left" in lines[0]
    assert lines[1] == "[red]�eve: tampered"
    assert lines[-1].startswith("3 of 3 graded") and lines[-1].endswith("2 full, 1 tampered")
    assert "\x1b" not in text.getvalue()
