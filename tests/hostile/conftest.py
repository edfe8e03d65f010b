"""One isolated grader for all attacks, and a witness of what happens outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grader import Grader
from autograder.isolation import DEFAULT, attempt
from autograder.recorder import CaseBook
from autograder.starters import ForkStarter
from autograder.store import cache_folder
from autograder.workers import Limits
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def locked() -> Iterator[Grader]:
    """A grader whose workers lock themselves down, with short limits."""
    missing = DEFAULT - attempt().holds
    if missing:
        pytest.skip(f"no isolation here: {', '.join(sorted(missing))} missing")
    source, book = ForkStarter(isolated=True, required=DEFAULT), CaseBook()
    yield Grader(ROOT, source, book, Limits(cpu=1.0), cache=cache_folder())
    source.close()
    book.close()


@pytest.fixture
def treasure(tmp_path: Path) -> Path:
    """A file that everybody on this machine may read and write, and no submission may reach."""
    path = tmp_path / "treasure.txt"
    path.write_text("untouched", "utf-8")
    path.chmod(0o666)
    os.environ["GRADE_TEST_SECRET"] = "a secret of the judge"
    return path
