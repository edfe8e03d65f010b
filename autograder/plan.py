"""Which runs are made of which cases, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autograder.exercise import Case, Exercise

LOOKS = 2  # at the foundation; once at every other aspect

Step = tuple[int, str]
"""The number of a case, and a run: one of the exercise's or `both`."""


def records_from(run: str) -> tuple[str, ...]:
    """The runs that one command makes. `both` is a gradient run whose answer is that of the plain run too; where it
    fails, the plain run is made as well."""
    return ("plain", "gradient") if run == "both" else (run,)


def plan(exercise: Exercise, cases: tuple[Case, ...], phantom: bool) -> Iterator[Step]:
    """The cases in their order, smallest first, phantom runs in a worker of their own. A case may ask for its runs
    itself; of the others not all runs are made of all cases. Plain and gradient runs are two on the first case of each
    aspect and on two basic ones, and one on those that follow. Devices are looked at on these first ones; so are
    operators where there is no gradient, else on the two. The first phantom run is followed by one with the arguments
    on the CPU beside the device."""
    looked: Counter[tuple[str, str]] = Counter()
    beside = False
    foundation = exercise.checks[0].aspect

    def again(case: Case, run: str, elsewhere: int = 1) -> bool:
        """Whether such a run of such a case has been made often enough."""
        looked[case.aspect, run] += 1
        return looked[case.aspect, run] > (LOOKS if case.aspect == foundation else elsewhere)

    def wanted(case: Case) -> Iterator[str]:
        runs = exercise.runs(case)
        joined = case.runs is None and "gradient" in runs and again(case, "gradient")
        for run in runs:
            if case.runs is None and run == "phantom" and again(case, run):
                continue
            if case.runs is None and run == "counted" and again(case, run, 0 if "gradient" in runs else 1):
                continue
            if not (joined and run == "gradient"):
                yield "both" if joined and run == "plain" else run

    # What everything else depends on comes first: it must not go untried because other cases never end.
    for index, case in sorted(enumerate(cases), key=lambda numbered: numbered[1].aspect != foundation):
        for run in wanted(case):
            if (run == "phantom") == phantom:
                yield index, run
                if run == "phantom" and not beside:
                    beside = True
                    yield index, "host"
