"""Small functions that write what course systems export, for the tests of the intake."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from autograder.batch.roster import Person, Roster

CONV = "def conv2d(X, K):\n    return X\n"

ROSTER = Roster(
    (
        Person("ann", "Ann Lee", ("ann", "1001", "ann@uni.edu", "12"), "Team 9"),
        Person("bo", "Bo Øst", ("bo", "1002", "bo@uni.edu", "502")),
        Person("cy", "Cy Wu", ("cy", "1003", "cy@uni.edu"), "Team 9, Blue"),
        Person("jo1", "Jo Smith", ("jo1",)),
        Person("jo2", "Jo Smith", ("jo2", "16")),
    )
)
GRADESCOPE = """---
submission_101:
  :submitters:
  - :name: Ann Lee
    :sid: '1001'
    :email: ann@uni.edu
  :created_at: 2026-10-05 21:34:00.861687000 Z
  :score: 2.0
  :results: !ruby/object:Evil
    output: 'Don''t worry, it just checks that you submitted the

      submission_999:
        :submitters:

'
    tests:
    - name: 'submission_103:'
      output: |+
        IndexError: list index out of range
      submission_104:
      status: failed
  :history:
  - :id: 99
    :created_at: 2026-10-04 10:00:00.000000000 Z
    :score: 1.0
  - :id: 100
    :created_at: 2026-10-04 11:00:00.000000000 Z
    :results:
      output: |-
        :submitters:
        - :name: Mallory
...
submission_102:
  :submitters:
  - :name: "Bo \\xD8st"
    :sid: 1002
    :email: bo@uni.edu
  - :name: Cy Wu
    :sid: '1003'
    :email: cy@uni.edu
  :created_at: 2026-10-06 01:00:00 +02:00
submission_105:
  :submitters: []
  :created_at: 2026-10-06 01:00:00 Z
"""


def zipped(path: Path, **files: str) -> Path:
    """A zip; `__` in a key stands for a slash, `DOT` for a dot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("DOT", "."), text)
    return path


def tree(root: Path, *files: str, text: str = CONV) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".zip":
            zipped(path, convDOTpy=text)
        elif path.suffix == ".ipynb":
            cells = [{"cell_type": "code", "metadata": {}, "source": text}]
            path.write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}), encoding="utf-8")
        else:
            path.write_text(text, encoding="utf-8")
    return root


def pack(folder: Path, path: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, prefix + file.relative_to(folder).as_posix())
    return path


def canvas(root: Path) -> Path:
    """A resubmitted zip, two files of one student, a late notebook, two students of one name, a text, a stray file."""
    return tree(
        root,
        "leeann_12_901_hw3-2.zip",
        "ostbo_LATE_13_902_conv-1.py",
        "ostbo_LATE_13_903_helper_v2_7_8.py",
        "wucy_14_904_Copy of hw3.ipynb",
        "smithjo_15_905_conv.py",
        "smithjo_16_906_conv.py",
        "penn_17_text.html",
        "notes.txt",
    )


def moodle(root: Path, flat: bool = False) -> Path:
    separator = "" if flat else "/"
    return tree(
        root,
        f"Ann Lee_501_assignsubmission_file_{separator}conv.py",
        f"Ann Lee_501_assignsubmission_file_{separator}helper.py",
        f"Bo Øst_502_assignsubmission_file_{separator}hw3 (1).zip",
        "Bo Øst_502_assignsubmission_onlinetext_onlinetext.html"
        if flat
        else "Bo Øst_502_assignsubmission_onlinetext_/onlinetext.html",
        f"Team 1-Cy Wu_503_assignsubmission_file_{separator}hw3.ipynb",
        "Di Penn_504_assignsubmission_onlinetext_onlinetext.html"
        if flat
        else "Di Penn_504_assignsubmission_onlinetext/onlinetext.html",
    )


def gradescope(root: Path) -> Path:
    tree(root, "submission_101/conv.py", "submission_102/hw3.ipynb", "submission_105/conv.py", "submission_106/conv.py")
    (root / "submission_metadata.yml").write_text(GRADESCOPE, encoding="utf-8")
    return root


def nbgrader(root: Path) -> Path:
    tree(root, "submitted/ann/hw3/hw3.ipynb", "submitted/bo/hw3/hw3.ipynb", "submitted/cy/hw1/hw1.ipynb")
    (root / "submitted/ann/hw3/timestamp.txt").write_text("2026-10-05 15:58:23.948203 UTC\n")
    (root / "submitted/bo/hw3/timestamp.txt").write_text("2026-10-05 15:58:23 PST\n")
    return root
