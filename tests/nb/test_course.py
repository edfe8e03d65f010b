"""`grade nbgrader init` and `sync` on a course that is there already: nothing that was in it is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.nb import config
from autograder.stubs import BEGIN
from tests.conftest import ROOT
from tests.nb.conftest import nbgrader, recorded, released
from tests.nb.students import HOMEWORK, code

Grade = Callable[..., "subprocess.CompletedProcess[str]"]


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course that nbgrader itself makes as an example."""
    pytest.importorskip("nbgrader")
    folder = tmp_path_factory.mktemp("quickstart")
    nbgrader(folder, "quickstart", "example")
    return folder / "example"


@pytest.mark.slow
def test_the_example_of_nbgrader_gains_a_homework(quickstart: Path, tmp_path: Path, grade: Grade) -> None:
    course, roster = tmp_path / "example", tmp_path / "roster.csv"
    shutil.copytree(quickstart, course)
    roster.write_text("login,name,email\nada,Ada Lovelace,ada@example.org\n", "utf-8")
    before = content(course)
    done = grade("nbgrader", "init", str(course), HOMEWORK, "--roster", str(roster))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    after = content(course)
    changed = {name for name, data in before.items() if after.get(name) != data}
    assert changed == {config.FILE}
    assert after[config.FILE].startswith(before[config.FILE].rstrip())
    new = set(after) - set(before) - {"gradebook.db"}
    assert {"source/hw5/hw5.ipynb"} <= new and all(name.startswith("source/hw5/") for name in new)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        ada = gradebook.find_student("ada")
        assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Lovelace", "ada@example.org")
    nbgrader(course, "generate_assignment", HOMEWORK)
    nbgrader(course, "generate_assignment", "ps1")
    again = grade("nbgrader", "sync", str(course))
    assert (again.returncode, again.stdout) == (0, "everything is up to date\n")


def test_a_course_that_is_there_gains_a_homework(tmp_path: Path) -> None:
    installed = pytest.importorskip("nbgrader")
    from autograder.batch.roster import Roster
    from autograder.course import Course
    from autograder.nb import course as made
    from autograder.settings import Settings

    example = Path(str(installed.__file__)).parent / "docs" / "source" / "user_guide" / "source"
    shutil.copytree(example / "ps1", tmp_path / "source" / "ps1")
    (tmp_path / config.FILE).write_text("c = get_config()\nc.CourseDirectory.source_directory = 'source'\n", "utf-8")
    before = content(tmp_path)
    made.write_config(tmp_path, ROOT, "unused", None)
    place = made.open_folder(tmp_path)
    made.write_homework(place, Course(ROOT), HOMEWORK)
    for _ in range(2):
        made.enter(place, Settings(), [HOMEWORK], Roster(()))
    after = content(tmp_path)
    assert {name for name, data in before.items() if after[name] != data} == {config.FILE}
    assert after[config.FILE].startswith(before[config.FILE])
    assert set(after) - set(before) == {"source/hw5/hw5.ipynb", "gradebook.db"}


def test_sync_keeps_what_is_not_the_kits(prepared: Path, tmp_path: Path) -> None:
    from autograder.course import Course
    from autograder.nb import course as made

    folder, kit = tmp_path / "course", tmp_path / "kit"
    shutil.copytree(prepared, folder)
    for name in ("assignments", "reference", "solutions"):
        shutil.copytree(ROOT / name / HOMEWORK, kit / name / HOMEWORK)
    (kit / "course.toml").write_text(f"[homework.{HOMEWORK}]\nweights = {{ truncate_pad = 9 }}\n", "utf-8")
    solution = kit / "solutions" / HOMEWORK / "nmt.py"
    solution.write_text(solution.read_text("utf-8").replace("costs computation", "costs time"), "utf-8")
    notebook = folder / "source" / HOMEWORK / f"{HOMEWORK}.ipynb"
    document = json.loads(notebook.read_text("utf-8"))
    document["cells"].insert(2, code("own = 1"))
    document["metadata"]["mine"] = True
    notebook.write_text(json.dumps(document), "utf-8")
    (notebook.parent / "picture.txt").write_text("mine")
    place = made.open_folder(folder)
    changes = made.write_homework(place, Course(kit), HOMEWORK)
    assert [change.what for change in changes] == ["updated"] and not changes[0].kept
    after = json.loads(notebook.read_text("utf-8"))
    cells = {cell["id"]: cell for cell in after["cells"]}
    assert "costs time" in "".join(cells["hw5-text-truncate_pad"]["source"])
    assert cells["hw5-truncate_pad-check"]["metadata"]["nbgrader"]["points"] == 9
    assert "points=9" in "".join(cells["hw5-truncate_pad-check"]["source"])
    assert after["cells"][2]["source"] == "own = 1" and after["metadata"]["mine"] is True
    assert (notebook.parent / "picture.txt").read_text() == "mine"
    assert made.write_homework(place, Course(kit), HOMEWORK) == []


def test_students_receive_no_solution(prepared: Path) -> None:
    text = json.dumps(released(prepared))
    assert "BEGIN SOLUTION" not in text and "missing = max(0, num_steps - len(line))" not in text
    scripts = (ROOT / "solutions" / HOMEWORK).glob("*.py")
    assert text.count("NotImplementedError") == sum(path.read_text("utf-8").count(BEGIN) for path in scripts)


def test_without_nbgrader_there_is_one_sentence(tmp_path: Path) -> None:
    """And everything else works without it, and without jupytext and nbformat."""
    hidden = "import sys\nfor name in ('nbgrader', 'nbformat', 'jupytext', 'IPython'):\n    sys.modules[name] = None\n"
    run = f"{hidden}from autograder.cli import run\nsys.exit(run(sys.argv[1:]))\n"

    def grade(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", run, *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    for command in (["init", str(tmp_path / "new")], ["sync", str(tmp_path)], ["autograde", HOMEWORK]):
        done = grade("nbgrader", *command)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr == (
            "grade: nbgrader is not installed here; type: pip install 'torch-course-kit[nbgrader]'\n"
        )
    assert grade("stubs", "--check").returncode == 0
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_other_assignments_are_graded_as_ever(quickstart: Path, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    from autograder.nb import course as made

    scores = []
    for name in ("before", "after"):
        course = tmp_path / name
        shutil.copytree(quickstart, course)
        if name == "after":
            made.write_config(course, ROOT, "example", None)
        nbgrader(course, "generate_assignment", "ps1")
        shutil.copytree(course / "source" / "ps1", course / "submitted" / "ada" / "ps1")
        shutil.copytree(course / "release" / "ps1", course / "submitted" / "bob" / "ps1")
        nbgrader(course, "autograde", "ps1")
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            found = gradebook.assignment_submissions("ps1")
            scores.append({(s.student.id, g.name): g.auto_score for s in found for n in s.notebooks for g in n.grades})
    assert scores[0] == scores[1]
    assert any(score for score in scores[0].values())


def test_nothing_is_recorded_before_something_was_handed_in(prepared: Path) -> None:
    assert recorded(prepared) == {}
