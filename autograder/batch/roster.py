"""Who is in the course, from a CSV file, and whom a name in an export means: one student, or nobody for certain."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from autograder.errors import UsageError

COLUMNS = {
    "login": "login|sis login id|login id|username|user name|netid|net id|anmeldename|unixname|github username",
    "sid": "sid|sis user id|sis id|id number|student id|student number|matriculation number|matrikelnummer|id-nummer",
    "email": "email|e-mail|email address|e-mail-adresse|e-mail address|mail",
    "id": "id|identifier|user id|canvas user id|lms_user_id|participant|teilnehmer/in|canvas id",
    "name": "name|full name|student|student name|vollständiger name|display name|sortable name",
    "first": "first name|first_name|firstname|given name|vorname",
    "last": "last name|last_name|lastname|surname|family name|nachname",
    "group": "group|groups|group name|group_name|gruppe|gruppen",
}
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_FIELDS = {header: field for field, headers in COLUMNS.items() for header in headers.split("|")}


@dataclass(frozen=True)
class Person:
    """A student of the course. `student` is what results are kept under: the login, else the student number, the
    e-mail address, the number in the system, the name. `row` is the line of the roster, by its own columns."""

    student: str
    name: str = ""
    ids: tuple[str, ...] = ()
    group: str = ""
    row: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Unknown:
    """Nobody, or more than one; `message` is a whole sentence."""

    message: str


@dataclass(frozen=True)
class Roster:
    """The students of the course."""

    people: tuple[Person, ...]

    @property
    def students(self) -> tuple[str, ...]:
        return tuple(person.student for person in self.people)

    def find(self, ids: Iterable[str] = (), names: Iterable[str] = ()) -> Person | Unknown:
        """The one student who has one of the ids, else one of the names. Never a guess: two who could be meant, or an
        id of one and a name of another, are Unknown."""
        ids, names = [i for i in ids if i], [n for n in names if n]
        by_id = self._with_ids(ids)
        by_name = self._named(names)
        told = " ".join(dict.fromkeys([*names[:1], *(f"({i})" for i in ids[:1])]))
        if len(by_id) > 1 or (not by_id and len(by_name) > 1):
            several = " or ".join(_told(person) for person in (by_id or by_name)[:4])
            return Unknown(f"{told} could be {several}; nothing tells which.")
        if by_id:
            if by_name and by_id[0] not in by_name:
                return Unknown(f"{told} has the number of {_told(by_id[0])} but the name of {_told(by_name[0])}.")
            return by_id[0]
        return by_name[0] if by_name else Unknown(f"{told} is nobody on the roster.")

    def group(self, name: str) -> tuple[Person, ...]:
        """The members of the group that is called so; a student may be in several, parted by commas."""
        return tuple(self._groups.get(squeeze(name), ()))

    def _with_ids(self, ids: Sequence[str]) -> list[Person]:
        wanted = [i.strip().casefold() for i in ids]
        return _all(self._ids, wanted) or _all(self._mailboxes, wanted)

    def _named(self, names: Sequence[str]) -> list[Person]:
        """By the words of the name in any order, or by the name run together, last name first, as Canvas has it."""
        return _all(self._names, [key for name in names for key in (" ".join(sorted(words(name))), squeeze(name))])

    @cached_property
    def _ids(self) -> Index:
        return _index(self.people, lambda person: [i.casefold() for i in (person.student, *person.ids)])

    @cached_property
    def _mailboxes(self) -> Index:
        return _index(self.people, lambda person: [i.casefold().split("@")[0] for i in person.ids if "@" in i])

    @cached_property
    def _names(self) -> Index:
        def keys(person: Person) -> list[str]:
            own = words(person.name)
            return [" ".join(sorted(own)), *("".join(own[i:] + own[:i]) for i in range(len(own)))]

        return _index(self.people, keys)

    @cached_property
    def _groups(self) -> Index:
        return _index(self.people, lambda person: [squeeze(group) for group in re.split(r"[,;]", person.group)])


Index = dict[str, list[Person]]


def _index(people: Iterable[Person], keys: Callable[[Person], Iterable[str]]) -> Index:
    found: Index = {}
    for person in people:
        for key in dict.fromkeys(keys(person)):
            if key:
                found.setdefault(key, []).append(person)
    return found


def _all(index: Index, keys: Iterable[str]) -> list[Person]:
    return list(dict.fromkeys(person for key in keys for person in index.get(key, ())))


def _told(person: Person) -> str:
    return person.student if not person.name or person.name == person.student else f"{person.name} ({person.student})"


def words(name: str) -> list[str]:
    """The words of a name, without case, accents and punctuation inside words."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    joined = re.sub(r"['’`.\-‐]", "", plain.casefold().translate(_LETTERS))
    return re.findall(r"\w+", joined.replace("_", " "))


def squeeze(name: str) -> str:
    return "".join(words(name))


def label(name: str = "", login: str = "", sid: str = "", email: str = "", id: str = "") -> str:
    """What a student's results are kept under."""
    return next((text for text in (login, sid, email, id, name) if text), "")


def read_roster(path: Path) -> Roster:
    """The students in a CSV file: one with a header, as Canvas, Moodle, Gradescope and nbgrader write it or as one
    writes it by hand. UsageError if nobody is in it or two share a login."""
    try:
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise UsageError(f"the roster {path} cannot be read ({error.strerror})") from None
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))]
    fields = [_FIELDS.get(cell.strip().casefold(), "") for cell in rows[0]] if rows else []
    if not set(fields) & {"login", "sid", "email", "id", "name", "last"}:
        raise UsageError(
            f"the roster {path.name} has no column that is known; its first line should name some of id, sid, login, "
            "email, name"
        )
    people: dict[str, Person] = {}
    for row in rows[1:]:
        person = _person(
            {field: cell.strip() for field, cell in reversed(list(zip(fields, row, strict=False))) if cell}
        )
        if person is None:
            continue
        other = people.get(person.student.casefold(), person)
        # A student may have a line for every group.
        groups = ", ".join(dict.fromkeys(filter(None, (other.group, person.group))))
        columns = dict(zip((cell.strip() for cell in rows[0]), row, strict=False))
        people[person.student.casefold()] = replace(person, group=groups, row=columns)
        if (other.name, other.ids) != (person.name, person.ids):
            raise UsageError(f"the roster {path.name} holds {person.student} twice: {other.name} and {person.name}")
    if not people:
        raise UsageError(f"the roster {path.name} holds no student")
    return Roster(tuple(people.values()))


def _person(cells: dict[str, str]) -> Person | None:
    name = cells.get("name") or " ".join(filter(None, (cells.get("first"), cells.get("last"))))
    if "," in name:
        last, _, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}".strip()
    number = cells.get("id", "")
    # Moodle's worksheet numbers participants so that its files can name them.
    found = re.fullmatch(r"\D+ (\d+)", number)
    number = found[1] if found else number
    ids = tuple(dict.fromkeys(i for i in (cells.get("login"), cells.get("sid"), cells.get("email"), number) if i))
    if not ids and squeeze(name) in ("pointspossible", "studenttest", "teststudent"):
        return None
    student = label(name, cells.get("login", ""), cells.get("sid", ""), cells.get("email", ""), number)
    return Person(student, name, ids, cells.get("group", "")) if student else None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
