"""The test process's side of the bench."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class Bench:
    """Asks the serving process to run a case. One for `cuda` is started again when a case has ended it."""

    def __init__(self, device: str = "phantom") -> None:
        self._device = device
        self._process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(HERE / "bench.py"), f"--{self._device}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, kind: str, case: Callable[..., Any]) -> dict[str, Any]:
        """Run one case; kind is "accepted", "refused" or "device", or the device of a way of the table."""
        if self._device == "cuda" and self._process.poll() is not None:
            self.close()
            self._process = self._started()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{kind} {case.__module__} {case.__name__}\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("{"):
                reply = json.loads(line)
                assert isinstance(reply, dict)
                assert reply["error"] != "crash", reply["text"]
                return reply
        raise AssertionError("the serving process ended")

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()
