"""Which lines move data or wait, and whose lines they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cases_api
import cases_events
import pytest
from phantom_client import Bench


@pytest.mark.parametrize("name", list(cases_events.EXPECTED))
def test_recorded(bench: Bench, name: str) -> None:
    reply = bench.run("device", getattr(cases_events, name))
    found = [event for event in reply["events"] if event[2]]
    assert [event[:2] for event in found] == cases_events.EXPECTED[name]
    assert all(event[3] for event in found)


@pytest.mark.parametrize(
    "case",
    [
        cases_events.quiet_factories,
        cases_events.quiet_training,
        cases_events.quiet_scaler,
        cases_events.quiet_module_move,
    ],
)
def test_not_the_students(bench: Bench, case: Callable[[str], Any]) -> None:
    assert [event for event in bench.run("device", case)["events"] if event[2]] == []


@pytest.mark.parametrize(
    "case",
    [value for name, value in vars(cases_api).items() if getattr(value, "__module__", "") == "cases_api"],
)
def test_api(bench: Bench, case: Callable[[str], Any]) -> None:
    bench.run("device", case)
