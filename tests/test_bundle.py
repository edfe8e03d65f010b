"""A student bundle gives the same verdicts without reference, solutions or mistakes, and tells what the course lets."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import __version__, catalogue
from autograder.cases import stored
from autograder.decodings import texts
from autograder.exercise import Case
from autograder.grader import Grader
from autograder.leaks import leaks, secrets
from autograder.recorder import CaseBook
from autograder.released import CASES, MANIFEST, MISTAKES, RECORDINGS, wheel
from autograder.starters import Starter
from autograder.store import Store
from autograder.stored_cases import StoredCases
from autograder.submission import Submission
from tests.bundles import WRONG, Grade, everything, files, put, released, timeless, work
from tests.conftest import ROOT, exercise

DUE = "2999-01-01T00:00:00+00:00"
EXTENDED = "[extensions.eve-of-the-roster]\nhw5 = 2999-02-01T00:00:00+00:00\n"


@pytest.fixture(scope="module")
def bundle(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(grade, tmp_path_factory.mktemp("release"))


@pytest.fixture
def course(tmp_path: Path) -> Callable[[str], Path]:
    """A course of one exercise, so that a release takes seconds, with more in its course.toml."""

    def write(more: str = "", homework: str = "") -> Path:
        root = tmp_path / "course"
        for name in ("assignments", "reference", "solutions"):
            shutil.copytree(ROOT / name / "hw5", root / name / "hw5")
        (root / "secret").write_text("0123456789abcdef of the course", "utf-8")
        text = f'[homework.hw5]\nexercises = ["truncate_pad"]\ndue = {DUE}\n{homework}\n{more}\n'
        (root / "course.toml").write_text(text, "utf-8")
        return root

    return write


def test_the_bundle_and_its_archive_hold_no_solution(bundle: Path) -> None:
    known = secrets(ROOT, ["hw5"])
    archive = bundle.parent / "hw5.zip"
    assert leaks(known, {**files(bundle), archive.name: archive.read_bytes()}) == []
    assert not [name for name in files(bundle) if name.endswith(".py") and not name.startswith("hw5/")]


def test_the_archive_holds_the_folder(bundle: Path) -> None:
    with zipfile.ZipFile(bundle.parent / "hw5.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"hw5/{name}": content for name, content in files(bundle).items()
        }
    assert (bundle.parent / "hw5.zip").stat().st_size < 2_000_000


def test_the_same_course_gives_the_same_bytes(
    grade: Grade, course: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = course()
    archives = []
    for place in ("one", "other"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache {place}"))  # recorded anew
        released(grade, tmp_path / place, root=root)
        archives.append((tmp_path / place / "hw5.zip").read_bytes())
    assert archives[0] == archives[1]


@pytest.mark.parametrize("kind", ["stub", "solution", "mistake"])
def test_the_bundle_grades_as_the_course_does(bundle: Path, grade: Grade, tmp_path: Path, kind: str) -> None:
    here = put(bundle, work(kind), tmp_path / "unpacked")
    documents = []
    for place in (here, ROOT):
        out = tmp_path / f"{place.name}.json"
        done = grade("hw5", "--path", str(here / "hw5"), "--json", str(out), cwd=place)
        assert done.returncode == (0 if kind == "solution" else 1), done.stdout + done.stderr
        documents.append(timeless(json.loads(out.read_text("utf-8"))))
    assert documents[0] == documents[1]
    named = {e["name"] for e in documents[0]["exercises"] if e["mistakes"]}
    assert named == (set(WRONG) if kind == "mistake" else set())


def test_a_released_case_does_not_change_with_the_generator(bundle: Path) -> None:
    released_cases, today = StoredCases(bundle / RECORDINGS), CaseBook()
    for name in ("truncate_pad", "sequence_mask", "MaskedSoftmaxCELoss"):
        declared = exercise(name)
        changed = dataclasses.replace(declared, cases=lambda draw: [Case("another", args=(1, 2, 3))])
        assert stored(released_cases.of(changed).cases) == stored(today.of(declared).cases)
    released_cases.close()
    today.close()


def test_signatures_are_no_answers(grader: Grader, bundle: Path) -> None:
    declared = exercise("truncate_pad")
    mistake = catalogue.mistakes(ROOT, declared)[0]
    words = {
        repr(record.value)
        for record in grader.record(mistake.submission, declared).records.values()
        if isinstance(record.value, list) and len(record.value) > 2
    }
    place = bundle / RECORDINGS / "hw5" / "truncate_pad"
    held = "\n".join(texts((place / MISTAKES).read_bytes()))
    found = Store(place).load_signatures(MISTAKES)
    assert found and words and not [word for word in words if word in held]
    parts = [part for _, known in found for print in known.answers.values() for part in print]
    assert all(isinstance(part, tuple) or len(part) == 16 or part.startswith("fault ") for part in parts)


def test_the_reference_is_told_by_its_answers_only(bundle: Path) -> None:
    place = bundle / RECORDINGS / "hw5" / "sequence_mask"
    recording = Store(place).load_recording("reference")
    assert recording is not None
    facts = [record.facts for record in recording.records.values()]
    assert {name for fact in facts for name in (*fact.get("profiled", ()), *fact.get("dispatched", ()))} == {
        "operators"
    }
    assert not any(record.fault and record.fault.message for record in recording.records.values())
    assert "oracle.py" not in everything(bundle) and str(ROOT) not in everything(bundle)


@pytest.mark.parametrize(
    ("feedback", "shown", "held_back"),
    [
        ('reveal = "mistake"', ("Mistake:", "✗ values"), ("given", "expected")),
        ('reveal = "family"', ("✗ values",), ("Mistake:", "given", "expected")),
        ('reveal = "none"', ("/ 6",), ("✗", "Mistake:", "given", "expected")),
        ('from = "due"\nreveal = "case"', ("/ 6",), ("✗", "Mistake:", "given", "expected")),
    ],
)
def test_what_the_course_withholds_is_not_in_the_bundle(
    grade: Grade,
    course: Callable[..., Path],
    tmp_path: Path,
    feedback: str,
    shown: tuple[str, ...],
    held_back: tuple[str, ...],
) -> None:
    made = released(grade, tmp_path / "dist", root=course(f"[feedback]\n{feedback}"))
    title = catalogue.mistakes(ROOT, exercise("truncate_pad"))[0].title
    assert (title in everything(made)) == ("Mistake:" in shown)
    here = put(made, work("mistake"), tmp_path / "unpacked")
    out = tmp_path / "results.json"
    for view in ((), ("--linear",)):
        done = grade("hw5", "--json", str(out), *view, cwd=here)
        assert done.returncode == 1, done.stdout + done.stderr
        assert not [word for word in held_back if word in done.stdout], done.stdout
        assert (title in done.stdout) == ("Mistake:" in shown)
        assert view or not [word for word in shown if word not in done.stdout], done.stdout
    document = json.loads(out.read_text("utf-8"))
    assert not any(test["output"] or test["evidence"] for test in document["tests"])
    assert any(e["mistakes"] for e in document["exercises"]) == ("Mistake:" in shown)
    refused = grade("hw5", "--debug", "two tokens to one", cwd=here)
    assert refused.returncode == 2 and "does not show the cases" in refused.stderr


def test_points_and_exercises_are_the_course_s_and_nothing_else_of_it_is_told(
    grade: Grade, course: Callable[..., Path], tmp_path: Path
) -> None:
    root = course(EXTENDED, "weights = { truncate_pad = 9 }\nhidden = { truncate_pad = 4.5 }")
    made = released(grade, tmp_path / "dist", root=root)
    here = put(made, work("solution"), tmp_path / "unpacked")
    for place, more in ((here, ()), (ROOT, ("--root", str(root), "--path", str(here / "hw5")))):
        done = grade("hw5", *more, cwd=place)
        assert done.returncode == 0 and "Total  9 / 9" in done.stdout, done.stdout + done.stderr
        assert "sequence_mask" not in done.stdout
        assert "Hidden checks of truncate_pad are graded when you hand in" in done.stdout
    assert "does not grade sequence_mask" in grade("hw5", "sequence_mask", cwd=here).stderr
    held = everything(made)
    assert not [word for word in ("eve-of-the-roster", "2999", "0123456789abcdef", "secret") if word in held]


def test_where_the_course_says_nothing_of_hidden_checks_students_hear_nothing(bundle: Path, grade: Grade) -> None:
    assert "idden" not in grade("hw5", "truncate_pad", cwd=bundle).stdout


def lookup(bundle: Path) -> str:
    """A submission that computes nothing: it finds the bundle's answers by the arguments."""
    declared = exercise("truncate_pad")
    book, recording = StoredCases(bundle / RECORDINGS), Store(bundle / RECORDINGS / "hw5/truncate_pad")
    answers, reference = {}, recording.load_recording("reference")
    assert reference is not None
    for index, case in enumerate(book.of(declared).cases):
        record = reference.get(index, "plain")
        assert record is not None
        value = record.value
        if "then" in case.options:
            answers[repr((case.options["then"], *case.args[1:]))] = value[1]
            value = value[0]
        answers[repr(case.args)] = value if isinstance(value, list) else [0]
    book.close()
    return (
        f"ANSWERS = {answers!r}\n\n\ndef truncate_pad(line, num_steps, padding_token):\n"
        "    return list(ANSWERS.get(repr((line, num_steps, padding_token)), []))\n"
    )


