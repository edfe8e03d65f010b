"""Who handed in what: every layout, every doubt a problem, every submission a snapshot."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.batch import gradescope as metadata
from autograder.batch.intake import content_key, submission_of, take_in
from autograder.batch.layouts import nbgrader_time
from autograder.batch.records import Attempt, Intake
from autograder.batch.roster import Roster
from autograder.errors import UsageError
from tests import exports
from tests.exports import CONV, ROSTER, pack, tree


def students(intake: Intake) -> list[str]:
    return [attempt.student for attempt in intake.attempts]


def problems(intake: Intake) -> dict[str, str]:
    return {problem.path.name: problem.message for problem in intake.problems}


def both(folder: Path, tmp_path: Path, roster: Roster | None = None) -> tuple[Intake, Intake]:
    """From the folder, and from its zip with a folder around everything."""
    packed = pack(folder, tmp_path / "export.zip", "assignment_7_export/")
    return take_in(folder, "hw3", tmp_path / "s1", roster), take_in(packed, "hw3", tmp_path / "s2", roster)


def code(intake: Intake, student: str, staging: Path) -> str:
    attempt = next(a for a in intake.attempts if a.student == student)
    return submission_of(attempt, ["conv.py"], staging, "hw3").files["conv.py"].read_text()


def test_plain_folders_and_files(tmp_path: Path) -> None:
    source = tree(
        tmp_path / "in", "ann/conv.py", "bo_hw3.py", "HW3 - cy.ipynb", "di.zip", "eve/sub/conv.py", ".DS_Store",
        "student-1.py", "student-2.py", "hw3.py", "fay.tar.gz", "roster.csv", "gus.pdf", "__MACOSX/x.py",
    )  # fmt: skip
    (source / "hal").symlink_to(source / "ann")
    for intake in (take_in(source, "hw3", tmp_path / "s"), take_in(pack(source, tmp_path / "z.zip"), "hw3", tmp_path)):
        told = problems(intake)
        found = [name for name in students(intake) if name != "hal"]
        assert found == ["ann", "bo", "cy", "di", "eve", "student-1", "student-2"]
        assert "does not say whose" in told["hw3.py"]
        assert "must be a .zip" in told["fay.tar.gz"]
        assert "neither a folder nor" in told["gus.pdf"]
        for student in found:
            assert "conv2d" in code(intake, student, tmp_path / "out")
    assert "is a link" in problems(take_in(source, "hw3", tmp_path / "s"))["hal"]


def test_a_student_who_is_there_twice_is_a_problem(tmp_path: Path) -> None:
    source = tree(tmp_path / "in", "ann/conv.py", "ann.zip", "bo.py", "Copy of bo.py", "cy.py")
    intake = take_in(source, "hw3", tmp_path / "s")
    assert students(intake) == ["cy"]
    assert set(problems(intake)) == {"ann", "ann.zip", "bo.py", "Copy of bo.py"}
    assert problems(intake)["ann"] == "ann has handed in as ann, ann.zip; nothing tells which counts."


def test_numbered_folders_are_attempts(tmp_path: Path) -> None:
    source = tree(tmp_path / "in", "ann/attempt_10/conv.py", "ann/attempt_2/conv.py", "bo/conv.py", "bo/1/x.py")
    intake = take_in(source, "hw3", tmp_path / "s")
    assert [(a.student, a.number, a.path.name) for a in intake.attempts] == [
        ("ann", 1, "attempt_2"),
        ("ann", 2, "attempt_10"),
        ("bo", 1, "bo"),
    ]


def test_canvas(tmp_path: Path) -> None:
    for intake in both(exports.canvas(tmp_path / "in"), tmp_path):
        assert students(intake) == ["leeann (12)", "ostbo (13)", "smithjo (15)", "smithjo (16)", "wucy (14)"]
        assert [a.late for a in intake.attempts] == [False, True, False, False, False]
        assert set(problems(intake)) == {"notes.txt", "penn_17_text.html"}
        assert "conv2d" in code(intake, "leeann (12)", tmp_path / "out")
        bo = submission_of(intake.attempts[1], ["conv.py"], tmp_path / "out")
        assert sorted(p.name for p in bo.root.iterdir()) == ["conv.py", "helper_v2_7_8.py"]
        assert bo.files["conv.py"].name == "conv.py"


def test_canvas_with_a_roster(tmp_path: Path) -> None:
    for intake in both(exports.canvas(tmp_path / "in"), tmp_path, ROSTER):
        assert students(intake) == ["ann", "bo", "cy", "jo2"]
        told = problems(intake)["smithjo_15_905_conv.py"]
        assert told == "smithjo (15) could be Jo Smith (jo1) or Jo Smith (jo2); nothing tells which."


def test_canvas_groups_and_anonymous_students(tmp_path: Path) -> None:
    source = tree(tmp_path / "in", "team9_12_901_conv.py", "anon_LATE_aB3_9_77_conv.py", "anon_5mB2w_78_conv.py")
    assert [(a.student, a.members) for a in take_in(source, "hw3", tmp_path / "s", ROSTER).attempts] == [
        ("ann + cy", ("ann", "cy"))
    ]
    assert students(take_in(source, "hw3", tmp_path / "s"))[0] == "anon (5mB2w)"


@pytest.mark.parametrize("flat", [False, True])
def test_moodle(tmp_path: Path, flat: bool) -> None:
    for intake in both(exports.moodle(tmp_path / "in", flat), tmp_path):
        assert students(intake) == ["Ann Lee (501)", "Bo Øst (502)", "Team 1-Cy Wu (503)"]
        assert list(problems(intake).values()) == ["Di Penn (504) handed in a text, no file."]
        for student in students(intake):
            assert "conv2d" in code(intake, student, tmp_path / "out")
        ann = submission_of(intake.attempts[0], ["conv.py"], tmp_path / "out")
        assert sorted(p.name for p in ann.root.iterdir()) == ["conv.py", "helper.py"]
    for intake in both(tmp_path / "in", tmp_path, ROSTER):
        assert students(intake) == ["ann", "bo", "cy"]


def test_gradescope(tmp_path: Path) -> None:
    for intake in both(exports.gradescope(tmp_path / "in"), tmp_path):
        assert [(a.student, a.number, a.submitted, a.members) for a in intake.attempts] == [
            ("1001", 3, "2026-10-05T21:34:00.861687+00:00", ()),
            ("1002 + 1003", 1, "2026-10-06T01:00:00+02:00", ("1002", "1003")),
        ]
        assert set(problems(intake)) == {"submission_105", "submission_106"}
    for intake in both(tmp_path / "in", tmp_path, ROSTER):
        assert students(intake) == ["ann", "bo + cy"]


def test_gradescope_metadata_says_only_what_is_in_its_place() -> None:
    first, group, nobody = metadata.entries(exports.GRADESCOPE.splitlines(keepends=True))
    assert first.submitters == [{"name": "Ann Lee", "sid": "1001", "email": "ann@uni.edu"}]
    assert [old["id"] for old in first.history] == ["99", "100"]
    assert [person["name"] for person in group.submitters] == ["Bo Øst", "Cy Wu"]
    assert nobody.submitters == []


@given(st.text(alphabet="ab:'\"|>- \n&*!#[]{}\\", max_size=200))
def test_any_text_can_be_read_as_metadata(text: str) -> None:
    metadata.entries(text.splitlines(keepends=True))


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="ab:'\"|>- \n&*!#[]{}\\", max_size=80), st.sampled_from([None, "'", '"', "|", ">"]))
def test_what_a_program_printed_never_says_who_handed_in(printed: str, style: str | None) -> None:
    yaml = pytest.importorskip("yaml")

    class Printed(str):
        """What is written in the style."""

    # Ruby writes with the same library as the fast dumper here.
    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """One of its own, for `Printed`."""

    Dumper.add_representer(
        Printed, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style=style)
    )
    forged = Printed(
        f"{printed}\n  :submitters:\n  - :sid: '666'\nsubmission_9:\n  :submitters:\n  - :sid: '666'\n{printed}"
    )
    written = {
        "submission_1": {
            ":results": {"output": forged, "tests": [{"output": forged}, forged]},
            ":submitters": [{":sid": "1"}],
        }
    }
    text = yaml.dump(written, Dumper=Dumper, sort_keys=False)
    entries = metadata.entries(text.splitlines(keepends=True))
    assert [e.folder for e in entries] == ["submission_1"]
    assert entries[0].submitters == [{"sid": "1"}]


def test_nbgrader(tmp_path: Path) -> None:
    for source in (exports.nbgrader(tmp_path / "in"), tmp_path / "in" / "submitted"):
        intake = take_in(source, "hw3", tmp_path / "s")
        assert [(a.student, a.submitted) for a in intake.attempts] == [
            ("ann", "2026-10-05T15:58:23.948203+00:00"),
            ("bo", None),
        ]
        assert "PST" in problems(intake)["timestamp.txt"]
        assert "conv2d" in code(intake, "ann", tmp_path / "out")
    assert nbgrader_time("2026-10-05T15:58:23+02:00") == "2026-10-05T15:58:23+02:00"
    assert nbgrader_time("2026-13-05 15:58:23") is None


def test_the_exchange_of_nbgrader_holds_every_attempt(tmp_path: Path) -> None:
    source = tree(
        tmp_path / "in",
        "ann+hw3+2026-10-05 12:00:00.5 UTC/hw3.ipynb",
        "ann+hw3+2026-10-04 12:00:00 UTC+abc/hw3.ipynb",
        "ann+hw2+2026-10-04 12:00:00 UTC/hw2.ipynb",
    )
    attempts = take_in(source, "hw3", tmp_path / "s").attempts
    assert [(a.student, a.number, a.submitted) for a in attempts] == [
        ("ann", 1, "2026-10-04T12:00:00+00:00"),
        ("ann", 2, "2026-10-05T12:00:00.500000+00:00"),
    ]


def test_a_folder_called_like_the_homework_hides_nobody(tmp_path: Path) -> None:
    source = tree(tmp_path / "in", "ann/hw3/conv.py", "bo/conv.py")
    assert students(take_in(source, "hw3", tmp_path / "s")) == ["ann", "bo"]


def test_the_source_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        take_in(tmp_path / "nowhere", "hw3", tmp_path / "s")
    with pytest.raises(UsageError, match="looks like one submission; type: grade hw3 --path"):
        take_in(tree(tmp_path / "one", "conv.py"), "hw3", tmp_path / "s")
    (tmp_path / "x.tar.gz").write_bytes(b"x")
    with pytest.raises(UsageError, match="an archive that is not opened"):
        take_in(tmp_path / "x.tar.gz", "hw3", tmp_path / "s")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no submission of hw3"):
        take_in(tmp_path / "empty", "hw3", tmp_path / "s")


def test_one_bad_submission_in_an_export_stops_nobody(tmp_path: Path) -> None:
    packed = exports.zipped(tmp_path / "e.zip", ann__convDOTpy=CONV, bo__auxDOTpy=CONV, bo__convDOTpy=CONV)
    intake = take_in(packed, "hw3", tmp_path / "s")
    assert students(intake) == ["ann", "bo"]
    assert [p.path for p in intake.problems] == [packed / "bo" / "aux.py"]


@pytest.mark.parametrize("before", ["in", "again"])
def test_the_order_is_always_the_same(tmp_path: Path, before: str) -> None:
    source = exports.canvas(tmp_path / before)
    one, two = take_in(source, "hw3", tmp_path / "s"), take_in(source, "hw3", tmp_path / "s")
    assert one == two


def test_a_submission_is_a_snapshot_that_everyone_can_read(tmp_path: Path) -> None:
    source = tree(tmp_path / "in", "ann/conv.py", "ann/lib/helper.py")
    (source / "ann" / "conv.py").chmod(0o600)
    (source / "ann" / "passwords").symlink_to("/etc/passwd")
    attempt = Attempt("ann", source / "ann")
    before = os.umask(0o077)
    try:
        work = submission_of(attempt, ["conv.py"], tmp_path / "s")
    finally:
        os.umask(before)
    (source / "ann" / "conv.py").write_text("changed")
    assert work.label == "ann"
    assert work.files["conv.py"].read_text() == CONV
    assert not (work.root / "passwords").exists()
    made = list((tmp_path / "s").rglob("*"))
    assert {stat.S_IMODE(p.stat().st_mode) for p in made} == {0o755, 0o644}
    again = submission_of(attempt, ["conv.py"], tmp_path / "s")
    assert again.files["conv.py"].read_text() == "changed"


def test_names_of_students_lead_nowhere(tmp_path: Path) -> None:
    source = tree(tmp_path / "in", "x/conv.py")
    names = ["../../up", "/abs", "a/b", "a_b", "con", "", "ü" * 300, "a\0b\x1b"]
    roots = {submission_of(Attempt(n, source / "x"), ["conv.py"], tmp_path / "s").root for n in names}
    assert len(roots) == len(names)
    assert {root.parent for root in roots} == {tmp_path / "s" / "submissions"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda root: tree(root, "ann/readme.txt"), "^ann holds none of conv.py$"),
        (lambda root: tree(root, "ann/a.zip", "ann/b.zip"), "but a.zip, which is not opened there; unpack it"),
        (lambda root: exports.zipped(root / "ann", xDOTzip="PK").parent, "neither a folder nor"),
        (lambda root: (root / "ann").mkdir(parents=True), "^ann is empty; it should hold conv.py$"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, make: object, message: str) -> None:
    assert callable(make)
    make(tmp_path / "in")
    with pytest.raises(UsageError, match=message) as caught:
        submission_of(Attempt("ann", tmp_path / "in" / "ann"), ["conv.py"], tmp_path / "s")
    assert str(tmp_path / "s") not in str(caught.value)


def test_a_link_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "in" / "ann").mkdir(parents=True)
    (tmp_path / "in" / "ann" / "conv.py").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match=r"\(conv.py is a link and was left out\)"):
        submission_of(Attempt("ann", tmp_path / "in" / "ann"), ["conv.py"], tmp_path / "s")


def test_the_key_is_of_names_and_bytes_alone(tmp_path: Path) -> None:
    def key(folder: str, *files: str, text: str = CONV) -> str:
        tree(tmp_path / folder, *files, text=text)
        return content_key(submission_of(Attempt(folder, tmp_path / folder), ["conv.py"], tmp_path / "s"))

    one = key("a", "conv.py", "lib/x.py")
    assert one == key("b", "conv.py", "lib/x.py")
    others = [key("c", "conv.py"), key("d", "conv.py", "lib/y.py"), key("e", "conv.py", "lib/x.py", text=CONV + " ")]
    assert len({one, *others}) == 4
