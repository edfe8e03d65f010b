"""Puts a grader together for a course: cases, reference, cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.course import Course
from autograder.grader import Grader
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.starters import Starter
from autograder.store import cache_folder


@contextmanager
def open_grader(course: Course, source: Starter) -> Iterator[Grader]:
    """A grader on the visible cases; closes the workers' starter at the end."""
    book = CaseBook(VISIBLE_SEED)
    cache = course.root / "recordings" if course.bundle else cache_folder()
    try:
        yield Grader(course.root, source, book, cache=cache, bundle=course.bundle)
    finally:
        source.close()
        book.close()
