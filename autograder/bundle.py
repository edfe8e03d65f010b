"""The student bundle: stubs, notebook, README and recordings, so that `grade` works without the reference.

A bundle holds no code but the stubs. The right answers to the visible cases are in it, for nothing can be compared
without them: who looks them up passes every visible check. That is why a bundle never decides a grade, and hidden cases
(`grade batch --secret`) are not in it, nor anything from which they could be drawn.
"""

from __future__ import annotations

import dataclasses
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autograder import __version__, released
from autograder.errors import UsageError
from autograder.exercises import homework as declared
from autograder.grader import Grader
from autograder.leaks import leaks, secrets
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.recording import Fault, Record, Recording
from autograder.rules import LEVELS, Reveal
from autograder.settings import FILE, Settings, settings
from autograder.starters import modules_of, starter
from autograder.store import cache_folder, packed_recording, packed_signatures
from autograder.stored_cases import packed_cases
from autograder.stubs import generated, sources

READS = ("mutated", "aliases", "rewritten", "rng", "globals", "on_device", "counts")
"""Facts of the reference that checks compare with, as they are; of others they only count."""
PICTURE = "finale.svg"
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, in a zip file


def release(root: Path, homework: str, out: Path, wheel: Path | None = None) -> tuple[Path, Path, Reveal]:
    """Writes the folder `out/HW` and the archive `out/HW.zip`, the same bytes for the same course; both paths, and what
    the course reveals today. With a wheel, it is put beside them. UsageError where they cannot be written, or exist."""
    folder, archive = out / homework, out / f"{homework}.zip"
    rules = settings(root)
    reveal = rules.reveals(homework, datetime.now(timezone.utc))
    installer = {} if wheel is None else {wheel.name: _read(wheel)}
    if not sources(root, homework):
        raise UsageError(f"{root} has no solutions/{homework}, from which the stubs are made")
    _require_room(folder, archive)
    files = contents(root, homework, rules, reveal) | installer
    found = leaks(secrets(root, [homework]), files)
    if found:
        raise UsageError(f"nothing was written, for it would give away what students must not have: {'; '.join(found)}")
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        archive.write_bytes(zipped({f"{homework}/{name}": content for name, content in files.items()}))
    except OSError as error:
        raise UsageError(f"the bundle cannot be written to {out} ({error.strerror}); choose another --out") from None
    return folder, archive, reveal


def contents(root: Path, homework: str, rules: Settings, reveal: Reveal) -> dict[str, bytes]:
    """Every file of the bundle by its name, in their order."""
    exercises = rules.exercises(homework)
    files = {f"{homework}/{path.name}": text.encode() for path, text in generated(root, homework).items()}
    picture = root / "assignments" / homework / PICTURE
    if picture.is_file():
        files[f"{homework}/{PICTURE}"] = picture.read_bytes()
    files["README.md"] = readme(homework).encode()
    files["requirements.txt"] = f"./{released.wheel(__version__)}\n".encode()
    course = course_file(homework, rules, reveal)
    if course:
        files[FILE] = course.encode()
    names = {exercise.name for exercise in exercises}
    made_for = json.dumps(released.manifest(homework, (e for e in declared(homework) if e.name in names)), indent=2)
    files[f"{released.RECORDINGS}/{released.MANIFEST}"] = f"{made_for}\n".encode()
    book, source = CaseBook(VISIBLE_SEED), starter()
    try:
        grader = Grader(root, source, book, cache=cache_folder())
        source.preload(modules_of(exercises))
        for exercise in exercises:
            place = f"{released.RECORDINGS}/{homework}/{exercise.name}"
            files[f"{place}/{released.CASES}"] = packed_cases(book.of(exercise).cases)
            files[f"{place}/{released.REFERENCE}"] = packed_recording(told(grader.ours(exercise)))
            if LEVELS.index(reveal) >= LEVELS.index("mistake"):
                files[f"{place}/{released.MISTAKES}"] = packed_signatures(grader.signatures(exercise))
    finally:
        source.close()
        book.close()
    return dict(sorted(files.items()))


