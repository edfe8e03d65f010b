"""A failed check in words: what was given, what came out, what was expected, which sentence that breaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.exercise import Case, Device, Exercise, Generator, Tensor
from autograder.recording import Fault
from autograder.text import one_line, plain
from autograder.verdict import CheckVerdict, Verdict


@dataclass(frozen=True)
class Explanation:
    """One failed check, ready to be shown. Empty parts are left out."""

    message: str
    case: str = ""
    given: str = ""
    expected: str = ""
    got: str = ""
    rule: str = ""
    says: str = "the stub"
    where: str = ""
    code: str = ""
    more: int = 0


def explain(verdict: Verdict, check: CheckVerdict) -> Explanation | None:
    """The smallest failing case of the check; None if nothing failed."""
    failure = check.failure
    if failure is None:
        return None
    case = verdict.cases[failure.case] if failure.case is not None else None
    fault = failure.fault or verdict.fault
    where, code = place(fault)
    others = len({f.case for f in check.judgement.failures if f.case is not None}) - 1
    return Explanation(
        message=plain(failure.message, 600),
        case=case.name if case is not None else "",
        given=given(verdict.exercise, case) if case is not None else "",
        expected=one_line(failure.expected),
        got=one_line(failure.got),
        rule=check.check.cited(failure.code),
        says="the course" if check.check.family == "time" else "the stub",
        where=where,
        code=code,
        more=max(0, others),
    )


def place(fault: Fault | None) -> tuple[str, str]:
    """File and line of the student's innermost frame, and the line itself."""
    if fault is None or not fault.frames:
        return "", ""
    frame = fault.frames[-1]
    return f"{one_line(Path(frame.file).name, 80)}, line {frame.line}", one_line(frame.text, 120)


def given(exercise: Exercise, case: Case) -> str:
    """The arguments of a case in one line."""
    parts = []
    if case.init:
        parts.append(f"{exercise.name}({', '.join(f'{k}={show(v)}' for k, v in case.init.items())})")
    for position, value in enumerate(case.args):
        name = exercise.arguments[position] if position < len(exercise.arguments) else f"argument {position + 1}"
        parts.append(f"{name} = {show(value)}")
    parts += [f"{name} = {show(value)}" for name, value in case.kwargs.items()]
    return ", ".join(parts) or case.says


def show(value: Any, limit: int = 90) -> str:
    """A value of a case: tensors with their shape, and their elements when they are few."""
    if isinstance(value, Tensor):
        return _show_tensor(value)
    if isinstance(value, Generator):
        return f"a {value.kind} generator with seed {value.seed}"
    if isinstance(value, Device):
        return "the device"
    if isinstance(value, dict):
        text = f"{{{', '.join(f'{key!r}: {show(item, 60)}' for key, item in value.items())}}}"
    elif isinstance(value, (list, tuple)) and any(isinstance(item, (Tensor, list, tuple, dict)) for item in value):
        inner = ", ".join(show(item, 40) for item in value)
        text = f"[{inner}]" if isinstance(value, list) else f"({inner})"
    else:
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _show_tensor(tensor: Tensor) -> str:
    shape = "(" + ", ".join(map(str, tensor.data.shape)) + ("," if tensor.data.ndim == 1 else "") + ")"
    notes = [] if tensor.dtype in ("float32", "int64", "bool") else [tensor.dtype]
    notes += [] if tensor.layout == "contiguous" else [tensor.layout]
    if tensor.data.size <= 6 and tensor.data.ndim <= 2:
        return np.array2string(tensor.data, separator=", ", precision=4, suppress_small=True).replace("\n", "") + (
            f" ({', '.join(notes)})" if notes else ""
        )
    return " ".join([f"tensor {shape}", *notes])
