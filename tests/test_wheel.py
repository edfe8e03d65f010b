"""The wheel holds no solution, and with a bundle it is all that a student needs, beside a torch that stays as it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.bundle import contents, zipped
from autograder.catalogue import mistakes, solution
from autograder.course import Course
from autograder.exercises import homework, homeworks
from autograder.grader import Grader
from autograder.grading import open_grader
from autograder.leaks import leaks, secrets
from autograder.settings import settings
from autograder.starters import starter
from autograder.verdict import Verdict
from tests.bundles import Grade, put, released, timeless, work
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")


def pip(*arguments: str, python: Path | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", *(["--python", str(python)] if python else []), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the whole repository, solutions and all."""
    place = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, place / "repository", ignore=LEFT_OUT)
    enough = int(version("setuptools").split(".")[0]) >= 77
    pip(
        "wheel", "--no-deps", *(["--no-build-isolation"] if enough else []), "-w", str(place), str(place / "repository")
    )
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """The Python of a fresh virtual environment, with nothing in it, not even pip."""
    venv.create(tmp_path / "venv", with_pip=False)
    folder = "Scripts" if os.name == "nt" else "bin"
    return tmp_path / "venv" / folder / "python"


def packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip())


def installed(python: Path, name: str, number: str) -> None:
    """Makes pip believe that the distribution is there."""
    folder = packages(python) / f"{name}-{number}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n", "utf-8")
    (folder / "INSTALLER").write_text("pip\n", "utf-8")
    (folder / "RECORD").write_text("", "utf-8")


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"autograder", "torch_course_kit"}
    assert not [
        name for name in names if name.endswith(".pyc") or re.search("mistakes|oracle|variants|solutions", name)
    ]
    assert "autograder/report/results.schema.json" in names and "autograder/report/page.html.j2" in names
    assert leaks(secrets(ROOT, homeworks()), {wheel.name: wheel.read_bytes()}) == []


def test_a_bundle_is_graded_where_there_is_no_repository(
    wheel: Path, environment: Path, grade: Grade, tmp_path: Path
) -> None:
    bundle = released(grade, tmp_path / "dist", "--wheel", str(wheel))
    assert (tmp_path / "dist" / "hw5.zip").stat().st_size < 2_000_000
    pip("install", "--no-deps", "--no-index", "-r", "requirements.txt", python=environment, cwd=bundle)
    (packages(environment) / "torch.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    alone = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for kind in ("stub", "solution", "mistake"):
        with zipfile.ZipFile(bundle.parent / "hw5.zip") as archive:
            archive.extractall(tmp_path / "unpacked" / kind)
        here = put(tmp_path / "unpacked" / kind / "hw5", work(kind), tmp_path / "students" / kind)
        shutil.rmtree(tmp_path / "unpacked")
        out, ours = here / "results.json", tmp_path / "ours.json"
        code = f"import autograder; assert autograder.__file__.startswith({str(packages(environment))!r})"
        subprocess.run([environment, "-c", code], cwd=here, env=alone, check=True)
        command = [str(environment.with_name("grade")), "hw5", "--json", str(out)]
        done = subprocess.run(command, cwd=here, env=alone, capture_output=True, text=True, check=False)
        assert done.returncode == (0 if kind == "solution" else 1), done.stdout + done.stderr
        grade("hw5", "--path", str(here / "hw5"), "--json", str(ours))
        assert timeless(json.loads(out.read_text("utf-8"))) == timeless(json.loads(ours.read_text("utf-8")))


def test_a_torch_that_is_there_is_kept(wheel: Path, environment: Path) -> None:
    there = {"torch": "2.9.1", "numpy": "2.0.2", "rich": "13.9.4"}
    for name, number in there.items():
        installed(environment, name, number)
    report = json.loads(pip("install", "--dry-run", "--quiet", "--report", "-", str(wheel), python=environment).stdout)
    named = {item["metadata"]["name"].lower() for item in report["install"]}
    assert "torch-course-kit" in named and not named & there.keys()
    assert not [name for name in named if re.match("torch(?!-course-kit)|nvidia|cuda|triton|numpy", name)]
    assert len(named) < 20, named


@pytest.mark.parametrize("name", homeworks())
def test_every_homework_is_small_and_names_what_the_course_names(name: str, grader: Grader, tmp_path: Path) -> None:
    """The solution and the first mistakes of every exercise."""
    files = contents(ROOT, name, settings(ROOT), "case")
    assert len(zipped(files)) < 2_000_000 and sum(map(len, files.values())) < 2_000_000
    assert leaks(secrets(ROOT, homeworks()), files) == []
    for file, content in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(content)
    with open_grader(Course(tmp_path, bundle=True), starter()) as student:
        for exercise in homework(name):
            for submission in [solution(ROOT, exercise), *(e.submission for e in mistakes(ROOT, exercise)[:4])]:
                ours, theirs = grader.grade(exercise, submission), student.grade(exercise, submission)
                assert told(ours) == told(theirs), submission.label


def told(verdict: Verdict) -> tuple[object, ...]:
    checks = [(number, check.outcome, check.score) for number, check in verdict.numbered().items()]
    return checks, verdict.score, [mistake.name for mistake in verdict.mistakes]
