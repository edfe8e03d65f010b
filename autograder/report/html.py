"""What a student sees in a browser: a verdict as a part of a notebook, or results as a page of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, ClassVar

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from autograder.report.results import results, tests_of
from autograder.report.told import Row, part, told
from autograder.rules import LEVELS, Reveal
from autograder.text import one_line, plain, points
from autograder.verdict import Verdict


def verdict_html(verdict: Verdict, reveal: Reveal = "case") -> str:
    """The verdict, as far as the course reveals it, as HTML to stand in somebody else's page, such as a notebook:
    styles inline, colours that can be seen on light and on dark, no script, no identifiers, everything escaped."""
    return _part(_told(verdict, reveal))


def document_html(document: Mapping[str, Any], name: str, level: int) -> str:
    """One exercise of a results document, looking as a verdict does; `level` is how much is revealed (see `told`)."""
    exercise = next(e for e in document["exercises"] if e["name"] == name)
    return _part(told(exercise, tests_of(document, name), level))


def _part(shown: Mapping[str, Any]) -> str:
    return _environment().get_template("verdict.html.j2").render(e=shown, look=_inline).strip()


def notice_html(text: str) -> str:
    """A remark beside verdicts, looking as they do."""
    return str(Markup("<div {}><p {}>{}</p></div>").format(_inline("hint"), _inline("text"), text))


def results_page(
    homework: str, verdicts: Sequence[Verdict], reveal: Reveal = "case", section: Mapping[str, Any] | None = None
) -> str:
    """A page of its own with what was graded, as far as the course reveals it: no script, nothing from outside.
    `section` is what was found on a real GPU."""
    score = round(sum(v.score for v in verdicts), 4)
    possible = sum(v.exercise.points for v in verdicts)
    return whole_page(
        homework,
        [_told(verdict, reveal) for verdict in verdicts],
        total=points(score),
        possible=points(possible),
        part=part(score, possible),
        device=device_lines(section, reveal),
    )


def device_lines(section: Mapping[str, Any] | None, reveal: Reveal) -> list[str]:
    """What a page says of a real GPU: the heading and the lines below it; nothing where none was asked."""
    if section is None:
        return []
    from autograder.gpu.section import lines

    return [plain(line, 600) for line in lines(section, LEVELS.index(reveal))]


def whole_page(homework: str, exercises: Sequence[Mapping[str, Any]], **more: Any) -> str:
    """The page, with what `told` made of exercises. `more` is what else the template `page.html.j2` shows: whose it is,
    what was added or taken off; nothing of it for a page without a student."""
    nobody = {"student": "", "members": [], "attempt": "", "submitted": ""}
    nothing = {
        "notice": "",
        "problem": "",
        "marked": True,
        "earned": "",
        "adjustments": [],
        "sparse": False,
        "device": [],
    }
    given = {**nobody, **nothing, **more, "homework": homework, "exercises": exercises, "look": _classes}
    return _environment().get_template("page.html.j2").render(given)


def _told(verdict: Verdict, reveal: Reveal) -> dict[str, Any]:
    from autograder.report.picture import pictures

    document = results(verdict.exercise.homework, [verdict], verdict.seconds, "")
    tests = tests_of(document, verdict.exercise.name)
    everything = reveal == "case"
    shown = told(document["exercises"][0], tests, LEVELS.index(reveal), pictures(verdict) if everything else None)
    return {**shown, "printed": one_line(verdict.printed, 200) if everything and not verdict.full else ""}


class _Classes:
    """Parts of the page look as its style sheet says. `open` is how many failures are not folded away."""

    inline, open = False, 1000
    known = frozenset(
        (
            "head",
            "open",
            "hint",
            "failure",
            "failed",
            "passed",
            "skipped",
            "quiet",
            "checks",
            "code",
            "picture",
            "times",
        )
    )

    @cache  # noqa: B019 - there is one of the kind
    def __call__(self, name: str) -> Markup:
        name = name.removeprefix("mark ")
        return Markup('class="{}"').format(name) if name in self.known else Markup("")


# Text keeps the colour of the page around it. Marks and rails have colours of a contrast of 3 on white and on #111.
_GOOD, _BAD, _OPEN, _GREY = "#1f8f4d", "#d9483b", "#b97309", "#808790"
_PANEL = "background:rgba(128,135,144,.12);padding:.5em .75em;margin:.5em 0;border-radius:0 .25em .25em 0;"
_CELL = "padding:.15em 1em .15em 0;text-align:left;vertical-align:top;font-weight:400;background:none;"
_ENTRY = "display:block;float:none;width:auto;min-width:0;margin:0;padding:0;"  # whatever the page does to lists
_MONO = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em;white-space:pre-wrap;"


class _Inline:
    """Parts look as the styles say that each of them carries."""

    inline, open = True, 2
    styles: ClassVar = {
        "exercise": "max-width:46em;line-height:1.45;overflow-wrap:anywhere;padding:.25em 0;",
        "head": f"display:flex;flex-wrap:wrap;gap:0 1em;align-items:baseline;border-bottom:1px solid {_GREY};",
        "name": "font-size:1.15em;font-weight:600;flex:1;",
        "score": "margin:0;font-weight:600;",
        "open": f"margin:.5em 0;padding-left:.75em;border-left:.25em solid {_OPEN};",
        "hint": f"{_PANEL}border-left:.25em solid {_OPEN};",
        "failure": f"{_PANEL}border-left:.25em solid {_BAD};",
        "title": "font-weight:600;",
        "text": "margin:.2em 0;",
        "times": "margin:.5em 0;",
        "picture": "margin:.5em 0;overflow-x:auto;",
        "evidence": "display:grid;grid-template-columns:max-content 1fr;gap:.1em .9em;margin:.4em 0 0;",
        "term": f"{_ENTRY}font-weight:400;opacity:.8;white-space:nowrap;",
        "words": _ENTRY,
        "code": f"{_ENTRY}{_MONO}",
        "summary": "margin:.5em 0;cursor:pointer;",
        "checks": "border-collapse:collapse;margin:.25em 0;",
        "caption": "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);",
        "cell": _CELL,
        "row": _CELL,
        "number": f"{_CELL}text-align:right;white-space:nowrap;padding-right:0;",
        "mark passed": f"color:{_GOOD};",
        "mark failed": f"color:{_BAD};",
        "mark open": f"color:{_OPEN};",
        "skipped": "opacity:.8;",
        "quiet": "opacity:.8;",
    }

    @cache  # noqa: B019 - there is one of the kind
    def __call__(self, name: str) -> Markup:
        style = self.styles.get(name, "")
        return Markup('style="{}"').format(style) if style else Markup("")


_classes, _inline = _Classes(), _Inline()


@lru_cache(maxsize=1024)  # most students' tables are the same, and take most of the time of a page
def _checks(name: str, rows: tuple[Row, ...], look: _Classes | _Inline) -> Markup:
    view: Any = _environment().get_template("exercise.html.j2").module
    return Markup(view.table(name, rows, look))


@cache
def _environment() -> Environment:
    def source(name: str) -> str:
        return (files("autograder.report") / name).read_text("utf-8")

    environment = Environment(
        loader=FunctionLoader(source), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["checks"] = _checks
    return environment
