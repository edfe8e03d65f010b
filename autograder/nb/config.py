"""The part of `nbgrader_config.py` that is the kit's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

FILE = "nbgrader_config.py"
BEGIN = "# >>> torch-course-kit (what stands between these marks is replaced by: grade nbgrader sync)"
END = "# <<< torch-course-kit"
_BLOCK = re.compile(rf"^{re.escape(BEGIN)}\n.*?^{re.escape(END)}$", re.MULTILINE | re.DOTALL)
_OURS = "autograder.nb.preprocessors"
_SANITIZE = ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")
_AUTOGRADE = (
    "Execute", "IgnorePattern", "ClearMetadataPreprocessor", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties",
    "CheckCellMetadata",
)  # fmt: skip
_SECONDS = 300


def new_config(course_id: str, exchange: Path | None, block: str) -> str:
    """A whole file for a course that has none."""
    lines = ["c = get_config()", "", f"c.CourseDirectory.course_id = {course_id!r}"]
    if exchange is not None:
        lines.append(f"c.Exchange.root = {str(exchange)!r}")
    lines += [
        'c.ClearSolutions.code_stub = {"python": \'raise NotImplementedError("your code here")\'}',
        "",
        block,
        "",
    ]
    return "\n".join(lines)


def block(course: Path) -> str:
    """The kit's part: grades come from sandboxes, not from the notebook's kernel."""
    return (
        f"{BEGIN}\nfrom autograder.nb.config import configure\n\nconfigure(get_config(), course={str(course)!r})\n{END}"
    )


def with_block(text: str, block: str) -> str:
    """The text of a config with the kit's part up to date, where it stood or at the end; the rest as it was."""
    if _BLOCK.search(text):
        return _BLOCK.sub(lambda _: block, text, count=1)
    return f"{text.rstrip()}\n\n{block}\n" if text.strip() else f"{block}\n"


def configure(c: Any, course: str) -> None:
    """Sets nbgrader up so that cells of the kit get the sandbox's grade. `course` is the folder with the kit's
    `assignments/` and `reference/`. What else there is to set stands elsewhere in the file:
    `c.RecordVerdicts.isolation` and `.secret` are those of `grade batch`; with `c.RunInKernel.always_run` notebooks in
    which only the kit's cells are graded are run outside of the sandbox too."""
    sanitize = list(c.Autograde.get("sanitize_preprocessors") or _named("nbgrader.preprocessors", _SANITIZE))
    autograde = list(c.Autograde.get("autograde_preprocessors") or _named("nbgrader.preprocessors", _AUTOGRADE))
    if not any(_name(one) == "RepairCells" for one in sanitize):
        sanitize.insert(0, f"{_OURS}.RepairCells")
    ours = {"Execute": f"{_OURS}.RunInKernel", "SaveAutoGrades": f"{_OURS}.RecordVerdicts"}
    c.Autograde.sanitize_preprocessors = sanitize
    c.Autograde.autograde_preprocessors = [ours.get(_name(one), one) for one in autograde]
    c.RecordVerdicts.course = course
    if "timeout" not in c.Execute:
        c.Execute.timeout = _SECONDS


def _named(package: str, names: tuple[str, ...]) -> list[str]:
    return [f"{'nbconvert.preprocessors' if n.startswith('ClearMetadata') else package}.{n}" for n in names]


def _name(one: Any) -> str:
    return one.rsplit(".", 1)[-1] if isinstance(one, str) else getattr(one, "__name__", "")
