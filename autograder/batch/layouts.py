"""How course systems lay out what students handed in, and how one tells which of them it is.

Each layout is a function from a folder to what was handed in and to what could not be told. Whose it is, is said as the
layout says it; `intake` asks the roster.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from autograder.batch import gradescope
from autograder.batch.records import Problem
from autograder.batch.roster import label
from autograder.locate import OTHER_ARCHIVES, original_name
from autograder.unpack import is_junk

KINDS = (".py", ".ipynb", ".zip")
METADATA = "submission_metadata.yml"
_CANVAS = re.compile(r"(?P<name>[^_]+)(?P<late>_LATE|_late)?_(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)")
_CANVAS_ANONYMOUS = re.compile(r"(?P<name>anon)(?P<late>_LATE|_late)?_(?P<user>\w{5})_(?P<file>\d+)_(?P<rest>.+)")
_CANVAS_TEXT = re.compile(r"[^_]+(_LATE|_late)?_\d+_(\d+_)?(text|link)\.html")
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<what>file|onlinetext)_?(?P<rest>.*)")
_INBOUND = re.compile(r"(?P<student>[^+]+)\+(?P<homework>[^+]+)\+(?P<time>\d{4}-[^+]+)(\+.*)?")
_ATTEMPT = re.compile(r"(?:attempt|try|submission|version)?[ _-]?(\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True)
class Who:
    """A student as the export says it. `label` is what results are kept under where there is no roster."""

    label: str
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """One attempt in an export: files with the names that students gave them. `several` says that the layout keeps
    attempts, so that two of one student are no contradiction; `notebook` which file in the folder counts."""

    who: tuple[Who, ...]
    files: tuple[tuple[Path, str], ...]
    submitted: str | None = None
    late: bool = False
    number: int = 1
    several: bool = False
    notebook: str = ""


Found = tuple[list[Handed], list[Problem]]
Layout = Callable[[Path, str], Found]


def entries(folder: Path) -> list[Path]:
    """What lies in a folder, in order, without what systems leave behind."""
    return sorted((e for e in folder.iterdir() if not is_junk(e.name)), key=lambda e: e.name)


def special(folder: Path, homework: str) -> Layout | None:
    """The course system that wrote the folder; None for a plain one."""
    here = entries(folder)
    names = [entry.name for entry in here]
    if METADATA in names:
        return from_gradescope
    if any(_MOODLE.fullmatch(name) for name in names):
        return from_moodle
    if any(e.is_dir() and _INBOUND.fullmatch(e.name) for e in here):
        return from_inbound
    if any(e.is_dir() and (e / homework).is_dir() for e in here):
        return from_nbgrader
    files = [entry.name for entry in here if entry.is_file()]
    if sum(1 for name in files if _canvas(name) or _CANVAS_TEXT.fullmatch(name)) * 2 > len(files):
        return from_canvas
    return None


def from_gradescope(folder: Path, homework: str) -> Found:
    """`submission_1234/` folders, and a file that says whose they are. Earlier submissions are in its history, as a
    rule without their files."""
    with (folder / METADATA).open(encoding="utf-8", errors="replace") as lines:
        known = {entry.folder: entry for entry in gradescope.entries(lines)}
    history = {f"submission_{old['id']}": (e, old) for e in known.values() for old in e.history if "id" in old}
    handed, problems = [], []
    for path in entries(folder):
        if path.name == METADATA:
            continue
        entry = known.get(path.name) or history.get(path.name, (None,))[0]
        who = tuple(_submitter(person) for person in entry.submitters if person) if entry else ()
        if entry is None or not who:
            problems.append(Problem(path, f"{METADATA} does not say whose {path.name} is."))
            continue
        written = entry.created if path.name in known else history[path.name][1].get("created_at", "")
        submitted = gradescope.moment(written)
        times = [gradescope.moment(old.get("created_at", "")) for old in entry.history]
        earlier = sum(1 for time in times if time and submitted and _when(time) < _when(submitted))
        handed.append(Handed(who, ((path, path.name),), submitted, number=1 + earlier, several=True))
    missing = sorted(name for name in known if not (folder / name).exists())
    problems += [Problem(folder / name, f"{METADATA} names {name}, but it is not in the export.") for name in missing]
    return handed, problems


def _submitter(person: dict[str, str]) -> Who:
    name, email, sid = (person.get(key, "") for key in ("name", "email", "sid"))
    return Who(label(name, sid=sid, email=email), (name,), (sid, email))


def _when(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def from_moodle(folder: Path, homework: str) -> Found:
    """`Full Name_123456_assignsubmission_file_`, as folders or before each file's name. The number is that of the
    participant in this assignment. Online text holds no code."""
    files: dict[tuple[str, str], list[tuple[Path, str]]] = defaultdict(list)
    problems = []
    for path in entries(folder):
        match = _MOODLE.fullmatch(path.name)
        if match is None:
            problems.append(Problem(path, f"{path.name} is not named as Moodle does; it belongs to nobody."))
        elif match["what"] == "file" and (path.is_dir() or match["rest"]):
            files[match["name"], match["id"]].append((path, path.name if path.is_dir() else match["rest"]))
        elif match["what"] == "onlinetext":
            files.setdefault((match["name"], match["id"]), [])
    handed = []
    for (name, number), own in files.items():
        # In a group assignment the group's name and a hyphen stand before the student's.
        pieces = name.split("-")
        names = () if pieces[-1] in ("Participant", "Teilnehmer/in") else tuple(
            "-".join(pieces[i:]) for i in range(len(pieces))
        )  # fmt: skip
        if own:
            handed.append(Handed((Who(f"{name} ({number})", names, (number,)),), tuple(own)))
        else:
            problems.append(Problem(folder / name, f"{name} ({number}) handed in a text, no file."))
    return handed, problems


def from_canvas(folder: Path, homework: str) -> Found:
    """`lastfirst_LATE_<user>_<file>_name.zip`: the zip of an assignment, unpacked. The second number is the file's,
    so that one student's files differ in it. A file handed in again under the same name got a -1, -2, ... ."""
    files: dict[tuple[str, str], list[tuple[Path, str]]] = defaultdict(list)
    late = set()
    texts = []
    problems = []
    for path in entries(folder):
        match = _canvas(path.name) if path.is_file() else None
        if _CANVAS_TEXT.fullmatch(path.name):
            texts.append(path)
        elif match is None:
            problems.append(Problem(path, f"{path.name} is not named as Canvas does; it belongs to nobody."))
        else:
            key = (match["name"], match["user"])
            files[key].append((path, match["rest"]))
            if match["late"]:
                late.add(key)
    handed = []
    for (name, user), own in files.items():
        who = Who(f"{name} ({user})", () if name == "anon" else (name,), (user,))
        handed.append(Handed((who,), tuple(_without_suffixes(own)), late=(name, user) in late))
    problems += [Problem(path, f"{path.name} is a text or a link, no file.") for path in texts]
    return handed, problems