def test_who_looks_the_answers_up_in_the_bundle_gets_nothing_where_hidden_cases_are_graded(
    bundle: Path, grade: Grade, tmp_path: Path, source: Starter
) -> None:
    here = put(bundle, {"nmt.py": lookup(bundle)}, tmp_path / "unpacked")
    done = grade("hw5", "truncate_pad", cwd=here)
    assert done.returncode == 0, "a bundle cannot tell: " + done.stdout
    book = CaseBook(12345)
    hidden = Grader(ROOT, source, book)
    files = {"nmt.py": here / "hw5" / "nmt.py"}
    verdict = hidden.grade(exercise("truncate_pad"), Submission("student", here / "hw5", files))
    book.close()
    assert verdict.score == 0


def test_bad_input_gets_one_sentence(bundle: Path, grade: Grade, course: Callable[..., Path], tmp_path: Path) -> None:
    root = str(course())
    full, file = tmp_path / "full", tmp_path / "file"
    (full / "hw5").mkdir(parents=True)
    (full / "hw5" / "mine.txt").write_text("kept", "utf-8")
    file.write_text("no folder", "utf-8")
    for arguments, sentence in (
        (("hw55", "--out", str(tmp_path / "x")), "there is no homework hw55; did you mean hw5?"),
        (("hw4", "--out", str(tmp_path / "x"), "--root", root), "has no solutions/hw4"),
        (("hw5", "--out", str(full), "--root", root), "is not empty; remove it, or choose another --out"),
        (("hw5", "--out", str(file / "x"), "--root", root), "cannot be written"),
        (("hw5", "--out", str(bundle.parent), "--root", root), "exists; remove it, or choose another --out"),
        (("hw5", "--out", str(tmp_path / "x"), "--root", str(bundle)), "is a student bundle"),
        (("hw5", "--out", str(tmp_path / "x"), "--root", root, "--wheel", "other.whl"), "is not the wheel of this kit"),
        (("hw5", "--out", str(tmp_path / "x"), "--root", root, "--wheel", wheel(__version__)), "cannot be read"),
    ):
        done = grade("release", *arguments)
        assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
        assert done.stderr.count("\n") == 1
    assert (full / "hw5" / "mine.txt").read_text("utf-8") == "kept"


