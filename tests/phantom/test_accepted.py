"""What CUDA accepts, the phantom accepts, with the host's values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cases_models
import cases_operators
import cases_training
import cases_values
from phantom_client import Bench

CASES = (cases_operators, cases_values, cases_training, cases_models)


def test_accepted(bench: Bench, case: Callable[[str], Any]) -> None:
    bench.run("accepted", case)
