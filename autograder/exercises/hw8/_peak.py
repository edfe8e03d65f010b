"""Measures of memory are tried on a function that holds and frees as a script says.

Imported by the probe, beside student code, and by nothing else: it imports torch.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import Any

import torch

ANSWER = "what the function returned"
BLOCK = 512
TUPLE = "a tuple of two"


class NotCalled(Exception):
    """There was nothing to raise: the function was not called."""


class Function:
    """Carries out a script of steps on the device each time it is called."""

    def __init__(self, device: torch.device, before: dict[str, int], script: list[list[Any]]) -> None:
        self.times = 0
        self.events: list[Any] = []
        self.seen = 0
        self._device, self._script = device, script
        self._held = {name: self._hold(size) for name, size in before.items()}

    def __call__(self) -> str:
        self.times += 1
        for step, *operands in self._script:
            if step == "holds":
                self._held[operands[0]] = self._hold(operands[1])
            elif step == "frees":
                del self._held[operands[0]]
            else:
                raise ValueError(operands[0])
        self.seen = len(self.events)
        return ANSWER

    def _hold(self, size: int) -> torch.Tensor:
        return torch.zeros(size, dtype=torch.uint8, device=self._device)

    def reads_too_early(self) -> bool:
        """Whether the statistics were read after the call before the device was waited for."""
        after = [event.kind for event in self.events[self.seen :]]
        return "memory" in after and "sync" not in after[: after.index("memory")]


def run(peak_memory: Any, call: Any) -> dict[str, Any]:
    """One measurement; what the case asks to be reported of it."""
    earlier, before, script = call.args
    device = torch.device(call.options["device"])
    on_device = device.type == "cuda"
    if on_device:
        torch.cuda.reset_peak_memory_stats(device)  # what earlier cases left behind is not the question of this one
    for size in earlier:  # is held and gone before anything is measured
        torch.zeros(size, dtype=torch.uint8, device=device)
    here = torch.cuda.memory_allocated(device) if on_device else 0
    function = Function(device, before, script)
    with _recorded() if on_device else nullcontext([]) as function.events:
        found = peak_memory(function, device)
    if not function.times and any(step == "raises" for step, *_ in script):
        raise NotCalled("the function was not called")
    formed = isinstance(found, tuple) and len(found) == 2
    answer, peak = found if formed else (None, None)
    facts = {
        "what peak_memory returns": TUPLE if formed else f"{type(found).__name__}",
        "answer": answer,
        "peak": _seen_from(here, peak) if on_device else "a number" if _is_number(peak) else peak,
        "type of the peak": type(peak).__name__,
        "times called": function.times,
        "flag “the statistics are read before the device has been waited for”": function.reads_too_early(),
    }
    return {name: facts[name] for name in call.options["report"]}


def _is_number(peak: Any) -> bool:
    return isinstance(peak, (int, float)) and not isinstance(peak, bool)


def _seen_from(here: int, peak: Any) -> Any:
    """The peak without what the process holds for other reasons."""
    return peak - here if _is_number(peak) else peak


def _recorded() -> Any:
    if os.environ.get("GRADE_DEVICE") == "cuda":  # a real one keeps no record
        return nullcontext([])
    from autograder.worker import phantom

    return phantom.recording()
