"""Purity: arguments, global random generators and torch's global settings are left as the reference leaves them."""

from __future__ import annotations

from autograder.battery.base import Context, Failure, Judgement, facts_list
from autograder.exercise import Check
from autograder.recording import Record

_FACTS = {"mutated", "aliases", "rewritten", "rng", "globals"}
_RNG = {"python": "random", "numpy": "numpy.random", "torch": "torch's global generator"}


def judge(context: Context, check: Check) -> Judgement:
    failures: dict[str, Failure] = {}
    for index, case, ours, theirs in context.pairs(check.aspect, "plain"):
        if not (ours.ok and theirs.ok) or _FACTS.isdisjoint(theirs.facts):
            continue
        for name in _new("mutated", ours, theirs):
            message = f"the argument {name} was changed; work on a copy"
            failures.setdefault(f"purity:changed:{name}", Failure(f"purity:changed:{name}", message, index))
        for name in _new("aliases", ours, theirs):
            message = f"the answer shares memory with the argument {name}: writing to one changes the other"
            failures.setdefault(f"purity:alias:{name}", Failure(f"purity:alias:{name}", message, index))
        for earlier in _new("rewritten", ours, theirs):
            message = f"{earlier} was overwritten; make a new result in every call"
            failures.setdefault("purity:rewritten", Failure("purity:rewritten", message, index))
        for kind in _new("rng", ours, theirs) if not case.training else ():  # dropout may draw, with any p
            message = f"numbers were drawn from {_RNG.get(kind, kind)}, which the stub does not allow"
            failures.setdefault(f"purity:rng:{kind}", Failure(f"purity:rng:{kind}", message, index))
        for setting in _new("globals", ours, theirs):
            message = f"torch's {setting} was changed and not put back"
            failures.setdefault(f"purity:global:{setting}", Failure(f"purity:global:{setting}", message, index))
    return Judgement(tuple(failures.values()))


def _new(fact: str, ours: Record, theirs: Record) -> list[str]:
    known = facts_list(ours, fact)
    return [str(item) for item in facts_list(theirs, fact) if item not in known]
