"""Value, shape, dtype, layout, laws and errors: is the answer right?"""

from __future__ import annotations

from autograder.battery.base import Context, Failure, Judgement, fault_failure
from autograder.battery.compare import compare
from autograder.exercise import Check


def case_failures(context: Context, index: int) -> tuple[list[Failure], float]:
    """What is wrong with the judged answer to one case, and the share of the tolerance that it used."""
    case = context.cases[index]
    if case.grows or case.aspect == "errors":
        return ([], 0.0) if case.grows else (_error_failures(context, index), 0.0)
    ours, theirs = context.judged(index)
    if ours is None or not ours.ok:
        return [], 0.0
    if theirs is None:
        return [Failure("missing", "there is no answer to this case", index)], 0.0
    if theirs.fault is not None:
        return [fault_failure(theirs.fault, index)], 0.0
    if case.options.get("laws"):
        return _law_failures(context, index), 0.0
    found = context.compared(index, context.exercise.judged(case))
    assert found is not None
    if found.same:
        return [], found.margin
    return [Failure(found.kind, found.message, index, expected=found.expected, got=found.got)], found.margin


def _law_failures(context: Context, index: int) -> list[Failure]:
    case = context.cases[index]
    _, theirs = context.judged(index)
    assert theirs is not None
    failures = []
    for law in context.exercise.laws:
        try:
            found = list(law(case, theirs.value))
        except Exception:  # a law is a pure function; whatever it stumbles over is in the answer
            failures.append(Failure("structure", "the answer does not have the form that the stub describes", index))
            break
        failures += [Failure(f"law:{f.code}", f.message, index, defeats=f.defeats) for f in found]
    return failures


def judge(context: Context, check: Check) -> Judgement:
    """All cases of the aspect have the right answer."""
    failures: list[Failure] = []
    margin = 0.0
    for index, _ in context.of_aspect(check.aspect):
        found, used = context.wrong(index)
        failures += found
        margin = max(margin, used)
    return Judgement(tuple(failures), margin)


def judge_shape(context: Context, check: Check) -> Judgement:
    return _judge_kind(context, check, ("shape", "type", "structure"))


def judge_dtype(context: Context, check: Check) -> Judgement:
    return _judge_kind(context, check, ("dtype",))


def _judge_kind(context: Context, check: Check, kinds: tuple[str, ...]) -> Judgement:
    failures = []
    for index, case in context.of_aspect(check.aspect):
        found = context.compared(index, context.exercise.judged(case))
        if found is not None and found.kind in kinds:
            failures.append(Failure(found.kind, found.message, index, expected=found.expected, got=found.got))
    return Judgement(tuple(failures))


def judge_determinism(context: Context, check: Check) -> Judgement:
    """The same arguments give the same answer in every run."""
    failures = []
    for index, case in context.of_aspect(check.aspect):
        plain = context.theirs.get(index, "plain")
        if plain is None or not plain.ok or case.options.get("unseeded"):
            continue
        for run in ("gradient", "counted"):
            other = context.theirs.get(index, run)
            if other is None or not other.ok:
                continue
            found = compare(plain.value, other.value, context.exercise.tolerance)
            if not found.same:
                once_more = "with gradients being recorded" if run == "gradient" else "called once more"
                message = f"the same arguments gave two different answers ({once_more}): {found.message}"
                failures.append(Failure("determinism", message, index))
                break
    return Judgement(tuple(failures))


def judge_errors(context: Context, check: Check) -> Judgement:
    """Bad arguments raise the exception that the stub names."""
    failures = []
    for index, _ in context.of_aspect("errors"):
        failures += _error_failures(context, index)
    return Judgement(tuple(failures))


def _error_failures(context: Context, index: int) -> list[Failure]:
    ours, theirs = context.judged(index)
    if ours is None or ours.fault is None or theirs is None:
        return []
    wanted = ours.fault.type
    if theirs.ok:
        code = f"errors:none:{context.cases[index].name}"
        return [Failure(code, f"nothing was raised, expected a {wanted}", index, expected=wanted)]
    fault = theirs.fault
    assert fault is not None
    if fault.kind in ("error", "memory") and fault.type == wanted:
        if not fault.message.strip():
            return [Failure("errors:silent", f"the {wanted} has no message that says what is wrong", index, fault)]
        named = context.cases[index].options.get("names")
        if named is None or str(named) in fault.message:
            return []
        message = f"the message of the {wanted} does not name {named!r}: {fault.message[:120]}"
        return [Failure("errors:unnamed", message, index, fault)]
    if fault.kind == "error":
        message = f"{fault.type} was raised ({fault.message[:120]}), expected a {wanted}"
        return [Failure(f"errors:{fault.type}", message, index, fault, expected=wanted, got=fault.type)]
    return [fault_failure(fault, index, "errors:")]