@pytest.mark.parametrize("how", ["cut", "no cases", "empty", "another kit", "a newer kit"])
def test_a_bundle_that_cannot_be_used_is_said_to_be_so(bundle: Path, grade: Grade, tmp_path: Path, how: str) -> None:
    here = put(bundle, work("solution"), tmp_path / "unpacked")
    place, manifest = here / RECORDINGS / "hw5" / "truncate_pad", here / RECORDINGS / MANIFEST
    sentence = "unpack the bundle again, or ask for a new one"
    if how == "cut":
        (place / "reference").write_bytes((place / "reference").read_bytes()[:200])
    elif how == "no cases":
        (place / CASES).unlink()
    elif how == "empty":
        (place / CASES).write_bytes(b"")
    elif how == "another kit":
        made_for = json.loads(manifest.read_text("utf-8"))
        made_for["exercises"]["truncate_pad"], made_for["kit"] = "0" * 16, "0.0.7"
        manifest.write_text(json.dumps(made_for), "utf-8")
        sentence = "pip install torch_course_kit-0.0.7-py3-none-any.whl"
    else:
        manifest.write_text(json.dumps({**json.loads(manifest.read_text("utf-8")), "format": 99}), "utf-8")
        sentence = "made by a newer version of the kit"
    done = grade("hw5", "truncate_pad", cwd=here)
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_another_homework_is_not_in_the_bundle(bundle: Path, grade: Grade) -> None:
    done = grade("hw4", cwd=bundle)
    assert done.returncode == 2 and "is the bundle of hw5; it does not hold hw4" in done.stderr
