"""Notebooks and nbgrader: cells that grade, course folders, and grades that no kernel can talk its way into."""

from __future__ import annotations


def check(homework: str, exercise: str, points: float | None = None) -> float:
    """Grades an exercise on the cells that have run so far, shows the verdict and returns what it earned, between 0
    and `points` (the exercise's own when left out). It raises nothing and writes nothing to stderr: nbgrader would
    give such a cell no points at all."""
    from autograder.nb.cell import checked

    return checked(homework, exercise, points)
