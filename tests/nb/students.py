"""Ten students of hw5 and what they hand in, made from the notebook that nbgrader released."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.exercises import homework
from autograder.notebook import solved
from tests.conftest import ROOT

HOMEWORK = "hw5"
NAMES = ("truncate_pad", "sequence_mask", "MaskedSoftmaxCELoss")  # what the students of these tests work on
NOTHING = {exercise.name: 0.0 for exercise in homework(HOMEWORK)}
POSSIBLE = sum(exercise.points for exercise in homework(HOMEWORK))
Notebook = dict[str, Any]

OVERWRITES = """def sequence_mask(X, valid_len, value=0):
    mask = torch.arange(X.size(1), device=X.device)[None, :] < valid_len[:, None]
    X[~mask] = value
    return X
"""
ON_THE_CPU = """def sequence_mask(X, valid_len, value=0):
    padding = torch.arange(X.shape[1]) >= valid_len[:, None]
    return X.masked_fill(padding.reshape(*padding.shape, *[1] * (X.dim() - 2)), value)
"""
NEVER_LONGER = """def truncate_pad(line, num_steps, padding_token):
    if len(line) > num_steps:
        return line[:num_steps]
    return line + [padding_token] * (num_steps - len(line))
"""
SAME_LIST = """def truncate_pad(line, num_steps, padding_token):
    if len(line) == num_steps:
        return line
    return line[:num_steps] + [padding_token] * max(0, num_steps - len(line))
"""
BY_STEPS = """class MaskedSoftmaxCELoss(nn.Module):
    def forward(self, pred, label, valid_len):
        weights = sequence_mask(torch.ones_like(label, dtype=pred.dtype), valid_len)
        loss = F.cross_entropy(pred.transpose(1, 2), label.clamp(min=0), reduction="none")
        return (loss * weights).mean(dim=1)
"""
ZERO = "def truncate_pad(line, num_steps, padding_token):\n    return []\n"


def solutions() -> dict[str, str]:
    """The source of the solved cells, by the name that they define."""
    scripts = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "solutions" / HOMEWORK).glob("*.py"))}
    return {c.marks["grade_id"]: c.source for c in solved(HOMEWORK, scripts, homework(HOMEWORK)) if c.marks}


def answered(released: Notebook, **answers: str | None) -> Notebook:
    """The released notebook with its cells filled in: with the solution, or as told (None: the stub)."""
    document = copy.deepcopy(released)
    known = solutions()
    for name in NAMES:
        answer = answers.get(name, known[name])
        if answer is not None:
            cell(document, name)["source"] = answer
    return document


def cell(document: Notebook, grade_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in document["cells"] if _id(c) == grade_id)
    return found


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": f"own-{abs(hash(source)) % 10**8}", "metadata": metadata, "source": source,
        "outputs": [], "execution_count": None,
    }  # fmt: skip


def _id(cell: dict[str, Any]) -> str | None:
    found: str | None = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return found


def without(document: Notebook, grade_id: str) -> Notebook:
    return {**document, "cells": [c for c in document["cells"] if _id(c) != grade_id]}


def doubled(document: Notebook) -> Notebook:
    """A solution cell and a test cell twice, the solution's first copy wrong."""
    cells = []
    for one in document["cells"]:
        if _id(one) in ("sequence_mask", "truncate_pad-check"):
            wrong = one["source"] if _id(one) != "sequence_mask" else OVERWRITES
            cells.append({**copy.deepcopy(one), "id": f"{one['id']}-copy", "source": wrong})
        cells.append(one)
    return {**document, "cells": cells}


# What is in the first cell of a hostile notebook runs in the kernel before everything else.
HOOK = """import ast
class Full(ast.NodeTransformer):
    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id == "check":
            return ast.copy_location(ast.Constant(float(next(k.value.value for k in node.keywords))), node)
        return self.generic_visit(node)
get_ipython().ast_transformers.append(Full())
"""
DISPLAY = """import sys
class Hook(type(sys.displayhook)):
    def write_format_data(self, format_dict, md_dict=None):
        super().write_format_data({"text/plain": "9" * 2}, md_dict)
sys.displayhook.__class__ = Hook
"""
SILENT = "import sys\nsys.displayhook = lambda value: None\n"
ENDS = "import sys, os\nif 'ipykernel' in sys.modules: os._exit(0)\n"
PATCHES = """import autograder.nb, autograder.nb.cell, autograder.verdict
autograder.nb.check = lambda homework, exercise, points=None: float(points)
autograder.nb.cell.checked = autograder.nb.check
autograder.verdict.Verdict.score = property(lambda self: self.exercise.points)
"""
NOT_A_NUMBER = "import autograder.nb\nautograder.nb.check = lambda *a, **k: float('nan')\n"
EDITED = "float(16)"


def hostile(released: Notebook, first: str) -> Notebook:
    """Everything wrong, and an attack before it."""
    document = answered(released, truncate_pad=ZERO, sequence_mask=None, MaskedSoftmaxCELoss=None)
    return {**document, "cells": [code(first), *document["cells"]]}


def edited(released: Notebook) -> Notebook:
    """The cell that grades says full marks, and is worth more."""
    document = answered(released, truncate_pad=None, sequence_mask=None, MaskedSoftmaxCELoss=None)
    test = cell(document, "sequence_mask-check")
    test["source"] = EDITED
    test["metadata"]["nbgrader"].update(points=160, checksum="0" * 32)
    return document


def unmarked(released: Notebook) -> Notebook:
    """Right code whose marks a student's tool has damaged."""
    document = answered(released)
    cell(document, "truncate_pad")["metadata"]["nbgrader"].update(grade=True, points="all of them")
    cell(document, "sequence_mask-check")["metadata"]["nbgrader"] = {"grade_id": "sequence_mask-check"}
    return document


CLASS: dict[str, Callable[[Notebook], Notebook | str]] = {
    "full": answered,
    "stub": lambda released: released,
    "values": lambda released: answered(released, sequence_mask=OVERWRITES, MaskedSoftmaxCELoss=BY_STEPS),
    "device": lambda released: answered(released, sequence_mask=ON_THE_CPU),
    "purity": lambda released: answered(released, truncate_pad=SAME_LIST, MaskedSoftmaxCELoss=None),
    "broken": lambda released: json.dumps(released)[:-200],
    "syntax": lambda released: answered(released, sequence_mask="def sequence_mask(X, valid_len, value=0:\n    pass"),
    "deleted": lambda released: without(without(answered(released), "sequence_mask-check"), "truncate_pad"),
    "doubled": lambda released: doubled(answered(released)),
    "hostile": lambda released: hostile(released, HOOK),
}
ATTACKS: dict[str, Callable[[Notebook], Notebook]] = {
    "hook": lambda released: hostile(released, HOOK),
    "display": lambda released: hostile(released, DISPLAY),
    "silent": lambda released: hostile(released, SILENT),
    "ends": lambda released: hostile(released, ENDS),
    "patches": lambda released: hostile(released, PATCHES),
    "nan": lambda released: hostile(released, NOT_A_NUMBER),
    "edited": edited,
}


def hand_in(submitted: Path, student: str, work: Notebook | str) -> Path:
    """Puts the work where `nbgrader collect` would."""
    folder = submitted / student / HOMEWORK
    folder.mkdir(parents=True)
    path = folder / f"{HOMEWORK}.ipynb"
    path.write_text(work if isinstance(work, str) else json.dumps(work), "utf-8")
    return path


def the_class(released: Notebook) -> Iterator[tuple[str, Notebook | str]]:
    for student, work in CLASS.items():
        yield student, work(released)
