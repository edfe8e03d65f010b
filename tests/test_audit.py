"""The audit says of a sound exercise that it is sound, and finds the holes of one that is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.audit import Audit, Row
from autograder.grader import Grader
from autograder.recorder import CaseBook
from autograder.starters import Starter
from tests.conftest import ROOT, exercise

NAME = "bow_vector"
WRONG = '''
from common.counted import counted


def not_wrong_at_all(sentence, word_to_ix):
    """This is right.

    Nothing to mend.
    """
    return counted(sentence, word_to_ix)


def not_wrong_at_all__rewrite(sentence, word_to_ix):
    return counted(sentence, word_to_ix)


def one_too_many(sentence, word_to_ix):
    """Every count is one too large.

    Begin at zero.
    """
    return counted(sentence, word_to_ix) + 1


def one_too_many__rewrite(sentence, word_to_ix):
    return counted(sentence, word_to_ix) + 2
'''
COUNTED = """
import torch


def counted(sentence, word_to_ix):
    words = sorted(word_to_ix, key=word_to_ix.get)
    return torch.tensor([[float(sentence.count(word)) for word in words]])
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with this one exercise."""
    for part in (f"reference/hw4/{NAME}", "solutions/hw4", "assignments/hw4"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


@pytest.mark.parametrize("quick", [False, True], ids=["whole", "quick"])
def test_the_audit_finds_what_is_wrong_with_a_catalogue(course: Path, source: Starter, quick: bool) -> None:
    reference = course / "reference" / "hw4"
    (reference / NAME / "mistakes_more.py").write_text(WRONG, "utf-8")
    (reference / "common").mkdir()
    (reference / "common" / "counted.py").write_text(COUNTED, "utf-8")
    (reference / NAME / "variants.py").write_text('"""None."""\n', "utf-8")
    row = audited(course, source, quick)
    assert "the mistake not_wrong_at_all gets full marks" in row.holes
    assert "there are 0 correct variants, at least 2 expected" in row.holes
    rewrites = [hole for hole in row.holes if hole.startswith("the rewrite of one_too_many is named nothing")]
    assert len(rewrites) == (0 if quick else 1)
    assert row.columns["solution"] == "4/4" and row.columns["stub"] == "0"


def test_the_audit_finds_no_hole_in_a_sound_exercise(course: Path, source: Starter) -> None:
    assert audited(course, source, quick=True).holes == []


def audited(course: Path, source: Starter, quick: bool) -> Row:
    books = CaseBook(), CaseBook(7)
    try:
        audit = Audit(Grader(course, source, books[0]), Grader(course, source, books[1]), 2, quick)
        return audit.rows([exercise(NAME)], lambda row: None)[0]
    finally:
        for book in books:
            book.close()
