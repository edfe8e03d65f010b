"""`grade batch HW SUBMISSIONS --out DIR`: every submission, side by side, each result kept as it comes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.batch.ledger import Handed, Ledger, Result
from autograder.batch.request import BatchRequest, conditions, remember
from autograder.batch.run import Batch, summary_of
from autograder.errors import UsageError
from autograder.isolation import insist
from autograder.settings import Settings

if TYPE_CHECKING:
    from autograder.batch.snapshots import Snapshots


def run_batch(request: BatchRequest) -> int:
    """0 when everything was graded, 1 when something could not be read or found, 3 when the grader itself failed."""
    meant = conditions(request)
    terms = meant.terms
    if not request.submissions.exists():
        raise UsageError(f"there is no {request.submissions}; name the folder or the zip with the submissions")
    names = " ".join(e.name for e in terms.exercises)
    print(f"Grading {request.homework} in {request.submissions}: {names} ({request.at_once} at a time)", flush=True)
    if terms.secret is None and meant.settings.told_of_hidden(request.homework):
        print("course.toml promises hidden checks, which are not graded without --secret FILE", flush=True)
    from autograder.batch.intake import take_in  # what the first line need not wait for
    from autograder.batch.roster import read_roster
    from autograder.batch.snapshots import Snapshots

    layers = insist(terms.required).holds
    # The batch first: torch is imported while the work is read.
    with Ledger(request.out) as ledger, Batch(meant.course, terms) as batch, Snapshots(request.out) as snapshots:
        _same_homework(ledger, request.homework)
        roster = None if request.roster is None else read_roster(request.roster)
        intake = take_in(request.submissions, request.homework, snapshots.incoming, roster)
        files = sorted({e.file for e in terms.exercises})
        stubs = meant.course.root / "assignments" / request.homework
        handed = snapshots.take(intake.attempts, request.homework, files, meant.settings, stubs)
        ledger.hand_in(handed)
        expected = () if roster is None else roster.students
        ledger.expect(expected)
        if expected and (unknown := meant.settings.strangers(expected)):
            print(f"course.toml extends the time of {', '.join(unknown)}, who is not on the roster")
        remember(ledger, request)
        wanted = [h for h in handed if _asked_for(request, h.student)]
        _grade(ledger, snapshots, batch, terms.digest(layers), wanted, request.at_once)
        ledger.note("problems", json.dumps([[str(p.path), p.message] for p in intake.problems]))
        return write(ledger, request.homework, meant.settings)


def _same_homework(ledger: Ledger, homework: str) -> None:
    known = ledger.meta("homework")
    if known is None:
        ledger.note("homework", homework)
    elif known != homework:
        raise UsageError(f"{ledger.folder} holds the grades of {known}; choose another --out for {homework}")


def _asked_for(request: BatchRequest, student: str) -> bool:
    if request.only and not any(fnmatchcase(student, pattern) for pattern in request.only):
        return False
    return not any(fnmatchcase(student, pattern) for pattern in request.without)


def _grade(ledger: Ledger, snapshots: Snapshots, batch: Batch, terms: str, wanted: Sequence[Handed], jobs: int) -> None:
    from autograder.batch.session import carry_out, plan
    from autograder.batch.view import Progress

    todo = plan(ledger, terms, batch.kit(), wanted)
    if todo.older:
        print(
            f"{len(todo.older)} grades were given by another version of the kit or with other weights, and stand; "
            f"grade regrade {ledger.folder} --diff shows what would change"
        )
    with Progress(todo.waiting) as progress:

        def told(one: Handed, result: Result) -> None:
            progress.done(one.student, summary_of(result.document))

        carry_out(ledger, batch, snapshots, todo, jobs, told)


def write(ledger: Ledger, homework: str, chosen: Settings) -> int:
    """Writes the outputs from the ledger and shows the summary; the exit status."""
    from rich.console import Console

    from autograder.batch.grades import grades
    from autograder.batch.outputs import SUMMARY, write_outputs
    from autograder.batch.records import Problem
    from autograder.batch.roster import read_roster
    from autograder.batch.view import show_summary

    known = ledger.meta("roster")
    problems = [Problem(Path(path), message) for path, message in json.loads(ledger.meta("problems") or "[]")]
    found = grades(ledger, homework, chosen)
    write_outputs(
        ledger.folder,
        homework,
        found,
        reveal=chosen.reveals(homework, datetime.now(timezone.utc)),
        anonymous=bool(ledger.meta("anonymous")),
        salt=bytes.fromhex(ledger.meta("salt") or ""),
        problems=problems,
        roster=None if not known else {p.student: p.row for p in read_roster(Path(known)).people},
    )
    show_summary(Console(highlight=False), json.loads((ledger.folder / SUMMARY).read_text("utf-8")))
    print(f"grades.csv, results/, feedback/ and summary.json are in {ledger.folder}")
    outcomes = {grade.outcome for grade in found}
    if "set_apart" in outcomes:
        return 3
    return 1 if problems or outcomes & {"unreadable", "waiting"} else 0
