"""`grade HW`: one submission, verdicts as they come."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import find_course, require_homework
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.exercise import Exercise
    from autograder.gpu.leases import Gpu
    from autograder.grader import Grader
    from autograder.report.terminal import View
    from autograder.rules import Reveal
    from autograder.submission import Submission
    from autograder.verdict import Verdict

DEVICES = ("auto", "phantom", "cuda")


@dataclass(frozen=True)
class Request:
    """What was typed."""

    homework: str
    exercises: tuple[str, ...] = ()
    path: Path | None = None
    device: str = "auto"
    json: Path | None = None
    watch: bool = False
    debug: str | None = None
    linear: bool = False
    root: Path | None = None
    html: Path | None = None
    finale: bool = False
    time: bool = False


@dataclass(frozen=True)
class Asked:
    """What a course grades in a homework, and what students are told: how much of a failed check, which exercises
    have hidden checks, and in which `time` counts."""

    exercises: list[Exercise]
    reveal: Reveal = "case"
    hidden: tuple[str, ...] = ()
    time: Mapping[str, float] = field(default_factory=dict)
    bundle: bool = False


def grade(request: Request) -> int:
    """Grades and shows; 0 for full marks, 1 for less."""
    homework = require_homework(request.homework)
    if request.device not in DEVICES:
        raise UsageError(f"there is no device {request.device}; --device is one of {', '.join(DEVICES)}")
    course = find_course(request.root or Path.cwd())
    gpu = _gpu(request)
    if request.finale:
        return _finale(request, course)
    if request.debug is None:
        from autograder.starters import modules_of, starter

        source = starter()
    asked = asked_for(course, homework, request.exercises, request.time)
    exercises = asked.exercises
    from autograder.locate import locate

    submission = locate(course, homework, sorted({e.file for e in exercises}), request.path)
    names = " ".join(e.name for e in exercises)
    place = "cpu, a simulated cuda and the GPU" if request.device == "cuda" else "cpu and a simulated cuda"
    print(f"Grading {homework} in {_short(submission.root)}: {names} (on {place})", flush=True)
    if request.debug is not None:
        from autograder.commands.debug import replay
        from autograder.grading import open_book

        if asked.reveal != "case":
            raise UsageError(f"this course does not show the cases of {homework}; leave --debug out")
        return replay(submission, exercises, request.debug, open_book(course))
    source.preload(modules_of(exercises))
    from autograder.grading import open_grader

    with open_grader(course, source) as grader:
        grader.shows_time = request.time
        if request.watch:
            from autograder.commands.watch import keep_grading

            return keep_grading(lambda: _once(request, grader, submission, asked, gpu), submission)
        return _once(request, grader, submission, asked, gpu)


def _gpu(request: Request) -> tuple[Gpu, str] | None:
    """The GPU that is asked for and what it is called; UsageError where there is none that computes."""
    if request.device != "cuda" or request.finale or request.debug is not None:
        return None
    from autograder.gpu.leases import Gpu, require, visible

    gpu = Gpu(visible())
    return gpu, require([gpu])[0]


def _finale(request: Request, course: Course) -> int:
    from autograder.commands.finale import required, run_finale
    from autograder.exercises import homework as exercises_of
    from autograder.locate import locate

    if request.exercises or request.debug is not None or request.watch:
        raise UsageError(f"a finale is of the whole homework; type: grade {request.homework} --finale")
    finale = required(request.homework)
    files = sorted({e.file for e in exercises_of(request.homework) if e.name in finale.uses})
    submission = locate(course, request.homework, files, request.path)
    print(f"The finale of {request.homework}, with the code in {_short(submission.root)}", flush=True)
    return run_finale(finale, submission, request.device, request.linear)


def asked_for(course: Course, homework: str, names: tuple[str, ...], time: bool = False) -> Asked:
    """The exercises of these names (all for no names), worth what the course says; with `time`, where that is measured,
    also what hangs on it. UsageError for one that it does not
    have or does not grade, and where a bundle cannot be used."""
    from datetime import datetime, timezone

    from autograder.settings import settings

    rules = settings(course.root)
    worth = {e.name: e for e in rules.exercises(homework, time and not course.bundle)}
    chosen = [exercise.name for exercise in choose(homework, names)]
    left_out = [name for name in chosen if name not in worth]
    if names and left_out:
        raise UsageError(f"this course does not grade {left_out[0]}; it grades {', '.join(worth)}")
    exercises = [worth[name] for name in chosen if name in worth]
    hidden = tuple(name for name in rules.told_of_hidden(homework) if name in chosen)
    counts = {name: factor for name, factor in rules.told_of_time(homework).items() if name in chosen}
    if not course.bundle:
        return Asked(exercises, hidden=hidden, time={} if time else counts)
    from autograder.released import require

    require(course.root, homework, exercises)
    return Asked(exercises, rules.reveals(homework, datetime.now(timezone.utc)), hidden, counts, bundle=True)


def _once(
    request: Request, grader: Grader, submission: Submission, asked: Asked, gpu: tuple[Gpu, str] | None = None
) -> int:
    from autograder.verdict import Outcome

    started = time.perf_counter()
    view = _view(request.linear, asked.reveal)
    verdicts = stream(grader, submission, asked.exercises, view)
    seconds = time.perf_counter() - started
    view.total(verdicts, seconds)
    for advice in first_things(request.homework, verdicts):
        view.note(advice)
    if asked.hidden:
        view.note(f"Hidden checks of {', '.join(asked.hidden)} are graded when you hand in, and can cost points.")
    for text in _of_time(request, asked):
        view.note(text)
    device = None
    if gpu is not None:
        from autograder.commands.gpu import check_on, show_section

        device = check_on(grader, *gpu, submission, verdicts)
        show_section(device, asked.reveal)
    if request.json is not None:
        write_results(request.json, request.homework, verdicts, seconds, request.device, asked.reveal, device)
    if request.html is not None:
        from autograder.report.html import results_page

        write_text(request.html, results_page(request.homework, verdicts, asked.reveal, device), "the page")
    if any(verdict.outcome is Outcome.GRADER_ERROR for verdict in verdicts):
        return 3
    return 0 if all(verdict.full for verdict in verdicts) else 1


def _of_time(request: Request, asked: Asked) -> Iterator[str]:
    """What there is to say of time that was not measured."""
    for name, factor in asked.time.items():
        yield f"Time counts in {name}, at most {factor:g} times the reference's; it is measured when you hand in."
    if request.time and asked.bundle:
        yield "No time was measured: this bundle holds no reference to take turns with."
    elif request.time and not any(exercise.timing for exercise in asked.exercises):
        yield "No time was measured: none of these exercises says on which inputs."


def first_things(homework: str, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Which exercises to mend first, because others that are not right build on them."""
    from autograder.exercises import homework as exercises_of
    from autograder.given import lacking

    every = {exercise.name: exercise for exercise in exercises_of(homework)}
    # Of what was not graded here nothing is known.
    right = dict.fromkeys(every, True) | {verdict.exercise.name: verdict.full for verdict in verdicts}
    waiting: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.attempted and not verdict.full:
            for first in lacking(verdict.exercise, right, every):
                waiting.setdefault(first.name, []).append(verdict.exercise.name)
    for name, others in waiting.items():
        verb = "builds" if len(others) == 1 else "build"
        yield f"Mend {name} first: {', '.join(others)} {verb} on it."


