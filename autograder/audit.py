"""Proof that an exercise is sound: every entry of the catalogue goes through the same pipeline as a student's work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from autograder import catalogue
from autograder.diagnosis import named
from autograder.docstrings import contains, docstring
from autograder.exercise import Exercise
from autograder.grader import Grader
from autograder.verdict import Outcome, Verdict, title

TRIVIAL = ("zeros", "input", "detached", "constant")
TRIVIAL_SHARE = 0.10
MARGIN = 0.5
GRADCHECK = 1e-5
MISTAKES = 8
VARIANTS = 2
HINTS = 3


@dataclass
class Row:
    """What the audit found for one exercise: a short text for each column, and the holes."""

    exercise: Exercise
    columns: dict[str, str] = field(default_factory=dict)
    holes: list[str] = field(default_factory=list)


class Audit:
    """Audits exercises with two graders: one on the visible seed, one on a seed that no signature has seen.

    A `quick` audit grades mistakes as they are catalogued only; their rewrites, which take two thirds of the time,
    are not graded."""

    def __init__(self, grader: Grader, fresh: Grader, jobs: int = 2, quick: bool = False) -> None:
        self._grader = grader
        self._fresh = fresh
        self._jobs = jobs
        self._quick = quick

    def rows(self, exercises: list[Exercise], done: Callable[[Row], None]) -> list[Row]:
        """One row an exercise; `done` is called with each in their order. Two are audited at a time, for one alone has
        parts that wait for each other."""
        rows = []
        with ThreadPoolExecutor(self._jobs) as pool, ThreadPoolExecutor(min(2, self._jobs)) as ahead:
            for row in ahead.map(lambda exercise: self._row(exercise, pool), exercises):
                done(row)
                rows.append(row)
        return rows

    def _row(self, exercise: Exercise, pool: ThreadPoolExecutor) -> Row:
        row = Row(exercise)
        root = self._grader.root
        grade = self._grader.grade
        self._grader.ours(exercise)
        self._fresh.ours(exercise)
        solution = pool.submit(grade, exercise, catalogue.solution(root, exercise))
        fresh_solution = pool.submit(self._fresh.grade, exercise, catalogue.solution(root, exercise))
        stub = pool.submit(grade, exercise, catalogue.stub(root, exercise), name_mistakes=False)
        trivial = {
            transform: pool.submit(grade, exercise, catalogue.solution(root, exercise, transform), name_mistakes=False)
            for transform in TRIVIAL
            if transform != "detached" or exercise.differentiable
        }
        half = pool.submit(grade, exercise, catalogue.solution(root, exercise, "half"), name_mistakes=False)
        variants = {
            entry.name: pool.submit(grade, exercise, entry.submission) for entry in catalogue.variants(root, exercise)
        }
        self._full(row, "solution", solution.result())
        self._full(row, "solution", fresh_solution.result())
        self._stub(row, stub.result())
        self._trivial(row, trivial)
        self._variants(row, variants)
        self._half(row, half.result(), solution.result())
        self._gradcheck(row)
        self._mistakes(row, pool)
        self._declared(row)
        return row

    def _full(self, row: Row, column: str, verdict: Verdict) -> None:
        row.columns[column] = f"{verdict.score:g}/{row.exercise.points:g}"
        if not verdict.full or verdict.score != row.exercise.points:
            row.holes.append(f"the {column} gets {verdict.score:g} of {row.exercise.points:g}: {_why(verdict)}")
        elif verdict.margin > MARGIN:
            row.holes.append(f"the {column} uses {verdict.margin:.2f} of an allowance, at most {MARGIN} expected")

    def _stub(self, row: Row, verdict: Verdict) -> None:
        row.columns["stub"] = f"{verdict.score:g}"
        if verdict.score or verdict.outcome is not Outcome.NOT_IMPLEMENTED:
            row.holes.append(f"the stub gets {verdict.score:g} points with outcome {verdict.outcome.value}")

    def _trivial(self, row: Row, verdicts: dict[str, Future[Verdict]]) -> None:
        worst = 0.0
        for transform, future in verdicts.items():
            share = future.result().score / row.exercise.points
            worst = max(worst, share)
            if share > TRIVIAL_SHARE:
                row.holes.append(f"the trivial answer “{transform}” gets {share:.0%}")
        row.columns["trivial"] = f"{worst:.0%}"

    def _variants(self, row: Row, verdicts: dict[str, Future[Verdict]]) -> None:
        accepted = 0
        for name, future in verdicts.items():
            verdict = future.result()
            accepted += verdict.full
            if not verdict.full:
                row.holes.append(f"the correct variant {name} gets {verdict.score:g}: {_why(verdict)}")
            elif verdict.margin > MARGIN:
                row.holes.append(f"the variant {name} uses {verdict.margin:.2f} of an allowance ({_closest(verdict)})")
        row.columns["variants"] = f"{accepted}/{len(verdicts)}"
        if len(verdicts) < VARIANTS:
            row.holes.append(f"there are {len(verdicts)} correct variants, at least {VARIANTS} expected")

    def _half(self, row: Row, half: Verdict, full: Verdict) -> None:
        floating = (
            any(c.judgement.margin > 0 for c in half.checks if c.check.family == "value") or row.exercise.differentiable
        )
        if not floating or row.exercise.mixed_precision:
            row.columns["half"] = "n/a"
            return
        row.columns["half"] = "no" if not half.full else "FULL"
        if half.full:
            row.holes.append("the solution in half precision gets full marks")

    def _gradcheck(self, row: Row) -> None:
        """The reference's gradients against central differences in float64."""
        exercise = row.exercise
        if not exercise.differentiable:
            row.columns["gradcheck"] = "n/a"
            return
        checked = 0
        with self._grader.recorder(catalogue.oracle(self._grader.root, exercise)) as recorder:
            for index, case in enumerate(self._grader.book.of(exercise).cases):
                if "gradient" not in exercise.runs(case):
                    continue
                record = recorder.once(exercise, index, "gradcheck")
                if record.fault is not None:
                    row.holes.append(f"gradcheck fails on “{case.name}”: {record.fault.message}")
                    continue
                analytic, numeric = record.facts["analytic"], record.facts["numeric"]
                checked += 1
                allowed = GRADCHECK * max(1.0, abs(analytic), abs(numeric)) + 10 * record.facts["rounding"]
                if abs(analytic - numeric) > allowed:
                    row.holes.append(f"the reference's gradient on “{case.name}” is {analytic:.8g}, not {numeric:.8g}")
        row.columns["gradcheck"] = str(checked)

    def _mistakes(self, row: Row, pool: ThreadPoolExecutor) -> None:
        root, exercise = self._grader.root, row.exercise
        entries = catalogue.mistakes(root, exercise)
        rewrites = catalogue.rewrites(root, exercise)
        known = self._grader.catalogued(exercise)
        everything = [(name, signature) for name, signature, _ in known]
        own = {name.name: verdict.with_mistakes(named(signature, everything)) for name, signature, verdict in known}
        again: dict[str, Future[Verdict]] = {}
        if not self._quick:
            self._fresh.signatures(exercise)
            again = {name: pool.submit(self._fresh.grade, exercise, e.submission) for name, e in rewrites.items()}
        caught = sum(not verdict.full for verdict in own.values())
        recognised = 0
        for entry in entries:
            verdict = own[entry.name]
            if verdict.full:
                row.holes.append(f"the mistake {entry.name} gets full marks")
            elif verdict.fault is not None:
                row.holes.append(f"the mistake {entry.name} does not load: {verdict.fault.message}")
            elif [m.name for m in verdict.mistakes] != [entry.name]:
                row.holes.append(f"the mistake {entry.name} is named {_names(verdict)} ({_codes(verdict)})")
            if not entry.help:
                row.holes.append(f"the mistake {entry.name} has no help text")
            if entry.name not in rewrites:
                row.holes.append(f"the mistake {entry.name} has no rewrite")
                continue
            rewrite = verdict if self._quick else again[entry.name].result()
            if [m.name for m in rewrite.mistakes] == [entry.name]:
                recognised += 1
            elif not self._quick:
                row.holes.append(f"the rewrite of {entry.name} is named {_names(rewrite)} ({_codes(rewrite)})")
        row.columns["caught"] = f"{caught}/{len(entries)}"
        row.columns["named"] = f"{recognised}/{len(entries)}"
        if len(entries) < MISTAKES and not exercise.few_mistakes:
            row.holes.append(f"there are {len(entries)} mistakes, at least {MISTAKES} expected")

    def _declared(self, row: Row) -> None:
        exercise, root = row.exercise, self._grader.root
        text = docstring(root / "assignments" / exercise.homework / exercise.file, exercise.name)
        cited = [(check, words) for check in exercise.checks for words in (check.cites, *check.instead.values())]
        missing = [(check, words) for check, words in cited if not contains(text, words)]
        row.columns["cited"] = f"{len(cited) - len(missing)}/{len(cited)}"
        row.holes += [f"{title(check)}: the docstring does not say “{words}”" for check, words in missing]
        total = sum(check.points for check in exercise.checks)
        if abs(total - exercise.points) > 1e-9:
            row.holes.append(f"the checks are worth {total:g}, the exercise {exercise.points:g}")
        if exercise.checks[0].family not in ("value", "randomness"):
            row.holes.append("the first check must be the value on the basic cases: the others count once it passes")
        row.holes += list(_hint_holes(exercise, self._grader))


