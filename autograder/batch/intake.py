"""Takes in what students handed in, from a folder or a zip, and makes each attempt a submission of its own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from pathlib import Path

from autograder.batch import layouts
from autograder.batch.layouts import Handed, Who
from autograder.batch.records import Attempt, Intake, Problem
from autograder.batch.roster import Roster, Unknown
from autograder.errors import UsageError
from autograder.exercises import homework as declared
from autograder.exercises import homeworks
from autograder.locate import OTHER_ARCHIVES, from_file, from_folder, from_zip
from autograder.notebook_code import notebook_source
from autograder.submission import Submission
from autograder.text import one_line
from autograder.unpack import CHUNK, EXPORT, copy_file, copy_folder, fresh, make_folder, unpack

TOGETHER = " + "


def take_in(source: Path, homework: str, staging: Path, roster: Roster | None = None) -> Intake:
    """Every attempt in a folder of submissions or in the zip that a course system exported, ordered by student and
    number, and a problem for everything that is nobody's for certain. The staging folder gets what had to be unpacked
    or put together; attempts may lie in it. UsageError if the source is no such folder or zip."""
    source = source.resolve()
    problems: list[Problem] = []
    folder = source
    if not source.exists():
        raise UsageError(f"there is no {source}")
    if source.is_file():
        folder = _unpacked(source, staging, problems)
    folder = _top(folder, homework, source)
    layout = layouts.special(folder, homework) or layouts.plain
    handed, unclear = layout(folder, homework)
    attempts, unresolved = _attempts(handed, roster, make_folder(staging))
    told = [
        Problem(_outside(p.path, staging, source), one_line(p.message, 500)) for p in (*problems, *unclear, *unresolved)
    ]
    if not attempts and not told:
        raise UsageError(f"{source} holds no submission of {homework} (a folder, .py, .ipynb or .zip a student)")
    return Intake(
        tuple(sorted(attempts, key=lambda a: (a.student.casefold(), a.student, a.number))),
        tuple(sorted(told, key=lambda p: (str(p.path), p.message))),
    )


def _unpacked(source: Path, staging: Path, problems: list[Problem]) -> Path:
    if source.suffix.lower() != ".zip":
        kind = "an archive that is not opened" if source.name.lower().endswith(OTHER_ARCHIVES) else "one file"
        raise UsageError(f"{source.name} is {kind}; give a folder of submissions or the .zip that was exported")
    folder = fresh(staging / "export")
    unpack(source, folder, EXPORT, lambda name, told: problems.append(Problem(source / name, f"{told}; left out.")))
    return folder


def _outside(path: Path, staging: Path, source: Path) -> Path:
    """The path as the instructor knows it."""
    inside = staging / "export"
    return source / path.relative_to(inside) if path.is_relative_to(inside) else path


def _top(folder: Path, homework: str, source: Path) -> Path:
    """The folder that holds the submissions: this one, or one in it."""
    files = {e.file for e in declared(homework)} if homework in homeworks() else set()
    files |= {f"{homework}.ipynb"}

    def is_one(path: Path) -> bool:
        return any((path / file).is_file() for file in files)

    if is_one(folder):
        raise UsageError(f"{source.name} looks like one submission; type: grade {homework} --path {source}")
    for _ in range(5):
        if layouts.special(folder, homework) is not None:
            break
        submitted = folder / "submitted"
        inner = [submitted] if submitted.is_dir() and not submitted.is_symlink() else layouts.entries(folder)
        if len(inner) != 1 or not inner[0].is_dir() or inner[0].is_symlink() or is_one(inner[0]):
            break
        if source.is_dir() and inner[0] != submitted and layouts.special(inner[0], homework) is None:
            break
        folder = inner[0]
    return folder


def _attempts(handed: list[Handed], roster: Roster | None, staging: Path) -> tuple[list[Attempt], list[Problem]]:
    problems: list[Problem] = []
    by_student: dict[tuple[str, ...], list[Handed]] = defaultdict(list)
    for one in handed:
        members: list[str] = []
        for who in one.who:
            found = _resolve(who, roster)
            if isinstance(found, Unknown):
                problems.append(Problem(one.files[0][0], found.message))
            else:
                members += found
        if members:
            by_student[tuple(sorted(dict.fromkeys(members)))].append(one)
    attempts = []
    shared = Counter(member for members in by_student for member in members)
    for group, own in sorted(by_student.items()):
        twice = [member for member in group if shared[member] > 1]
        if twice or (len(own) > 1 and not all(one.several for one in own)):
            names = ", ".join(one.files[0][0].name for one in own)
            also = "more than one group" if twice else names
            told = f"{(twice or group)[0]} has handed in as {also}; nothing tells which counts."
            problems += [Problem(one.files[0][0], told) for one in own]
            continue
        ordered = sorted(own, key=lambda one: (layouts.moment_key(one.submitted), one.number, one.files[0][0].name))
        number = 0
        for one in ordered:
            number = max(number + 1, one.number)
            student = TOGETHER.join(group)
            try:
                path = _path(one, staging / "together" / f"{_slug(student)}-{number}")
            except UsageError as error:
                problems.append(Problem(one.files[0][0], f"{student}: {error}."))
                continue
            several = group if len(group) > 1 else ()
            attempts.append(Attempt(student, path, number, one.submitted, one.late, several, one.notebook))
    return attempts, problems


def _resolve(who: Who, roster: Roster | None) -> list[str] | Unknown:
    """The students that are meant; more than one where it is a group that the roster knows."""
    if roster is None:
        return [who.label]
    for name in who.names:
        members = roster.group(name)
        if len(members) > 1:
            return [person.student for person in members]
    found = roster.find(who.ids, who.names)
    return found if isinstance(found, Unknown) else [found.student]


def _path(one: Handed, together: Path) -> Path:
    """Where an attempt's files are; put together in a folder where they lie among others' under other names."""
    if len(one.files) == 1:
        path, name = one.files[0]
        if path.is_dir() or path.name == name or path.suffix.lower() == ".zip":
            return path
    fresh(together)
    for path, name in one.files:
        if path.is_dir():
            copy_folder(path, together / name)
        else:
            copy_file(path, together / name)
    return together


def submission_of(
    attempt: Attempt, files: list[str], staging: Path, homework: str = "", given: Path | None = None
) -> Submission:
    """The attempt as a submission that is its own: all of it is copied into the staging folder, where nothing that
    happens to the original changes it. `homework` tells its notebook from others, `given` is the folder of stubs:
    files that are still as in it do not stand in the way of a notebook. UsageError says in a sentence why it cannot
    be read."""
    folder = fresh(staging / "submissions" / f"{_slug(attempt.student)}-{attempt.number}")
    path = attempt.path
    if path.is_symlink() or not path.exists():
        raise UsageError(f"{path.name} is {'a link' if path.is_symlink() else 'no longer there'}")
    left_out: list[str] = []
    try:
        if path.is_dir():
            left_out = copy_folder(path, folder)
            inner = layouts.entries(folder)
            if attempt.notebook and _counts(folder / attempt.notebook, files, given):
                found = from_file(folder / attempt.notebook, files, homework, folder)
            elif len(inner) == 1 and inner[0].suffix.lower() == ".zip" and inner[0].is_file():
                found = from_zip(inner[0], files, homework, folder / "unpacked", given)
            else:
                found = from_folder(folder, files, homework, folder, given)
        elif path.suffix.lower() == ".zip":
            found = from_zip(path, files, homework, folder, given)
        else:
            copy_file(path, folder / path.name)
            found = from_file(folder / path.name, files, homework, folder)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read ({error.strerror})") from None
    except UsageError as error:
        # What the instructor knows is the original, and --path is what only `grade` takes.
        told = str(error).replace(str(folder), path.name).replace(folder.name, path.name)
        links = f" ({left_out[0]} is a link and was left out)" if left_out else ""
        raise UsageError(one_line(told.removesuffix("; give the right folder with --path") + links, 500)) from None
    return Submission(attempt.student, found.root, found.files)


def _counts(notebook: Path, files: list[str], given: Path | None) -> bool:
    """Whether the notebook is what was worked on: it is the only thing there, or not as students received it."""
    received = None if given is None else given / notebook.name
    if received is None or not received.is_file() or not any((notebook.parent / file).is_file() for file in files):
        return True
    return notebook_source(notebook).split() != notebook_source(received).split()


def content_key(submission: Submission) -> str:
    """A hash of what is graded: the names and bytes of all files at and below the root, and which of them holds
    which exercise. Where the root is does not matter."""
    digest = hashlib.sha256()

    def add(data: bytes) -> None:
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)

    root = submission.root
    paths = [(p.relative_to(root).as_posix(), p) for p in root.rglob("*") if p.is_file() and not p.is_symlink()]
    for relative, path in sorted(paths):
        add(relative.encode("utf-8", "surrogateescape"))
        inner = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                inner.update(chunk)
        add(inner.digest())
    for name, path in sorted(submission.files.items()):
        add(name.encode())
        add(path.relative_to(root).as_posix().encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _slug(student: str) -> str:
    """A name for files that no two students share."""
    short = re.sub(r"[^A-Za-z0-9_-]+", "_", student)[:40].strip("_")
    return f"{short}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
