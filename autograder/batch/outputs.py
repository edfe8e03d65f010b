"""The files that a batch leaves: tables, one document and one page a student, a summary."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.batch.feedback import REVEALS, page
from autograder.batch.gradebook import CANVAS, MOODLE, Rows, import_files
from autograder.batch.names import file_names, pseudonyms
from autograder.batch.records import Grade, Problem
from autograder.batch.summary import NO_POINTS, exercise_names, hidden_checks, place, summarise
from autograder.batch.tables import Cell, table
from autograder.report.results import exercise_of

GRADES, SUMMARY = "grades.csv", "summary.json"
PSEUDONYMS, PROBLEMS = "private/pseudonyms.csv", "private/problems.csv"
_OURS = re.compile(r"results/[^/]+\.json|feedback/[^/]+\.html")
NOT_SHOWN = "wrong on a case that is not shown"


def write_outputs(
    out: Path,
    homework: str,
    grades: Sequence[Grade],
    *,
    reveal: str,
    anonymous: bool,
    salt: bytes,
    problems: Sequence[Problem] = (),
    roster: Rows | None = None,
) -> None:
    """Writes every output, the summary last; files of an earlier call that are no longer wanted are removed.

    The same grades give the same bytes, in whatever order they come. `roster` gives the students' lines of the
    course's own roster, for the files that its grade book imports. With `anonymous`, nothing outside `private/` holds
    a student's name.
    """
    if reveal not in REVEALS:
        raise ValueError(f"reveal is one of {', '.join(REVEALS)}, not {reveal}")
    if len({g.student for g in grades}) < len(grades):
        raise ValueError("a student has two grades")
    aliases = pseudonyms(sorted({n for g in grades for n in (g.student, *g.members)}), salt) if anonymous else {}
    shown = sorted((_masked(g, aliases) if anonymous else g for g in grades), key=lambda g: g.student)
    files: dict[str, bytes] = {GRADES: table(_rows(shown))}
    notes: list[str] = []
    if anonymous and roster is not None:
        notes.append("files for grade books were left out: they would hold the names behind the pseudonyms")
    elif roster is not None:
        imports, notes = import_files(homework, shown, roster)
        files |= imports
    names = file_names(g.student for g in shown)
    pages = {f"results/{name}.json" for name in names.values()} | {f"feedback/{name}.html" for name in names.values()}
    _folder(out)
    for grade in shown:  # one after another: together they take more memory than all the rest
        document, seen = _json(for_export(grade.document)), page(homework, grade, reveal).encode("utf-8", "replace")
        # Not waited for: the ledger holds what they say, and the next call writes them again.
        write(out / f"results/{names[grade.student]}.json", document, lasting=False)
        write(out / f"feedback/{names[grade.student]}.html", seen, lasting=False)
    if anonymous:
        alias_rows = sorted((alias, student) for student, alias in aliases.items())
        files[PSEUDONYMS] = table([("pseudonym", "student"), *alias_rows])
        if problems:
            files[PROBLEMS] = table([("path", "problem"), *((place(p), p.message) for p in problems)])
            notes.append(f"{len(problems)} problems name files, and so people: they are in {PROBLEMS}")
    summary = summarise(homework, shown, () if anonymous else problems) | {
        "notes": notes,
        "files": sorted([*files, *pages, SUMMARY]),
    }
    stale = _earlier(out) - set(files) - pages
    for name, content in files.items():
        write(out / name, content)
    for name in stale:
        (out / name).unlink(missing_ok=True)
    write(out / SUMMARY, _json(summary, indent=2))


def for_export(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without anything of hidden cases but their outcome."""
    tests = [t if t["visibility"] == "visible" else _closed(t) for t in document["tests"]]
    told = {exercise_of(t) for t in tests if t["mistake"]}
    exercises = [e if e["name"] in told else {**e, "mistakes": []} for e in document["exercises"]]
    return {**document, "tests": tests, "exercises": exercises}


def _closed(test: Mapping[str, Any]) -> dict[str, Any]:
    return {**test, "output": NOT_SHOWN if test["status"] == "failed" else "", "evidence": {}, "mistake": None}


def _rows(grades: Sequence[Grade]) -> list[list[Cell]]:
    names = exercise_names(grades)
    hidden = ["hidden checks"] if any(hidden_checks(g.document) for g in grades) else []
    head = ["student", "points", "possible", "outcome", "attempt", "late", "override", *hidden, *names]
    rows: list[list[Cell]] = [[*head]]
    for g in grades:
        scores = {e["name"]: e["score"] for e in g.document["exercises"]}
        # No points yet is not zero points.
        apart = g.outcome in NO_POINTS
        rows.append(
            [
                g.student,
                None if apart else g.points,
                g.possible,
                g.outcome,
                None if g.outcome == "missing" else g.attempt,
                *("; ".join(a.text for a in g.adjustments if a.kind == kind) for kind in ("late", "override")),
                *(None if apart else hidden_checks(g.document) for _ in hidden),
                *(None if apart else scores.get(name) for name in names),
            ]
        )
    return rows


def _masked(grade: Grade, aliases: Mapping[str, str]) -> Grade:
    """The grade under the pseudonym, and without the student's name where the code or its messages hold it."""
    hide = _hider({name: aliases[name] for name in (grade.student, *grade.members)})
    document = {**grade.document, "tests": [_masked_test(t, hide) for t in grade.document["tests"]]}
    return replace(
        grade,
        student=aliases[grade.student],
        members=tuple(sorted(aliases[m] for m in grade.members)),
        document=document,
        problem=hide(grade.problem),
        adjustments=tuple(replace(a, text=hide(a.text)) for a in grade.adjustments),
    )


def _masked_test(test: Mapping[str, Any], hide: Callable[[str], str]) -> dict[str, Any]:
    evidence = {key: hide(value) for key, value in test["evidence"].items()}
    return {**test, "output": hide(test["output"]), "evidence": evidence}


def _hider(aliases: Mapping[str, str]) -> Callable[[str], str]:
    # Shorter names are also words and letters of code.
    long = {name.casefold(): alias for name, alias in aliases.items() if len(name) > 2}
    if not long:
        return lambda text: text
    names = sorted(long, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda m: long.get(m[0].casefold(), "…"), text)


def _earlier(out: Path) -> set[str]:
    """What an earlier call wrote here, by its summary; only names that such a call gives."""
    try:
        listed = json.loads((out / SUMMARY).read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    fixed = (CANVAS, MOODLE, PSEUDONYMS, PROBLEMS)
    return {name for name in listed if isinstance(name, str) and (name in fixed or _OURS.fullmatch(name))}


def _json(value: Any, indent: int | None = None) -> bytes:
    """One line where there is no `indent`: Python's encoder then takes a tenth of the time."""
    return (json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


def write(path: Path, content: bytes, lasting: bool = True) -> None:
    """Readable by its owner only, and either the old content or the new one, whole, whenever this process ends; where
    it is to be `lasting`, also when the machine does."""
    _folder(path.parent)
    # A fixed name: what a killed run left is written over by the next one.
    part = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:32]}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    part.replace(path)
    if lasting:
        _sync(path.parent)


def _folder(folder: Path) -> None:
    # A folder that was there before may be anybody's; its files are closed all the same.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
