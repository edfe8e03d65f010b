"""A worker that student code has taken over can send anything: whatever it is, the judge gives a verdict, and no points
for a wrong value."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from autograder.exercise import Exercise
from autograder.explain import explain
from autograder.grader import Grader
from autograder.recording import Record, Recording, fault_of, load_fault_of, record_of
from autograder.report.results import results
from autograder.verdict import Verdict, judge
from autograder.wire import Opaque
from tests.conftest import exercise

FACTS = (
    "mutated", "rng", "globals", "aliases", "rewritten", "profiled", "dispatched", "own", "left", "peak", "recorded",
    "whole", "events", "on_device", "seconds",
)  # fmt: skip
GARBAGE: tuple[Any, ...] = (
    None, True, -1, 10**400, 1e400, float("nan"), "text", "\x1b[2J\ud800", [], [[]], [5], ["x"] * 9, {}, {"a": "b"},
    {"add": -5}, {"add": 10**400}, {"": 1}, [["to_host", 1]], [["sync", None, [], {}]] * 50, [{}], [[[[[]]]]],
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 10**399, -(10**399), float("inf"), float("nan"), "text", b"bytes", [], (), {}, frozenset({1}),
    Opaque("\x1b[2J"), [[[[]]]], {"state": 5}, {"state": {"parameters": 5}}, {"output": 1, "state": {"parameters": {}}},
    {"state": {"parameters": {"weight": [5, 5], "x": None}, "buffers": {1: 2}, "saved": 5, "training": None}},
)  # fmt: skip


def verdict_on(grader: Grader, found: Exercise, theirs: Recording) -> Verdict:
    verdict = judge(found, grader.book.of(found).cases, grader.ours(found), theirs)
    for check in verdict.checks:
        explain(verdict, check)
    json.dumps(results(found.homework, [verdict], 1.0, "phantom"), allow_nan=False)
    assert 0 <= verdict.score <= found.points
    return verdict


def changed(ours: Recording, change: Any) -> Recording:
    return replace(ours, records={key: change(record) for key, record in ours.records.items()})


EXERCISES = ("tokenize", "Vocab", "sequence_mask", "conv2d", "Conv2d", "DotProductAttention", "mlm_example", "Timer")


@pytest.mark.parametrize("name", EXERCISES)
def test_no_fact_stops_the_judge(grader: Grader, name: str) -> None:
    found = exercise(name)
    ours = grader.ours(found)
    for garbage in GARBAGE:
        verdict_on(grader, found, changed(ours, lambda r, g=garbage: replace(r, facts=dict.fromkeys(FACTS, g))))


@pytest.mark.parametrize("name", EXERCISES)
def test_no_value_stops_the_judge_and_none_earns_full_marks(grader: Grader, name: str) -> None:
    found = exercise(name)
    ours = grader.ours(found)
    for value in VALUES:
        forged = changed(ours, lambda r, v=value: replace(r, value=v, gradients={"x": v}) if r.ok else r)
        verdict = verdict_on(grader, found, forged)
        assert not verdict.full
        assert not verdict.checks[0].score


def _mutated(node: Any, draw: random.Random) -> Any:
    """The JSON with a few parts replaced."""
    if draw.random() < 0.15:
        return draw.choice([None, True, -1, 2**70, "x", [], {}, [node], {"kind": node}, ["t"], ["d", [[["n"], ["n"]]]]])
    if isinstance(node, list):
        return [_mutated(item, draw) for item in node]
    if isinstance(node, dict):
        return {key: _mutated(item, draw) for key, item in node.items()}
    return node


def _answers() -> Iterator[dict[str, Any]]:
    tensor = ["t", "float32", [1, 2], 0, 8, {"strides": [2, 1]}]
    yield {"value": ["l", [tensor, ["u", [["i", 1], ["f", "0.5"]]]]], "facts": {"rng": []}, "gradients": {"x": tensor}}
    yield {"value": ["d", [[["s", "a"], tensor], [["i", "9"], ["e", [["b", True]]]]]], "facts": {}, "printed": "x"}
    frame = {"file": "f", "line": 1, "function": "g", "text": "t"}
    yield {"fault": {"kind": "error", "type": "E", "message": "m", "frames": [frame]}, "printed": ""}


@pytest.mark.parametrize("seed", range(8))
def test_no_answer_stops_the_reader(seed: int) -> None:
    draw = random.Random(seed)
    for answer in _answers():
        for _ in range(400):
            forged = _mutated(answer, draw)
            if not isinstance(forged, dict):
                continue
            record = record_of(forged, bytes(8))
            assert isinstance(record, Record)
            load_fault_of(forged.get("fault"))


@pytest.mark.parametrize("kind", ["grader_error", "tampered", "timeout", "crashed", "passed", "wall"])
def test_a_worker_cannot_tell_of_what_only_the_judge_sees(kind: str) -> None:
    fault = {"kind": kind, "type": "", "message": "", "frames": []}
    assert load_fault_of(fault).kind == "tampered"
    record = record_of({"fault": fault}, b"")
    assert record.fault is not None and record.fault.kind == "tampered"
    assert fault_of({**fault, "kind": "error"}).kind == "error"
