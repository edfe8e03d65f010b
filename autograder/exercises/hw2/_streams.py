"""What the cases of metrics.py do with a metric: batches come in, values are asked for in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

ROOM = 16  # numbers by which what a metric holds may differ
PLAIN = (int, float, bool, str, type(None))


def use_metric(name: str) -> Callable[[Any, Any], Any]:
    """The probe of the metric with this name."""

    def probe(student: Any, call: Any) -> dict[str, Any]:
        """Carries out the steps of the case; each value under the number of its step."""
        make = student.find(name)
        metric = make(**call.init)
        other: Any = make(**call.init) if call.options.get("beside") else None
        found: dict[str, Any] = {}
        held: list[int] = []
        for number, (step, *batch) in enumerate(call.args[0], start=1):
            if step == "update":
                metric.update(*batch)
            elif step == "many":
                held.append(_numbers(metric))
                for _ in range(64):
                    metric.update(*batch)
                held.append(_numbers(metric))
            elif step == "update the other":
                other.update(*batch)
            elif step == "reset":
                metric.reset()
            elif step == "type":
                found[f"step {number}: compute() is a float"] = type(metric.compute()) is float
            else:
                found[f"step {number}: compute()"] = _value(metric.compute())
        if held:
            found["flag “it keeps more with every batch”"] = held[1] > held[0] + ROOM
        return found

    return probe


def _value(value: Any) -> Any:
    """A number, in whatever it comes."""
    import torch

    if isinstance(value, (torch.Tensor, np.generic)) and np.size(value.tolist()) == 1:
        return float(value)
    return value


def _numbers(value: Any, depth: int = 0) -> int:
    """How many numbers the object holds, in all that hangs on it."""
    import torch

    if isinstance(value, (torch.Tensor, np.ndarray)):
        return int(np.prod(tuple(value.shape), dtype=np.int64))
    if isinstance(value, (*PLAIN, type)) or callable(value) or depth > 6:
        return 1
    if isinstance(value, dict):
        return sum(_numbers(item, depth + 1) for item in value.values())
    if hasattr(value, "__iter__"):
        return sum(_numbers(item, depth + 1) for item in value)
    return sum(_numbers(item, depth + 1) for item in getattr(value, "__dict__", {}).values())
