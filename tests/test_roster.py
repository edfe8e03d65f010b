"""Rosters as systems write them, and whom a name means: one student, or nobody for certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch.roster import Unknown, read_roster
from autograder.errors import UsageError
from tests.exports import ROSTER


@pytest.mark.parametrize(
    "text",
    [
        "\ufefflogin,name,email\nann,Ann Lee,ann@uni.edu\nbo,Bo Øst,bo@uni.edu\n",
        'Student;ID;SIS Login ID;Section\r\n    Points Possible;;;\r\n"Lee, Ann";12;ann;A\r\n"Øst, Bo";13;bo;B\r\n',
        "First name\tLast name\tUsername\tGroups\nAnn\tLee\tann\tBlue\nBo\tØst\tbo\tBlue\n",
        "Vorname,Nachname,Anmeldename,\nAnn,Lee,ann,\nBo,Øst,bo,\n\n",
        '"Identifier","Full name","Username"\nParticipant 501,Ann Lee,ann\nParticipant 502,Bo Øst,bo\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_rosters(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding, "ignore"))
    roster = read_roster(path)
    assert roster.students == ("ann", "bo")
    assert [person.name for person in roster.people] == ["Ann Lee", "Bo Øst"]


def test_a_line_for_every_group(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("login,name,group\nann,Ann Lee,Red\nbo,Bo,Blue\nann,Ann Lee,Blue\n")
    roster = read_roster(tmp_path / "r.csv")
    assert [[person.student for person in roster.group(name)] for name in ("red", "BLUE", "")] == [
        ["ann"],
        ["ann", "bo"],
        [],
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column that is known"),
        ("colour,size\nred,1\n", "no column that is known"),
        ("login,name\n", "holds no student"),
        ("login,name\nann,Ann Lee\nann,Ann Li\n", "holds ann twice: Ann Lee and Ann Li"),
    ],
)
def test_bad_rosters_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(UsageError, match=message):
        read_roster(tmp_path / "roster.csv")


def test_a_roster_never_guesses() -> None:
    def found(ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> str:
        person = ROSTER.find(ids, names)
        return f"? {person.message}" if isinstance(person, Unknown) else person.student

    assert found(("1001",)) == found(("ANN@uni.edu",)) == found((), ("lee, ANN",)) == found((), ("leeann",)) == "ann"
    assert found((), ("Bo Øst",)) == "bo"
    assert "could be" in found((), ("Jo Smith",))
    assert found(("jo2",), ("Jo Smith",)) == "jo2"
    assert "nobody" in found(("77",), ("Nobody Here",))
    assert "has the number of Ann Lee (ann) but the name of Cy Wu (cy)" in found(("1001",), ("Cy Wu",))
    assert [person.student for person in ROSTER.group("team9")] == ["ann", "cy"]
