"""No archive, whatever its member names, writes outside the folder it is unpacked into."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import UsageError
from autograder.locate import from_zip

parts = st.lists(st.sampled_from(["..", "a", "text.py", "", ".", "C:", "b c", "\\..\\x", "/"]), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts)
def test_no_member_leaves_its_folder(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("/".join(names) or "a", "x = 1")
    try:
        submission = from_zip(path, ["text.py"])
    except UsageError:
        return
    assert all(file.resolve().is_relative_to(submission.root) for file in submission.files.values())


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("text.py")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UsageError, match="link"):
        from_zip(path, ["text.py"])
