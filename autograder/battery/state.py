"""State: parameters and buffers are registered under the names that the stub fixes, and survive a state dict."""

from __future__ import annotations

from typing import Any

from autograder.battery.base import Context, Failure, Judgement, fault_failure
from autograder.battery.compare import compare
from autograder.exercise import Check


def judge(context: Context, check: Check) -> Judgement:
    failures: list[Failure] = []
    judged = 0
    for index, _, ours, theirs in context.pairs(None, "plain"):
        if not ours.ok or not isinstance(ours.value, dict) or "state" not in ours.value:
            continue
        judged += 1
        if theirs.fault is not None:
            failures.append(fault_failure(theirs.fault, index, "state:"))
        elif isinstance(theirs.value, dict):
            failures += _differences(context, index, ours.value, theirs.value)
        if failures:
            break
    return Judgement(tuple(failures), untested="" if judged else "no case shows the state")


def _differences(context: Context, index: int, ours: dict[str, Any], theirs: dict[str, Any]) -> list[Failure]:
    failures = []
    expected, got = ours["state"], theirs.get("state")
    if not isinstance(got, dict):
        return [Failure("state:none", "the module's state could not be read", index)]
    for group, noun in (("parameters", "parameter"), ("buffers", "buffer")):
        want, have = expected[group], got.get(group)
        if not isinstance(have, dict):
            return [Failure("state:none", "the module's state could not be read", index)]
        for name in want:
            if name not in have:
                message = f"{name} is not registered as a {noun}"
                failures.append(Failure(f"state:missing:{name}", message, index))
            elif compare(want[name], have[name], context.exercise.tolerance).kind:
                message = f"the {noun} {name} is {_show(have[name])}, expected {_show(want[name])}"
                failures.append(Failure(f"state:differs:{name}", message, index))
        for name in have:
            if name not in want:
                failures.append(Failure(f"state:extra:{noun}", f"there is a {noun} too many: {name}", index))
    if not failures and got.get("saved") != expected["saved"]:
        message = f"the state dict holds {got.get('saved')}, expected {expected['saved']}"
        failures.append(Failure("state:saved", message, index))
    if not failures and got.get("training") != expected["training"]:
        failures.append(Failure("state:mode", "train() and eval() do not reach every part of the module", index))
    if not failures and "round_trip" in ours:
        found = compare(ours["round_trip"], theirs.get("round_trip"), context.exercise.tolerance)
        if not found.same:
            message = f"a new module that loads the state dict answers differently: {found.message}"
            failures.append(Failure("state:round_trip", message, index))
    return failures


def _show(entry: Any) -> str:
    if isinstance(entry, list) and len(entry) >= 2 and isinstance(entry[0], list):
        frozen = ", frozen" if len(entry) > 2 and entry[2] is False else ""
        return f"{tuple(entry[0])} {entry[1]}{frozen}"
    return str(entry)
