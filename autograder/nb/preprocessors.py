"""What `nbgrader autograde` does with notebooks in which cells of the kit are graded: the sandbox's word counts.

nbgrader runs a notebook in a kernel and believes what its cells show. Whatever runs in a kernel can change that, and
has the rights of the instructor. So the kernel is left out where only the kit's cells are graded, and what cells of the
kit show is replaced by the verdict on the notebook as it was handed in.
"""

from __future__ import annotations

import logging
import os
import re
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.nbgraderformat.common import SchemaMismatchError
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade
from traitlets import Bool, Unicode

from autograder.nb import show
from autograder.nb.call import read_call
from autograder.nb.trusted import Sandbox, Told, Work
from autograder.text import points

Done = tuple[Any, Any]
PROGRESS = logging.getLogger("autograder.nb.progress")


@dataclass(frozen=True)
class GradedCell:
    """A cell that is graded by the kit, as the instructor wrote it."""

    grade_id: str
    homework: str
    exercise: str
    points: float


def cells_of_the_kit(gradebook: Gradebook, notebook: str, assignment: str) -> dict[str, GradedCell]:
    """By grade id; empty for a notebook that has none."""
    try:
        known = gradebook.find_notebook(notebook, assignment)
    except MissingEntry:
        return {}
    worth = {cell.name: float(cell.max_score) for cell in known.grade_cells}
    found = {}
    for cell in known.source_cells:
        call = read_call(cell.source or "")
        if call is not None and cell.name in worth:
            found[cell.name] = GradedCell(cell.name, call.homework, call.exercise, worth[cell.name])
    return found


class RepairCells(NbGraderPreprocessor):
    """Puts marks of cells right that students can damage, and graded cells back that are gone. Comes before everything
    else: nbgrader refuses a whole submission for less."""

    def preprocess(self, nb: Any, resources: Any) -> Done:
        here = resources["nbgrader"]
        with Gradebook(here["db_url"]) as gradebook:
            if not (kit := cells_of_the_kit(gradebook, here["notebook"], here["assignment"])):
                return nb, resources
            RecordVerdicts(parent=self.parent).grade_ahead(gradebook)
            known = _marks(gradebook.find_notebook(here["notebook"], here["assignment"]))
            sources = {c.name: c for c in gradebook.find_notebook(here["notebook"], here["assignment"]).source_cells}
            seen: set[str] = set()
            for cell in reversed(nb.cells):  # as nbgrader, the last of several with the same id is the one
                marks = cell.metadata.get("nbgrader")
                id = marks.get("grade_id") if isinstance(marks, dict) else None
                if not isinstance(id, str) or id in seen or id not in known:
                    cell.metadata.pop("nbgrader", None)
                    continue
                seen.add(id)
                cell.metadata["nbgrader"] = dict(known[id])
            for id in kit:
                if id not in seen:
                    metadata = {"deletable": False, "editable": False, "nbgrader": dict(known[id])}
                    nb.cells.append(new_code_cell(sources[id].source, metadata=metadata))
            self._without_what_is_invalid(nb.cells)
        return nb, resources

    def _without_what_is_invalid(self, cells: Sequence[Any]) -> None:
        for cell in cells:
            try:
                MetadataValidator().validate_cell(cell)
            except (ValidationError, SchemaMismatchError):
                cell.metadata.pop("nbgrader", None)


