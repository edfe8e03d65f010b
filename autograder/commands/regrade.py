"""`grade regrade DIR`: what the kit, the exercises and the weights of today make of the work of before."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.batch.changes import Change, changes
from autograder.batch.ledger import Ledger
from autograder.batch.request import conditions, remembered
from autograder.batch.run import Batch
from autograder.batch.session import give, grade, plan
from autograder.batch.snapshots import Snapshots
from autograder.commands.batch import write
from autograder.isolation import insist
from autograder.text import one_line, points


def run_regrade(folder: Path, diff: bool, lower: bool, jobs: int, root: Path | None) -> int:
    """Grades everything again and shows who would change; unless `diff`, gives the new grades, lower ones only if
    told. 0, or 3 when the grader itself failed."""
    with Ledger(folder, create=False) as ledger, Snapshots(folder) as snapshots:
        request = remembered(ledger, folder, root, jobs)
        meant = conditions(request)
        layers = insist(meant.terms.required).holds
        handed = ledger.handed_in()
        with Batch(meant.course, meant.terms) as batch:
            todo = plan(ledger, meant.terms.digest(layers), batch.kit(), handed, again=True)
            print(f"Grading {len(todo.work)} pieces of work again ({len(todo.known)} are known already)", flush=True)
            apart = sum(
                result.outcome != "graded" for _, result in grade(ledger, batch, snapshots, todo, request.at_once)
            )
        changed, same = changes(ledger, todo)
        _show(changed)
        if diff:
            print("Nothing was written. Without --diff the new grades are given; lower ones only with --lower.")
            return 3 if apart else 0
        for key, one in same:
            give(ledger, key, [one], todo)
        given = [change for change in changed if lower or change.difference >= 0]
        for change in given:
            give(ledger, change.key, [change.handed], todo)
        print(f"{len(given)} grades changed; {len(changed) - len(given)} would be lower and stand (--lower gives them)")
        status = write(ledger, request.homework, meant.settings)
        return 3 if apart else status


def _show(changed: list[Change]) -> None:
    console = Console(highlight=False)
    if not changed:
        console.print("Nobody's points would change.")
    for change in changed:
        old, new = points(change.old.score), points(change.new.score)
        sign = "+" if change.difference > 0 else ""
        head = f"{one_line(change.handed.student, 60)}: {old} → {new} ({sign}{points(change.difference)})"
        console.print(Text(head, "green" if change.difference >= 0 else "red"), soft_wrap=True)
        for reason in change.reasons()[:10]:
            console.print(Text(f"    {one_line(reason, 200)}"), soft_wrap=True)
