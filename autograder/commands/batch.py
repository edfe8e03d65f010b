"""`grade batch HW SUBMISSIONS --out DIR`: every submission, side by side, each result kept as it comes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course, find_course, require_homework
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.batch.ledger import Handed, Ledger, Result
    from autograder.batch.records import Grade
    from autograder.batch.run import Terms
    from autograder.batch.snapshots import Snapshots
    from autograder.settings import Settings

LEAST_SECRET = 16


@dataclass(frozen=True)
class BatchRequest:
    """What was typed."""

    homework: str
    submissions: Path
    out: Path
    jobs: int = 0
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    device: str = "auto"
    cpu: float = 4.0
    isolation: str = "default"
    secret: Path | None = None
    roster: Path | None = None
    anonymous: bool = False
    root: Path | None = None


def run_batch(request: BatchRequest) -> int:
    """0 when everything was graded, 1 when something could not be read or found, 3 when the grader itself failed."""
    course, terms = conditions(request)
    if not request.submissions.exists():
        raise UsageError(f"there is no {request.submissions}; name the folder or the zip with the submissions")
    names = " ".join(e.name for e in terms.exercises)
    jobs = request.jobs or os.cpu_count() or 1
    print(f"Grading {request.homework} in {request.submissions}: {names} ({jobs} at a time)", flush=True)
    from autograder.batch.intake import take_in
    from autograder.batch.ledger import Ledger
    from autograder.batch.roster import read_roster
    from autograder.batch.snapshots import Snapshots
    from autograder.isolation import insist
    from autograder.settings import settings

    layers = insist(terms.required).holds
    chosen = settings(course.root)
    with Ledger(request.out) as ledger, Snapshots(request.out) as snapshots:
        _same_homework(ledger, request.homework)
        roster = None if request.roster is None else read_roster(request.roster)
        intake = take_in(request.submissions, request.homework, snapshots.incoming, roster)
        files = sorted({e.file for e in terms.exercises})
        stubs = course.root / "assignments" / request.homework
        handed = snapshots.take(intake.attempts, request.homework, files, chosen, stubs)
        ledger.hand_in(handed)
        expected = () if roster is None else roster.students
        ledger.expect(expected)
        if expected and (unknown := chosen.strangers(expected)):
            print(f"course.toml extends the time of {', '.join(unknown)}, who is not on the roster")
        _remember(ledger, request)
        wanted = [h for h in handed if _asked_for(request, h.student)]
        _grade(ledger, snapshots, course, terms, layers, wanted, jobs)
        ledger.note("problems", json.dumps([[str(p.path), p.message] for p in intake.problems]))
        return write(ledger, request.homework, chosen)


def conditions(request: BatchRequest) -> tuple[Course, Terms]:
    """The course and the terms that the request means; UsageError where it means none."""
    from autograder.batch.run import Terms
    from autograder.isolation import required
    from autograder.settings import settings
    from autograder.starters import can_fork
    from autograder.workers import Limits

    homework = require_homework(request.homework)
    course = find_course(request.root or Path.cwd())
    if course.bundle:
        raise UsageError("a student bundle has no reference to grade with; run grade batch in the course's own folder")
    if request.device not in ("auto", "phantom"):
        raise UsageError("points come from the CPU and a simulated cuda; --device is auto or phantom here")
    if request.cpu <= 0:
        raise UsageError("--cpu is a number of seconds above 0")
    exercises = settings(course.root).exercises(homework)
    secret = None if request.secret is None else read_secret(request.secret)
    needed = required(request.isolation)
    limits = Limits(cpu=request.cpu)
    return course, Terms(homework, exercises, secret, "phantom", limits, isolated=can_fork(), required=needed)


def read_secret(path: Path) -> int:
    """The seed of the hidden cases, from what a file holds."""
    try:
        content = path.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"the secret cannot be read from {path} ({error.strerror})") from None
    if len(content) < LEAST_SECRET:
        raise UsageError(
            f"{path} holds {len(content)} characters; a secret has at least {LEAST_SECRET}, for example from: "
            "openssl rand -hex 16"
        )
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big")


def _same_homework(ledger: Ledger, homework: str) -> None:
    known = ledger.meta("homework")
    if known is None:
        ledger.note("homework", homework)
    elif known != homework:
        raise UsageError(f"{ledger.folder} holds the grades of {known}; choose another --out for {homework}")


def _remember(ledger: Ledger, request: BatchRequest) -> None:
    """What regrade, override and explain need later."""
    for name, path in (("secret", request.secret), ("roster", request.roster)):
        ledger.note(name, "" if path is None else str(path.resolve()))
    ledger.note("cpu", repr(request.cpu))
    ledger.note("isolation", request.isolation)
    ledger.note("anonymous", "yes" if request.anonymous else "")
    if ledger.meta("salt") is None:
        ledger.note("salt", os.urandom(16).hex())


def _asked_for(request: BatchRequest, student: str) -> bool:
    if request.only and not any(fnmatchcase(student, pattern) for pattern in request.only):
        return False
    return not any(fnmatchcase(student, pattern) for pattern in request.without)


def _grade(
    ledger: Ledger,
    snapshots: Snapshots,
    course: Course,
    terms: Terms,
    layers: frozenset[str],
    wanted: Sequence[Handed],
    jobs: int,
) -> None:
    from autograder.batch.run import Batch, summary_of
    from autograder.batch.session import carry_out, plan
    from autograder.batch.view import Progress

    with Batch(course, terms) as batch:
        todo = plan(ledger, terms.digest(layers), batch.kit(), wanted)
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
    from autograder.batch.session import result_of
    from autograder.batch.view import show_summary

    known = ledger.meta("roster")
    problems = [Problem(Path(path), message) for path, message in json.loads(ledger.meta("problems") or "[]")]
    found: list[Grade] = grades(ledger, homework, chosen, lambda handed: result_of(ledger, handed), ledger.expected())
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
