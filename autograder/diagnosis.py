"""Naming mistakes: does a wrong submission behave as a catalogued one does?

A mistake that changes answers is recognised by its wrong answers: the same cases are wrong, in the same way. One
that changes none (an argument overwritten, a loop, a tensor on the wrong device) is recognised by the codes of the
checks that it fails. Answers are held as fingerprints, so that a signature gives no answer away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.arrays import Array
from autograder.recording import Fault, Recording
from autograder.verdict import Named, Verdict

PROJECTIONS = 3
CLOSE = 1e-4
MOST_AT_ONCE = 3

Fingerprint = tuple[Any, ...]


@dataclass(frozen=True)
class Signature:
    """How a submission is wrong: fingerprints of its wrong answers and gradients by case, and failure codes."""

    answers: Mapping[int, Fingerprint]
    gradients: Mapping[int, Fingerprint]
    codes: frozenset[str]

    @property
    def laws(self) -> frozenset[str]:
        return frozenset(code for code in self.codes if code.startswith("law:"))


def signature(verdict: Verdict, theirs: Recording) -> Signature:
    """The signature of one submission's recording, given its verdict."""
    answers: dict[int, Fingerprint] = {}
    gradients: dict[int, Fingerprint] = {}
    for check in verdict.checks:
        for failure in check.judgement.failures:
            index = failure.case
            if index is None or failure.code.startswith(("law:", "errors:")):
                continue
            if check.check.family in ("value", "layout"):
                record = theirs.get(index, verdict.exercise.judged(verdict.cases[index]))
                if record is not None and record.ok:
                    answers[index] = fingerprint(record.value)
                elif record is not None and record.fault is not None:
                    answers[index] = (_of_fault(record.fault),)
            elif failure.code.startswith("gradient:"):
                record = theirs.get(index, "gradient")
                if record is not None and record.gradients is not None:
                    gradients[index] = fingerprint(dict(sorted(record.gradients.items())))
    return Signature(answers, gradients, verdict.codes())


def _of_fault(fault: Fault) -> str:
    """What equal faults share. Of a module whose parameters are not those of the stub: how they differ, not which."""
    how = [kind for kind in ("missing", "unexpected", "has shape") if fault.kind == "state" and kind in fault.message]
    return " ".join(["fault", fault.kind, fault.type, *how])


def named(found: Signature, catalogue: Iterable[tuple[Named, Signature]]) -> tuple[Named, ...]:
    """The catalogued mistakes that explain the signature, the one that explains most first."""
    entries = list(catalogue)
    by_answer = [(entry, known) for entry, known in entries if _same_answers(found, known)]
    explained = frozenset().union(*(known.codes for _, known in by_answer))
    left = found.codes - explained
    by_code = [
        (entry, known)
        for entry, known in entries
        if not known.answers
        and known.codes
        and known.codes <= found.codes
        and known.codes & left
        and _agrees(found, known)
    ]
    largest = [(entry, known) for entry, known in by_code if not any(known.codes < other.codes for _, other in by_code)]
    if not by_answer and found.answers:
        largest = _several_at_once(found, entries) + largest
    return tuple(entry for entry, _ in by_answer + largest) or _two_laws_at_once(found, entries)


def _several_at_once(found: Signature, entries: list[tuple[Named, Signature]]) -> list[tuple[Named, Signature]]:
    """Mistakes that between them explain every wrong answer: each is alone responsible for some cases and answers
    them as it would by itself; what two of them spoil together neither explains. Nothing where this leaves a case."""
    alike: list[tuple[tuple[Named, Signature], set[int]]] = []
    for entry, known in entries:
        if known.answers and known.answers.keys() < found.answers.keys() and known.laws <= found.laws:
            same = {case for case, print in known.answers.items() if close(found.answers[case], print)}
            if 2 * len(same) >= len(known.answers):
                alike.append(((entry, known), same))
    for number in range(2, MOST_AT_ONCE + 1):
        fitting = [group for group in combinations(alike, number) if _explain(group, set(found.answers))]
        if fitting:
            return [entry for entry, _ in fitting[0]] if len(fitting) == 1 else []
    return []


