"""What the ledger keeps comes back as it was, however many documents share their parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, SoftFileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.batch.ledger import Ledger, Result
from autograder.errors import UsageError

_SMALL = (
    st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from([0.0, -0.0, 1.0]) | st.sampled_from(["", "a", "1"])
)
_VALUES = st.recursive(
    _SMALL,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=12,
)
DOCUMENTS = st.lists(st.dictionaries(st.sampled_from("abc"), _VALUES, max_size=3), min_size=1, max_size=8)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(documents=DOCUMENTS)
def test_documents_come_back_in_the_same_bytes(tmp_path: Path, documents: list[dict[str, Any]]) -> None:
    with Ledger(tmp_path / "out") as ledger:
        for number, document in enumerate(documents):
            ledger.keep(str(number), Result(0.0, "graded", document))
        back = [ledger.result(str(number)) for number in range(len(documents))]
    assert [json.dumps(r.document, sort_keys=True) for r in back if r is not None] == [
        json.dumps(document, sort_keys=True) for document in documents
    ]


def test_equal_parts_of_many_documents_are_held_once(tmp_path: Path) -> None:
    document = {"tests": [{"name": "a", "tags": ["x"], "evidence": {"case": "1"}}, {"name": "b", "evidence": {}}]}
    with Ledger(tmp_path / "out") as ledger:
        for key in "xy":
            ledger.keep(key, Result(0.0, "graded", document))
        first, second = ledger.result("x"), ledger.result("y")
    assert first is not None and second is not None
    assert all(a is b for a, b in zip(first.document["tests"], second.document["tests"], strict=True))


def test_where_the_file_system_has_no_locks_a_file_keeps_the_second_grader_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if FileLock is SoftFileLock:
        pytest.skip("this system has no locks at all")

    def missing(self: FileLock) -> None:
        raise NotImplementedError("no locks here")

    monkeypatch.setattr(FileLock, "_acquire", missing)
    with Ledger(tmp_path), pytest.raises(UsageError, match=r"remove .*grades\.lock\.process"):
        Ledger(tmp_path)
    with Ledger(tmp_path):
        pass
