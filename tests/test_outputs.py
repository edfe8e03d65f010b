"""What a batch writes: tables that are data, safe file names, nothing of hidden cases, nothing half-written."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import unicodedata
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograder.report
from autograder.batch import outputs
from autograder.batch.gradebook import import_files
from autograder.batch.names import file_names, pseudonym, pseudonyms
from autograder.batch.outputs import write_outputs
from autograder.batch.records import Adjustment, Problem
from autograder.batch.roster import read_roster
from autograder.batch.summary import distribution
from autograder.batch.tables import cell, number, table
from tests.grades import SALT, check, grade, rows, written

SCHEMA = json.loads((Path(autograder.report.__file__).parent / "results.schema.json").read_text())
SECRET = "x = [[7777]] of a secret case"


@given(st.text())
def test_no_text_is_a_formula_and_every_text_comes_back_as_one_cell(text: str) -> None:
    made = cell(text)
    start = unicodedata.normalize("NFKC", made.lstrip("\t\r\n \u200b\ufeff"))[:1]
    assert start not in ("=", "+", "@", "\u2212")
    assert start != "-" or made.lstrip("-").replace(".", "").isdigit()
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in made)
    assert list(csv.reader(io.StringIO(table([[text, text]]).decode(), newline=""))) == [[made, made]]


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "⁼", "⁺", "⁻", "−"]
)
@pytest.mark.parametrize("before", ["", "\t", "\r", "\n", " ", "\u00a0", "\u200b", "\ufeff", "\x00"])
def test_what_starts_a_formula_gets_an_apostrophe(start: str, before: str) -> None:
    assert cell(f"{before}{start}1+cmd|' /C calc'!A0").startswith("'")


@given(st.floats(-1e6, 1e6))
def test_numbers_stay_numbers(value: float) -> None:
    assert float(cell(value)) == pytest.approx(value, abs=1e-4)
    assert "e" not in cell(value) and cell(value) != "-0"


def test_a_number_is_finite() -> None:
    assert [cell(-1.5), cell("-1.5"), cell(0.1 + 0.2), cell(3)] == ["-1.5", "-1.5", "0.3", "3"]
    with pytest.raises(ValueError, match="no number"):
        number(float("nan"))


@given(st.sets(st.text(max_size=300), max_size=12))
def test_file_names_are_safe_and_no_two_are_alike(students: set[str]) -> None:
    names = file_names(students)
    assert len({unicodedata.normalize("NFKC", n).casefold() for n in names.values()}) == len(students)
    for name in names.values():
        assert name[0] not in ".-~ " and name[-1] not in ". " and ".." not in name
        assert not set(name) & set('/\\:*?"<>|\0') and name.isprintable()
        assert len(f"{name}.html".encode()) < 200
        assert name.split(".")[0].casefold() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}
    assert names == file_names(sorted(students, reverse=True))


def test_file_names_keep_ordinary_names_and_part_those_that_look_alike() -> None:
    assert file_names(["Ana María", "j.smith@uni.edu", "李雷"]) == {
        s: s for s in ("Ana María", "j.smith@uni.edu", "李雷")
    }
    assert len({n.casefold() for n in file_names(["Ana", "ana", "ANA", "e\u0301", "\u00e9"]).values()}) == 5
    pretender = file_names(["a/b"])["a/b"]
    assert len(set(file_names(["a/b", pretender]).values())) == 2
    assert all(n.split(".")[0].upper() != "COM1" for n in file_names(["com1", "COM1.txt"]).values())


def test_documents_follow_the_schema_and_hidden_tests_tell_their_outcome_only(tmp_path: Path) -> None:
    hidden = check(
        "conv2d.gradient",
        "failed",
        visibility="hidden",
        output=SECRET,
        evidence={"case": SECRET, "given": SECRET, "got": SECRET, "rule": SECRET},
        mistake="of_hidden",
    )
    files = written(tmp_path, [grade("ana", check("conv2d.value"), hidden, mistakes=("of_hidden",))])
    result = json.loads(files["results/ana.json"])
    jsonschema.validate(result, SCHEMA)
    assert result["tests"][1]["outcome"] == "failed"
    for name in ("results/ana.json", "feedback/ana.html"):
        assert b"7777" not in files[name] and b"of_hidden" not in files[name]


def test_the_same_grades_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    grades = [grade("bob"), grade("ana", check("conv2d.value")), grade("Zoë", outcome="set_apart")]
    first = written(tmp_path / "a", grades)
    assert first == written(tmp_path / "b", copy.deepcopy(grades[::-1]))
    assert first == written(tmp_path / "a", grades)
    assert [r["student"] for r in rows(first["grades.csv"])] == ["Zoë", "ana", "bob"]
    assert b"\r" not in first["grades.csv"] and str(tmp_path).encode() not in b"".join(first.values())


def test_no_points_yet_is_not_zero_and_notes_have_columns(tmp_path: Path) -> None:
    late = (Adjustment("late", "a day late: 10 % off", -0.2), Adjustment("override", "=HYPERLINK(0)", 1.0))
    made = rows(written(tmp_path, [grade(outcome="set_apart"), grade("bob", adjustments=late)])["grades.csv"])
    assert (made[0]["points"], made[0]["conv2d"], made[0]["outcome"]) == ("", "", "set_apart")
    assert (made[1]["points"], made[1]["late"], made[1]["override"]) == ("2", "a day late: 10 % off", "'=HYPERLINK(0)")
    assert (made[1]["conv2d"], made[1]["corr2d"]) == ("2", "0")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_reads_them_and_nothing_is_left_over(tmp_path: Path) -> None:
    out = tmp_path / "grades"
    written(out, [grade()], anonymous=True)
    for path in (out, *out.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert not list(out.rglob("*.part"))


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written(tmp_path, [grade()])

    def fail(handle: int, mode: str) -> None:
        os.close(handle)
        raise OSError("no space left")

    monkeypatch.setattr(outputs.os, "fdopen", fail)
    with pytest.raises(OSError, match="no space"):
        written(tmp_path, [grade("ana", check("conv2d.value", "failed"))])
    monkeypatch.undo()
    assert {n: (tmp_path / n).read_bytes() for n in before} == before
    assert not [n for n in written(tmp_path, [grade()]) if n.endswith(".part")]


def test_pseudonyms_are_everywhere_but_in_private(tmp_path: Path) -> None:
    test = check("conv2d.value", "failed", output="Ana Berg was here", evidence={"where": "ana berg.py, line 3"})
    grades = [
        grade("Ana Berg", test, members=("Ana Berg", "Cem Dal")),
        grade("Bob", problem="Bob.zip is broken", outcome="unreadable"),
    ]
    files = written(tmp_path, grades, problems=[Problem(Path("/home/me/Eve.zip"), "Eve is nobody.")])
    assert "feedback/Ana Berg.html" in files
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    written(other, grades)
    hidden = written(other, grades, anonymous=True, problems=[Problem(Path("Eve.zip"), "Eve is nobody.")])
    assert "notes.txt" in hidden
    for name, content in hidden.items():
        if not name.startswith("private/"):
            for who in ("ana", "bob", "cem", "eve"):
                assert who not in f"{name} {content.decode()}".casefold().replace("every", ""), name
    pairs = {r["student"]: r["pseudonym"] for r in rows(hidden["private/pseudonyms.csv"])}
    assert pairs == {s: pseudonym(s, SALT) for s in ("Ana Berg", "Bob", "Cem Dal")}
    assert pseudonym("Bob", b"another") != pairs["Bob"]
    with pytest.raises(ValueError, match="salt"):
        pseudonyms(["Bob"], b"")


def test_what_is_no_longer_wanted_goes_and_nothing_else(tmp_path: Path) -> None:
    written(tmp_path, [grade("ana"), grade("bob")])
    (tmp_path / "results" / "mine.json").write_text("{}")
    outside = tmp_path.parent / "outside.json"
    outside.write_text("{}")
    summary = json.loads((tmp_path / "summary.json").read_text())
    summary["files"] += ["../outside.json", "results/../../outside.json", "grades.sqlite", 3]
    (tmp_path / "summary.json").write_text(json.dumps(summary))
    files = written(tmp_path, [grade("ana")])
    assert "results/bob.json" not in files and "feedback/bob.html" not in files
    assert "results/mine.json" in files and outside.exists()


def test_the_summary_counts(tmp_path: Path) -> None:
    wrong = (check("conv2d.value", "failed", mistake="flip"), check("conv2d.gradient", "skipped"))
    grades = [grade("a", *wrong, mistakes=("flip",)), grade("b", *wrong, mistakes=("flip",))]
    grades += [grade("c", check("conv2d.value"), check("conv2d.gradient", "tampered")), grade("d", outcome="missing")]
    summary = json.loads(written(tmp_path, grades, problems=[Problem(Path("/x/e.zip"), "unknown")])["summary.json"])
    assert summary["outcomes"] == {"graded": 3, "missing": 1}
    assert [(c["number"], c["failed"], c["students"]) for c in summary["checks"]] == [
        ("conv2d.value", 2, 3),
        ("conv2d.gradient", 1, 3),
    ]
    assert [(m["name"], m["students"]) for m in summary["mistakes"]] == [("flip", 2)]
    assert [p.get("student") or p.get("path") for p in summary["problems"]] == ["c", "e.zip"]
    assert summary["distribution"]["mean"] == pytest.approx(2 / 3, abs=1e-3)


@given(st.lists(st.floats(0, 40), max_size=30), st.sampled_from([0.0, 20.0, 38.0]))
def test_a_distribution_counts_everybody_once(values: list[float], possible: float) -> None:
    found = distribution(values, possible)
    assert sum(b["students"] for b in found["histogram"]) == (len(values) if possible else 0)
    if values:
        assert found["lowest"] <= found["lower_quartile"] <= found["median"] <= found["upper_quartile"]


def test_grade_books_get_those_with_an_id_and_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Email address\n"
        '"Berg, Ana",101,S1,ana,A,ana@x.org\n"Dal, Cem",102,S2,cem,A,\nBob,103,S3,bob,A,bob@x.org\n'
    )
    lines = {p.student: p.row for p in read_roster(path).people}
    grades = [grade("ana"), grade("cem"), grade("bob", outcome="set_apart"), grade("eve")]
    files, notes = import_files("hw3", grades, lines)
    canvas = list(csv.reader(io.StringIO(files["grades.canvas.csv"].decode())))
    assert canvas[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "hw3"]
    assert canvas[1] == ["Points Possible", "", "", "", "", "4"]
    assert canvas[2:] == [["Berg, Ana", "101", "S1", "ana", "A", "2"], ["Dal, Cem", "102", "S2", "cem", "A", "2"]]
    assert rows(files["grades.moodle.csv"]) == [{"Email address": "ana@x.org", "hw3": "2"}]
    assert "eve" in notes[0] and "cem, eve" in notes[1]
    assert import_files("hw3", grades, {"ana": {"name": "Ana"}})[0] == {}
    assert "grades.canvas.csv" in written(tmp_path / "out", grades, roster=lines)
    assert "grades.canvas.csv" not in written(tmp_path / "out", grades, roster=lines, anonymous=True)


def test_a_student_has_one_grade_and_reveal_is_a_level(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two grades"):
        written(tmp_path, [grade(), grade()])
    with pytest.raises(ValueError, match="reveal is one of"):
        write_outputs(tmp_path, "hw3", [grade()], reveal="all", anonymous=False, salt=SALT)
    assert written(tmp_path, [])["grades.csv"].startswith(b'"student","points"')
