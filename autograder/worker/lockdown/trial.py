"""Tries to escape from a lockdown, and says on standard output, as JSON, what held. Imports no torch.

Run as `python -m autograder.worker.lockdown.trial`. The parent leaves a file, listens on a port and on an abstract
socket; the locked child tries to reach them, the parent itself, and what a worker has no business with.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.worker import lockdown


def main() -> None:
    with contextlib.ExitStack() as held:
        folder = held.enter_context(tempfile.TemporaryDirectory(prefix="grade-trial-"))
        scratch = held.enter_context(tempfile.TemporaryDirectory(prefix="grade-trial-"))
        secret = Path(folder) / "secret"
        secret.write_text("out of reach", "utf-8")
        secret.chmod(0o666)
        Path(folder).chmod(0o777)
        port = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        name = f"\0grade-trial-{os.getpid()}".encode()
        abstract = held.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind(name)
        abstract.listen()
        print(json.dumps(_locked(secret, scratch, port, name, os.getpid())))


def _locked(secret: Path, scratch: str, port: int, name: bytes, parent: int) -> dict[str, object]:
    told, tell = os.pipe()
    answer, write = os.pipe()
    with lockdown.born_inside() as first:
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                os.close(told)
                granted = lockdown.split(None if first else tell)
                held = lockdown.close(granted, [], scratch)
                attempts = _escapes(secret, port, name, parent)
                os.write(write, json.dumps({"layers": held, "escapes": attempts}).encode())
            os._exit(0)
    os.close(tell)
    os.close(write)
    with os.fdopen(answer, "rb") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    os.close(told)
    return dict(json.loads(text)) if text else {"layers": [], "escapes": {}}


def _escapes(secret: Path, port: int, name: bytes, parent: int) -> dict[str, dict[str, bool]]:
    """Which attempts succeed, by what they attack."""
    return {
        "filesystem": {
            "read a file of another": _works(secret.read_bytes),
            "write a file of another": _works(lambda: secret.write_bytes(b"x")),
            "list another's folder": _works(lambda: list(secret.parent.iterdir())),
            "read the password file": _works(Path("/etc/passwd").read_bytes),
            "run a program": _works(lambda: os.execv("/bin/true", ["true"])),
        },
        "network": {
            "reach a port of this machine": _works(lambda: socket.create_connection(("127.0.0.1", port), 2)),
            "reach a local socket": _works(lambda: socket.socket(socket.AF_UNIX).connect(name)),
        },
        "process": {
            "see another process": parent != 1 and Path(f"/proc/{parent}").exists(),
            "signal another process": _works(lambda: os.kill(parent, 0)),
            "trace a process": _call("ptrace", 0, 0, 0, 0),
        },
        "user": {
            "be root": os.geteuid() == 0,
            "become root": _works(lambda: os.setresuid(0, 0, 0)),
            "enter a namespace of its own": _call("unshare", 0x10000000),
            "mount a file system": _call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
        },
    }


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _call(name: str, *arguments: object) -> bool:
    return getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) == 0


if __name__ == "__main__":
    main()
