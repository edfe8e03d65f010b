"""The runs of a case: plain, gradient, counted, timed and phantom. Each performs the probe once and reports."""

from __future__ import annotations

import gc
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from typing import Any

import torch

from autograder.exercise import BESIDE_DEVICE, THERE, Exercise
from autograder.wire import Packer, WireError
from autograder.worker import cuda, exits, observe, probes
from autograder.worker.call import PRECISIONS, Call
from autograder.worker.clocks import Lines, Stopwatch, clock
from autograder.worker.faults import describe
from autograder.worker.student import Student
from autograder.worker.values import cotangent, tensors, to_leaf

MAX_OUTPUT = 4000
TIMED_REPEATS = 5
TIMED_LEAST = 0.05 if sys.platform == "win32" else 0.01  # seconds for a mean; Windows counts them in ticks of 1/64
TIMED_MOST = 1.0
TIMED_CALLS = 1000


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed and forgets the rest, however much it is."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = MAX_OUTPUT

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        length = str.__len__(text)  # a class of the student's may answer for itself
        if self._room > 0:
            self._kept.append(str.__getitem__(text, slice(0, self._room)))
            self._room -= length
        return length

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self._kept)


@contextmanager
def captured() -> Iterator[Printed]:
    printed = Printed()
    with redirect_stdout(printed), redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield printed


class Runner:
    """Carries out runs for one submission in this process."""

    def __init__(self, student: Student, root: str) -> None:
        self._student = student
        self._root = root
        self._earlier = observe.Earlier()

    @property
    def student(self) -> Student:
        return self._student

    @property
    def root(self) -> str:
        return self._root

    def load(self, exercise: Exercise) -> dict[str, Any]:
        """The signature of what the student wrote, and the line where it begins."""
        record: dict[str, Any]
        with captured() as printed:
            try:
                student = self._student.using(exercise.file)
                record = {"signature": student.signature(exercise.name), "line": student.line(exercise.name)}
            except BaseException as error:
                record = {"fault": describe(error, self._root)}
        record["printed"] = printed.text()
        return record

    def run(
        self, exercise: Exercise, case: dict[str, Any], blob: bytes, run: str, watched: bool
    ) -> tuple[dict[str, Any], bytes]:
        """The record of one run, as a frame's header and blob. In a plain run operators are told where it is
        `watched`."""
        packer = Packer(_phantom_leaf if run in BESIDE_DEVICE else to_leaf)
        with captured() as printed:
            try:
                record = self._perform(exercise, case, blob, run, packer, watched)
            except BaseException as error:
                packer = Packer(to_leaf)
                record = {"fault": describe(error, self._root)}
            if cuda.asked_for() and not cuda.usable():
                record["spoiled"] = True
        record["printed"] = printed.text()
        sys.stdout.flush()
        return _without_nothing(record), packer.blob

    def _perform(
        self, exercise: Exercise, case: dict[str, Any], blob: bytes, run: str, packer: Packer, watched: bool
    ) -> dict[str, Any]:
        student = self._student.using(exercise.file)
        with _device_there(run):
            student.find(exercise.name)
        observe.reset()
        if run in BESIDE_DEVICE:
            return self._phantom(exercise, case, blob, student, packer, run)
        if run == "gradcheck":
            from autograder.worker.gradcheck import directional

            return {"facts": directional(exercise, case, blob, student), "value": ["n"]}
        if run == "timed":
            return self._timed(exercise, case, blob, student, packer)
        call = Call(case, blob, list(exercise.arguments), run, _placing(run, _stay))
        snapshot = observe.Snapshot(call.named) if run == "plain" else None
        record: dict[str, Any] = {}
        with _witness(exercise, run, watched) as facts, observe.uninitialised_is_nan(run != "counted"):
            answer = perform(exercise, student, call)
            if run == "gradient":
                record["gradients"], record["detached"] = _gradients(answer, call, packer)
        if snapshot is not None:
            facts.update(snapshot.facts(answer))
            rewrites = call.rewrites or self._earlier.rewritten()
            facts["rewritten"] = ["the answer of an earlier call"] if rewrites else []
            self._earlier.keep(answer)
        record["facts"] = facts
        record["value"] = _pack(packer, answer)
        return record

    def _timed(
        self, exercise: Exercise, case: dict[str, Any], blob: bytes, student: Student, packer: Packer
    ) -> dict[str, Any]:
        """The best of a few means of the seconds that one call takes, fewer where the code is slow, and the lines that
        another takes. Every call has numbers or words of its own where the probe makes some, and the same answer."""
        best = float("inf")
        answers: list[Any] = []
        facts: dict[str, Any] = {}

        def asked(counter: Stopwatch | Lines) -> None:
            call = Call(case, blob, list(exercise.arguments), "timed", _stay)
            call.paused = counter.paused
            counter.start()
            try:
                answer = perform(exercise, student, call)
            finally:
                counter.stop()
            if not answers or answer != answers[-1]:
                answers.append(answer)

        gc.disable()  # it walks through torch's objects every now and then, whatever the student does
        lines, begun = Lines(self._root), clock()
        try:
            with exits.noted(facts):
                for _ in range(TIMED_REPEATS):
                    watch, calls = Stopwatch(), 0
                    while not calls or (
                        watch.seconds < TIMED_LEAST and calls < TIMED_CALLS and clock() - begun < TIMED_MOST
                    ):
                        asked(watch)
                        calls += 1
                    best = min(best, watch.seconds / calls)
                    if clock() - begun > TIMED_MOST:
                        break
                else:  # where a call takes that long, its seconds tell enough
                    asked(lines)
        finally:
            gc.enable()
        facts |= {"seconds": best, "lines": lines.count}
        return {"facts": facts, "value": _pack(packer, answers[0] if len(answers) == 1 else answers)}

    def _phantom(
        self, exercise: Exercise, case: dict[str, Any], blob: bytes, student: Student, packer: Packer, run: str
    ) -> dict[str, Any]:
        """The run with the arguments on the device, or on the CPU while there is a device (`host`)."""
        if cuda.asked_for():
            return self._cuda(exercise, case, blob, student, packer, run)
        from autograder.worker import phantom

        call = Call(case, blob, list(exercise.arguments), run, _placing(run, phantom.to_device))
        with phantom.recording() as events, phantom.active():
            answer = perform(exercise, student, call)
        facts = {
            "events": [[e.kind, e.operator, e.file, e.line] for e in events[:1000] if e.from_student],
            "on_device": [phantom.on_device(tensor) for tensor in tensors(answer)],
        }
        return {"facts": facts, "value": _pack(packer, answer)}

    def _cuda(
        self, exercise: Exercise, case: dict[str, Any], blob: bytes, student: Student, packer: Packer, run: str
    ) -> dict[str, Any]:
        """The same run on a real GPU."""

        def act() -> Any:
            place = _placing(run, lambda tensor: tensor.to("cuda"))
            return perform(exercise, student, Call(case, blob, list(exercise.arguments), run, place))

        return cuda.carry_out(act, lambda answer: _pack(packer, answer))


