"""Finales: what a homework comes to when its exercises are put together. A module for each homework that has one.

A finale runs the student's code on data that the kit makes, shows how it goes and draws a picture. It holds no answer
and earns no points.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.finales.stage import Cast, Stage


@dataclass(frozen=True)
class Finale:
    """`says` is what happens in one sentence, `uses` are the exercises that take part, `play` lets them."""

    homework: str
    title: str
    says: str
    uses: tuple[str, ...]
    play: Callable[[Cast, Stage], None]


def finale_of(homework: str) -> Finale | None:
    """The finale of a homework, if it has one."""
    name = f"{__name__}.{homework}"
    if importlib.util.find_spec(name) is None:
        return None
    found: Finale = importlib.import_module(name).FINALE
    return found


def with_finale() -> list[str]:
    """The homeworks that have a finale."""
    from autograder.exercises import homeworks

    return [homework for homework in homeworks() if finale_of(homework) is not None]
