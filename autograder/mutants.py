"""Mutants of a solution: the code of one exercise with one small edit each, in a fixed order and without repeats.

Only what stands in solution regions is edited: the exercise's function or class, and what it uses from regions of
its own. Docstrings, messages of exceptions, annotations and imports are left alone, and so are edits after which the
text is the same or does not compile.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.edits import Scope, is_number, of_condition, of_expression, of_statement
from autograder.stubs import BEGIN, END

_UNTOUCHED = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)
_UNTOUCHED_FIELDS = ("annotation", "returns", "msg", "decorator_list", "bases", "ctx", "op", "ops")
_BLOCKS = ("body", "orelse", "finalbody")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_CONTEXT = 14
_WIDTH = 72


@dataclass(frozen=True)
class Mutant:
    """A changed solution: where, which kind of edit, what it looks like, and the text of the whole module."""

    line: int
    kind: str
    change: str
    source: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.change} ({self.kind})"


def mutants(source: str, name: str) -> list[Mutant]:
    """All mutants of the function or class called `name`."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    found = []
    for edit in _Walk(tree, source).edits(name):
        before = getattr(edit.parent, edit.field)
        setattr(edit.parent, edit.field, edit.value)
        text = ast.unparse(tree)
        setattr(edit.parent, edit.field, before)
        if text not in seen and _compiles(text):
            found.append(Mutant(edit.line, edit.kind, change(original, text), text + "\n"))
        seen.add(text)
    return sorted(found, key=lambda mutant: mutant.line)


