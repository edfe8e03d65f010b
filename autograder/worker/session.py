"""The worker's side of the conversation: commands in, records out, until the judge hangs up."""

from __future__ import annotations

import importlib
import io
import os
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from autograder.exercise import BESIDE_DEVICE, Exercise
from autograder.wire import exactly, frame, read_frame
from autograder.worker.limits import bound_memory


def serve(source: BinaryIO, sink: BinaryIO, granted: set[str] | None = None) -> None:
    """Answers commands until the source ends. A worker that was `granted` namespaces locks itself down first."""

    read_exactly = exactly(source)

    def send(header: dict[str, Any], blob: bytes = b"") -> None:
        sink.write(frame(header, blob))
        sink.flush()

    try:
        opening, _ = read_frame(read_exactly)
        try:
            if os.environ.get("GRADE_DEVICE") != "cuda":  # CUDA maps far more addresses than it uses
                bound_memory(opening["memory"])
            opening["cases"] = {key: Path(path).read_bytes() for key, path in opening["cases"].items()}
            layers = [] if granted is None else lock(granted, opening)
            session = Session(opening)
            send({"ready": True, "number": opening["number"], "layers": layers})
            while True:
                command, given = read_frame(read_exactly)
                header, blob = session.answer(command, given)
                send({**header, "number": command["number"]}, blob)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception:
            send({"grader_error": traceback.format_exc()[-4000:]})
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def lock(granted: set[str], opening: dict[str, Any]) -> list[str]:
    """Locks this process down to what the opening names; the layers that hold."""
    from autograder.worker import lockdown

    scratch = opening["scratch"]
    layers = lockdown.close(granted, [opening["root"]], scratch)
    tempfile.tempdir = None
    os.environ.update(TMPDIR=scratch, HOME=scratch)
    return layers


class Session:
    """One submission in one process. The opening holds what the files of cases hold: they are out of reach here."""

    def __init__(self, opening: dict[str, Any]) -> None:
        import torch

        from autograder.worker import exits, lightning
        from autograder.worker.sides import Sides
        from autograder.worker.student import Student

        torch.set_num_threads(1)
        root = opening["root"]
        if os.environ.get("GRADE_DEVICE") == "cuda":
            from autograder.worker import cuda

            cuda.open_device()
        else:
            from autograder.worker import phantom

            phantom.install(_below(root))
        exits.watch()
        lightning.stand_in()
        os.chdir(opening["scratch"])
        wanted = opening["files"], opening["aliases"], opening.get("transform"), opening.get("given")
        self._sides = Sides(root, lambda: Student(root, *wanted))
        self._exercises: dict[str, tuple[Exercise, list[dict[str, Any]], bytes]] = {}
        self._cases: dict[str, bytes] = opening["cases"]
        self._failed: set[tuple[str, int]] = set()

    def answer(self, command: dict[str, Any], given: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """The answer to a command; `given` are the bytes that came with it."""
        exercise, cases, blob = self._exercise(command["exercise"])
        if command["op"] == "call":
            from autograder.worker.timed import call

            return call(self._sides.runner(False), exercise, command["case"], given, command["watched"])
        if command["op"] == "load":
            return self._load(exercise), b""
        place = command["exercise"], command["case"]
        run = command["run"]
        if place in self._failed and run != "plain":
            return {"left_out": True}, b""  # sent before the judge knew; it will not look
        runner = self._sides.runner(run in BESIDE_DEVICE)
        record, parts = runner.run(exercise, cases[command["case"]], blob, run, command["watched"])
        if run == "plain" and "fault" in record:
            self._failed.add(place)
        return record, parts

    def _exercise(self, key: str) -> tuple[Exercise, list[dict[str, Any]], bytes]:
        if key not in self._exercises:
            homework, name = key.split("/")
            declared = importlib.import_module(f"autograder.exercises.{homework}")
            exercise = next(e for e in declared.EXERCISES if e.name == name)
            header, blob = read_frame(io.BytesIO(self._cases.pop(key)).read)
            self._exercises[key] = (exercise, header["cases"], blob)
        return self._exercises[key]

    def _load(self, exercise: Exercise) -> dict[str, Any]:
        return self._sides.runner(False).load(exercise)


def _below(root: str) -> Callable[[str], bool]:
    return lambda filename: filename.startswith(root)
