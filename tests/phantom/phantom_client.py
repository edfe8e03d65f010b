"""The test process's side of the bench."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class Bench:
    """Asks the serving process to run a case."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "bench.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, kind: str, case: Callable[..., Any]) -> dict[str, Any]:
        """Run one case; kind is "accepted", "refused" or "device"."""
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
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
