"""One mistake is paid for once: what builds on an exercise that is wrong is graded with a correct one in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from autograder.exercise import Exercise
from autograder.submission import Given, Submission


def lacking(exercise: Exercise, right: Mapping[str, bool], every: Mapping[str, Exercise]) -> tuple[Exercise, ...]:
    """What the exercise builds on, near or far, that is not right, or not graded. `right` tells of the exercises
    that were graded, `every` holds those of the homework."""
    found: dict[str, Exercise] = {}
    todo = list(exercise.uses)
    while todo:
        name = todo.pop()
        if name in found or name not in every:
            continue
        if not right.get(name, False):
            found[name] = every[name]
        todo += every[name].uses
    return tuple(found[name] for name in every if name in found)


def with_given(
    root: Path, submission: Submission, exercises: Iterable[Exercise], all_names: Iterable[str]
) -> Submission:
    """The submission with the course's own exercises in the place of these. Those whose solution the course does not
    hold stay as they are."""
    names = frozenset(all_names)
    given = []
    for exercise in exercises:
        path = root / "solutions" / exercise.homework / exercise.file
        if path.is_file():
            given.append(Given(exercise.file, exercise.name, alone(whole(path), exercise.name, names)))
    return replace(submission, given=tuple(given))


def whole(path: Path) -> str:
    """The source with what it imports from files beside it in the place of those imports."""
    return ast.unparse(ast.Module(_whole(path, set()), []))


def _whole(path: Path, seen: set[Path]) -> list[ast.stmt]:
    seen.add(path)
    statements: list[ast.stmt] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        beside = path.parent / f"{node.module}.py" if isinstance(node, ast.ImportFrom) else None
        if beside is None or not beside.is_file():
            statements.append(node)
        elif beside not in seen:
            statements += _whole(beside, seen)
    return statements


def alone(source: str, name: str, names: frozenset[str]) -> str:
    """The source without those definitions among `names` that `name` does not need."""
    tree = ast.parse(source)
    defined = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    needed: set[str] = set()
    todo = [name]
    while todo:
        node = defined.get(todo.pop())
        if node is None or node.name in needed:
            continue
        needed.add(node.name)
        todo += [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    tree.body = [
        node
        for node in tree.body
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name in needed or node.name not in names
    ]
    return ast.unparse(tree)
