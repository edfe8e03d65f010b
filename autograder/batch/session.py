"""One round of grading: what is new is graded, what is known is not graded again, and each grade is given once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.batch.ledger import Given, Handed, Ledger, Result
from autograder.batch.run import Batch
from autograder.batch.snapshots import Snapshots

Told = Callable[[Handed, Result], None]


@dataclass(frozen=True)
class Plan:
    """What a round has to do: work to grade by its result's key, grades to give, and grades of an older kit that
    stand as they are."""

    terms: str
    kit: str
    work: dict[str, list[Handed]]
    known: dict[str, list[Handed]]
    older: list[Handed]

    @property
    def waiting(self) -> int:
        return sum(map(len, self.work.values()))


def plan(ledger: Ledger, terms: str, kit: str, handed: Sequence[Handed], *, again: bool = False) -> Plan:
    """Sorts attempts by what there is to do; `again` leaves no grade of an older kit standing."""
    work: dict[str, list[Handed]] = defaultdict(list)
    known: dict[str, list[Handed]] = defaultdict(list)
    older = []
    for one in handed:
        if one.work is None:
            continue
        given = ledger.given(one.student, one.attempt)
        if given is not None and (given.work, given.terms) == (one.work, terms) and ledger.holds(given.result):
            if given.kit == kit:
                continue
            if not again:
                older.append(one)
                continue
        key = hashlib.sha256("\n".join((one.work, terms, kit)).encode()).hexdigest()
        (known if ledger.holds(key) else work)[key].append(one)
    return Plan(terms, kit, dict(work), dict(known), older)


def carry_out(ledger: Ledger, batch: Batch, snapshots: Snapshots, todo: Plan, jobs: int, told: Told) -> None:
    """Grades, keeps each result as it comes, and gives it to everybody who handed in the same."""
    for key, everybody in todo.known.items():
        give(ledger, key, everybody, todo)
    for key, result in grade(ledger, batch, snapshots, todo, jobs):
        give(ledger, key, todo.work[key], todo)
        for one in todo.work[key]:
            told(one, result)


def grade(ledger: Ledger, batch: Batch, snapshots: Snapshots, todo: Plan, jobs: int) -> Iterator[tuple[str, Result]]:
    """Grades what there is to grade and keeps each result; gives none."""
    if not todo.work:
        return
    batch.prepare()
    work = ((key, snapshots.open(str(everybody[0].work))) for key, everybody in todo.work.items())
    for key, result in batch.grade_all(work, jobs):
        ledger.keep(key, result)
        yield key, result


def give(ledger: Ledger, key: str, everybody: Sequence[Handed], todo: Plan) -> None:
    for one in everybody:
        ledger.give(one.student, one.attempt, Given(str(one.work), todo.terms, todo.kit, key))