def _explain(group: Sequence[tuple[tuple[Named, Signature], set[int]]], wrong: set[int]) -> bool:
    """Whether every wrong case is answered as one of the group answers it, or is spoilt by at least two of them, and
    each of the group is needed."""
    for case in wrong:
        spoilt_by = sum(case in known.answers for (_, known), _ in group)
        if spoilt_by < 2 and not any(case in same for _, same in group):
            return False
    own = [same - set().union(*(k.answers for (_, k), _ in group if k is not known)) for (_, known), same in group]
    return all(own)


def _two_laws_at_once(found: Signature, entries: list[tuple[Named, Signature]]) -> tuple[Named, ...]:
    """Two mistakes that between them break just the laws that are broken, where there is only one such pair."""
    parts = [(entry, known.laws) for entry, known in entries if not known.answers and known.laws < found.laws]
    pairs = [
        (one, other)
        for (one, its), (other, others) in combinations(parts, 2)
        if its | others == found.laws and not its <= others and not others <= its
    ]
    return pairs[0] if len(pairs) == 1 else ()


def _same_answers(found: Signature, known: Signature) -> bool:
    return (
        bool(known.answers)
        and found.answers.keys() == known.answers.keys()
        and all(close(found.answers[case], print) for case, print in known.answers.items())
        and found.laws == known.laws
    )


def _agrees(found: Signature, known: Signature) -> bool:
    """For mistakes without wrong answers: the laws broken are the same, and so are the wrong gradients."""
    if known.laws != found.laws and known.laws:
        return False
    return all(
        case in found.gradients and close(found.gradients[case], print) for case, print in known.gradients.items()
    )


def fingerprint(value: Any) -> Fingerprint:
    """A few numbers that equal answers share and from which no answer can be read: a digest of the structure, the
    shapes and everything that is no number with a fraction, then projections of the tensors."""
    shape, projections = hashlib.sha256(), []
    for part in _parts(value):
        if isinstance(part, str):
            shape.update(part.encode("utf-8", "replace") + b"\0")
        else:
            projections += _projected(part)
    return (shape.hexdigest()[:16], *projections)


def _parts(value: Any) -> Iterator[str | np.ndarray]:
    """Texts that equal answers share, and numbers that are compared with a tolerance."""
    if isinstance(value, Array):
        yield f"{value.dtype} {value.shape}"
        if value.data.size and value.data.dtype.kind != "c":
            data = value.data.astype(np.float64).reshape(-1)
            finite = np.isfinite(data)
            yield "" if finite.all() else repr([(int(i), repr(data[i])) for i in np.flatnonzero(~finite)[:50]])
            yield np.where(finite, data, 0.0)
    elif isinstance(value, dict):
        for key in value:
            yield f"key {key!r}"
            yield from _parts(value[key])
    elif isinstance(value, (list, tuple)):
        yield f"{len(value)} items"
        for item in value:
            yield from _parts(item)
    elif isinstance(value, frozenset):
        yield repr(sorted(map(repr, value)))
    elif isinstance(value, float) and np.isfinite(value):
        yield "float"
        yield np.array([value])
    else:
        yield repr(value)


def _projected(data: np.ndarray) -> list[tuple[float, float]]:
    """Sums of the elements with fixed weights, each beside what bounds it."""
    scale = float(np.abs(data).sum()) / data.size**0.5 or 1.0
    position = np.arange(data.size, dtype=np.uint64)
    found = []
    for projection in range(PROJECTIONS):
        mixed = (position * np.uint64(2654435761) + np.uint64(97003 * (projection + 1))) >> np.uint64(7)
        weights = (mixed % np.uint64(31)).astype(np.float64) - 15
        found.append((_rounded(float(data @ weights) / data.size**0.5), _rounded(scale * 15)))
    return found


def _rounded(number: float) -> float:
    """The number with the digits that are compared, and two more."""
    return float(f"{number:.6g}")


def close(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two fingerprints are of equal answers, up to rounding."""
    if len(one) != len(other):
        return False
    for a, b in zip(one, other, strict=True):
        if isinstance(a, tuple) and isinstance(b, tuple):
            if abs(a[0] - b[0]) > CLOSE * max(a[1], b[1], 1e-6):
                return False
        elif a != b:
            return False
    return True
