"""A verdict as HTML: everything escaped, nothing fetched or run, styles inline, the smallest failing case drawn."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from autograder import catalogue
from autograder.grader import Grader
from autograder.report.html import notice_html, results_page, verdict_html
from autograder.report.picture import pictures
from autograder.report.svg import Curves, Map, number
from autograder.submission import Submission
from autograder.verdict import Named, Verdict
from tests.conftest import ROOT, exercise

EVIL = "</style><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \"'&"
RAISES = f"def tokenize(lines, token='word'):\n    print({EVIL!r})\n    raise ValueError({EVIL!r})\n"


class Tags(HTMLParser):
    """Tags with their attributes; checks that every element is closed in its place."""

    EMPTY = ("br", "progress", "rect", "path", "polyline", "meta")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self._open.pop() == tag

    def names(self) -> set[str]:
        return {tag for tag, _ in self.found}


@pytest.fixture
def mistaken(grader: Grader) -> Callable[[str, str], Verdict]:
    """The verdict on a catalogued mistake."""

    def grade(name: str, mistake: str) -> Verdict:
        entries = {entry.name: entry for entry in catalogue.mistakes(ROOT, exercise(name))}
        return grader.grade(exercise(name), entries[mistake].submission, name_mistakes=False)

    return grade


def test_what_student_code_says_is_text(grader: Grader, submit: Callable[[str, str], Submission]) -> None:
    verdict = grader.grade(exercise("tokenize"), submit("text.py", RAISES)).with_mistakes((Named("m", EVIL, EVIL),))
    for html in (verdict_html(verdict), results_page("hw4", [verdict]).split("</head>")[1], notice_html(EVIL)):
        tags = Tags(html.replace("</html>", "").replace("</body>", "").replace("<body>", ""))
        assert not {"script", "img", "style", "link", "iframe", "object", "form", "h1"} & tags.names() - {"h1"}
        assert not [a for _, held in tags.found for a in held if a.startswith("on") or a in ("src", "srcset", "data")]
        assert "{{ 7*7 }}" in html and "alert(1)" in html
    assert "Your code printed" in verdict_html(verdict)


def test_it_stands_in_another_page_without_touching_it(mistaken: Callable[[str, str], Verdict]) -> None:
    html = verdict_html(mistaken("corr2d", "flipped_kernel"))
    tags = Tags(html)
    assert not [tag for tag, held in tags.found if "id" in held or "class" in held]
    assert not {f"h{level}" for level in range(1, 7)} & tags.names()
    headings = [held["aria-level"] for tag, held in tags.found if held.get("role") == "heading"]
    assert headings[0] == "4" and set(headings[1:]) == {"5"}
    styles = " ".join(str(held.get("style")) for _, held in tags.found)
    assert "url(" not in styles and "position:fixed" not in styles
    # Text has the page's own colour; only what is no text has one of ours.
    coloured = [held for tag, held in tags.found if re.search(r"(?<![-\w])color:", held.get("style") or "")]
    assert coloured and all(held.get("aria-hidden") == "true" for held in coloured)


def test_marks_can_be_seen_on_light_and_on_dark() -> None:
    from autograder.report import html
    from tests.test_feedback_page import luminance

    for ink in (html._GOOD, html._BAD, html._OPEN, html._GREY):
        for ground in ("#ffffff", "#111111"):
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3, (ink, ground)


@pytest.mark.parametrize(
    ("name", "mistake", "titles"),
    [
        ("corr2d", "flipped_kernel", ["X", "K", "expected", "came out"]),
        ("conv2d", "flipped_kernel", ["x[0, 0]", "weight[0, 0]", "expected[0, 0]", "came out[0, 0]"]),
        ("conv2d", "last_stride_one", ["x[0, 0]", "weight[0, 0]", "expected[0, 0]", "came out[0, 0]"]),
        ("masked_softmax", "inclusive_length", ["X[0]", "expected[0]", "came out[0]"]),
        ("DotProductAttention", "LengthsIgnored", ["valid keys[0]", "expected[0]", "came out[0]"]),
    ],
)
def test_the_smallest_failing_case_is_drawn(
    mistaken: Callable[[str, str], Verdict], name: str, mistake: str, titles: list[str]
) -> None:
    verdict = mistaken(name, mistake)
    [(place, drawn)] = pictures(verdict).items()
    assert place.startswith(f"{name}.value")
    labels = re.findall(r'<svg role="img" aria-label="([^"]+)"', drawn)
    assert [label.split(", ")[0] for label in labels] == [title.split(", ")[0] for title in titles]
    assert [t in label for t, label in zip(titles, labels, strict=True)] == [True] * len(titles)
    masked = [label for label in labels if "masked, crossed out" in label]
    assert len(masked) == {"masked_softmax": 3, "DotProductAttention": 1}.get(name, 0)


def test_losses_are_drawn_as_curves(mistaken: Callable[[str, str], Verdict]) -> None:
    drawn = next(iter(pictures(mistaken("train", "last_loss_reported")).values()))
    assert drawn.count("<polyline") == 2 and "expected: " in drawn and "came out: " in drawn


def test_what_was_right_or_has_no_answer_is_not_drawn(grader: Grader) -> None:
    right = grader.grade(exercise("corr2d"), catalogue.solution(ROOT, exercise("corr2d")))
    assert (
        pictures(right) == {} and "<svg" not in verdict_html(right) and "11 of 11 checks passed" in verdict_html(right)
    )
    stub = grader.grade(exercise("corr2d"), catalogue.stub(ROOT, exercise("corr2d")))
    assert pictures(stub) == {} and "Still the stub." in verdict_html(stub)


def test_a_map_is_told_in_words() -> None:
    data = np.array([[0.5, -2.0], [float("nan"), 1e-9]])
    wrong, masked = np.array([[False, True], [False, False]]), np.array([[False, False], [True, True]])
    told = Map("came <out>", data, 2.0, wrong, masked).says()
    assert told == "came <out>, 2 by 2: 0.50 −2; nan 1e-9. Wrong at [0, 1]. 2 masked, crossed out".replace(
        "1e-9", "1e−9"
    )
    assert "<out>" not in Map("came <out>", data, 2.0).svg()
    assert Curves("c", (("none", []), ("odd", [float("inf")]))).svg()


@pytest.mark.parametrize("value", [0.0, -0.00321, 1234567.0, -1e-30, 99.96, -999.7, float("-inf"), 3.14159])
def test_numbers_are_short(value: float) -> None:
    assert len(number(value)) <= 6 and float(number(value).replace("−", "-")) == pytest.approx(
        value, rel=0.2, abs=0.005
    )


def test_grade_writes_a_page(grade: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    done = grade("hw4", "tokenize", "--path", "solutions/hw4", "--html", str(out))
    assert done.returncode == 0, done.stderr
    page = out.read_text("utf-8")
    assert "<title>hw4: your results</title>" in page and "6 of 6 points" in page and "<h2" in page
    assert grade("hw4", "--html", str(tmp_path / "no/page.html")).returncode == 2
