"""`grade HW --watch`: grade again whenever a file of the submission is saved, from a warm worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from autograder.submission import Submission

PAUSE = 0.1


def keep_grading(once: Callable[[], int], submission: Submission) -> int:
    """Grades, waits for a change, and again, until interrupted; then the status of the last grading."""
    status = once()
    folder = submission.root
    try:
        while True:
            print("\nWaiting for a file to be saved (Ctrl-C stops) …", flush=True)
            wait_for_change(folder)
            print(f"\n{time.strftime('%H:%M:%S')} saved, grading again", flush=True)
            status = once()
    except KeyboardInterrupt:
        print()
        return status


def wait_for_change(folder: Path) -> None:
    """Returns when a Python file below the folder has changed."""
    try:
        from watchfiles import watch
    except ImportError:
        _poll(folder)
        return
    for changes in watch(folder, debounce=60, step=20, raise_interrupt=True):
        if any(path.endswith((".py", ".ipynb")) for _, path in changes):
            return


def _poll(folder: Path) -> None:
    before = _stamps(folder)
    while _stamps(folder) == before:
        time.sleep(PAUSE)


def _stamps(folder: Path) -> dict[str, int]:
    stamps = {}
    for path in folder.glob("*.py"):
        try:
            stamps[path.name] = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return stamps
