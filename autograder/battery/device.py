"""Device: the code runs on an accelerator, gives the same values there, and moves nothing that it need not."""

from __future__ import annotations

from autograder.battery.base import Context, Failure, Judgement, facts_list
from autograder.exercise import Check
from autograder.recording import Fault


def judge(context: Context, check: Check) -> Judgement:
    """Where the value is right on the CPU, it is on the accelerator, and the answer stays there."""
    failures: list[Failure] = []
    judged = 0
    for index, _, ours, theirs in context.pairs(check.aspect, "phantom"):
        if not ours.ok or not context.right(index):
            continue
        judged += 1
        if theirs.fault is not None:
            failures.append(_fault(theirs.fault, index))
            continue
        wanted, found = facts_list(ours, "on_device"), [fact is True for fact in facts_list(theirs, "on_device")]
        if wanted != found:
            place = "the CPU" if len(found) != len(wanted) or sum(found) < sum(wanted) else "cuda"
            message = f"the answer is on {place}, expected where the arguments are and the stub asks for it"
            failures.append(Failure("device:answer", message, index))
            continue
        compared = context.compared(index, "phantom")
        if compared is not None and not compared.same and not context.cases[index].options.get("laws"):
            message = f"on cuda {compared.message}"
            failures.append(Failure("device:value", message, index, expected=compared.expected, got=compared.got))
    if judged and not failures:
        failures = _stays_on_the_cpu(context)
    return Judgement(tuple(failures), untested="" if judged else "no case has the right value yet")


def _stays_on_the_cpu(context: Context) -> list[Failure]:
    """What went wrong where the arguments were on the CPU of a machine that has a GPU."""
    failures = []
    for index, _, ours, theirs in context.pairs(None, "host"):
        if not ours.ok or not context.right(index):
            continue
        if theirs.fault is not None:
            message = f"with CPU arguments, where there is a GPU, your code raised {theirs.fault.type}: "
            failures.append(Failure("device:host", message + theirs.fault.message, index, theirs.fault))
        elif facts_list(ours, "on_device") != facts_list(theirs, "on_device"):
            message = "with CPU arguments, where there is a GPU, the answer is on cuda; stay on the arguments' device"
            failures.append(Failure("device:host", message, index))
    return failures


def _fault(fault: Fault, index: int) -> Failure:
    if fault.kind in ("error", "import"):
        mixed = "device" in fault.message and ("cpu" in fault.message or "cuda" in fault.message)
        code = "device:mixed" if mixed else f"device:error:{fault.type}"
        return Failure(code, f"on cuda your code raised {fault.type}: {fault.message}", index, fault)
    return Failure(f"device:{fault.kind}", f"on cuda your code gave no answer: {fault.message}", index, fault)


_TOLD = {"sync": "synchronises with the device", "to_host": "copies from the device"}


def judge_transfers(context: Context, check: Check) -> Judgement:
    """No more copies to the host and synchronisations than the reference makes."""
    return _judge_events(context, check, ("sync", "to_host"))


def judge_copies(context: Context, check: Check) -> Judgement:
    """No more copies to the host than the reference makes; indexing by a mask, which synchronises, is free."""
    return _judge_events(context, check, ("to_host",))


def _judge_events(context: Context, check: Check, kinds: tuple[str, ...]) -> Judgement:
    failures = []
    judged = 0
    for index, _, ours, theirs in context.pairs(check.aspect, "phantom"):
        if not (ours.ok and theirs.ok):
            continue
        judged += 1
        for kind in kinds:
            mine = [e for e in facts_list(theirs, "events") if type(e) is list and len(e) == 4 and e[0] == kind]
            allowed = sum(1 for e in facts_list(ours, "events") if e and e[0] == kind)
            if len(mine) > allowed:
                _, operator, _, line = mine[-1]
                message = f"the code {_TOLD[kind]} {len(mine)} times, at most {allowed} expected"
                message += f" (the last is {operator} in line {line})"
                failures.append(Failure(f"transfers:{kind}", message, index))
    return Judgement(tuple(failures), untested="" if judged else "it does not run on cuda yet")