def _without_nothing(record: dict[str, Any]) -> dict[str, Any]:
    """The record without facts of which there are none: most runs have nothing to tell of most things."""
    if "facts" in record:
        record["facts"] = {name: told for name, told in record["facts"].items() if told not in ([], {})}
    return {name: told for name, told in record.items() if told != ""}


def _device_there(run: str) -> AbstractContextManager[None]:
    """Inside there is the device that the run is about."""
    if run not in BESIDE_DEVICE or cuda.asked_for():
        return nullcontext()
    from autograder.worker import phantom

    return phantom.active()


def _placing(run: str, there: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """How the run wants the tensors of a case: on the device by `there` or where they are, in its own precision."""
    move = there if run in THERE else _stay
    dtype = PRECISIONS.get(run)
    if dtype is None:
        return move
    return lambda tensor: move(tensor.to(dtype) if tensor.is_floating_point() else tensor)


def _stay(tensor: torch.Tensor) -> torch.Tensor:
    return tensor


def _phantom_leaf(value: Any) -> Any:
    if cuda.asked_for():
        return to_leaf(value, torch.Tensor.cpu)
    from autograder.worker import phantom

    return to_leaf(value, phantom.to_host)


def _witness(exercise: Exercise, run: str, watched: bool) -> AbstractContextManager[dict[str, Any]]:
    if run == "counted":
        return observe.counting()
    if run == "plain" and exercise.operations is not None:
        return observe.watching(watched)
    if run == "gradient" and exercise.operations is not None and exercise.operations.forbidden:
        return observe.profiled()
    return nullcontext({})


def perform(exercise: Exercise, student: Student, call: Call) -> Any:
    """Carries out the case once, by the exercise's own probe or the one for its kind."""
    if exercise.probe is not None:
        return exercise.probe(student, call)
    if exercise.kind == "module":
        return probes.call_module(exercise.name, student, call)
    return probes.call_function(exercise.name, student, call)


def _pack(packer: Packer, answer: Any) -> Any:
    try:
        return packer.pack(answer)
    except WireError:
        return ["o", "a value too large to compare"]


def inner_product(answer: Any) -> torch.Tensor | None:
    """The sum over all differentiable outputs of output times cotangent; None without such an output."""
    if isinstance(answer, dict) and "output" in answer:
        answer = answer["output"]
    outputs = [t for t in tensors(answer) if t.requires_grad and t.is_floating_point()]
    if not outputs:
        return None
    products = [(output * cotangent(output, index)).sum() for index, output in enumerate(outputs)]
    return products[0] if len(products) == 1 else torch.stack(products).sum()


def _gradients(answer: Any, call: Call, packer: Packer) -> tuple[dict[str, Any], bool]:
    """The vector-Jacobian products of every leaf; whether there was no differentiable output."""
    # The inner product's gradient is the product with the cotangent; handing cotangents to grad() imports sympy.
    product = inner_product(answer)
    if product is None:
        return {name: ["n"] for name in call.leaves}, True
    leaves = list(call.leaves.values())
    found = torch.autograd.grad(product, leaves, allow_unused=True) if leaves else ()
    return {name: packer.pack(gradient) for name, gradient in zip(call.leaves, found, strict=True)}, False
