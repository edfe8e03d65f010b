"""What an instructor decides for a course, in `course.toml` at its root. Everything in it is optional:

    [homework.hw3]
    due = 2026-10-05T23:59:00+02:00      # with an offset
    exercises = ["corr2d", "conv2d"]     # only these are graded
    weights = { conv2d = 30 }            # points instead of the declared ones
    hidden = { conv2d = 12 }             # so many of the points hang on hidden cases; true: all points of all exercises
    time = { conv2d = 5 }                # at most 5 times the reference's time, for a tenth of the points; or for
                                         # so many: { conv2d = { factor = 5, points = 3 } }

    [late]                               # or: late = "none" (the default: nothing is taken off)
    grace_minutes = 15                   # later than due by no more than this is on time
    per_day = 0.1                        # lost for every day that has begun since the due date
    at_most_days = 5                     # after that nothing counts; without it, until nothing is left

    [attempts]
    counts = "last"                      # or "best", or "last_on_time"

    [extensions.alice]                   # as the student is called in the roster
    hw3 = 2026-10-12T23:59:00+02:00      # due then
    extra_days = 2                       # on every homework; the later of the two counts

    [feedback]                           # also as [homework.hw3.feedback], for one homework
    from = "due"                         # before this moment nothing is revealed
    reveal = "family"                    # then this: "none", "family", "mistake" or "case"
    until = "closed"                     # until this moment;
    then = "case"                        # from then on this, which must not be less

    [device]
    counts = true                        # what fails on a real GPU costs the points of the checks of device code

`from` and `until` are a date and time with an offset, or "due" (the due date with every extension: when the last
student was due) or "closed" (when nothing that is handed in counts any more; with no late rule, the same as "due").
Without `until` it stays at `reveal`; without `from` it begins at once. For a homework that is never due neither
"due" nor "closed" ever comes. What is revealed of a failed check:
"none" that points are missing, "family" which family of checks failed, "mistake" also the name of the known mistake
and its help, "case" also the case: what was given, expected and answered. Hidden cases are never shown, whatever it
says here. Where `device.counts` is set, `grade batch` is to be given `--device cuda`, so that all are checked alike.
Time is measured by `grade batch`, whose machine should be quiet: what it is too busy to tell costs nothing, and is
measured again on the next run. The secret seed of hidden cases does not belong into this file: `grade batch --secret`
is given it, and tries everything on hidden cases unless `hidden` says otherwise. Where `hidden` is set, students are
told that there are some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal, cast

from autograder import toml_tables
from autograder.batch.records import Attempt
from autograder.exercise import Check, Exercise
from autograder.exercises import homework as declared
from autograder.exercises import homeworks
from autograder.rules import LEVELS, Extension, Feedback, Homework, Late, Moment, Reveal, Time, instant, length
from autograder.text import points as shown
from autograder.toml_tables import Table, suggestion

FILE = "course.toml"
LEAST_FACTOR = 1.5  # that time can be told apart from the reference's own
TIME_SHARE = 0.1


@dataclass(frozen=True)
class Settings:
    """The decisions for a course. Without a file nothing is due, everything is graded and the last attempt counts."""

    homeworks: Mapping[str, Homework] = field(default_factory=dict)
    late_rule: Late = field(default_factory=Late)
    counts: Literal["last", "best", "last_on_time"] = "last"
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    feedback: Feedback = field(default_factory=Feedback)
    device_counts: bool = False

    def homework(self, name: str) -> Homework:
        return self.homeworks.get(name, Homework())

    def exercises(self, name: str, time: bool = False) -> tuple[Exercise, ...]:
        """The exercises of a homework that are graded, worth what the file says, in the declared order. What hangs on
        `time` does so where that is measured; elsewhere the other checks are worth all points."""
        chosen = self.homework(name)
        every = [e for e in declared(name) if chosen.exercises is None or e.name in chosen.exercises]
        worth = [_worth(e, chosen.weights.get(e.name, e.points)) for e in every]
        staked = [_staked(e, chosen.hidden) for e in worth]
        return tuple(_timed(e, chosen.time[e.name]) if time and e.name in chosen.time else e for e in staked)

    def told_of_time(self, name: str) -> dict[str, float]:
        """The exercises in which time counts, and how many times the reference's is quick enough."""
        graded = {e.name for e in self.exercises(name)}
        return {exercise: rule.factor for exercise, rule in self.homework(name).time.items() if exercise in graded}

    def told_of_hidden(self, name: str) -> tuple[str, ...]:
        """The exercises of which students know that they have hidden checks."""
        said = self.homework(name).hidden not in (None, False)
        return tuple(e.name for e in self.exercises(name) if said and e.at_stake)

    def due(self, student: str, homework: str) -> datetime | None:
        """When the homework is due for this student. An extension can only make it later."""
        due = self.homework(homework).due
        extension = self.extensions.get(student.casefold())
        if due is None or extension is None:
            return due
        return max(due + extension.extra, extension.due.get(homework, due))

    def late(
        self, student: str, homework: str, submitted: str | None, late: bool = False, members: Sequence[str] = ()
    ) -> tuple[float, str]:
        """The fraction of the points that is kept, and a sentence why; the sentence is empty for work on time.

        `late` is what the export says of it; a group is due when the last of its `members` is. Where the time is not
        known nothing is taken off, and the sentence says so."""
        due = self._due(homework, members or (student,))
        if due is None:
            return 1.0, ""
        moment = instant(submitted)
        if self.late_rule == Late():
            return 1.0, ""
        if moment is None:
            told = "The export calls it late, but not by how much" if late else "It is not known when it was handed in"
            return 1.0, f"{told}; nothing was taken off."
        over = moment - due
        kept = self.late_rule.kept(over)
        days = self.late_rule.days(over)
        if not days:
            return 1.0, ""
        begun = f"Handed in {length(over)} late ({days} {'day' if days == 1 else 'days'} begun)"
        if kept == 0.0:
            return 0.0, f"{begun}: that is too late to count."
        return kept, f"{begun}: {shown(100 * kept)} % of the points are kept."

    def to_grade(self, homework: str, attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
        """The attempts of one student that must be graded before `counting` can choose."""
        return tuple(attempts) if self.counts == "best" else (self.counting(homework, attempts),)

    def counting(
        self, homework: str, attempts: Sequence[Attempt], points: Callable[[Attempt], float] | None = None
    ) -> Attempt:
        """The attempt that counts, of all attempts of one student. `points` are those before anything is taken off
        for lateness; only `best` asks for them. Of equally good attempts the earliest counts. With `last_on_time`
        and nothing on time, the least late counts; one of which no time is known is on time unless the export calls
        it late."""
        ordered = sorted(attempts, key=lambda a: a.number)
        if self.counts == "best" and points is not None:
            return max(ordered, key=lambda a: points(a) * self._kept(homework, a))
        if self.counts == "last_on_time":
            return next((a for a in reversed(ordered) if self._on_time(homework, a)), ordered[0])
        return ordered[-1]

    def _on_time(self, homework: str, attempt: Attempt) -> bool:
        due, moment = self._due(homework, attempt.members or (attempt.student,)), instant(attempt.submitted)
        if due is None:
            return True
        return not attempt.late if moment is None else moment <= due + self.late_rule.grace

    def _kept(self, homework: str, attempt: Attempt) -> float:
        due, moment = self._due(homework, attempt.members or (attempt.student,)), instant(attempt.submitted)
        return 1.0 if due is None or moment is None else self.late_rule.kept(moment - due)

    def _due(self, homework: str, students: Sequence[str]) -> datetime | None:
        dues = [self.due(student, homework) for student in students]
        return max((due for due in dues if due is not None), default=None)

    def reveals(self, homework: str, now: datetime) -> Reveal:
        """What may be told of a failed check at this moment. `now` has an offset."""
        rule = self.homework(homework).feedback or self.feedback
        begins, until = self._moment(homework, rule.begins), self._moment(homework, rule.until)
        if begins is not None and now < begins:
            return "none"
        return rule.then if until is not None and now >= until else rule.reveal

    def _moment(self, homework: str, moment: Moment) -> datetime | None:
        if not isinstance(moment, str):
            return moment
        due = self.homework(homework).due
        if due is None:
            return datetime.max.replace(tzinfo=timezone.utc)
        last = max([due, *(d for s in self.extensions if (d := self.due(s, homework)) is not None)])
        return last + (self.late_rule.span if moment == "closed" else self.late_rule.grace)

    def strangers(self, students: Iterable[str]) -> list[str]:
        """Names in `extensions` that are none of these students; most likely misspelt."""
        known = {student.casefold() for student in students}
        return [name for name in self.extensions if name not in known]


def settings(root: Path) -> Settings:
    """What `course.toml` at the root says; the defaults if there is none. UsageError names what is wrong in it."""
    path = root / FILE
    if not path.is_file():
        return Settings()
    top = toml_tables.read(path)
    top.only(("homework", "late", "attempts", "extensions", "feedback", "device"))
    by_homework = top.table("homework")
    by_homework.only(homeworks(), "homework")
    found = {name: _homework(name, by_homework.table(name)) for name in by_homework}
    attempts = top.table("attempts")
    attempts.only(("counts",))
    counts = attempts.choice("counts", ("last", "best", "last_on_time"), "last")
    device = top.table("device")
    device.only(("counts",))
    students = top.table("extensions")
    names = [name.casefold() for name in students]
    for name in students:
        if names.count(name.casefold()) > 1:
            raise students.error(name, "is there twice, in capitals and small letters")
    return Settings(
        found,
        _late(top),
        cast(Literal["last", "best", "last_on_time"], counts),
        {name.casefold(): _extension(students.table(name), found) for name in students},
        _feedback(top.table("feedback")),
        device.flag("counts"),
    )


def _homework(name: str, table: Table) -> Homework:
    table.only(("due", "exercises", "weights", "feedback", "hidden", "time"))
    known = {exercise.name: exercise for exercise in declared(name)}
    weights = table.table("weights")
    weights.only(known, "exercise")
    feedback = _feedback(table.table("feedback")) if "feedback" in table else None
    worth = {exercise: weights.number(exercise, 0.0) for exercise in weights}
    chosen = table.names("exercises", list(known), "exercise")
    points = {name: worth.get(name, exercise.points) for name, exercise in known.items()}
    time = _time(table.table("time"), points, {name for name, e in known.items() if e.timing is not None})
    return Homework(table.moment("due"), chosen, worth, feedback, _hidden(table, points), time)


def _time(table: Table, worth: Mapping[str, float], measured: set[str]) -> dict[str, Time]:
    found = {}
    for name in table:
        if name in worth and name not in measured:
            raise table.error(name, f"is not timed; allowed: {', '.join(sorted(measured)) or 'nothing'}")
        table.only(measured, "exercise")
        if isinstance(table[name], Mapping):
            rule = table.table(name)
            rule.only(("factor", "points"))
            if "factor" not in rule:
                raise rule.error("factor", "is missing: how many times the reference's time is quick enough")
            points = rule.number("points", 0.0, most=worth[name]) if "points" in rule else None
            found[name] = Time(rule.number("factor", 0.0, least=LEAST_FACTOR), points)
        else:
            found[name] = Time(table.number(name, 0.0, least=LEAST_FACTOR))
    return found


def _hidden(table: Table, worth: Mapping[str, float]) -> bool | Mapping[str, float] | None:
    if "hidden" not in table:
        return None
    if isinstance(table["hidden"], bool):
        return bool(table["hidden"])
    points = table.table("hidden")
    points.only(worth, "exercise")
    return {name: points.number(name, 0.0, most=worth[name]) for name in points}


def _late(top: Table) -> Late:
    if "late" in top and not isinstance(top["late"], Mapping):
        top.choice("late", ("none",), "none")
        return Late()
    table = top.table("late")
    table.only(("grace_minutes", "per_day", "at_most_days"))
    return Late(
        timedelta(minutes=table.number("grace_minutes", 0.0, most=60 * 24 * 366)),
        table.number("per_day", 0.0, most=1.0),
        table.count("at_most_days", 0) if "at_most_days" in table else None,
    )


def _extension(table: Table, found: Mapping[str, Homework]) -> Extension:
    table.only((*homeworks(), "extra_days"), "homework")
    due = {}
    for name in table:
        if name == "extra_days":
            continue
        moment = table.moment(name)
        general = found[name].due if name in found else None
        if moment is None or general is None:
            raise table.error(name, f"extends what is not due: set homework.{name}.due")
        if moment < general:
            raise table.error(name, f"is earlier than homework.{name}.due; an extension can only give more time")
        due[name] = moment
    return Extension(due, timedelta(days=table.number("extra_days", 0.0, most=3660)))


def _feedback(table: Table) -> Feedback:
    table.only(("reveal", "from", "until", "then"))
    reveal = cast(Reveal, table.choice("reveal", LEVELS, "case"))
    then = cast(Reveal, table.choice("then", LEVELS, "case"))
    if "then" in table and "until" not in table:
        raise table.error("then", "needs `until`, the moment from which it holds")
    if LEVELS.index(then) < LEVELS.index(reveal):
        raise table.error("then", f"reveals less than {reveal!r}, which students have seen; {suggestion(then, LEVELS)}")
    words = ("due", "closed")
    return Feedback(reveal, table.moment_or("from", words), table.moment_or("until", words), then)


def _worth(exercise: Exercise, worth: float) -> Exercise:
    """The exercise with its checks scaled to these points."""
    if worth == exercise.points:
        return exercise
    factor = worth / exercise.points
    checks = tuple(replace(check, points=check.points * factor) for check in exercise.checks)
    hidden = None if exercise.hidden is None else exercise.hidden * factor
    return replace(exercise, points=worth, checks=checks, hidden=hidden)


def _timed(exercise: Exercise, rule: Time) -> Exercise:
    """The exercise with a check of time, whose points come out of those of the others."""
    points = exercise.points * TIME_SHARE if rule.points is None else rule.points
    left = (exercise.points - points) / exercise.points if exercise.points else 0.0
    checks = tuple(replace(check, points=check.points * left) for check in exercise.checks)
    most = f"at most {rule.factor:g} times the reference's"
    time = Check("time", points, f"This course lets time count: {most}", title=f"time: {most}")
    return replace(exercise, checks=(*checks, time), max_time=rule.factor)


def _staked(exercise: Exercise, hidden: bool | Mapping[str, float] | None) -> Exercise:
    """The exercise with as many points on hidden cases as the course says; as it is declared where it says nothing."""
    if hidden is None or hidden is True:
        return exercise
    return replace(exercise, hidden=0.0 if hidden is False else hidden.get(exercise.name, 0.0))
