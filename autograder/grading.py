"""Puts a grader together for a course: cases, reference, cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.course import Course
from autograder.grader import Grader
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.released import RECORDINGS
from autograder.starters import Starter
from autograder.store import cache_folder
from autograder.stored_cases import StoredCases


def open_book(course: Course) -> CaseBook:
    """The visible cases: drawn, or as they lie in a bundle."""
    return StoredCases(course.root / RECORDINGS) if course.bundle else CaseBook(VISIBLE_SEED)


@contextmanager
def open_grader(course: Course, source: Starter) -> Iterator[Grader]:
    """A grader on the visible cases; closes the workers' starter at the end."""
    book = open_book(course)
    cache = course.root / RECORDINGS if course.bundle else cache_folder()
    try:
        yield Grader(course.root, source, book, cache=cache, bundle=course.bundle)
    finally:
        source.close()
        book.close()
