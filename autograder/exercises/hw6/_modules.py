"""How the parts of a Transformer are tried."""

from __future__ import annotations

from typing import Any

from autograder.exercise import Tolerance
from autograder.exercises.fitting import fit, loaded

DEEP = Tolerance(rtol=1e-5, atol=1e-4)
"""For what goes through several norms: each divides by a spread that may be small, and rounding with it."""


def try_module(name: str, student: Any, call: Any) -> Any:
    """Builds the module and calls it. Options: `construct` stops before the call, `falls` calls twice, `state` reports
    what is registered, `shorter` first calls it with a single sequence, one step
    shorter, `shorter pair` does so with both arguments."""
    from autograder.worker import probes

    module = student.find(name)(**call.init)
    if call.options.get("construct"):
        return None
    if call.options.get("state"):
        fit(call, module)
        return probes.call_module(name, student, call)
    module = loaded(call, module)
    if call.options.get("falls"):
        return {"draws": [module(*call.args, **call.kwargs) for _ in range(2)]}
    if call.options.get("shorter"):
        first, *others = call.args
        module(first[:1, :-1], *others)
    if call.options.get("shorter pair"):
        module(*(argument[:1, :-1] for argument in call.args))
    return probes.called(module, call)
