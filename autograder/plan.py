"""Which runs are made of which cases, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from autograder.exercise import Case, Exercise

LOOKS = 2  # at the foundation; once at every other aspect

Step = tuple[int, str]
"""The number of a case, and a run."""


def plan(exercise: Exercise, cases: tuple[Case, ...]) -> Iterator[Step]:
    """The cases in their order, smallest first, and then once more for their phantom runs. A case may ask for its runs
    itself. Devices are looked at on the first case of each aspect and on two basic ones; so are operators where there
    is no gradient, else on the two. The first phantom run is followed by one with the arguments on the CPU beside the
    device."""
    looked: Counter[tuple[str, str]] = Counter()
    beside = False
    foundation = exercise.checks[0].aspect

    def again(case: Case, run: str, elsewhere: int = 1) -> bool:
        """Whether such a run of such a case has been made often enough."""
        looked[case.aspect, run] += 1
        return looked[case.aspect, run] > (LOOKS if case.aspect == foundation else elsewhere)

    # What everything else depends on comes first: it must not go untried because other cases never end.
    ordered = sorted(enumerate(cases), key=lambda numbered: numbered[1].aspect != foundation)
    for index, case in ordered:
        runs = exercise.runs(case)
        for run in runs:
            if run == "phantom":
                continue
            if case.runs is None and run == "counted" and again(case, run, 0 if "gradient" in runs else 1):
                continue
            yield index, run
    for index, case in ordered:
        if "phantom" not in exercise.runs(case) or (case.runs is None and again(case, "phantom")):
            continue
        yield index, "phantom"
        if not beside:
            beside = True
            yield index, "host"


def watched(exercise: Exercise, cases: tuple[Case, ...], steps: Iterable[Step]) -> frozenset[int]:
    """The cases in whose plain run the operators are watched, which takes longer than many an answer. All of them where
    a ready-made function could answer some; else, to see whether values leave torch, those whose operators are counted
    too, and the first one of each aspect."""
    rule = exercise.operations
    if rule is None:
        return frozenset()
    plain, counted = ({index for index, run in steps if run == kind} for kind in ("plain", "counted"))
    if rule.forbidden or rule.allowed:
        return frozenset(plain)
    first = {cases[index].aspect: index for index in sorted(plain, reverse=True)}
    return frozenset(counted).union(first.values())
