"""One isolated grader for all attacks, and a witness of what happens outside."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.grader import Grader
from autograder.isolation import DEFAULT, attempt
from autograder.recorder import CaseBook
from autograder.starters import ForkStarter
from autograder.store import cache_folder
from autograder.workers import Limits
from tests.conftest import ROOT

LIMITS = Limits(cpu=1.0, wall_factor=2.0, load_cpu=2.0)


@pytest.fixture(scope="session")
def isolation() -> None:
    missing = DEFAULT - attempt().holds
    if missing:
        pytest.skip(f"no isolation here: {', '.join(sorted(missing))} missing")


@pytest.fixture(scope="session")
def locked(isolation: None) -> Iterator[Grader]:
    """A grader whose workers lock themselves down, with short limits."""
    os.environ["GRADE_TEST_SECRET"] = "a secret of the judge"
    source, book = ForkStarter(isolated=True, required=DEFAULT), CaseBook()
    source.start().kill()  # from now on the process that starts workers is there
    yield Grader(ROOT, source, book, LIMITS, cache=cache_folder())
    source.close()
    book.close()
    del os.environ["GRADE_TEST_SECRET"]


@dataclass
class Outside:
    """Things of this machine that everybody may touch, and that no submission may reach."""

    treasure: Path
    port: int
    name: bytes
    listening: list[socket.socket]

    def names(self) -> str:
        """Their names, as the first line of a submission."""
        return f"TREASURE = {str(self.treasure)!r}; PORT = {self.port}; NAME = {self.name!r}; JUDGE = {os.getpid()}\n"

    def untouched(self) -> bool:
        return self.treasure.read_text("utf-8") == "untouched" and self.treasure.stat().st_nlink == 1


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("outside")
    folder.chmod(0o777)
    treasure = folder / "treasure.txt"
    treasure.write_text("untouched", "utf-8")
    treasure.chmod(0o666)
    name = f"\0grade-hostile-{os.getpid()}".encode()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(name)
        abstract.listen()
        yield Outside(treasure, server.getsockname()[1], name, [server, abstract])
