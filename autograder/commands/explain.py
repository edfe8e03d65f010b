"""`grade explain DIR STUDENT [CHECK]`: where the points went, and one check replayed."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.batch.grades import grades
from autograder.batch.ledger import Ledger
from autograder.batch.request import conditions, remembered
from autograder.batch.run import Batch
from autograder.batch.script import reproduction
from autograder.batch.snapshots import Snapshots
from autograder.commands.override import known_student
from autograder.errors import UsageError
from autograder.explain import explain
from autograder.isolation import insist
from autograder.report.results import HIDDEN
from autograder.text import one_line, plain, points
from autograder.verdict import Verdict


def run_explain(folder: Path, student: str, check: str | None, script: Path | None, root: Path | None) -> int:
    """Without a check, every check that lost points; with one, what it does today, and a script that shows it."""
    with Ledger(folder, create=False) as ledger, Snapshots(folder) as snapshots:
        request = remembered(ledger, folder, root)
        meant = conditions(request)
        terms = meant.terms
        name = known_student(ledger, student)
        grade = next(g for g in grades(ledger, request.homework, meant.settings) if g.student == name)
        console = Console(highlight=False)
        if check is None:
            _overview(console, grade.student, grade.points, grade.possible, grade.document)
            for text in [grade.problem, *(a.text for a in grade.adjustments)]:
                if text:
                    console.print(Text(f"  {plain(text)}"), soft_wrap=True)
            return 0
        exercise = next((e for e in terms.exercises if check.split(".")[0] == e.name), None)
        known = [n for e in terms.exercises for n in (*(e.number(c) for c in e.checks), f"{e.name}.{HIDDEN}")]
        if exercise is None or check not in known:
            raise UsageError(f"there is no check {check}; the checks are {', '.join(known)}")
        if grade.outcome == "missing":
            raise UsageError(f"{name} handed nothing in")
        if grade.work is None:
            raise UsageError(f"the work of {name} could not be read: {grade.problem}")
        submission = snapshots.open(grade.work)
        insist(terms.required)
        with Batch(meant.course, terms) as batch:
            seen, hidden = batch.replay(submission, exercise, _given(grade.document, exercise.name))
        if check == f"{exercise.name}.{HIDDEN}":
            _hidden_replayed(console, exercise.name, seen, hidden)
            return 0
        _replayed(console, check, seen, hidden)
        verdict = _that_fails(check, seen, hidden)
        file = _written_script(verdict, check, submission.files[exercise.file], script) if verdict else None
        if file is not None:
            console.print(Text(f"A script that shows it outside the kit: {file}"), soft_wrap=True)
        elif verdict is not None:
            found = verdict.numbered()[check]
            case = found.failure.case if found.failure is not None else None
            if case is not None:
                path = shlex.quote(str(submission.root))
                name = shlex.quote(f"{exercise.name}:{case}")
                console.print(
                    Text(f"grade {terms.homework} {exercise.name} --path {path} --debug {name}"), soft_wrap=True
                )
        return 0


def _given(document: dict[str, Any], name: str) -> list[str]:
    """In whose place stood correct ones when the exercise was graded."""
    return [str(n) for e in document["exercises"] if e["name"] == name for n in e.get("given", ())]


def _hidden_replayed(console: Console, name: str, seen: Verdict, hidden: Verdict | None) -> None:
    if hidden is None:
        raise UsageError(f"{name} was not graded on hidden cases; grade batch --secret FILE does that")
    failed = [number for number, check in hidden.numbered().items() if check.failure is not None]
    for number in failed:
        _replayed(console, number, seen, hidden)
    if not failed:
        console.print(Text("every hidden check passes"))


def _overview(console: Console, student: str, total: float, possible: float, document: dict[str, Any]) -> None:
    console.print(Text(f"{one_line(student)}: {points(total)} of {points(possible)} points"))
    for test in document["tests"]:
        if test["score"] < test["max_score"]:
            told = f"  {test['number']}  {points(test['score'])}/{points(test['max_score'])}  {test['outcome']}"
            said = f": {one_line(test['output'], 200)}" if test["output"] else ""
            console.print(Text(told + said), soft_wrap=True)


def _that_fails(check: str, seen: Verdict, hidden: Verdict | None) -> Verdict | None:
    for verdict in (seen, hidden):
        if verdict is None:
            continue
        if verdict.numbered()[check].failure is not None:
            return verdict
    return None


def _replayed(console: Console, check: str, seen: Verdict, hidden: Verdict | None) -> None:
    for kind, verdict in (("visible cases", seen), ("hidden cases", hidden)):
        if verdict is None:
            continue
        found = verdict.numbered()[check]
        told = f"{check} on the {kind}: {found.outcome.value}, {points(found.score)} of {points(found.check.points)}"
        console.print(Text(told))
        explanation = explain(verdict, found)
        if found.blocked:
            console.print(Text(f"  {found.blocked}"))
        if explanation is None:
            continue
        parts = {
            "case": explanation.case, "given": explanation.given, "got": explanation.got,
            "expected": explanation.expected, "where": explanation.where, "the stub says": explanation.rule,
        }  # fmt: skip
        console.print(Text(f"  {explanation.message}"), soft_wrap=True)
        for label, text in parts.items():
            if text:
                console.print(Text(f"    {label}: {plain(text)}"), soft_wrap=True)
        for mistake in verdict.mistakes:
            console.print(Text(f"  {mistake.title} {mistake.help}"), soft_wrap=True)


def _written_script(verdict: Verdict, check: str, file: Path, target: Path | None) -> Path | None:
    found = verdict.numbered()[check]
    if found.failure is None or found.failure.case is None:
        return None
    case = verdict.cases[found.failure.case]
    text = reproduction(verdict.exercise, case, file, plain(found.failure.message))
    if text is None:
        return None
    target = target or Path(f"explain-{verdict.exercise.name}.py")
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"the script cannot be written to {target} ({os.strerror(error.errno or 0)})") from None
    return target
