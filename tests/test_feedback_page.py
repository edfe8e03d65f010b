"""A student's page: how much it reveals, what it never shows, and that a browser shows it as it should."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from autograder.batch.feedback import page
from autograder.batch.records import Adjustment, Grade
from tests.grades import check, grade

CHROMIUM = Path("/usr/bin/chromium")
EVIL = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \"'&"


def sample(**more: Any) -> Grade:
    evidence = {"case": "two rows", "given": "x = [1] " * 40, "got": "GOT", "expected": "WANTED", "rule": "of `x`"}
    return grade(
        "ana",
        check("conv2d.value"),
        check("conv2d.border", "failed", output="MESSAGE", evidence=evidence, mistake="flip"),
        check("conv2d.gradient", "error", visibility="hidden", output="SECRET", evidence={"got": "SECRET"}),
        check("conv2d.purity", "tampered", output="FORGED", evidence={"got": "FORGED"}),
        check("conv2d.empty", "skipped", output="counts once values passes", evidence={}),
        check("corr2d.value", "not_implemented", output="corr2d still raises", evidence={"where": "conv.py, line 3"}),
        mistakes=("flip",),
        **more,
    )


@pytest.mark.parametrize("reveal", ["none", "family", "mistake", "case"])
def test_each_level_reveals_no_more_than_it_says(reveal: str) -> None:
    level = ["none", "family", "mistake", "case"].index(reveal)
    html = page("hw3", sample(), reveal)
    shown = {
        "border</th>": 1,
        "Title of flip.": 2,
        "Help with flip.": 2,
        "MESSAGE": 3,
        "GOT": 3,
        "WANTED": 3,
        "x = [1]": 3,
    }
    for text, least in shown.items():
        assert (text in html) == (level >= least), text
    assert "2 of 12 points" in html and "corr2d" in html
    assert "SECRET" not in html and "FORGED" not in html and "tampered" not in html
    if level:
        assert "could not be graded, please ask" in html and "on cases that are not shown" in html


def test_a_mistake_that_only_a_hidden_check_showed_is_not_named() -> None:
    hidden = check("conv2d.value", "failed", visibility="hidden", mistake="flip")
    assert "flip" not in page("hw3", grade("ana", hidden, mistakes=("flip",)), "case")


def test_where_the_first_check_fails_only_that_one_is_told() -> None:
    tests = [check("conv2d.value", "failed", output="FIRST"), check("conv2d.stride", "failed", output="SECOND")]
    html = page("hw3", grade("ana", *tests), "case")
    assert "FIRST" in html and "SECOND" not in html and "stride" in html
    tests[0] = check("conv2d.value")
    twice = [*tests, check("conv2d.padding", "failed", output="SECOND")]
    assert page("hw3", grade("ana", *twice), "case").count("SECOND") == 1


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("missing", "Nothing was handed in."),
        ("unreadable", "could not be read"),
        ("set_apart", "This costs no points"),
        ("waiting", "Not graded yet."),
    ],
)
def test_what_was_not_graded_says_so(outcome: str, sentence: str) -> None:
    html = page("hw3", Grade("ana", {"tests": [], "exercises": []}, 0.0, 38.0, outcome, problem="why <it> is"), "none")
    assert sentence in html and "why &lt;it&gt; is" in html
    assert ("0 of 38 points" in html) == (outcome in ("missing", "unreadable"))


def test_late_and_override_are_shown_as_such() -> None:
    notes = (Adjustment("late", "a day late", -1.0), Adjustment("override", "the check was wrong", 1.0))
    html = page("hw3", sample(adjustments=notes), "none")
    assert re.search(r"Late:</strong> a day late", html)
    assert re.search(r"Decided by a teacher:</strong> the check was wrong", html)
    assert "The checks alone gave 2 points." in html


class Outline(HTMLParser):
    """Headings, tags, attributes that fetch or run something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.fetched: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        loads = ("src", "action", "data", "srcset", "href")
        self.fetched += [a for a in attributes if a[0] in loads and not (a[1] or "").startswith("#")]
        self.fetched += [a for a in attributes if a[0].startswith("on")]


def evil() -> Grade:
    test = check("conv2d.value", "failed", output=EVIL, evidence=dict.fromkeys(("given", "got", "rule", "where"), EVIL))
    made = grade(EVIL, test, check("conv2d.grad", "skipped", output=EVIL), adjustments=(Adjustment("late", EVIL, 0.0),))
    made.document["exercises"][0]["mistakes"] = [{"name": "m", "title": f"`{EVIL}`", "help": f"{EVIL} `{EVIL}`"}]
    test["mistake"] = "m"
    return made


def test_the_page_is_one_file_in_order_and_runs_nothing() -> None:
    for made in (sample(), evil()):
        outline = Outline(page("hw3", made, "case"))
        assert not outline.fetched
        assert not {"script", "img", "link", "iframe", "object", "form"} & set(outline.tags)
        assert {"header", "main", "nav", "footer", "th", "caption"} <= set(outline.tags)
        assert outline.headings[0] == 1 and outline.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert "49" not in page("hw3", evil(), "case") and "url(" not in page("hw3", evil(), "case")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1])
def test_every_text_has_a_contrast_of_4_5(scheme: int) -> None:
    style = (files("autograder.report") / "page.html.j2").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#\w{6})", style.split("prefers-color-scheme: dark")[scheme].split("* {")[0]))
    for ground in ("page", "panel", "hint"):
        for ink in ("text", "quiet", "good", "bad", "open", "link"):
            light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium (apt-get install chromium)")
@pytest.mark.parametrize("made", [sample, evil])
def test_a_browser_shows_it_at_360_pixels_without_scrolling_sideways(made: Any, tmp_path: Path) -> None:
    long = made(members=("Wolfeschlegelsteinhausenbergerdorff" * 3,)) if made is sample else made()
    (tmp_path / "page.html").write_text(page("hw3", long, "case"), "utf-8")
    # Chromium's own window is never as narrow; a frame is.
    (tmp_path / "frame.html").write_text(
        '<body><iframe id="f" src="page.html" style="width:360px;height:640px;border:0"></iframe><p id="told"></p>'
        "<script>onload = () => { const d = document.getElementById('f').contentDocument.documentElement;"
        "document.getElementById('told').textContent ="
        "`width ${d.scrollWidth} of ${d.clientWidth}, scripts ${d.querySelectorAll('script').length}` }</script>"
    )
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"),
            *("--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000"),
            *("--dump-dom", (tmp_path / "frame.html").as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)
    found = re.search(r"width (\d+) of (\d+), scripts (\d+)", done.stdout)
    assert found is not None, done.stderr[-2000:]
    assert int(found[1]) <= int(found[2]) <= 360 and found[3] == "0"
    assert "CONSOLE" not in done.stderr
