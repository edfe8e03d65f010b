"""Descriptions of the models on which the exercises of transfer.py are tried; see `_models.build`."""

from __future__ import annotations

from autograder.draw import Draw
from autograder.exercise import Run

PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")

SMALL = {"body": ["linear", 3, 2], "fc": ["linear", 2, 4]}
NET = {"input": ["linear", 2, 1], "hidden": ["linear", 1, 4], "output": ["linear", 4, 3], "fc": ["linear", 3, 2]}
ALIKE = {"fc": ["linear", 3, 2], "fc2": ["linear", 2, 3], "last_fc": ["linear", 3, 2]}
NESTED = {
    "features": {"0": ["linear", 3, 4], "1": ["norm", 4], "2": ["relu"]},
    "classifier": {"0": ["dropout", 0.5], "1": ["linear", 4, 3]},
}
TALL = {"1": ["linear", 3, 3], "11": ["linear", 3, 2], "2": ["linear", 2, 4]}
DEEP_HEAD = {"body": ["linear", 3, 4], "head": {"0": ["norm", 4], "1": ["relu"], "2": ["linear", 4, 2]}}
TIED = {"table": ["table", 3, 3], "fc": ["table", 3, 3], "last": ["linear", 3, 2]}
NORMED = {"body": ["linear", 3, 2], "norm": ["norm", 2], "drop": ["dropout", 0.5], "fc": ["linear", 2, 4]}
FLAT = {"0": ["linear", 3, 2], "1": ["relu"], "2": ["linear", 2, 4]}
NO_BIAS = {"body": ["linear", 3, 2], "fc": ["linear", 2, 4, False]}


def rate(draw: Draw) -> float:
    return draw.integer(1, 15) / 16