def _marks(notebook: Any) -> dict[str, dict[str, Any]]:
    """nbgrader's marks of every cell that it knows of the notebook, by grade id."""
    points = {cell.name: float(cell.max_score) for cell in (*notebook.grade_cells, *notebook.task_cells)}
    graded = {cell.name for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    found = {}
    for cell in notebook.source_cells:
        marks: dict[str, Any] = {
            "schema_version": 3, "grade_id": cell.name, "grade": cell.name in graded, "task": cell.name in tasks,
            "solution": cell.name in solutions, "locked": bool(cell.locked), "cell_type": cell.cell_type,
        }  # fmt: skip
        if cell.name in points:
            marks["points"] = points[cell.name]
        if cell.checksum:
            marks["checksum"] = cell.checksum
        found[cell.name] = marks
    return found


class RunInKernel(Execute):
    """Runs a notebook as nbgrader does, unless all that is graded in it is the kit's."""

    always_run = Bool(
        False, help="Whether notebooks in which only cells of the kit are graded are run in a kernel too"
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Any, **more: Any) -> Done:
        here = resources["nbgrader"]
        with Gradebook(here["db_url"]) as gradebook:
            kit = cells_of_the_kit(gradebook, here["notebook"], here["assignment"])
        others = [cell for cell in nb.cells if is_grade(cell) and cell.metadata.nbgrader["grade_id"] not in kit]
        if not kit or others:
            return super().preprocess(nb, resources, **more)
        if self.always_run:
            try:
                return super().preprocess(nb, resources, **more)
            except Exception as error:  # a kernel that its notebook ended: nothing that counts depends on it
                self.log.warning("The kernel did not finish: %s", str(error).strip().splitlines()[-1:])
        return nb, resources


class RecordVerdicts(SaveAutoGrades):
    """Gives cells of the kit the sandbox's grade, in the notebook and in the gradebook; all others nbgrader's."""

    course = Unicode("", help="The folder with the kit's assignments/ and reference/").tag(config=True)
    isolation = Unicode("default", help="As --require-isolation of grade batch").tag(config=True)
    secret = Unicode("", help="As --secret of grade batch").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> Done:
        here = resources["nbgrader"]
        with Gradebook(here["db_url"]) as gradebook:
            self._kit = cells_of_the_kit(gradebook, here["notebook"], here["assignment"])
        self._told: dict[str, Told] = {}
        if self._kit:
            folder = _handed_in(self.parent.parent, here["student"], here["assignment"])
            for work in _works(self._kit, here["student"], folder, here["notebook"]):
                self._told[work.homework] = self.sandbox(self.parent.parent).grade(work)
            for cell in nb.cells:
                if is_grade(cell) and (graded := self._kit.get(cell.metadata.nbgrader["grade_id"])):
                    cell.outputs = outputs(graded, self._told[graded.homework])
        return super().preprocess(nb, resources)

    def grade_ahead(self, gradebook: Gradebook) -> None:
        """Grades everything that the converter will come to, side by side, and before a kernel runs any of it."""
        converter = self.parent.parent
        if converter in _SANDBOXES:
            return
        kits: dict[tuple[str, str], dict[str, GradedCell]] = {}
        work: dict[Work, dict[str, GradedCell]] = {}
        pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        for folder, notebooks in sorted(converter.assignments.items()):
            found = re.match(pattern, folder)
            if found is None or not _to_do(converter, found["assignment"], found["student"]):
                continue
            for notebook in (Path(path).stem for path in notebooks):
                place = notebook, found["assignment"]
                kit = kits[place] = kits.get(place) or cells_of_the_kit(gradebook, *place)
                work.update(dict.fromkeys(_works(kit, found["student"], Path(folder), notebook), kit))
        for one, told in self.sandbox(converter).grade_all(list(work), os.cpu_count() or 1):
            mine = [cell for cell in work[one].values() if cell.homework == one.homework]
            if told.result.outcome != "unreadable":  # nbgrader will not get anywhere with it either
                PROGRESS.info("%s: %s", one.student, summary(mine, told))

    def sandbox(self, owner: Any) -> Sandbox:
        """The sandbox of a converter, which ends with it."""
        if owner not in _SANDBOXES:
            secret = Path(self.secret) if self.secret else None
            sandbox = Sandbox(Path(self.course or "."), self.isolation, secret)
            _SANDBOXES[owner] = sandbox
            weakref.finalize(owner, sandbox.close)
        return _SANDBOXES[owner]

    def _add_score(self, cell: Any, resources: Any) -> None:
        graded = self._kit.get(cell.metadata["nbgrader"]["grade_id"])
        if graded is None:
            super()._add_score(cell, resources)
            return
        record(
            self.gradebook, graded, self._told[graded.homework], self.notebook_id, self.assignment_id, self.student_id
        )


def _works(kit: Mapping[str, GradedCell], student: str, folder: Path, notebook: str) -> list[Work]:
    """What the sandbox has to grade of a notebook: as a rule one homework."""
    homeworks = sorted({cell.homework for cell in kit.values()})
    return [Work(student, folder, f"{notebook}.ipynb", homework) for homework in homeworks]


def _handed_in(converter: Any, student: str, assignment: str) -> Path:
    place = converter.coursedir
    return Path(place.format_path(place.submitted_directory, student, assignment))


def _to_do(converter: Any, assignment: str, student: str) -> bool:
    """Whether nbgrader will come to it, as far as that can be told: what it skips is graded already."""
    made, handed = Path(converter._format_dest(assignment, student)), _handed_in(converter, student, assignment)
    if converter.force or not made.exists() or not any(made.glob("*.ipynb")):
        return True
    before, now = (converter.coursedir.get_existing_timestamp(str(folder)) for folder in (made, handed))
    return before is not None and now is not None and now > before


_SANDBOXES: weakref.WeakKeyDictionary[Any, Sandbox] = weakref.WeakKeyDictionary()


def record(gradebook: Gradebook, graded: GradedCell, told: Told, notebook: str, assignment: str, student: str) -> None:
    """Writes the automatic score of a cell; what a teacher gave stays, and is marked to be looked at again."""
    grade = gradebook.find_grade(graded.grade_id, notebook, assignment, student)
    grade.auto_score = told.score(graded.exercise, graded.points)
    grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
    gradebook.db.commit()


def summary(kit: Iterable[GradedCell], told: Told) -> str:
    """What a student has of all these cells."""
    scores = [(told.score(cell.exercise, cell.points), cell.points) for cell in kit]
    if any(score is None for score, _ in scores):
        return "the grader failed; no points are lost, grade it again with --force"
    return f"{points(sum(score or 0.0 for score, _ in scores))} of {points(sum(worth for _, worth in scores))} points"


def outputs(graded: GradedCell, told: Told) -> list[Any]:
    """What the cell shows: the verdict, and its score as the cell's value."""
    score = told.score(graded.exercise, graded.points)
    document = told.result.document
    if score is None:
        text = "Not graded yet: the grader failed. This costs no points."
        html = show.notice_html(text)
    elif told.result.outcome == "unreadable":
        text = f"The notebook could not be read: {document['problem']}"
        html = show.notice_html(text)
    else:
        html = show.exercise_html(document, graded.exercise, told.reveal)
        text = show.exercise_text(document, graded.exercise, told.reveal)
    shown = [new_output("display_data", {"text/html": html, "text/plain": text})]
    if score is not None:
        shown.append(new_output("execute_result", {"text/plain": repr(score)}, execution_count=None))
    return shown
