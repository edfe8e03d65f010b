"""Does what students receive give a solution away?

What must not leave is known by runs of statements: of every solution region, and of everything in `reference/`
(oracles, variants, mistakes). A run is two statements, more where these are short, or one that is long. It counts as
found however it is written: names and layout do not matter, nor how it is encoded or compressed, nor whether it is
compiled.
"""

from __future__ import annotations

import ast
import dis
import keyword
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from autograder.decodings import blobs, code_of, foreign_code, parsed
from autograder.stubs import BEGIN, END

LEAST_TOKENS = 6  # of a statement that is not trivial
LEAST_RUN = 18  # tokens of a run that could not be anybody's
LEAST_ALONE = 30  # of one statement by itself
LEAST_INSTRUCTIONS = 14
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?<!\.)\b[A-Za-z_]\w*\b(?!=(?!=))|\w+|[^\s\w]")
_SKIPPED = frozenset({"CACHE", "RESUME", "NOP", "EXTENDED_ARG", "PRECALL", "COPY_FREE_VARS", "MAKE_CELL"})
_BEFORE = re.compile(r"^(?:[#>|+*]|\.\.\.|- |\s)*")
LONGEST_LINE = 4000


_WALK = """
def walk(part):
    if isinstance(part, dict):
        return {{key: walk({given}) for key, item in part.items()}}
    if isinstance(part, list):
        return [walk({given}) for item in part]
    if isinstance(part, (list, tuple)):
        return type(part)(walk({given}) for item in part)
def walk(part):
    if isinstance(part, list):
        return [walk({given}) for item in part]
    if isinstance(part, dict):
        return {{key: walk({given}) for key, item in part.items()}}
    if isinstance(part, (list, tuple)):
        return [walk({given}) for item in part]
def walk(part):
    if isinstance(part, dict):
        for key, item in part.items():
            walk({given})
"""
"""How anybody walks through what may be nested: no secret, though exercises ask for it too."""


@dataclass(frozen=True)
class Unit:
    """A statement, or the head of one that has a body, as Python writes it; `lines` are those that it stands on."""

    text: str
    lines: range


@dataclass(frozen=True)
class Secrets:
    """Runs of statements that must not be found, and where each is from."""

    runs: Mapping[str, str]
    compiled: Mapping[str, str]


def secrets(root: Path, homeworks: Iterable[str]) -> Secrets:
    """What must not leave the course of these homeworks. What stands in `assignments/`, or is common, is no
    secret."""
    learnt: list[_Learnt] = []
    given = {run for more in ("item", "item, one", "item, one, two") for run in runs_of(_WALK.format(given=more))}
    for homework in homeworks:
        for path in sorted((root / "reference" / homework).rglob("*.py")):
            learnt += _learn(path, root)
        for path in sorted((root / "solutions" / homework).glob("*.py")):
            inside = regions(path.read_text("utf-8"))
            learnt += (one for one in _learn(path, root) if one.begins <= inside)
        for path in sorted((root / "assignments" / homework).glob("*.py")):
            given.update(runs_of(path.read_text("utf-8")))
    secret = [one for one in learnt if one.key not in given]
    return Secrets(
        {one.key: one.where for one in reversed(secret)},
        {stream: one.where for one in reversed(secret) for stream in one.compiled},
    )


def leaks(known: Secrets, files: Mapping[str, bytes]) -> list[str]:
    """A sentence for each run that is found in a file, wherever in it and however written."""
    found: dict[str, None] = {}
    for name, content in files.items():
        for blob in blobs(content):
            if foreign_code(blob):
                found[f"{name} is compiled by another version of Python and cannot be looked into"] = None
            hits = [known.runs[key] for key in runs_of(blob.decode("utf-8", "replace")) if key in known.runs]
            code = code_of(blob)
            if code is not None:
                stream = "".join(_instructions_of_all(code))
                hits += [where for run, where in known.compiled.items() if run in stream]
            found.update(dict.fromkeys(f"{name} holds {where}" for where in sorted(hits)))
    return list(found)


def regions(source: str) -> set[int]:
    """The lines of the solution regions."""
    inside, found = False, set()
    for number, line in enumerate(source.splitlines(), start=1):
        inside = inside or line.strip().startswith(BEGIN)
        if inside:
            found.add(number)
        if line.strip().startswith(END):
            inside = False
    return found


@dataclass(frozen=True)
class _Learnt:
    """One run: what it is known by as text and compiled, where it is from, and the lines its statements begin on."""

    key: str
    compiled: tuple[str, ...]
    where: str
    begins: frozenset[int]