def told(recording: Recording) -> Recording:
    """What checks compare a submission with, and no more: not which operators the reference calls, from where, how
    long it takes, or in which words it refuses bad arguments."""
    records = {key: _told(record) for key, record in recording.records.items()}
    return Recording(records=records, signature=recording.signature)


def _told(record: Record) -> Record:
    facts: dict[str, Any] = {name: record.facts[name] for name in READS if name in record.facts}
    if "events" in record.facts:
        facts["events"] = [[event[0]] for event in record.facts["events"]]
    if record.facts.get("dispatched"):
        facts["dispatched"] = {"operators": sum(record.facts["dispatched"].values())}
    if record.facts.get("profiled"):
        facts["profiled"] = ["operators"]
    fault = None if record.fault is None else Fault(record.fault.kind, record.fault.type)
    return dataclasses.replace(record, facts=facts, fault=fault, printed="")


def course_file(homework: str, rules: Settings, reveal: Reveal) -> str:
    """What students' `grade` has to know of `course.toml`; empty where the course decides nothing."""
    chosen = rules.homework(homework)
    lines: list[str] = []
    if chosen.exercises is not None:
        lines.append(f"exercises = {json.dumps(list(chosen.exercises))}")
    if chosen.weights:
        lines.append(f"weights = {_inline(chosen.weights)}")
    if chosen.hidden is not None:
        points = _inline(chosen.hidden) if isinstance(chosen.hidden, Mapping) else str(chosen.hidden).lower()
        lines.append(f"hidden = {points}")
    if chosen.time:
        lines.append(f"time = {_inline(rules.told_of_time(homework))}")
    text = f"[homework.{homework}]\n" + "\n".join(lines) + "\n" if lines else ""
    return text if reveal == "case" else f'{text}\n[feedback]\nreveal = "{reveal}"\n'.lstrip()


def _inline(table: Mapping[str, float]) -> str:
    return f"{{ {', '.join(f'{name} = {value!r}' for name, value in sorted(table.items()))} }}"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive whose bytes depend on nothing but the files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, BEGINNING)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # else it depends on the system that writes it
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, compresslevel=9)
    return held.getvalue()


def readme(homework: str) -> str:
    """How a student sets the grader up, and what it can tell."""
    first = declared(homework)[0].name
    return f"""# {homework}

Your work goes into `{homework}/`: the functions and classes that raise `NotImplementedError`, in the `.py` files or in
`{homework}.ipynb`. `{homework}/README.md` lists the exercises and their points.

The grader needs Python 3.10 or newer and torch 2.9 or newer. A torch that is installed is kept; otherwise install the
one for your machine first. Then, in this folder, with `{released.wheel(__version__)}` in it, which your course
gives you if it is not here,

    pip install -r requirements.txt
    grade {homework}
    grade {homework} {first}

What `grade` shows here is on cases that you have: `recordings/` holds them and the answers to them, and no code. Your
course decides the grade, on what you hand in.
"""


def _read(wheel: Path) -> bytes:
    """The wheel's bytes. UsageError where it is not that of this kit."""
    wanted = released.wheel(__version__)
    if wheel.name != wanted:
        raise UsageError(
            f"{wheel} is not the wheel of this kit; --wheel wants {wanted}, made by: pip wheel --no-deps ."
        )
    try:
        return wheel.read_bytes()
    except OSError as error:
        raise UsageError(f"{wheel} cannot be read ({error.strerror}); make it by: pip wheel --no-deps .") from None


def _require_room(folder: Path, archive: Path) -> None:
    """UsageError where something is in the way or nothing can be written; found out before minutes of recording."""
    if archive.exists():
        raise UsageError(f"{archive} exists; remove it, or choose another --out")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is not empty; remove it, or choose another --out")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror}); choose another --out") from None
