"""The scan finds two statements of a solution, mistake or variant however they are written, and nothing else."""

from __future__ import annotations

import ast
import base64
import bz2
import gzip
import importlib.util
import io
import json
import lzma
import marshal
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise

import pytest

from autograder.catalogue import mistakes, variants
from autograder.exercises import homework, homeworks
from autograder.leaks import Secrets, leaks, regions, runs_of, secrets, sequences
from autograder.stubs import stub
from tests.conftest import ROOT, exercise


@pytest.fixture(scope="module")
def known() -> Secrets:
    return secrets(ROOT, homeworks())


def solution(name: str) -> str:
    """What stands between the marks in the solution of an exercise."""
    declared = exercise(name)
    source = (ROOT / "solutions" / declared.homework / declared.file).read_text("utf-8")
    tree = ast.parse(source)
    node = next(n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name)
    inside = regions(source)
    lines = source.splitlines()
    kept = [lines[i - 1] for i in range(node.lineno, (node.end_lineno or 0) + 1) if i in inside]
    return textwrap.dedent("\n".join(line for line in kept if "###" not in line)) + "\n"


SOLUTION = solution("sequence_mask")


class Renamed(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(node.id if node.id in ("torch", "None") else f"{node.id}_2", node.ctx)


def renamed(text: str) -> bytes:
    return ast.unparse(Renamed().visit(ast.parse(text))).encode()


def in_a_zip(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/notes.txt", text)
    return b"something before it" + held.getvalue()


def pyc(text: str) -> bytes:
    body = "def f(X, valid_len, value=0):\n" + textwrap.indent(text, "    ")
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile(body, "x.py", "exec"))


def notebook(text: str) -> bytes:
    cell = {"cell_type": "code", "source": ["import torch\n", *text.splitlines(keepends=True)]}
    return json.dumps({"cells": [cell]}, ensure_ascii=True).encode()


WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "in another function, deeper": lambda t: ("class A:\n  def b(X):\n" + textwrap.indent(t, " " * 9)).encode(),
    "in a sentence": lambda t: b"The solution is:\n\n" + t.encode() + b"\nThat is all, you know.",
    "commented out": lambda t: textwrap.indent(t, "# ").encode(),
    "quoted": lambda t: textwrap.indent(t, "> ", lambda line: True).encode(),
    "with other white space": lambda t: t.replace(" = ", "  =\t").replace(", ", " ,  ").encode(),
    "with other names": renamed,
    "with comments": lambda t: t.replace("\n", "  # so\n\n").encode(),
    "a notebook": notebook,
    "escaped twice": lambda t: json.dumps(json.dumps({"source": t})).encode(),
    "a string of Python": lambda t: f"x = {t!r}".encode(),
    "bytes of Python": lambda t: f"x = {t.encode()!r}".encode(),
    "UTF-16": lambda t: t.encode("utf-16"),
    "UTF-16, big end first": lambda t: b"\x01" + t.encode("utf-16-be"),
    "UTF-32": lambda t: t.encode("utf-32"),
    "base64": lambda t: b'{"data": "' + base64.b64encode(t.encode()) + b'"}',
    "base64 in lines": lambda t: b"data:\n" + base64.encodebytes(t.encode()),
    "base64 for addresses": lambda t: b"a" + base64.urlsafe_b64encode(t.encode()),
    "hexadecimal": lambda t: b"x" + t.encode().hex().encode(),
    "hexadecimal escapes": lambda t: "".join(f"\\x{byte:02x}" for byte in t.encode()).encode(),
    "zlib": lambda t: b"head" + zlib.compress(t.encode()) + b"tail",
    "gzip": lambda t: gzip.compress(t.encode()),
    "bzip2": lambda t: bz2.compress(t.encode()),
    "xz": lambda t: lzma.compress(t.encode()),
    "zip": in_a_zip,
    "base64 of zlib in a notebook": lambda t: notebook(repr(base64.b64encode(zlib.compress(t.encode())).decode())),
    "compiled": pyc,
    "compiled, in gzip": lambda t: gzip.compress(pyc(t)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_solution_is_found_however_it_is_written(known: Secrets, way: str) -> None:
    assert leaks(known, {"file": WAYS[way](SOLUTION)}), way


@pytest.mark.parametrize("way", WAYS)
def test_what_students_receive_is_not_taken_for_a_solution(known: Secrets, way: str) -> None:
    source = stub((ROOT / "solutions/hw5/seq2seq.py").read_text("utf-8"))
    assert leaks(known, {"file": WAYS[way](source)}) == []


def test_two_statements_are_enough_and_a_short_one_is_not(known: Secrets) -> None:
    texts = [unit.text for unit in max(sequences(ast.parse(SOLUTION)), key=len)]
    for one, other in pairwise(texts):
        assert leaks(known, {"x": f"{one}\n{other}\n".encode()})
    for text in texts:
        assert leaks(known, {"x": text.encode()}) == []


def test_a_statement_that_is_long_is_enough(known: Secrets) -> None:
    text = "return (z.exp() if keepdim else z.exp().squeeze(-1)).reshape(x.shape[0], -1)[:, None].expand(-1, n + 1)"
    held = Secrets({**known.runs, **dict.fromkeys(runs_of(text), "a test")}, {})
    assert leaks(held, {"x": text.encode()}) and leaks(known, {"x": text.encode()}) == []


def test_every_mistake_and_variant_of_three_statements_is_found(known: Secrets) -> None:
    tried = 0
    for declared in (e for name in homeworks() for e in homework(name)):
        for entry in [*mistakes(ROOT, declared), *variants(ROOT, declared)]:
            (path,) = entry.submission.files.values()
            node = next(n for n in ast.parse(path.read_text("utf-8")).body if getattr(n, "name", "") == entry.name)
            if max(len(sequence) for sequence in sequences(ast.Module([node], []))) >= 3:
                tried += 1
                assert runs_of(ast.unparse(node)) & known.runs.keys(), f"{path} {entry.name}"
    assert tried > 100


def test_the_kit_and_the_assignments_hold_no_solution(known: Secrets) -> None:
    files = {
        str(path.relative_to(ROOT)): path.read_bytes()
        for folder in ("autograder", "assignments")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(files) > 100 and leaks(known, files) == []


def test_what_another_python_compiled_is_not_let_through(known: Secrets) -> None:
    content = bytearray(pyc("x = 1\n"))
    content[0] ^= 1
    for packed in (bytes(content), gzip.compress(bytes(content))):
        assert "cannot be looked into" in leaks(known, {"x.pyc": packed})[0]
