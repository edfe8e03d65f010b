"""Whether this machine can lock student code in, and what to say where it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.starters import can_fork, environment

DEFAULT = frozenset({"filesystem", "network", "process"})
LAYERS = ("filesystem", "network", "process", "mount", "net", "ipc", "pid", "user", "landlock", "seccomp", "limits")
CONTAINER = (
    "docker run --rm -it --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    '-v "$PWD":/course -w /course python:3.11 bash'
)


@dataclass(frozen=True)
class Trial:
    """What a locked process told: the layers that hold, and by group which attempts to escape worked."""

    layers: frozenset[str]
    escapes: dict[str, dict[str, bool]]

    @property
    def holds(self) -> frozenset[str]:
        """The layers without those groups from which an escape worked."""
        return self.layers - {group for group, tries in self.escapes.items() if any(tries.values())}


def required(text: str) -> frozenset[str]:
    """The layers that `--require-isolation` asks for: `default`, `none`, `all`, or names with commas between."""
    if text in ("default", ""):
        return DEFAULT
    if text == "none":
        return frozenset()
    if text == "all":
        return frozenset(LAYERS)
    names = frozenset(part.strip() for part in text.split(","))
    unknown = sorted(names - set(LAYERS))
    if unknown:
        raise UsageError(
            f"--require-isolation does not know {', '.join(unknown)}; it takes default, all, none or some of "
            f"{', '.join(LAYERS)}"
        )
    return names


def attempt() -> Trial:
    """Locks a process down and lets it try to escape."""
    if sys.platform != "linux" or not can_fork():
        return Trial(frozenset(), {})
    command = [sys.executable, "-X", "utf8", "-m", "autograder.worker.lockdown.trial"]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=60, check=False, env=environment("phantom"), stdin=subprocess.DEVNULL
        )
        told = json.loads(done.stdout)
        return Trial(frozenset(told["layers"]), {str(k): dict(v) for k, v in told["escapes"].items()})
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return Trial(frozenset(), {})


def insist(needed: frozenset[str]) -> Trial:
    """The trial; UsageError with the missing layers and a way out where one that is needed does not hold."""
    trial = attempt()
    missing = sorted(needed - trial.holds)
    if missing:
        reason = "this system has no such thing" if sys.platform != "linux" else "the system does not grant it"
        if Path("/.dockerenv").exists():
            reason = "the container does not grant it"
        raise UsageError(
            f"student code cannot be locked in here: {', '.join(missing)} missing ({reason}; grade doctor says more). "
            f"Run it in a container, for example:\n    {CONTAINER}\nor, for work that you trust, add "
            "--require-isolation none"
        )
    return trial
