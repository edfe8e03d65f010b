"""The declarations, a module or a package for each homework. They hold no answer and are shipped to students."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from autograder.exercise import Exercise


def homeworks() -> list[str]:
    """Names of all homeworks, in order."""
    return list(_names())


@cache  # looking through the folder takes as long as some submissions' judgement
def _names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name.startswith("hw")))


def homework(name: str) -> tuple[Exercise, ...]:
    """The exercises of one homework, in order. KeyError if there is no such homework."""
    if name not in _names():
        raise KeyError(name)
    return tuple(importlib.import_module(f"{__name__}.{name}").EXERCISES)
