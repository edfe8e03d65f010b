"""The judge's side of a worker: commands go ahead, and only the answer to the question that was asked counts."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from autograder.wire import Command, exactly, frame, read_frame
from autograder.workers import AHEAD, MAX_ANSWER, SMALL, Worker, WorkerDied, answer_of


class Peer:
    """The other end of a worker's line, in this process. Notes what it is asked, and says what `reply` makes of it."""

    def __init__(self, reply: Callable[[Peer, int], None]) -> None:
        ours, self._line = socket.socketpair()
        self._source = exactly(self._line.makefile("rb"))
        self._reply = reply
        self.asked: list[int] = []
        self.killed = False
        self.worker = Worker(ours, os.getpid(), self._end)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(EOFError, OSError, ValueError):
            while True:
                command = read_frame(self._source)[0]
                self.asked.append(command["case"])
                self._reply(self, command["number"])

    def _end(self, wait: bool) -> int:
        self.killed = True
        self._line.shutdown(socket.SHUT_RDWR)
        return 0

    def say(self, number: int, blob: bytes = b"") -> None:
        self._line.sendall(frame({"is": number, "number": number}, blob))

    def ask(self, case: int, *ahead: int) -> int:
        """The number of the question that the answer is to."""
        found = self.worker.ask(command(case), 5, 5, lambda: [command(n) for n in ahead]).header["is"]
        assert type(found) is int
        return found


def command(case: int) -> Command:
    return Command(op="run", case=case)


@pytest.fixture
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    peer = Peer(getattr(request, "param", Peer.say))
    yield peer
    peer.worker.kill()


def test_commands_that_are_foreseen_are_sent_with_the_first_and_not_again(peer: Peer) -> None:
    assert [peer.ask(10, 20, 30), peer.ask(20, 30), peer.ask(30)] == [1, 2, 3]
    assert peer.asked == [10, 20, 30]


def test_the_answer_to_what_is_no_longer_wanted_is_dropped(peer: Peer) -> None:
    assert [peer.ask(10, 20, 30), peer.ask(30)] == [1, 3]


def test_what_was_not_foreseen_is_asked_after_the_foreseen_is_given_up(peer: Peer) -> None:
    assert [peer.ask(10, 20), peer.ask(90, 91), peer.ask(91)] == [1, 3, 4]
    assert peer.asked == [10, 20, 90, 91]


def _twice(peer: Peer, number: int) -> None:
    peer.say(number)
    peer.say(number)


def _next_first(peer: Peer, number: int) -> None:
    peer.say(number + 1)


def _given_up_twice(peer: Peer, number: int) -> None:
    if number == 3:
        peer.say(2)
        peer.say(2)
    if number != 2:
        peer.say(number)


@pytest.mark.parametrize("peer", [_twice, _next_first, _given_up_twice], indirect=True)
def test_an_answer_out_of_turn_is_tampering(peer: Peer) -> None:
    with pytest.raises(WorkerDied) as died:
        peer.ask(10, 20, 30)
        peer.ask(30)
    assert died.value.kind == "tampered" and peer.killed


def _dies_ahead(peer: Peer, number: int) -> None:
    if number < 8:
        peer.say(number)
    else:
        peer._line.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("peer", [_dies_ahead], indirect=True)
def test_a_death_belongs_to_the_command_that_has_no_answer(peer: Peer) -> None:
    cases = list(range(1, 20))
    answered = []
    with pytest.raises(WorkerDied):
        for case in cases:
            answered.append(peer.ask(case, *cases[case : case + AHEAD]))
            time.sleep(0.02)
    assert answered == list(range(1, 8))


def test_an_answer_before_any_question_is_tampering(peer: Peer) -> None:
    peer.say(1)
    deadline = time.monotonic() + 5
    while not peer.worker._line.unread() and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(WorkerDied, match="before it was asked"):
        peer.ask(10)


def test_what_nobody_waits_for_stays_in_the_pipe(peer: Peer) -> None:
    def pour() -> None:
        with contextlib.suppress(OSError):
            for _ in range(100_000):
                peer.say(1, bytes(1000))

    flood = threading.Thread(target=pour, daemon=True)
    flood.start()
    flood.join(0.5)
    assert flood.is_alive() and not peer.worker._line._held
    with pytest.raises(WorkerDied, match="before it was asked"):
        peer.ask(10)
    flood.join(5)
    assert not flood.is_alive()


def _at_length(peer: Peer, number: int) -> None:
    peer.say(number, bytes(MAX_ANSWER - 100 if number == 1 else MAX_ANSWER))


@pytest.mark.parametrize("peer", [_at_length], indirect=True)
def test_an_answer_is_taken_up_to_a_length(peer: Peer) -> None:
    assert peer.ask(10) == 1
    with pytest.raises(WorkerDied, match="too large") as died:
        peer.ask(20)
    assert died.value.kind == "tampered"


def _drop_by_drop(peer: Peer, number: int) -> None:
    with contextlib.suppress(OSError):
        for byte in frame({"is": number, "number": number}, bytes(2000)):
            peer._line.sendall(bytes([byte]))
            time.sleep(0.005)


@pytest.mark.parametrize("peer", [_drop_by_drop], indirect=True)
def test_an_answer_that_comes_too_slowly_is_stopped(peer: Peer) -> None:
    with pytest.raises(WorkerDied) as died:
        peer.worker.ask(command(1), 60, 0.5)
    assert died.value.kind == "wall"


def test_small_answers_that_are_the_same_are_read_once() -> None:
    header, blob = json.dumps({"value": ["i", 3], "number": 1}).encode(), b"\0" * 8
    first, other = answer_of((header, blob)), answer_of((bytes(bytearray(header)), bytes(8)))
    assert other is first and other.record() is first.record() and first.record().value == 3
    assert answer_of((header, b"\1" * 8)) is not first
    large = b"\0" * SMALL
    assert answer_of((header, large)) is not answer_of((header, large))
