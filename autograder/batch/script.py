"""A script that shows a failing case outside the kit: torch, the student's file, the arguments, the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.exercise import Case, Device, Exercise, Generator, Tensor

LARGEST = 4000  # numbers written out


def reproduction(exercise: Exercise, case: Case, file: Path, said: str) -> str | None:
    """The script's text; None for exercises that only a probe of their own can try, and for cases too large to write
    out. `said` is what the check said, as a comment."""
    if exercise.probe is not None or sum(t.data.size for t in _tensors(case)) > LARGEST:
        return None
    lines = [f"# {line}" for line in f"{exercise.name} on “{case.name}”\n{said}".splitlines()]
    lines += [
        "import importlib.util",
        "import random",
        "",
        "import numpy",
        "import torch",
        "",
        f'spec = importlib.util.spec_from_file_location("student", {str(file)!r})',
        "student = importlib.util.module_from_spec(spec)",
        "spec.loader.exec_module(student)",
        "",
    ]
    arguments = []
    for place, value in enumerate(case.args):
        name = exercise.arguments[place] if place < len(exercise.arguments) else f"argument_{place + 1}"
        lines.append(f"{name} = {_written(value)}")
        arguments.append(name)
    for name, value in case.kwargs.items():
        lines.append(f"{name} = {_written(value)}")
        arguments.append(f"{name}={name}")
    if exercise.kind == "module":
        lines += _module(exercise, case)
        call = f"module({', '.join(arguments)})"
    else:
        call = f"student.{exercise.name}({', '.join(arguments)})"
    return "\n".join([*lines, f"answer = {call}", "print(answer)", ""])


def _module(exercise: Exercise, case: Case) -> Iterator[str]:
    settings = ", ".join(f"{name}={_written(value)}" for name, value in case.init.items())
    yield f"module = student.{exercise.name}({settings})"
    for name, value in case.weights.items():
        yield f"module.state_dict()[{name!r}].copy_({_written(value)})"
    yield f"module.{'train' if case.training else 'eval'}()"


def _tensors(case: Case) -> Iterator[Tensor]:
    todo: list[Any] = [*case.args, *case.kwargs.values(), *case.weights.values()]
    while todo:
        value = todo.pop()
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            todo += value
        elif isinstance(value, dict):
            todo += value.values()


def _written(value: Any) -> str:
    """An expression that makes the value."""
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, Device):
        return 'torch.device("cpu")'
    if isinstance(value, Generator):
        return {
            "python": f"random.Random({value.seed})",
            "numpy": f"numpy.random.default_rng({value.seed})",
            "torch": f"torch.Generator().manual_seed({value.seed})",
        }[value.kind]
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(k)}: {_written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, float) and not np.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _tensor(value: Tensor) -> str:
    shape = tuple(value.data.shape)
    numbers = value.data.reshape(-1).tolist()
    flat = "[" + ", ".join(_written(n) for n in numbers) + "]"
    made = f"torch.tensor({flat}, dtype=torch.{value.dtype}).reshape({shape})"
    if value.layout == "transposed" and len(shape) >= 2:
        return f"{made}.transpose(-1, -2).contiguous().transpose(-1, -2)"
    if value.layout == "strided" and shape:
        return f"{made}.repeat_interleave(2, dim=-1)[..., ::2]"
    if value.layout == "expanded" and shape and shape[0] > 1:
        return f"{made}[:1].expand({shape})"
    return made