def sample(found: list[Mutant], limit: int | None) -> list[Mutant]:
    """At most `limit` of them, evenly spread, always the same."""
    if limit is None or len(found) <= limit:
        return found
    return [found[index * len(found) // limit] for index in range(limit)]


def change(original: str, text: str) -> str:
    """What is different, in the words of the code: `i < n` → `i <= n`."""
    old, new = _different(original.splitlines(), text.splitlines())
    old_text, new_text = (" / ".join(" ".join(line.split()) for line in lines) for lines in (old, new))
    if not new:
        return f"`{_short(old_text)}` dropped"
    if not old:
        return f"`{_short(new_text)}` added"
    shared = _shared(old_text, new_text)
    ending = _shared(old_text[shared:][::-1], new_text[shared:][::-1])
    begin = max(0, shared - _CONTEXT)
    while 0 < begin < shared and _is_word(old_text[begin - 1]):
        begin += 1
    shown = []
    for whole in (old_text, new_text):
        end = min(len(whole), len(whole) - ending + _CONTEXT)
        while len(whole) - ending < end < len(whole) and _is_word(whole[end]):
            end -= 1
        shown.append(f"`{_short(whole[begin:end].strip())}`")
    return f"{shown[0]} → {shown[1]}"


def _different(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """The lines between the common beginning and the common end."""
    first = _shared(old, new)
    last = _shared(old[first:][::-1], new[first:][::-1])
    return old[first : len(old) - last], new[first : len(new) - last]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items the two have in common at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


@dataclass(frozen=True)
class _Edit:
    """What to set where; the line is one of the original source."""

    parent: ast.AST
    field: str
    value: Any
    line: int
    kind: str


class _Walk:
    """Goes through the code of an exercise and collects its edits."""

    def __init__(self, tree: ast.Module, source: str) -> None:
        self._tree = tree
        self._regions = _regions(source)

    def edits(self, name: str) -> Iterator[_Edit]:
        for definition in self._targets(name):
            if isinstance(definition, _DEFINITIONS):
                yield from self._definition(definition, Scope())
            else:
                yield from self._node(definition, Scope())

    def _targets(self, name: str) -> list[ast.stmt]:
        """The definition, and what it uses that stands wholly inside a region."""
        by_name: dict[str, ast.stmt] = {}
        for node in self._tree.body:
            if isinstance(node, _DEFINITIONS):
                by_name[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                by_name[node.targets[0].id] = node
        found: list[ast.stmt] = []
        queue = [by_name[name]] if name in by_name else []
        while queue:
            definition = queue.pop(0)
            if definition in found:
                continue
            found.append(definition)
            used = dict.fromkeys(n.id for n in ast.walk(definition) if isinstance(n, ast.Name))
            queue += [by_name[other] for other in used if other in by_name and self._inside(by_name[other])]
        return found

    def _inside(self, node: ast.stmt) -> bool:
        return any(begin < node.lineno and (node.end_lineno or 0) < end for begin, end in self._regions)

    def _definition(self, node: ast.AST, scope: Scope) -> Iterator[_Edit]:
        """The parts of a function or class that stand in regions."""
        scope = _inner(node, scope)
        yield from self._blocks(node, scope)
        if isinstance(node, _FUNCTIONS) and self._inside(node):
            yield from self._node(node.args, scope)

    def _blocks(self, node: ast.AST, scope: Scope) -> Iterator[_Edit]:
        for field in _BLOCKS:
            body = getattr(node, field, None)
            if isinstance(body, list):
                yield from self._block(node, field, body, scope)
        for handler in getattr(node, "handlers", []):
            yield from self._block(handler, "body", handler.body, scope)

    def _block(self, parent: ast.AST, field: str, body: list[ast.stmt], scope: Scope) -> Iterator[_Edit]:
        outer = isinstance(parent, _FUNCTIONS)
        for index, statement in enumerate(body):
            here = _until(scope, parent, statement)
            if not self._inside(statement):
                if isinstance(statement, _DEFINITIONS):
                    yield from self._definition(statement, scope)
                continue
            if (isinstance(statement, _UNTOUCHED) and not isinstance(statement, ast.Raise)) or _is_text(statement):
                continue
            following = body[index + 1] if index + 1 < len(body) else None
            for kind, new in of_statement(statement, following, here.names, outer=outer):
                value = [*body[:index], *new, *body[index + 1 :]] or [ast.Pass()]
                yield _Edit(parent, field, value, statement.lineno, kind)
            if isinstance(statement, _DEFINITIONS):
                yield from self._definition(statement, scope)
            elif not isinstance(statement, ast.Raise):
                if isinstance(statement, (ast.If, ast.While)):
                    loop = isinstance(statement, ast.While)
                    for kind, test in of_condition(statement.test, loop=loop, alternative=bool(statement.orelse)):
                        yield _Edit(statement, "test", test, statement.lineno, kind)
                yield from self._node(statement, here)
                yield from self._blocks(statement, _headed(here, statement))

    def _node(self, node: ast.AST, scope: Scope) -> Iterator[_Edit]:
        """The expressions below a node, down to the statements that it contains."""
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp, ast.Lambda)):
            scope = _inner(node, scope)
        for field, value in ast.iter_fields(node):
            if field in _UNTOUCHED_FIELDS:
                continue
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST) or isinstance(child, (ast.stmt, *_UNTOUCHED, ast.ExceptHandler)):
                    continue
                if isinstance(child, ast.expr):
                    for kind, new in self._expressions(node, field, child, scope):
                        whole = [*value[:index], new, *value[index + 1 :]] if isinstance(value, list) else new
                        yield _Edit(node, field, whole, child.lineno, kind)
                if not (isinstance(child, ast.expr) and is_number(child)):
                    yield from self._node(child, scope)

    def _expressions(self, parent: ast.AST, field: str, node: ast.expr, scope: Scope) -> Iterator[tuple[str, ast.expr]]:
        called = isinstance(parent, ast.Call) and field == "func"
        for kind, new in of_expression(node, scope):
            if called and kind in ("function", "name"):
                continue  # a call renames what it calls by itself, and a method is no value
            if isinstance(parent, ast.Expr) and kind == "call dropped":
                continue  # the same as dropping the statement
            yield kind, new


def _regions(source: str) -> list[tuple[int, int]]:
    """First and last line of every solution region."""
    lines = source.splitlines()
    begins = [number for number, line in enumerate(lines, 1) if line.strip().startswith(BEGIN)]
    ends = [number for number, line in enumerate(lines, 1) if line.strip().startswith(END)]
    return list(zip(begins, ends, strict=True))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _inner(node: ast.AST, scope: Scope) -> Scope:
    """The scope inside a function, class, lambda or comprehension."""
    if isinstance(node, ast.ClassDef):
        assigned = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
        return Scope(scope.names, tuple(dict.fromkeys(n.attr for n in assigned)))
    names = list(scope.names)
    if isinstance(node, (*_FUNCTIONS, ast.Lambda)):
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
        names += [argument.arg for argument in every if argument is not None]
    else:
        names += [name for part in getattr(node, "generators", []) for name in _stored(part.target)]
    return Scope(tuple(names), scope.attributes)


def _until(scope: Scope, parent: ast.AST, statement: ast.stmt) -> Scope:
    """The scope with the names that the statements before this one have bound."""
    names = list(scope.names)
    for field in _BLOCKS:
        for earlier in getattr(parent, field, []):
            if isinstance(earlier, ast.stmt) and earlier.lineno < statement.lineno:
                names += _stored(earlier)
    return Scope(tuple(names), scope.attributes)


def _headed(scope: Scope, statement: ast.stmt) -> Scope:
    """The scope inside a loop or `with`, whose head binds names too."""
    if isinstance(statement, (ast.For, ast.With)):
        heads = [statement.target] if isinstance(statement, ast.For) else statement.items
        return Scope((*scope.names, *(name for head in heads for name in _stored(head))), scope.attributes)
    return scope


def _stored(node: ast.AST) -> list[str]:
    if isinstance(node, _DEFINITIONS):
        return [node.name]
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
