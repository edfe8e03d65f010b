"""What has been graded, on disk: results by what they depend on, the grades given, and what teachers decided.

A result is written as soon as it is there, in a transaction that is on the disk before the next one begins. The
journal is SQLite's plain one, which also holds on network file systems.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, SoftFileLock, Timeout

from autograder.errors import UsageError

FILE, LOCK = "grades.sqlite", "grades.lock"
FORMAT = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS results (
    key TEXT PRIMARY KEY, score REAL NOT NULL, outcome TEXT NOT NULL, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grades (
    student TEXT NOT NULL, attempt INTEGER NOT NULL, work TEXT NOT NULL, terms TEXT NOT NULL, kit TEXT NOT NULL,
    result TEXT NOT NULL REFERENCES results (key), PRIMARY KEY (student, attempt));
CREATE TABLE IF NOT EXISTS attempts (
    student TEXT NOT NULL, attempt INTEGER NOT NULL, submitted TEXT, late INTEGER NOT NULL, members TEXT NOT NULL,
    work TEXT, problem TEXT NOT NULL, PRIMARY KEY (student, attempt));
CREATE TABLE IF NOT EXISTS overrides (
    id INTEGER PRIMARY KEY, student TEXT NOT NULL, exercise TEXT NOT NULL, points REAL NOT NULL, why TEXT NOT NULL,
    at TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Result:
    """What grading one piece of work gave. `outcome` is `graded`, or `set_apart` where the grader itself failed."""

    score: float
    outcome: str
    document: dict[str, Any]


@dataclass(frozen=True)
class Given:
    """A grade as it was given: of which work, under which terms, by which kit, with which result."""

    work: str
    terms: str
    kit: str
    result: str


@dataclass(frozen=True)
class Handed:
    """An attempt as it was last taken in; `work` is None where it could not be read (see `problem`)."""

    student: str
    attempt: int
    submitted: str | None
    late: bool
    members: tuple[str, ...]
    work: str | None
    problem: str

    @property
    def students(self) -> tuple[str, ...]:
        """Whose work it is."""
        return self.members or (self.student,)


@dataclass(frozen=True)
class Override:
    """A teacher's decision on one exercise of one student."""

    student: str
    exercise: str
    points: float
    why: str
    at: str


