"""The command line: words in, exit status out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def run(arguments: list[str]) -> int:
    """Runs the program; its exit status."""
    return int(app(arguments, standalone_mode=False) or 0)


@app.command()
def audit(
    names: Annotated[list[str] | None, typer.Argument(help="homeworks or exercises; all when left out")] = None,
    root: Annotated[Path, typer.Option(help="course root")] = Path(),
    jobs: Annotated[int, typer.Option(help="submissions at a time")] = 2,
) -> int:
    """Prove that the exercises are sound: solutions, stubs, variants, mistakes."""
    from autograder.commands.audit import run_audit

    return run_audit(names or [], root.resolve(), jobs)


@app.command()
def stubs(root: Annotated[Path, typer.Option(help="course root")] = Path()) -> int:
    """Write assignments/ from solutions/."""
    from autograder.commands.audit import run_stubs

    return run_stubs(root.resolve())
