"""Which names a cell binds, which it needs when it runs, and which its functions need later."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

STAR = "*"
BUILT_IN = frozenset(dir(builtins)) | {"get_ipython", "display", "In", "Out", "_", "__", "___", "exit", "quit"}
_REACHES_ANY = ("globals", "locals", "exec", "eval", "vars")


@dataclass(frozen=True)
class Names:
    """`binds` are the names that the cell defines at its top level (`STAR` where it imports all of a module), `now`
    those it looks up as it runs, `later` those that functions in it look up when they are called, `changes` those whose
    attributes or items it sets or which it hands to a decorator, `imports` the packages that it imports.
    `defines_only` says that all it does is to define functions and classes and to import; `reaches_any` that it may
    look up anything."""

    binds: frozenset[str]
    now: frozenset[str]
    later: frozenset[str]
    changes: frozenset[str]
    imports: frozenset[str] = frozenset()
    defines_only: bool = False
    reaches_any: bool = False

    @property
    def needs(self) -> frozenset[str]:
        return self.now | self.later


def names(code: str) -> Names:
    """The names of a cell. SyntaxError where it is not Python."""
    tree = ast.parse(code)
    top = symtable.symtable(code, "cell", "exec")
    symbols = top.get_symbols()
    binds = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == STAR for node in tree.body):
        binds.add(STAR)
    now = {s.get_name() for s in symbols if s.is_referenced()}
    later: set[str] = set()
    for table in top.get_children():
        _add(table, now, later, runs_now=table.get_type() == "class")
    needs = now | later
    return Names(
        frozenset(binds),
        frozenset(now),
        frozenset(later),
        frozenset(_changes(tree)),
        frozenset(_imports(tree)),
        all(isinstance(node, (*_DEFINITIONS, ast.Import, ast.ImportFrom)) or _is_text(node) for node in tree.body),
        not needs.isdisjoint(_REACHES_ANY),
    )


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _add(table: symtable.SymbolTable, now: set[str], later: set[str], runs_now: bool) -> None:
    found = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    (now if runs_now else later).update(found)
    for inner in table.get_children():
        _add(inner, now, later, runs_now and inner.get_type() == "class")


def _changes(tree: ast.Module) -> Iterator[str]:
    """Names of what statements at the top level alter without binding it anew."""
    for node in tree.body:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        elif isinstance(node, _DEFINITIONS):
            for decorator in node.decorator_list:
                yield from (n.id for n in ast.walk(decorator) if isinstance(n, ast.Name))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _sets(node.value.func):
            yield from (argument.id for argument in node.value.args[:1] if isinstance(argument, ast.Name))
        for target in targets:
            while isinstance(target, (ast.Attribute, ast.Subscript)):
                target = target.value
                if isinstance(target, ast.Name):
                    yield target.id


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def _sets(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "setattr"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