def stream(
    grader: Grader, submission: Submission, exercises: list[Exercise], view: View | None = None
) -> list[Verdict]:
    """Grades exercise by exercise, showing each verdict as it comes; the reference is recorded beside."""
    verdicts = []
    with ThreadPoolExecutor(1) as beside, grader.recorder(submission) as recorder:
        prepared = [beside.submit(grader.ours, exercise) for exercise in exercises]
        for exercise, ours in zip(exercises, prepared, strict=True):
            theirs = recorder.record(exercise)
            ours.result()
            judged = grader.timed(grader.judge(exercise, theirs), submission, theirs)
            if view is not None and not judged.full and not grader.knows_mistakes(exercise):
                view.wait(f"Looking through the known mistakes of {exercise.name}: slow the first time, then kept.")
            verdict = grader.name_mistakes(judged, theirs)
            verdicts.append(verdict)
            if view is not None:
                view.show(verdict)
    return verdicts


def choose(homework: str, names: tuple[str, ...]) -> list[Exercise]:
    """The exercises meant; UsageError for a name that the homework does not have."""
    import difflib

    from autograder.exercises import homework as exercises_of

    every = exercises_of(homework)
    known = {exercise.name.lower(): exercise for exercise in every}
    exact = {exercise.name: exercise for exercise in every}
    chosen = []
    for name in names:
        found = exact.get(name) or known.get(name.lower())
        if found is None:
            close = difflib.get_close_matches(name, exact, 1) or difflib.get_close_matches(name.lower(), known, 1)
            hint = f"did you mean {(known | exact)[close[0]].name}? " if close else ""
            raise UsageError(f"{homework} has no exercise {name}; {hint}It has {', '.join(exact)}.")
        chosen.append(found)
    return chosen or list(every)


def write_results(
    path: Path,
    homework: str,
    verdicts: list[Verdict],
    seconds: float,
    device: str,
    reveal: Reveal = "case",
    section: dict[str, Any] | None = None,
) -> None:
    import json

    from autograder.report.results import results, withheld

    document = results(homework, verdicts, seconds, device)
    if section is not None:
        from autograder.gpu.section import with_section

        document = with_section(document, section)
    document = withheld(document, reveal)
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n", "the results")


def write_text(path: Path, text: str, what: str) -> None:
    """Writes the file; UsageError says `what` cannot be written."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{what} cannot be written to {path}: {error.strerror}") from None


def _view(linear: bool, reveal: Reveal) -> View:
    from rich.console import Console

    from autograder.report.terminal import LinearView, TableView

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 80
    console = Console(highlight=False, markup=False, emoji=False, width=width)
    return LinearView(console, reveal) if linear else TableView(console, reveal)


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd())) or "."
    except ValueError:
        return str(path)
