"""One process with the phantom installed serves all cases; the test process itself stays without it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from phantom_client import Bench  # noqa: E402


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    served = Bench()
    yield served
    served.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `case` runs once for every public function of its module's CASES."""
    modules = getattr(metafunc.module, "CASES", None)
    if "case" in metafunc.fixturenames and modules is not None:
        cases = [
            value
            for module in modules
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        ]
        metafunc.parametrize("case", cases, ids=[case.__name__ for case in cases])
