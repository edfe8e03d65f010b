"""JupyterLab in a real browser: a notebook is opened, a solution typed, `%grade` run, the verdict seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab")
pytest.importorskip("websocket")

from tests.browser import CHROMIUM, Browser, until
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium (apt-get install chromium)"),
]

LOOPS = """def corr2d(X, K):
    h, w = K.shape
    if h > X.shape[0] or w > X.shape[1]:
        raise ValueError("the kernel is larger than X")
    Y = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i:i + h, j:j + w] * WINDOW).sum()
    return Y"""
RIGHT, FLIPPED = LOOPS.replace("WINDOW", "K"), LOOPS.replace("WINDOW", "K.flip(0, 1)")
WHOLE = "[...document.querySelectorAll('.jp-OutputArea-output')].map(e => e.innerText).join('\\n')"
EDITORS = ".jp-CodeCell .cm-content"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with the beginning of the notebook that students receive."""
    given = json.loads((ROOT / "assignments/hw3/hw3.ipynb").read_text("utf-8"))
    given["cells"] = given["cells"][1:4]
    (tmp_path / "work").mkdir()
    (tmp_path / "work/hw3.ipynb").write_text(json.dumps(given), "utf-8")
    return tmp_path / "work"


@pytest.fixture
def lab(course: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that shows the notebook."""
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings = tmp_path / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--port=0",
        "--allow-root",
        f"--notebook-dir={course}",
    ]
    process = subprocess.Popen(
        [*command, "--IdentityProvider.token="],
        env={**os.environ, **own, "JUPYTERLAB_SETTINGS_DIR": str(settings.parent.parent)},
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "lab.log").open("wb"),
    )

    def address() -> str:
        assert process.poll() is None, (tmp_path / "lab.log").read_text()
        for path in (tmp_path / "runtime").glob("jpserver-*.json"):
            return str(json.loads(path.read_text())["url"])
        return ""

    yield until(address, 120) + "doc/tree/hw3.ipynb?reset"
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    page = Browser(tmp_path / "profile")
    yield page
    page.picture(tmp_path / "last.png")  # to look at when a test fails
    page.close()


def run_cell(browser: Browser, number: int, text: str | None = None) -> None:
    """Puts a text in place of that of a code cell, where there is one, and runs the cell."""
    browser.focus(EDITORS, number)
    if text is not None:
        browser.press("a", control=True)
        browser.type(text)
        browser.wait_for(f"document.querySelectorAll({EDITORS!r})[{number}].innerText == {json.dumps(text)}")
    browser.press("Enter", shift=True)


def verdict(browser: Browser, points: str) -> str:
    """The text of the outputs, once they show this many points and nothing goes on."""
    done = f"!document.querySelector('.jp-OutputArea-output progress') && {WHOLE}.includes({points!r}) && {WHOLE}"
    return str(browser.wait_for(done, 180))


def test_a_solution_is_typed_and_graded_in_jupyterlab(lab: str, browser: Browser, course: Path, tmp_path: Path) -> None:
    before = (course / "hw3.ipynb").read_bytes()
    browser.open(lab)
    browser.wait_for(f"document.querySelectorAll({EDITORS!r}).length == 2")
    browser.wait_for("document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]') != null")
    run_cell(browser, 0)
    run_cell(browser, 1, FLIPPED)
    browser.wait_for(f"document.querySelectorAll({EDITORS!r}).length == 3")
    run_cell(browser, 2, "%load_ext autograder\n%grade corr2d")
    seen = verdict(browser, "0 of 8 points")
    assert "Mistake: The kernel is flipped." in seen and "Graded as last run: In [2]." in seen
    assert browser.value("document.querySelectorAll('.jp-OutputArea-output svg[role=img]').length") == 4
    browser.show(EDITORS, 1)
    browser.picture(tmp_path / "jupyterlab.png", x=0, y=0, width=1000, height=735)

    run_cell(browser, 1, RIGHT)
    run_cell(browser, 2)
    assert "11 of 11 checks passed" in verdict(browser, "8 of 8 points")
    assert (course / "hw3.ipynb").read_bytes() == before, "the notebook was saved: unsaved cells were to be graded"
