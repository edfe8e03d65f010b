"""What an attack is: code, and what it earns. Most are built on one of three exercises, answered rightly."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from tests.conftest import ROOT

PRELUDE = """
import atexit, builtins, contextlib, ctypes, errno, gc, json, mmap, os, resource, select, signal, socket, stat, struct
import subprocess, sys, threading, time
from pathlib import Path
import torch
import torch.nn.functional as F
"""

WORDS = """
def words(lines, token="word"):
    if token not in ("word", "char"):
        raise ValueError(f"unknown token type {token!r}")
    return [line.split() if token == "word" else list(line) for line in lines]
"""

MASK = """
def mask(X, valid_len, value=0):
    kept = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]
    kept = kept.reshape(kept.shape + (1,) * (X.dim() - 2))
    return X.masked_fill(~kept, value)
"""

CONVOLUTION = (ROOT / "solutions/hw3/conv.py").read_text("utf-8").replace("def conv2d(", "def by_hand(") + (
    "\ndef pair(value):\n    return [value] * 2 if isinstance(value, int) else list(value)\n"
)

WORTH = {"tokenize": 6.0, "sequence_mask": 16.0, "conv2d": 20.0}
HONEST = {
    "tokenize": PRELUDE + WORDS + "tokenize = words\n",
    "sequence_mask": PRELUDE + MASK + "sequence_mask = mask\n",
    "conv2d": PRELUDE + CONVOLUTION + "conv2d = by_hand\n",
}


@dataclass(frozen=True)
class Attack:
    """A submission of one exercise, the points that it earns and the outcome that it has ("one or another").

    `TREASURE`, a file, `PORT`, a port that is listened to, `NAME`, an abstract socket, and `JUDGE`, a process, stand
    in the code for things outside that no submission may reach.
    """

    name: str
    code: str
    score: float
    outcome: str
    exercise: str = "tokenize"

    @property
    def full(self) -> bool:
        return self.score == WORTH[self.exercise]


def cannot(name: str, attempt: str, exercise: str = "tokenize") -> Attack:
    """Tries something on import and in the first call of each run. It answers rightly, unless the attempt succeeds:
    what the statements do must end in an exception."""
    return _beside(name, attempt, exercise, "raise RuntimeError('it worked')")


def may(name: str, attempt: str, exercise: str = "tokenize") -> Attack:
    """Does something that comes to nothing, whether it is refused or not, and answers rightly."""
    return _beside(name, attempt, exercise, "pass")


def _beside(name: str, attempt: str, exercise: str, through: str) -> Attack:
    inner = {"tokenize": "words", "sequence_mask": "mask", "conv2d": "by_hand"}[exercise]
    code = f"""
def attempt():
{textwrap.indent(attempt.strip(), "    ")}

calls = 0

def beside(*args, **kwargs):
    global calls
    calls += 1
    if calls <= 2:
        try:
            attempt()
        except (Exception, SystemExit):
            pass
        else:
            {through}
    return {inner}(*args, **kwargs)

def {exercise}{_parameters(exercise)}:
    return beside({_names(exercise)})

with contextlib.suppress(BaseException):
    attempt()
    SUCCESS = True
"""
    if through != "pass":
        code += f"""
if "SUCCESS" in globals():
    def {exercise}{_parameters(exercise)}:
        raise RuntimeError("it worked on import")
"""
    return Attack(name, base(exercise) + code, WORTH[exercise], "passed", exercise)


def instead(name: str, body: str, score: float, outcome: str, exercise: str = "tokenize", before: str = "") -> Attack:
    """Statements in the place of the exercise's function; its honest version is there under another name."""
    code = f"{before}\ndef {exercise}{_parameters(exercise)}:\n{textwrap.indent(body.strip(), '    ')}\n"
    return Attack(name, base(exercise) + code, score, outcome, exercise)


def base(exercise: str) -> str:
    return PRELUDE + {"tokenize": WORDS, "sequence_mask": MASK, "conv2d": CONVOLUTION}[exercise]


def _parameters(exercise: str) -> str:
    return {
        "tokenize": '(lines, token="word")',
        "sequence_mask": "(X, valid_len, value=0)",
        "conv2d": "(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)",
    }[exercise]


def _names(exercise: str) -> str:
    return {
        "tokenize": "lines, token",
        "sequence_mask": "X, valid_len, value",
        "conv2d": "x, weight, bias, stride, padding, dilation, groups",
    }[exercise]