def _canvas(name: str) -> re.Match[str] | None:
    return _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)


def _without_suffixes(files: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """The names without Canvas's suffix, where it makes no two the same."""
    plain = [original_name(name) for _, name in files]
    return [
        (path, short if plain.count(short) == 1 else name) for (path, name), short in zip(files, plain, strict=True)
    ]


def from_nbgrader(folder: Path, homework: str) -> Found:
    """`submitted/<student>/<assignment>/`, with the time in `timestamp.txt`."""
    handed: list[Handed] = []
    problems = []
    # A folder of the homework's name alone may be a student's idea; then whoever has none has handed in all the same.
    written = folder.name == "submitted" or any((e / homework / "timestamp.txt").is_file() for e in entries(folder))
    for path in entries(folder):
        own = path / homework
        if not path.is_dir():
            problems.append(Problem(path, f"{path.name} is in nobody's folder."))
        elif own.is_dir():
            stamp = own / "timestamp.txt"
            text = stamp.read_text(encoding="utf-8", errors="replace")[:100].strip() if stamp.is_file() else ""
            submitted = nbgrader_time(text)
            if text and submitted is None:
                problems.append(
                    Problem(stamp, f"The time {text[:40]!r} of {path.name} cannot be read; it is not used.")
                )
            who = Who(path.name, (path.name,), (path.name,))
            handed.append(Handed((who,), ((own, homework),), submitted, notebook=_released(own, homework)))
        elif not written:
            handed += _attempts(path)
    return handed, problems


def from_inbound(folder: Path, homework: str) -> Found:
    """nbgrader's exchange: `<student>+<assignment>+<time>`, every attempt."""
    attempts: dict[str, list[tuple[str, Path, str | None]]] = defaultdict(list)
    problems = []
    for path in entries(folder):
        match = _INBOUND.fullmatch(path.name) if path.is_dir() else None
        if match is None:
            problems.append(Problem(path, f"{path.name} belongs to nobody."))
        elif match["homework"] == homework:
            time = nbgrader_time(match["time"])
            attempts[match["student"]].append((time or match["time"], path, time))
    handed = [
        Handed(
            (Who(who, (who,), (who,)),),
            ((path, homework),),
            time,
            number=number,
            several=True,
            notebook=_released(path, homework),
        )
        for who, own in attempts.items()
        for number, (_, path, time) in enumerate(sorted(own), 1)
    ]
    return handed, problems


def _released(folder: Path, homework: str) -> str:
    """The notebook that nbgrader gave out: it grades that one, whatever lies beside it."""
    path = folder / f"{homework}.ipynb"
    return path.name if path.is_file() and not path.is_symlink() else ""


def nbgrader_time(text: str) -> str | None:
    """nbgrader's times are UTC unless they say an offset. Names of other zones mean several offsets: None."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)? ?(UTC|GMT|Z|[+-]\d\d:?\d\d)?", text)
    if match is None:
        return None
    zone = match[4] if match[4] and match[4][0] in "+-" else "Z"
    return gradescope.moment(f"{match[1]} {match[2]}{match[3] or ''} {zone}")


def plain(folder: Path, homework: str) -> Found:
    """A folder, a .py, an .ipynb or a .zip a student, named after them."""
    handed: list[Handed] = []
    problems = []
    for path in entries(folder):
        if path.is_symlink():
            problems.append(Problem(path, f"{path.name} is a link; put the folder or file itself there."))
        elif path.is_dir():
            handed += _attempts(path)
        elif path.suffix.lower() in KINDS:
            names = _owners(path.stem, homework)
            if names:
                handed.append(Handed((Who(names[-1], names, names),), ((path, path.name),)))
            else:
                problems.append(Problem(path, f"{path.name} does not say whose it is."))
        elif path.name.lower().endswith(OTHER_ARCHIVES):
            problems.append(Problem(path, f"{path.name} is an archive that is not opened; it must be a .zip."))
        elif path.suffix.lower() not in (".csv", ".md", ".txt", ".toml", ".json"):
            problems.append(Problem(path, f"{path.name} is neither a folder nor a .py, .ipynb or .zip file."))
    return handed, problems


def _attempts(path: Path) -> Iterable[Handed]:
    """A student's folder: one attempt, or several if it holds nothing but numbered folders."""
    who = (Who(path.name, (path.name,), (path.name,)),)
    inner = entries(path)
    numbers = [_ATTEMPT.fullmatch(e.name) if e.is_dir() and not e.is_symlink() else None for e in inner]
    counted = {int(m[1]) for m in numbers if m}
    if inner and len(counted) == len(inner):
        ordered = sorted(zip(inner, numbers, strict=True), key=lambda pair: int(pair[1][1]) if pair[1] else 0)
        return [
            Handed(who, ((attempt, attempt.name),), number=number, several=True)
            for number, (attempt, _) in enumerate(ordered, 1)
        ]
    return [Handed(who, ((path, path.name),))]


def _owners(stem: str, homework: str) -> tuple[str, ...]:
    """Whom a file's name may name: as it is, and without the homework and the marks of a copy. The last is best
    where nobody can be asked."""
    short = re.sub(r"^copy of |\s*\(\d{1,2}\)$", "", stem.strip(), flags=re.IGNORECASE)
    short = re.sub(rf"(?i)^{re.escape(homework)}(?=$|[ _.-])|(?<![^ _.-]){re.escape(homework)}$", "", short)
    short = short.strip(" _.-")
    return tuple(dict.fromkeys(name for name in (stem, short) if name)) if short else ()


def moment_key(submitted: str | None) -> float:
    """For ordering: a known time, else before all others."""
    return _when(submitted).astimezone(timezone.utc).timestamp() if submitted else 0.0
