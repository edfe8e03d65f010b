"""One call on inputs that came with the command. The judge holds the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograder.exercise import Exercise
from autograder.wire import Packer
from autograder.worker import observe
from autograder.worker.call import Call
from autograder.worker.faults import describe
from autograder.worker.runs import Runner, captured, perform
from autograder.worker.values import tensors, to_leaf


def call(
    runner: Runner, exercise: Exercise, case: dict[str, Any], blob: bytes, watched: bool
) -> tuple[dict[str, Any], bytes]:
    """The record of the call, as a frame's header and blob. Where it is `watched`, nobody looks at the clock, and its
    facts tell of operators and of the peak of the bytes held beside inputs and answer."""
    packer = Packer(to_leaf)
    facts: dict[str, Any] = {}
    with captured():
        try:
            student = runner.student.using(exercise.file)
            made = Call(case, blob, list(exercise.arguments), "plain", lambda tensor: tensor)
            if watched:
                with _watching() as facts:
                    answer = perform(exercise, student, made)
                facts["peak"] = max(0, facts["peak"] - _bytes(answer))
            else:
                answer = perform(exercise, student, made)
            record: dict[str, Any] = {"value": packer.pack(answer), "facts": facts}
        except BaseException as error:
            packer = Packer(to_leaf)
            record = {"fault": describe(error, runner.root)}
    return record, packer.blob


@contextmanager
def _watching() -> Iterator[dict[str, Any]]:
    """Facts of what happens inside: operators, exits from torch, and the peak of the bytes beside the arguments."""
    held = observe.Dispatched()
    with observe.watching(True) as facts, held:
        yield facts
    facts["peak"] = held.bytes_peak


def _bytes(answer: Any) -> int:
    sizes = {t.untyped_storage()._cdata: t.untyped_storage().nbytes() for t in tensors([answer])}
    return sum(sizes.values())
