"""A batch in a process of its own that also tells what its workers needed:
python -m tests.benchmarks.floor HW COURSE IN OUT"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

from autograder.batch.request import BatchRequest
from autograder.commands.batch import run_batch
from autograder.recorder import Recorder
from autograder.workers import Worker


def on_processor(pid: int) -> float:
    """Seconds that the process's threads have run: torch runs the backward pass of a device in one of its own."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def main(homework: str, course: Path, submissions: Path, out: Path) -> dict[str, float]:
    """Seconds of the batch, how many workers it had, and the processor seconds that these ran after lockdown."""
    locked: dict[int, float] = {}
    needed: list[float] = []
    opened, ended = Recorder._open, Worker.kill

    def opens(recorder: Recorder) -> Worker:
        worker = opened(recorder)
        locked[worker.pid] = on_processor(worker.pid)
        return worker

    def ends(worker: Worker, wait: bool = False) -> int:
        if worker.pid in locked:
            needed.append(on_processor(worker.pid) - locked.pop(worker.pid))
        return ended(worker, wait)

    setattr(Recorder, "_open", opens)  # noqa: B010 - as a test would
    setattr(Worker, "kill", ends)  # noqa: B010
    started = time.perf_counter()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        status = run_batch(BatchRequest(homework, submissions, out, root=course))
    assert status == 0
    return {"seconds": time.perf_counter() - started, "workers": len(needed), "needed": sum(needed)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *map(Path, sys.argv[2:5]))))
