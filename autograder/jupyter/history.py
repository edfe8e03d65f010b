"""What a kernel has run, as far as it tells: sources, cells, failures, and which cells the front end says are gone."""

from __future__ import annotations

import contextlib
from typing import Any

from autograder.jupyter.cells import Run


class History:
    """Listens to a shell from now on, and takes over what it ran before.

    JupyterLab and Notebook 7 send the identifier of the cell with each run, and which cells were deleted since the last
    one; other front ends may send less. Of what ran before there is the source alone.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._runs: dict[int, Run] = {}
        self._deleted: set[str] = set()
        errors = getattr(shell.history_manager, "exceptions", {})
        for number, source in enumerate(shell.history_manager.input_hist_raw):
            if number:
                self._runs[number] = Run(number, source, error=_name(errors.get(number)))
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)

    @property
    def runs(self) -> list[Run]:
        return [run for _, run in sorted(self._runs.items())]

    @property
    def deleted(self) -> frozenset[str]:
        return frozenset(self._deleted)

    @property
    def alive(self) -> frozenset[str]:
        """The names that the kernel holds."""
        return frozenset(self._shell.user_ns)

    def fail(self, error: str) -> None:
        """Notes that the cell which is running now has failed."""
        number = self._shell.execution_count
        if number in self._runs:
            run = self._runs[number]
            self._runs[number] = Run(run.number, run.source, run.cell, error)

    def clear(self) -> None:
        """Forgets what was run."""
        self._runs.clear()
        self._deleted.clear()

    def close(self) -> None:
        for event, callback in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
            with contextlib.suppress(ValueError):
                self._shell.events.unregister(event, callback)

    def _before(self, info: Any) -> None:
        if not info.store_history:
            return
        number = self._shell.execution_count
        cell = str(getattr(info, "cell_id", None) or "")
        self._deleted.update(self._told_deleted())
        self._deleted.discard(cell)  # it was brought back
        self._runs[number] = Run(number, info.raw_cell, cell)

    def _after(self, result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None and result.info.store_history and not getattr(error, "of_the_grader", False):
            number = result.execution_count
            if number in self._runs:
                run = self._runs[number]
                self._runs[number] = Run(run.number, run.source, run.cell, type(error).__name__)

    def _told_deleted(self) -> list[str]:
        try:
            metadata = self._shell.get_parent()["metadata"]
        except (AttributeError, KeyError, TypeError):  # no kernel, or an old one
            return []
        told = metadata.get("deletedCells") if isinstance(metadata, dict) else None
        return [str(cell) for cell in told] if isinstance(told, list) else []


def _name(error: Any) -> str:
    """The type of an exception as IPython keeps it."""
    if isinstance(error, dict):
        return str(error.get("ename") or "an exception")
    return "" if error is None else type(error).__name__
