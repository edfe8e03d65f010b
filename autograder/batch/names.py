"""Names of students: as file names that every system takes, and as pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_KEPT = " -_.,@+"
_BYTES = 80
# Windows opens a device for these, with any suffix.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def pseudonym(student: str, salt: bytes) -> str:
    """The same for the same name and salt; says nothing about the name to who does not have the salt."""
    if not salt:
        raise ValueError("pseudonyms need a salt")
    name = unicodedata.normalize("NFC", student).encode("utf-8", "surrogatepass")
    # The letter keeps spreadsheets from reading 12345e10 as a number.
    return "s" + hmac.new(salt, name, hashlib.sha256).hexdigest()[:16]


def pseudonyms(students: Iterable[str], salt: bytes) -> dict[str, str]:
    found = {student: pseudonym(student, salt) for student in students}
    if len(set(found.values())) < len(found):
        raise ValueError("two names are the same once written in Unicode's composed form")
    return found


def file_names(students: Iterable[str]) -> dict[str, str]:
    """A file name (without suffix) for each name, no two alike on any file system.

    A name that could not be kept as it is, or that differs from another's only in ways that some file system does
    not see, gets a part of its digest, so that it does not depend on the order of the students.
    """
    wanted = {student: _safe(student) for student in students}
    digits = {student: 0 if safe == student else 8 for student, safe in wanted.items()}
    while True:
        names = {student: _with_digest(safe, student, digits[student]) for student, safe in wanted.items()}
        counts = Counter(map(_seen_as, names.values()))
        alike = [s for s in names if counts[_seen_as(names[s])] > 1 and digits[s] < 64]
        if not alike:
            return names
        for student in alike:
            digits[student] = min(64, digits[student] + 8)


def _seen_as(name: str) -> str:
    """What the most forgetful file system makes of a name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _with_digest(safe: str, student: str, digits: int) -> str:
    if not digits:
        return safe
    return f"{safe}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:digits]}"


def _safe(student: str) -> str:
    composed = unicodedata.normalize("NFC", student)
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in _KEPT else "_" for c in composed)
    kept = re.sub(r"\.{2,}", "_", kept)
    cut = kept.encode()[:_BYTES].decode(errors="ignore").strip(" .-")
    if not cut or unicodedata.category(cut[0])[0] == "M":
        cut = f"student{cut}"
    return f"_{cut}" if _DEVICES.fullmatch(cut) else cut
