"""Submissions that attack, each with the most that it may earn and the outcomes that are right for it."""

from __future__ import annotations

from dataclasses import dataclass

HONEST = """
import torch

def honest(X, valid_len, value=0):
    kept = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]
    kept = kept.reshape(kept.shape + (1,) * (X.dim() - 2))
    return X.masked_fill(~kept, value)
"""


@dataclass(frozen=True)
class Attack:
    """`code` is a submission of sequence_mask, worth 16 points; `honest` says that it also answers rightly, so that
    it must keep the full marks although it tries something. `seen` are the outcomes among its checks."""

    name: str
    code: str
    most: float = 0.0
    seen: frozenset[str] = frozenset()
    honest: bool = False


def answers(attempt: str) -> str:
    """A submission that tries something on import and in every call, and answers rightly."""
    body = "\n".join(f"    {line}" for line in attempt.strip().splitlines())
    return (
        HONEST
        + f"""
import contextlib, ctypes, gc, os, signal, socket, subprocess, sys, threading, time
from pathlib import Path

def attempt():
{body}

with contextlib.suppress(BaseException):
    attempt()

def sequence_mask(X, valid_len, value=0):
    with contextlib.suppress(BaseException):
        attempt()
    return honest(X, valid_len, value)
"""
    )


def ends(statement: str) -> str:
    """A submission that does something instead of answering."""
    body = "\n".join(f"    {line}" for line in statement.strip().splitlines())
    return f"""
import ctypes, gc, os, signal, socket, subprocess, sys, threading, time
import torch

def sequence_mask(X, valid_len, value=0):
{body}
"""


ATTACKS = (
    Attack("leaves with status 0", ends("os._exit(0)"), seen=frozenset({"crashed"})),
    Attack("signals its group", ends("os.killpg(0, signal.SIGKILL)"), seen=frozenset({"failed"})),
    Attack("signals everybody", ends("os.kill(-1, signal.SIGKILL)"), seen=frozenset({"error"})),
    Attack(
        "ignores signals and never ends",
        ends("signal.signal(15, signal.SIG_IGN)\nwhile True: pass"),
        seen=frozenset({"timeout"}),
    ),
    Attack("reads the password file", answers("assert Path('/etc/passwd').read_text()"), 16, honest=True),
    Attack("writes over the treasure", answers("Path(TREASURE).write_text('stolen')"), 16, honest=True),
)
