"""`grade list` and `grade hint`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.commands.grade import choose
from autograder.course import find_course, require_homework
from autograder.errors import UsageError
from autograder.exercise import Exercise
from autograder.exercises import homeworks
from autograder.settings import settings
from autograder.store import cache_folder
from autograder.text import points


def show_list(homework: str | None) -> int:
    names = [require_homework(homework)] if homework else homeworks()
    table = Table("homework", "exercise", "file", "points", "checks", box=None, header_style="bold", pad_edge=False)
    for name in names:
        for exercise in _graded(name):
            cells = (name, exercise.name, exercise.file, points(exercise.points), str(len(exercise.checks)))
            table.add_row(*(Text(cell) for cell in cells))
    Console(highlight=False).print(table)
    return 0


def _graded(name: str) -> Sequence[Exercise]:
    """The exercises of the homework as the course here grades them; outside of one, as they are declared."""
    try:
        course = find_course(Path.cwd())
    except UsageError:
        return choose(name, ())
    return settings(course.root).exercises(name)


def show_hint(homework: str, exercise: str, number: int | None) -> int:
    """Prints the next hint that has not been shown yet, or the one with the number."""
    print(hint(homework, exercise, number, f"grade hint {homework}"))
    return 0


def hint(homework: str, exercise: str, number: int | None, command: str) -> str:
    """The next hint that has not been shown yet, or the one with the number. `command` asks for more of them, followed
    by the exercise."""
    found = choose(require_homework(homework), (exercise,))[0]
    if not found.hints:
        raise UsageError(f"{found.name} has no hints; its docstring says what is asked")
    if number is not None and not 1 <= number <= len(found.hints):
        raise UsageError(f"{found.name} has hints 1 to {len(found.hints)}, not {number}")
    seen = _Seen(f"{homework}/{found.name}")
    index = number or min(seen.count + 1, len(found.hints))
    text = f"Hint {index} of {len(found.hints)} for {found.name}:\n\n  {found.hints[index - 1]}\n"
    if index < len(found.hints):
        text += f"\nThe next one: {command} {found.name}"
    elif number is None and seen.count >= len(found.hints):
        text += f"\nThat was the last one. Earlier ones: {command} {found.name} 1"
    seen.save(max(seen.count, index))
    return text


class _Seen:
    """How many hints of an exercise this user has had."""

    def __init__(self, key: str) -> None:
        self._path: Path = cache_folder() / "hints.json"
        self._key = key
        try:
            self._all = json.loads(self._path.read_text("utf-8"))
            self.count = int(self._all.get(key, 0))
        except (OSError, ValueError, AttributeError):
            self._all, self.count = {}, 0

    def save(self, count: int) -> None:
        self._all[self._key] = count
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(self._all), "utf-8")
        except OSError:
            return
