"""Whatever a submission does, it has an outcome of its own and one helpful sentence, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.explain import explain, place
from autograder.grader import Grader
from autograder.starters import Starter
from autograder.store import cache_folder
from autograder.submission import Submission
from autograder.verdict import Outcome, Verdict
from autograder.workers import Limits
from tests.conftest import ROOT, exercise

Submit = Callable[[str, "str | bytes"], Submission]

GOOD = """
def tokenize(lines, token="word"):
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError(f"unknown token type {token!r}")
"""


def graded(grader: Grader, submission: Submission) -> Verdict:
    return grader.grade(exercise("tokenize"), submission)


def said(verdict: Verdict) -> str:
    found = explain(verdict, next(c for c in verdict.checks if c.failure is not None))
    assert found is not None
    return found.message


def body(text: str) -> str:
    return (
        "import os, sys, ctypes, time\ndef tokenize(lines, token='word'):\n    " + text.replace("\n", "\n    ") + "\n"
    )


def test_right_code_gets_full_marks(grader: Grader, submit: Submit) -> None:
    assert graded(grader, submit("text.py", GOOD)).full


def test_windows_line_ends_and_a_byte_order_mark_cost_nothing(grader: Grader, submit: Submit) -> None:
    assert graded(grader, submit("text.py", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).full


@pytest.mark.parametrize(
    ("code", "outcome", "sentence"),
    [
        (body("while True: pass"), Outcome.TIMEOUT, "did not finish"),
        (body("sys.exit(0)"), Outcome.ERROR, "called exit()"),
        (body("os._exit(0)"), Outcome.CRASHED, "ended itself with exit status 0"),
        (body("ctypes.string_at(0)"), Outcome.CRASHED, "SIGSEGV"),
        (body("return bytearray(50 * 10**9)"), Outcome.MEMORY, "memory"),
        (body("import torch\nreturn torch.zeros(50 * 10**9)"), Outcome.MEMORY, "memory"),
        (body("raise ValueError('[red]x[/red] \\x1b[31m')"), Outcome.ERROR, "[red]x[/red]"),
        (body("return lines[99]"), Outcome.ERROR, "IndexError"),
        (body("return tokenize(lines)"), Outcome.ERROR, "RecursionError"),
        (body("raise NotImplementedError"), Outcome.NOT_IMPLEMENTED, "NotImplementedError"),
        (body("return object()"), Outcome.FAILED, "expected a list"),
        (body("return [[float('nan')] * 3]"), Outcome.FAILED, "expected"),
        ("def tokenise(lines, token='word'):\n    return []\n", Outcome.MISSING, "has no tokenize"),
        ("def tokenize(lines, kind='word'):\n    return []\n", Outcome.ERROR, "missing: token"),
        ("def tokenize(lines, token='word'\n    return []\n", Outcome.ERROR, "'(' was never closed"),
        ("import no_such_module\n" + GOOD, Outcome.ERROR, "No module named 'no_such_module'"),
        ("1 / 0\n" + GOOD, Outcome.ERROR, "division by zero"),
    ],
    ids=lambda value: value.value if isinstance(value, Outcome) else None,
)
def test_every_misfortune_has_its_own_outcome(
    hasty: Grader, submit: Submit, code: str, outcome: Outcome, sentence: str
) -> None:
    verdict = graded(hasty, submit("text.py", code))
    assert verdict.score == 0
    assert verdict.outcome is outcome
    assert sentence in said(verdict)


def test_a_file_that_is_not_utf8_is_named_with_its_line(grader: Grader, submit: Submit) -> None:
    verdict = graded(grader, submit("text.py", b"# one\n# caf" + b"\xe9\n"))
    assert "UTF-8" in said(verdict)
    assert place(verdict.fault)[0] == "text.py, line 2"


def test_an_error_is_shown_with_the_students_own_line(grader: Grader, submit: Submit) -> None:
    verdict = graded(grader, submit("text.py", body("x = 1\nreturn lines + x")))
    found = explain(verdict, verdict.checks[0])
    assert found is not None and found.where == "text.py, line 4" and found.code == "return lines + x"


def test_printing_a_hundred_megabytes_costs_nothing(grader: Grader, submit: Submit) -> None:
    code = GOOD.replace('    if token == "word"', '    print("x" * 100_000_000)\n    if token == "word"')
    assert graded(grader, submit("text.py", code)).full


def test_a_warning_on_stderr_costs_nothing(grader: Grader, submit: Submit) -> None:
    code = "import warnings, sys\nwarnings.warn('old')\nprint('hello', file=sys.stderr)\n" + GOOD
    assert graded(grader, submit("text.py", code)).full


def test_a_missing_file_is_named(grader: Grader, tmp_path: Path) -> None:
    verdict = graded(grader, Submission("student", tmp_path, {}))
    assert verdict.outcome is Outcome.MISSING and "text.py" in said(verdict)


def test_a_helper_beside_the_file_can_be_imported(grader: Grader, submit: Submit, tmp_path: Path) -> None:
    (tmp_path / "my_helper.py").write_text(GOOD)
    assert graded(grader, submit("text.py", "from my_helper import tokenize\n")).full


def test_one_endless_loop_costs_one_case(hasty: Grader, submit: Submit) -> None:
    code = GOOD.replace('    if token == "char":', '    while token == "char":\n        pass\n    if token == "char":')
    verdict = graded(hasty, submit("text.py", code))
    assert verdict.checks[0].outcome is Outcome.PASSED
    assert 0 < verdict.score < verdict.exercise.points
    assert any(check.outcome is Outcome.TIMEOUT for check in verdict.checks)


def test_an_answer_of_a_gigabyte_scores_nothing_and_harms_nothing(hasty: Grader, submit: Submit) -> None:
    verdict = graded(hasty, submit("text.py", body("import torch\nreturn torch.zeros(2**28)")))
    assert verdict.score == 0


def test_additional_parameters_with_a_default_are_allowed(grader: Grader, submit: Submit) -> None:
    assert graded(grader, submit("text.py", GOOD.replace('token="word")', 'token="word", verbose=False)'))).full


def test_a_case_that_failed_once_is_not_run_again(grader: Grader, submit: Submit) -> None:
    code = """
calls = 0
def sequence_mask(X, valid_len, value=0):
    global calls
    calls += 1
    raise RuntimeError(f"call {calls}")
"""
    recording = grader.record(submit("seq2seq.py", code), exercise("sequence_mask"))
    told = [record.fault.message for record in recording.records.values() if record.fault is not None]
    assert len(told) > 10 and told == [f"call {n}" for n in range(1, len(told) + 1)]
    assert not any(run == "gradient" for _, run in recording.records)


def test_memory_is_bounded_as_the_instructor_says(grader: Grader, source: Starter, submit: Submit) -> None:
    pytest.importorskip("resource", reason="from outside only memory that has been touched is seen")
    once = "taken = []\n" + GOOD.replace("    if", "    taken or taken.append(len(bytearray(2**30)))\n    if", 1)
    greedy = submit("text.py", once)
    assert graded(grader, greedy).full
    tight = Grader(ROOT, source, grader.book, Limits(memory=0.5), cache=cache_folder())
    assert graded(tight, greedy).outcome is Outcome.MEMORY
