"""The student bundle: stubs, notebook, README and recordings, so that `grade` works without the reference."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

from autograder import catalogue
from autograder.errors import UsageError
from autograder.exercises import homework as exercises_of
from autograder.grader import Grader
from autograder.recorder import VISIBLE_SEED, CaseBook
from autograder.starters import modules_of, starter
from autograder.store import Store
from autograder.stubs import generated


def release(root: Path, homework: str, out: Path) -> tuple[Path, Path]:
    """Writes the folder `out/HW` and the archive `out/HW.zip`; both paths."""
    target = out / homework
    if target.exists() and not (target / "recordings").is_dir():
        raise UsageError(f"{target} exists and is not a bundle; choose another --out")
    shutil.rmtree(target, ignore_errors=True)
    work = target / homework
    work.mkdir(parents=True)
    for path, text in generated(root, homework).items():
        (work / path.name).write_text(text, encoding="utf-8")
    (target / "requirements.txt").write_text("torch-course-kit\n", encoding="utf-8")
    book, source = CaseBook(VISIBLE_SEED), starter()
    try:
        grader = Grader(root, source, book)
        source.preload(modules_of(exercises_of(homework)))
        for exercise in exercises_of(homework):
            store = Store(target / "recordings" / homework / exercise.name)
            store.save_recording("reference", grader.ours(exercise))
            store.save_signatures("mistakes", grader.signatures(exercise))
    finally:
        source.close()
        book.close()
    archive = shutil.make_archive(str(out / homework), "zip", root_dir=out, base_dir=homework)
    return target, Path(archive)


def holds_solution(root: Path, homework: str, folder: Path) -> list[str]:
    """Lines of a solution region, a variant or a mistake that stand in a file of the folder, two in a row."""
    known = set()
    for exercise in exercises_of(homework):
        sources = [root / "solutions" / homework / exercise.file, *catalogue.folder(root, exercise).glob("*.py")]
        for source in sources:
            known |= _pairs(source.read_text(encoding="utf-8"))
    for path in sorted((root / "assignments" / homework).glob("*.py")):
        known -= _pairs(path.read_text(encoding="utf-8"))
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            found += [f"{path.name}: {pair[0]}" for pair in _pairs(text) & known]
    return found


def _pairs(text: str) -> set[tuple[str, str]]:
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 12]
    return {pair for pair in pairwise(lines) if not all(line.startswith("#") for line in pair)}