def _hint_holes(exercise: Exercise, grader: Grader) -> Iterator[str]:
    if len(exercise.hints) < HINTS:
        yield f"there are {len(exercise.hints)} hints, {HINTS} expected"
    source = (grader.root / "solutions" / exercise.homework / exercise.file).read_text(encoding="utf-8")
    lines = {" ".join(line.split()) for line in source.splitlines()}
    for hint in exercise.hints:
        if any(len(line) > 12 and line in " ".join(hint.split()) for line in lines):
            yield f"a hint contains a line of the solution: {hint[:60]}"


def _why(verdict: Verdict) -> str:
    for check in verdict.checks:
        if check.outcome is not Outcome.PASSED:
            case = check.failure.case if check.failure else None
            where = f" on “{verdict.cases[case].name}”" if case is not None else ""
            return f"{title(check.check)}{where}: {check.failure.message if check.failure else check.blocked}"
    return "rounding" if verdict.fault is None else verdict.fault.message


def _closest(verdict: Verdict) -> str:
    worst = max(verdict.checks, key=lambda check: check.judgement.margin)
    return f"{title(worst.check)} {worst.judgement.note}".strip()


def _names(verdict: Verdict) -> str:
    return ", ".join(m.name for m in verdict.mistakes) or "nothing"


def _codes(verdict: Verdict) -> str:
    return ", ".join(sorted(verdict.codes())[:8]) or "full marks"