def _learn(path: Path, root: Path) -> Iterator[_Learnt]:
    tree = ast.parse(path.read_text("utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        streams = [list(_instructions(code)) for code in _codes(compile(tree, path.name, "exec"))]
    on = [{line for _, line in stream} for stream in streams]
    for sequence in sequences(tree):
        for begin, end, key in _runs([unit.text for unit in sequence]):
            units = sequence[begin:end]
            lines = {line for unit in units for line in unit.lines}
            parts = [
                [text for text, line in stream if line in lines]
                for stream, its in zip(streams, on, strict=True)
                if lines & its
            ]
            compiled = tuple("".join(part) for part in parts if len(part) >= LEAST_INSTRUCTIONS)
            place = f"{path.relative_to(root)}, line {units[0].lines.start}"
            where = f"“{units[0].text[:60]}” and what follows, from {place}"
            yield _Learnt(key, compiled, where, frozenset(unit.lines.start for unit in units))


def sequences(tree: ast.Module) -> Iterator[list[Unit]]:
    """The statements of every function in their order, and those outside of functions, without trivial ones."""
    todo: list[list[ast.stmt]] = [tree.body]
    while todo:
        units: list[Unit] = []
        _collect(todo.pop(), units, todo)
        yield [unit for unit in units if _tokens(unit.text)[1] >= LEAST_TOKENS]


def _collect(body: list[ast.stmt], units: list[Unit], inner: list[list[ast.stmt]]) -> None:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner.append(node.body)
            continue
        blocks = [block for name in ("body", "orelse", "finalbody") if (block := getattr(node, name, None))]
        blocks += [handler.body for handler in getattr(node, "handlers", ())]
        blocks += [case.body for case in getattr(node, "cases", ())]
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Raise, ast.Assert, ast.Global)):
            continue
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            text, last = (_head(node), blocks[0][0].lineno) if blocks else (ast.unparse(node), 0)
            end = last or (node.end_lineno or node.lineno) + 1
            units.append(Unit(text, range(node.lineno, max(end, node.lineno + 1))))
        for block in blocks:
            _collect(block, units, inner)


def _head(node: ast.stmt) -> str:
    return next((line for line in ast.unparse(node).splitlines() if not line.startswith("@")), "")


def runs_of(text: str) -> set[str]:
    """What the runs in a text are known by. It may be Python as a whole or in some of its lines."""
    tree = parsed(text)
    units = [[unit.text for unit in sequence] for sequence in sequences(tree)] if tree is not None else []
    return {key for sequence in [*units, *_lines(text)] for _, _, key in _runs(sequence)}


def _runs(statements: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where each run begins and ends, and what it is known by, whatever its names are."""
    for begin, first in enumerate(statements):
        key, count = _tokens(first)
        if count >= LEAST_ALONE:
            yield begin, begin + 1, key
        for end in range(begin + 2, len(statements) + 1):
            key, count = _tokens("\n".join(statements[begin:end]))
            if count >= LEAST_RUN:
                yield begin, end, key
                break


def _lines(text: str) -> Iterator[list[str]]:
    """Statements line by line, for Python inside of other text: commented out, quoted, or cut from its function."""
    found: list[str] = []
    rest = iter(text.splitlines())
    for line in rest:
        joined = _BEFORE.sub("", line)
        if len(joined) > LONGEST_LINE:
            continue
        for _ in range(40):
            if _depth(joined) <= 0:
                break
            joined += " " + _BEFORE.sub("", next(rest, ""))
        joined = re.sub(r"^elif\b", "if", joined)
        if re.match(r"(?:async\s+)?def\b|class\b", joined):
            yield found
            found = []
            continue
        tree = parsed(joined + " pass" if joined.rstrip().endswith(":") else joined)
        for node in tree.body if tree is not None else ():
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.Raise, ast.Assert, ast.Global)):
                continue
            head = _head(node) if hasattr(node, "body") else ast.unparse(node)
            if _tokens(head)[1] >= LEAST_TOKENS:
                found.append(head)
    yield found


def _depth(line: str) -> int:
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|#.*", "", line)
    return sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}"))


def _tokens(text: str) -> tuple[str, int]:
    """The text with names numbered in the order in which they come, and how many tokens it has."""
    names: dict[str, str] = {}
    tokens = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        free = (token[0].isalpha() or token[0] == "_") and not keyword.iskeyword(token)
        before = text[match.start() - 1 : match.start()]
        if free and before != "." and text[match.end() : match.end() + 1] != "=":
            token = names.setdefault(token, f"v{len(names)}")
        tokens.append(token)
    return " ".join(tokens), len(tokens)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _instructions_of_all(code: CodeType) -> Iterator[str]:
    for inner in _codes(code):
        yield from (text for text, _ in _instructions(inner))
        yield "\n"


def _instructions(code: CodeType) -> Iterator[tuple[str, int]]:
    """Instructions without the names of variables and where they jump to, each with its line."""
    lines = [(start, end, line) for start, end, line in code.co_lines()]
    place = 0
    for instruction in dis.get_instructions(code):
        if instruction.opname in _SKIPPED:
            continue
        while place < len(lines) - 1 and lines[place][1] <= instruction.offset:
            place += 1
        told = ""
        if instruction.opcode in dis.hasname or instruction.opname in ("COMPARE_OP", "BINARY_OP"):
            told = instruction.argrepr
        elif instruction.opcode in dis.hasconst and not isinstance(instruction.argval, CodeType):
            told = repr(instruction.argval)
        yield f"{instruction.opname} {told};", lines[place][2] or 0
