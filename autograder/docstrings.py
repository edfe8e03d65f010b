"""The text of a stub: its docstring, read from the source without running it."""

from __future__ import annotations

import ast
from pathlib import Path


def docstring(path: Path, name: str) -> str:
    """The docstring of a function or class in the file, with the methods' docstrings for a class; "" if none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            parts = [ast.get_docstring(node) or ""]
            if isinstance(node, ast.ClassDef):
                parts += [ast.get_docstring(m) or "" for m in node.body if isinstance(m, ast.FunctionDef)]
            return "\n".join(parts)
    return ""


def line_of(path: Path, name: str) -> int:
    """The line at which a function or class begins; 0 where that cannot be told."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return 0
    found = [n.lineno for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    return found[-1] if found else 0


def contains(text: str, sentence: str) -> bool:
    """Whether the sentence stands in the text, however the lines are broken."""
    return " ".join(sentence.split()) in " ".join(text.split())
