"""Descriptions of the models on which the exercises of transfer.py are tried; see `_models.build`."""

from __future__ import annotations

from typing import Any

from autograder.draw import Draw
from autograder.exercise import Run

Parts = dict[str, Any]
PLAIN: tuple[Run, ...] = ("plain",)
ON_DEVICE: tuple[Run, ...] = ("plain", "phantom")

SMALL: Parts = {"body": ["linear", 3, 2], "fc": ["linear", 2, 4]}
NET: Parts = {"input": ["linear", 2, 1], "hidden": ["linear", 1, 4], "output": ["linear", 4, 3], "fc": ["linear", 3, 2]}
ALIKE: Parts = {"fc": ["linear", 3, 2], "fc2": ["linear", 2, 3], "last_fc": ["linear", 3, 2]}
NESTED: Parts = {
    "features": {"0": ["linear", 3, 4], "1": ["norm", 4], "2": ["relu"]},
    "classifier": {"0": ["dropout", 0.5], "1": ["linear", 4, 3]},
}
TALL: Parts = {"1": ["linear", 3, 3], "11": ["linear", 3, 2], "2": ["linear", 2, 4]}
DEEP_HEAD: Parts = {"body": ["linear", 3, 4], "head": {"0": ["norm", 4], "1": ["relu"], "2": ["linear", 4, 2]}}
TIED: Parts = {"table": ["table", 3, 3], "fc": ["table", 3, 3], "last": ["linear", 3, 2]}
NORMED: Parts = {"body": ["linear", 3, 2], "norm": ["norm", 2], "drop": ["dropout", 0.5], "fc": ["linear", 2, 4]}
FLAT: Parts = {"0": ["linear", 3, 2], "1": ["relu"], "2": ["linear", 2, 4]}
NO_BIAS: Parts = {"body": ["linear", 3, 2], "fc": ["linear", 2, 4, False]}


def rate(draw: Draw) -> float:
    return draw.integer(1, 15) / 16
