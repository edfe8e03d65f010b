"""What CUDA accepts, the phantom accepts, with the host's values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cases_operators
import cases_training
from phantom_client import Bench

CASES = (cases_operators, cases_training)


def test_accepted(bench: Bench, case: Callable[[str], Any]) -> None:
    bench.run("accepted", case)