class Ledger:
    """The database of one output folder. One process at a time; use it from one thread."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.folder = folder
        self._parts: dict[tuple[tuple[str, object], ...], dict[str, Any]] = {}
        self._lasting: set[int] = set()
        if not create and not (folder / FILE).is_file():
            raise UsageError(f"{folder} holds no grades; it should be what --out named in grade batch")
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _take_lock(folder)
            try:
                self._db = sqlite3.connect(folder / FILE, isolation_level=None)
                (folder / FILE).chmod(0o600)
                self._db.execute("PRAGMA journal_mode=DELETE")
                self._db.execute("PRAGMA synchronous=FULL")
                self._db.executescript(_SCHEMA)
                self._check_format()
            except BaseException:
                self._lock.release()
                raise

    def _check_format(self) -> None:
        known = self.meta("format")
        if known is None:
            self.note("format", str(FORMAT))
        elif int(known) > FORMAT:
            raise UsageError(f"{self.folder} was written by a newer version of the kit; use that one")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._db.close()
        self._lock.release()
        inside = isinstance(error, FileNotFoundError) and Path(str(error.filename)).is_relative_to(self.folder)
        if isinstance(error, OSError) and (inside or self._gone()):
            raise _lost(self.folder) from None

    def _gone(self) -> bool:
        return not (self.folder / FILE).is_file()

    def meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, name: str, value: str) -> None:
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def expect(self, students: Sequence[str]) -> None:
        """Notes who is on the roster."""
        self.note("expected", json.dumps(list(students), ensure_ascii=False))

    def expected(self) -> list[str]:
        return [str(student) for student in json.loads(self.meta("expected") or "[]")]

    def result(self, key: str) -> Result | None:
        row = self._db.execute("SELECT score, outcome, document FROM results WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        return Result(float(row[0]), str(row[1]), json.loads(row[2], object_pairs_hook=self._shared))

    def result_given(self, handed: Handed) -> Result | None:
        """The result that the attempt was given, if it is still of the same work."""
        given = self.given(handed.student, handed.attempt)
        return self.result(given.result) if given is not None and given.work == handed.work else None

    def _shared(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object; the same one for the same content, unless it has lists of objects: documents are many, and say
        the same."""
        content = tuple((name, self._identity(value)) for name, value in pairs)
        if any(identity is None for _, identity in content):
            return {sys.intern(name): sys.intern(value) if type(value) is str else value for name, value in pairs}
        known = self._parts.setdefault(content, dict(pairs))
        self._lasting.add(id(known))
        return known

    def _identity(self, value: Any) -> object:
        """What only equal values of the same types have; None where that cannot be told."""
        if type(value) is dict:
            return id(value) if id(value) in self._lasting else None
        if type(value) is not list:
            return type(value), repr(value) if type(value) is float else value  # 0.0 equals -0.0
        parts = tuple(None if type(item) is dict else self._identity(item) for item in value)
        return None if None in parts else parts

    def holds(self, key: str) -> bool:
        """Whether there is a result that needs no second try."""
        found = self._db.execute("SELECT 1 FROM results WHERE key = ? AND outcome = 'graded'", (key,))
        return found.fetchone() is not None

    def keep(self, key: str, result: Result) -> None:
        text = json.dumps(result.document, ensure_ascii=False, sort_keys=True)
        self._write("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", (key, result.score, result.outcome, text))

    def given(self, student: str, attempt: int) -> Given | None:
        query = "SELECT work, terms, kit, result FROM grades WHERE student = ? AND attempt = ?"
        row = self._db.execute(query, (student, attempt)).fetchone()
        return None if row is None else Given(*map(str, row))

    def give(self, student: str, attempt: int, given: Given) -> None:
        values = (student, attempt, given.work, given.terms, given.kit, given.result)
        self._write("INSERT OR REPLACE INTO grades VALUES (?, ?, ?, ?, ?, ?)", values)

    def hand_in(self, attempts: list[Handed]) -> None:
        """Replaces what is known of the attempts by what is there now."""
        with self._writing():
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM attempts")
            self._db.executemany(
                "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (h.student, h.attempt, h.submitted, int(h.late), json.dumps(h.members), h.work, h.problem)
                    for h in attempts
                ],
            )
            self._db.execute("COMMIT")

    def handed_in(self) -> list[Handed]:
        rows = self._db.execute(
            "SELECT student, attempt, submitted, late, members, work, problem FROM attempts ORDER BY student, attempt"
        )
        return [Handed(r[0], r[1], r[2], bool(r[3]), tuple(json.loads(r[4])), r[5], r[6]) for r in rows]

    def override(self, override: Override) -> None:
        values = (override.student, override.exercise, override.points, override.why, override.at)
        self._write("INSERT INTO overrides (student, exercise, points, why, at) VALUES (?, ?, ?, ?, ?)", values)

    def overrides(self) -> dict[tuple[str, str], Override]:
        """The last decision on each exercise of each student."""
        rows = self._db.execute("SELECT student, exercise, points, why, at FROM overrides ORDER BY id")
        return {(row[0], row[1]): Override(*row) for row in rows}

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        with self._writing():
            self._db.execute(statement, values)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if self._gone():
                raise _lost(self.folder) from None
            raise _what_a_disk_does(self.folder, error) from None


def _take_lock(folder: Path) -> FileLock | SoftFileLock:
    """Keeps a second grader out for as long as this one runs; where the file system has no locks, by a file that
    names the process."""
    lock: FileLock | SoftFileLock
    try:
        lock = FileLock(folder / LOCK, mode=0o600)
        lock.acquire(timeout=0)
    except NotImplementedError:
        lock = SoftFileLock(folder / f"{LOCK}.process", mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(
                f"another grade is at work in {folder}; if it is not, remove {folder / LOCK}.process"
            ) from None
    except Timeout:
        raise UsageError(f"another grade is at work in {folder}; wait for it, or choose another --out") from None
    return lock


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turns what a disk can do to who opens a ledger into one sentence."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        if isinstance(error, (sqlite3.DatabaseError, FileNotFoundError)) and not folder.is_dir():
            raise _lost(folder) from None
        if isinstance(error, sqlite3.DatabaseError):
            raise _what_a_disk_does(folder, error) from None
        raise UsageError(f"{folder} cannot be used ({os.strerror(error.errno or 0)}); choose another --out") from None


def _lost(folder: Path) -> UsageError:
    return UsageError(
        f"{folder} is gone, or what was in it; what was graded since is lost: type the same command again"
    )


def _what_a_disk_does(folder: Path, error: sqlite3.DatabaseError) -> UsageError:
    told = str(error)
    if "full" in told or "disk I/O" in told:
        return UsageError(
            f"the disk that holds {folder} cannot be written ({told}); what is graded so far is kept: free some "
            "space and type the same command again"
        )
    if "malformed" in told or "not a database" in told:
        return UsageError(f"{folder / FILE} is damaged ({told}); restore it from a backup, or use another --out")
    return UsageError(f"{folder} cannot be written ({told})")
