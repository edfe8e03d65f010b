"""Turns: who is alone is alone, and nobody is kept out for good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from autograder.catalogue import solution
from autograder.recorder import CaseBook, Recorder
from autograder.starters import Starter
from autograder.turns import Turns
from autograder.wire import Command
from autograder.workers import Ahead, Limits, Worker, WorkerDied
from tests.conftest import ROOT, exercise


def test_whoever_is_alone_has_no_other_beside_it() -> None:
    turns, running, most_beside_alone = Turns(), [0], []
    change = threading.Lock()
    everybody = threading.Barrier(4)

    def count(step: int) -> None:
        with change:
            running[0] += step

    def recorder(number: int) -> None:
        with turns.beside():
            everybody.wait()
            for turn in range(200):
                turns.give_way()
                count(1)
                count(-1)
                if turn % 50 == number * 10:
                    with turns.alone(), change:
                        most_beside_alone.append(running[0])

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(recorder, number) for number in range(4)]:
            done.result(timeout=60)
    assert most_beside_alone == [0] * 16


def test_who_has_left_is_not_waited_for() -> None:
    turns = Turns()
    with turns.beside():
        pass
    with turns.beside(), turns.alone():
        pass
    with turns.beside():
        turns.give_way()


def test_a_stop_by_the_wall_clock_counts_only_if_it_comes_again_with_nobody_beside(
    source: Starter, book: CaseBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counted(Turns):
        times = 0

        @contextmanager
        def alone(self) -> Iterator[None]:
            self.times += 1
            with super().alone():
                yield

    asked = Worker.ask
    slow: list[int] = []

    def ask(worker: Worker, command: Command, cpu: float, wall: float, ahead: Ahead = list) -> Any:
        if command.get("op") == "run" and slow and slow.pop():
            worker.kill()
            raise WorkerDied("wall", "it was stopped")
        return asked(worker, command, cpu, wall, ahead)

    monkeypatch.setattr(Worker, "ask", ask)
    tokenize = exercise("tokenize")
    turns = Counted()

    def outcomes(stops: list[int]) -> list[str]:
        slow[:] = stops[::-1]
        with Recorder(solution(ROOT, tokenize), book, source, Limits(), turns) as recorder:
            records = recorder.record(tokenize).records.values()
        return [record.fault.kind for record in records if record.fault is not None]

    usual = outcomes([])
    assert outcomes([1, 0, 0]) == usual and turns.times == 1
    assert outcomes([1, 1]) == ["timeout", *usual]
    slow[:] = [0, 1]
    with Recorder(solution(ROOT, tokenize), book, source, Limits(), turns) as recorder:
        assert recorder.once(tokenize, 0, "plain").ok  # also a run by itself is tried again
    turns.times = 0
    assert outcomes([1, 1, 1])[:2] == ["timeout", "timeout"] and turns.times == 1
