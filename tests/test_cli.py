"""The program as a user types it: first line, exit status, one sentence for bad input."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import jsonschema
import psutil
import pytest

import autograder.report
from autograder.commands.show import show_list

Grade = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_solution_gets_full_marks_and_status_zero(grade: Grade, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    done = grade("hw4", "tokenize", "--path", "solutions/hw4", "--json", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Grading hw4 in solutions/hw4: tokenize")
    schema = json.loads((Path(autograder.report.__file__).parent / "results.schema.json").read_text())
    document = json.loads(out.read_text())
    jsonschema.validate(document, schema)
    assert document["score"] == document["max_score"] > 0


def test_the_stub_gets_nothing_and_status_one(grade: Grade, tmp_path: Path) -> None:
    done = grade("hw4", "tokenize", "--json", str(tmp_path / "results.json"))
    assert done.returncode == 1
    assert "still the stub" in done.stdout
    assert json.loads((tmp_path / "results.json").read_text())["score"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["hw33"], "there is no homework hw33; did you mean hw3?"),
        (["hw3", "conv3d"], "hw3 has no exercise conv3d; did you mean conv2d?"),
        (["hw3", "--path", "nowhere"], "there is no nowhere"),
        (["hw3", "--device", "tpu"], "there is no device tpu"),
        (["hint", "hw3", "conv2d", "9"], "has hints 1 to 3"),
        (["hw3", "--colour"], "No such option"),
        (["audit", "hw99"], "nothing is called hw99"),
        (["hw4", "tokenize", "--debug", "no such case"], "there is no case"),
    ],
)
def test_wrong_usage_gets_one_sentence_and_status_two(grade: Grade, arguments: list[str], sentence: str) -> None:
    done = grade(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def bad_inputs(folder: Path) -> dict[str, Path]:
    (folder / "empty").mkdir()
    (folder / "broken.ipynb").write_text("{not json")
    (folder / "no.zip").write_text("not a zip")
    (folder / "notes.txt").write_text("hello")
    with zipfile.ZipFile(folder / "escape.zip", "w") as archive:
        archive.writestr("../outside.py", "x = 1")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text.py", "\0" * 60_000_000)
    return {name: folder / name for name in ("empty", "broken.ipynb", "no.zip", "notes.txt", "escape.zip", "bomb.zip")}


def test_every_unusable_path_is_named(grade: Grade, tmp_path: Path) -> None:
    sentences = {
        "empty": "is empty; it should hold char_rnn.py, embedding.py, names.py, rnn.py, text.py",
        "broken.ipynb": "is not a Jupyter notebook",
        "no.zip": "is not a zip file",
        "notes.txt": "is neither a folder nor",
        "escape.zip": "leaves its folder",
        "bomb.zip": "unpacks to more than",
    }
    for name, path in bad_inputs(tmp_path).items():
        done = grade("hw4", "--path", str(path))
        assert done.returncode == 2, name
        assert sentences[name] in done.stderr
    assert not (tmp_path / "outside.py").exists()


def test_a_notebook_is_graded_with_magics_left_out(grade: Grade, tmp_path: Path, root: Path) -> None:
    source = (root / "solutions/hw4/text.py").read_text()
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": "%matplotlib inline\n!ls\n",
            "outputs": [],
            "execution_count": 1,
        },
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 2},
    ]
    path = tmp_path / "Copy of hw4.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    done = grade("hw4", "tokenize", "--path", str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_zip_with_the_folder_inside_is_graded(grade: Grade, tmp_path: Path, root: Path) -> None:
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        archive.write(root / "solutions/hw4/text.py", "work/text.py")
    assert grade("hw4", "tokenize", "--path", str(tmp_path / "work.zip")).returncode == 0


def test_escape_sequences_and_markup_reach_the_terminal_as_text(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "text.py").write_text(
        "def tokenize(lines, token='word'):\n    raise ValueError('\\x1b[31m[bold]boo')\n"
    )
    for view in ([], ["--linear"]):
        done = grade("hw4", "tokenize", "--path", str(tmp_path), *view)
        assert "\x1b" not in done.stdout
        assert "[bold]boo" in done.stdout


def test_linear_output_has_no_tables(grade: Grade) -> None:
    done = grade("hw4", "tokenize", "--path", "solutions/hw4", "--linear")
    assert "tokenize, values: passed" in done.stdout
    assert not set("│┃━✓✗") & set(done.stdout)


def test_nothing_is_wider_than_eighty_columns(grade: Grade) -> None:
    done = grade("hw4")
    assert max(map(len, done.stdout.splitlines()[1:])) <= 80


def test_hints_come_one_at_a_time(grade: Grade) -> None:
    done = grade("hint", "hw3", "conv2d", "1")
    assert done.returncode == 0 and done.stdout.startswith("Hint 1 of 3 for conv2d")


def test_list_names_every_homework(grade: Grade) -> None:
    done = grade("list")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("conv2d", "Vocab", "sequence_mask", "MultiHeadAttention", "train"))


def test_list_shows_what_exercises_are_worth_in_this_course(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("assignments", "reference"):
        (tmp_path / part).symlink_to(root / part)
    (tmp_path / "course.toml").write_text('[homework.hw3]\nexercises = ["conv2d"]\nweights = {conv2d = 0.125}\n')
    monkeypatch.chdir(tmp_path)
    assert show_list("hw3") == 0
    told = capsys.readouterr().out
    assert "0.125" in told and "Conv2d" not in told


def test_debug_replays_a_case_with_its_prints(grade: Grade, tmp_path: Path, root: Path) -> None:
    source = (root / "solutions/hw4/text.py").read_text()
    (tmp_path / "text.py").write_text(source + "\nprint('hello from the file')\n")
    done = grade("hw4", "tokenize", "--path", str(tmp_path), "--debug", "tokenize:0")
    assert done.returncode == 0, done.stderr
    assert "hello from the file" in done.stdout and "The answer" in done.stdout


def test_doctor_says_what_works(grade: Grade) -> None:
    done = grade("doctor")
    assert done.returncode == 0
    assert "torch" in done.stdout and "simulated cuda" in done.stdout
    assert "What is checked where, and why" in done.stdout and "mps" in done.stdout


def test_doctor_works_where_torch_cannot_be_imported(tmp_path: Path, root: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('broken install')\n")
    command = [sys.executable, "-c", "import sys; from autograder.cli import run; sys.exit(run(['doctor']))"]
    environment = {"PYTHONPATH": f"{tmp_path}:{root}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "cannot be imported" in done.stdout and "broken install" in done.stdout


def test_the_judge_never_imports_torch(root: Path) -> None:
    code = (
        "import sys\nfrom autograder.cli import run\n"
        "run(['hw4', 'tokenize', '--path', 'solutions/hw4'])\nprint('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False)
    assert done.stdout.strip().endswith("False"), done.stdout + done.stderr


def test_an_interrupt_ends_the_program_and_its_workers_without_a_traceback(tmp_path: Path, root: Path) -> None:
    (tmp_path / "text.py").write_text("def tokenize(lines, token='word'):\n    while True:\n        pass\n")
    command = [sys.executable, "-m", "autograder", "hw4", "tokenize", "--path", str(tmp_path)]
    program = psutil.Popen(command, cwd=root, stdout=-1, stderr=-1, start_new_session=True)
    started: set[psutil.Process] = set()

    def works(process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            told = " ".join(process.cmdline())
            return "worker.fresh" in told or ("worker.zygote" in told and bool(process.children()))
        return False

    while not any(map(works, started)):
        started.update(program.children(recursive=True))
        assert program.poll() is None
    started.update(program.children(recursive=True))
    os.killpg(program.pid, signal.SIGINT)
    told = b"".join(program.communicate(timeout=60)).decode()
    assert program.returncode == 130 and "Traceback" not in told and told.endswith("stopped\n")
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]
